//! Evolution in one population whose members meet in pairs: replicator dynamics, finite populations, evolutionary stability.

mod fixation;
mod replicator;
mod stability;
mod stationary;

pub use fixation::{Selection, log_fixation};
pub use replicator::{Path, Simulation, simulate};
pub use stability::{Stability, stability};
pub use stationary::stationary;

use crate::game::NormalGame;
use crate::rational::Rational;

/// What an individual with one strategy earns from meeting one with another: the first player's payoffs of a square game.
#[derive(Clone, Debug, PartialEq)]
pub struct Encounters {
    size: usize,
    /// Row by row, the individual's own strategy first.
    payoffs: Vec<Rational>,
}

/// Only games of two players with as many strategies each describe one population.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSquare {
    #[error("needs a game of two players; this one has {0}")]
    Players(usize),
    #[error("needs a square payoff matrix; this one is {0}x{1}")]
    Sizes(usize, usize),
}

impl Encounters {
    pub fn of(game: &NormalGame) -> Result<Encounters, NotSquare> {
        match game.sizes().as_slice() {
            [rows, columns] if rows == columns => Ok(Encounters {
                size: *rows,
                payoffs: (0..game.profiles())
                    .map(|profile| game.payoffs_at(profile)[0].clone())
                    .collect(),
            }),
            [rows, columns] => Err(NotSquare::Sizes(*rows, *columns)),
            sizes => Err(NotSquare::Players(sizes.len())),
        }
    }

    pub fn size(&self) -> usize {
        self.size
    }

    pub fn payoff(&self, own: usize, met: usize) -> &Rational {
        &self.payoffs[own * self.size + met]
    }

    /// By how much the largest payoff exceeds the smallest.
    pub fn range(&self) -> Rational {
        let (least, most) = (self.payoffs.iter().min(), self.payoffs.iter().max());
        least
            .zip(most)
            .map_or(Rational::ZERO, |(least, most)| most - least)
    }

    /// The payoffs above the smallest, as doubles: dynamics feel differences only, and these lose less than the payoffs would.
    fn differences(&self) -> Vec<f64> {
        let least = self.payoffs.iter().min().cloned().unwrap_or_default();
        let above = self.payoffs.iter().map(|payoff| (payoff - &least).to_f64());
        above.collect()
    }
}
