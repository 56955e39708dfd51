//! A game in doubles, for methods that approach an equilibrium: expected payoffs and how they change.

use std::sync::atomic::{AtomicBool, Ordering};

use super::supports::Stopped;
use crate::game::NormalGame;
use crate::rational::Rational;

/// Mixtures of all players, one after another.
pub type Profile = Vec<f64>;

/// Every player's payoffs less that player's smallest, in units of the largest range of any player, so that players stay comparable.
pub struct Table {
    pub sizes: Vec<usize>,
    /// Where each player's strategies start in a profile.
    pub starts: Vec<usize>,
    /// Per player by profile number.
    payoffs: Vec<Vec<f64>>,
    /// What one unit is in the game's payoffs; 1 when all payoffs of each player are equal.
    pub unit: Rational,
}

impl Table {
    pub fn of(game: &NormalGame, stop: &AtomicBool) -> Result<Table, Stopped> {
        let players = game.players().len();
        let least: Vec<&Rational> = extremes(game, |value, least| value < least);
        let most: Vec<&Rational> = extremes(game, |value, most| value > most);
        let ranges = least.iter().zip(&most).map(|(least, most)| *most - *least);
        let unit = ranges
            .max()
            .filter(Rational::is_positive)
            .unwrap_or(Rational::ONE);
        let mut payoffs = vec![Vec::with_capacity(game.profiles()); players];
        for profile in 0..game.profiles() {
            if profile % 256 == 0 && stop.load(Ordering::Relaxed) {
                return Err(Stopped);
            }
            for (player, value) in game.payoffs_at(profile).iter().enumerate() {
                payoffs[player].push(((value - least[player]) / unit.clone()).to_f64());
            }
        }
        let sizes = game.sizes();
        let starts = sizes
            .iter()
            .scan(0, |next, size| {
                let start = *next;
                *next += size;
                Some(start)
            })
            .collect();
        Ok(Table {
            sizes,
            starts,
            payoffs,
            unit,
        })
    }

    pub fn players(&self) -> usize {
        self.sizes.len()
    }

    /// How many strategies there are together.
    pub fn strategies(&self) -> usize {
        self.sizes.iter().sum()
    }

    pub fn centroid(&self) -> Profile {
        let even = |size: &usize| std::iter::repeat_n(1.0 / *size as f64, *size);
        self.sizes.iter().flat_map(even).collect()
    }

    /// The part of one player.
    pub fn part<'p>(&self, profile: &'p [f64], player: usize) -> &'p [f64] {
        &profile[self.starts[player]..self.starts[player] + self.sizes[player]]
    }

    /// What each strategy of each player earns against the others' mixtures.
    pub fn values(&self, profile: &[f64]) -> Profile {
        (0..self.players())
            .flat_map(|player| self.contracted(player, profile, &[player]))
            .collect()
    }

    /// For each strategy of one player and each of another what the first earns when they meet and all others mix: by rows of `player`
    /// when it comes first, else by rows of `other`.
    pub fn meetings(&self, player: usize, other: usize, profile: &[f64]) -> Vec<f64> {
        let met = self.contracted(player, profile, &[player.min(other), player.max(other)]);
        if player < other {
            return met;
        }
        let (rows, columns) = (self.sizes[player], self.sizes[other]);
        let mut turned = Vec::with_capacity(met.len());
        for row in 0..rows {
            turned.extend((0..columns).map(|column| met[column * rows + row]));
        }
        turned
    }

    /// One player's payoffs averaged over all players but the kept ones.
    fn contracted(&self, player: usize, profile: &[f64], keep: &[usize]) -> Vec<f64> {
        let mut tensor = std::borrow::Cow::Borrowed(self.payoffs[player].as_slice());
        let mut inner = 1;
        for axis in (0..self.players()).rev() {
            let size = self.sizes[axis];
            if keep.contains(&axis) {
                inner *= size;
                continue;
            }
            let weights = self.part(profile, axis);
            let blocks = tensor.len() / (size * inner);
            let mut smaller = vec![0.0; blocks * inner];
            for (block, sums) in smaller.chunks_exact_mut(inner).enumerate() {
                for (place, weight) in weights.iter().enumerate() {
                    let from = (block * size + place) * inner;
                    for (sum, value) in sums.iter_mut().zip(&tensor[from..from + inner]) {
                        *sum += weight * value;
                    }
                }
            }
            tensor = std::borrow::Cow::Owned(smaller);
        }
        tensor.into_owned()
    }

    /// The most that any player could gain by deviating, given what every strategy earns; in units.
    pub fn regret(&self, profile: &[f64], values: &[f64]) -> f64 {
        let of = |player: usize| {
            let (mixture, values) = (self.part(profile, player), self.part(values, player));
            let best = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            best - mixture.iter().zip(values).map(|(p, v)| p * v).sum::<f64>()
        };
        (0..self.players()).map(of).fold(0.0, f64::max)
    }
}

/// For each player the payoff that no other beats.
fn extremes(game: &NormalGame, better: fn(&Rational, &Rational) -> bool) -> Vec<&Rational> {
    let mut best: Vec<&Rational> = game.payoffs_at(0).iter().collect();
    for profile in 1..game.profiles() {
        for (best, value) in best.iter_mut().zip(game.payoffs_at(profile)) {
            if better(value, best) {
                *best = value;
            }
        }
    }
    best
}
