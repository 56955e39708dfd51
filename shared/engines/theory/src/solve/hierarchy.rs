//! The cognitive hierarchy (Camerer, Ho, Chong 2004): players who think a Poisson-distributed number of steps ahead.

use std::sync::atomic::AtomicBool;

use super::dominance::Stopped;
use super::values::Opponents;
use crate::game::NormalGame;
use crate::rational::Rational;

/// How the levels play and what that adds up to.
#[derive(Clone, Debug, PartialEq)]
pub struct Hierarchy {
    pub levels: Vec<Level>,
    /// For each player the probability of each strategy, over all levels together.
    pub prediction: Vec<Vec<Rational>>,
    /// Expected payoffs of the prediction, each as a share of the way from the player's lowest payoff to the highest.
    pub payoffs: Vec<f64>,
    /// The share of players beyond the last level, who were left out.
    pub beyond: f64,
}

/// The players who think this number of steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// Their share of all players that were counted.
    pub share: f64,
    /// For each player the strategies in use, each with the same probability.
    pub strategies: Vec<Vec<usize>>,
}

/// Levels are added until at most this share of players is beyond them.
const BEYOND: f64 = 1e-9;

/// Level 0 plays every strategy alike. Level k replies best to the mix of the levels below k in their Poisson shares, taking each
/// other player's level as independent, and every best reply alike. Who ties is decided exactly.
pub fn cognitive_hierarchy(
    game: &NormalGame,
    tau: &Rational,
    stop: &AtomicBool,
) -> Result<Hierarchy, Stopped> {
    let sizes = game.sizes();
    let scaled = Scaled::of(game);
    let (count, beyond) = levels(tau.to_f64());
    let mut levels: Vec<Vec<Vec<usize>>> = Vec::new();
    // Poisson weights without their common factor exp(-τ), so that they are rational.
    let mut weights: Vec<Rational> = Vec::new();
    let mut mass: Vec<Vec<Rational>> = sizes
        .iter()
        .map(|size| vec![Rational::ZERO; *size])
        .collect();
    for level in 0..count {
        let weight = match weights.last() {
            None => Rational::ONE,
            Some(last) => &(last * tau) / &Rational::from(level as i64),
        };
        let strategies = if level == 0 {
            sizes.iter().map(|size| (0..*size).collect()).collect()
        } else {
            let total: Rational = weights.iter().sum();
            let beliefs = Beliefs::of(&mass, &total);
            (0..sizes.len())
                .map(|player| beliefs.replies(game, &scaled, player, stop))
                .collect::<Result<Vec<Vec<usize>>, Stopped>>()?
        };
        for (mass, strategies) in mass.iter_mut().zip(&strategies) {
            let each = &weight / &Rational::from(strategies.len() as i64);
            for strategy in strategies {
                mass[*strategy] += &each;
            }
        }
        weights.push(weight);
        levels.push(strategies);
    }
    let total: Rational = weights.iter().sum();
    let prediction = Beliefs::of(&mass, &total);
    let payoffs = (0..sizes.len())
        .map(|player| prediction.payoff(game, &scaled, player, stop))
        .collect::<Result<Vec<f64>, Stopped>>()?;
    let shares = weights.iter().map(|weight| (weight / &total).to_f64());
    Ok(Hierarchy {
        levels: shares
            .zip(levels)
            .map(|(share, strategies)| Level { share, strategies })
            .collect(),
        prediction: prediction.exact,
        payoffs,
        beyond,
    })
}

/// How many levels to look at, and the share of players beyond them.
fn levels(tau: f64) -> (usize, f64) {
    let mut share = (-tau).exp();
    let mut beyond = 1.0 - share;
    let mut count = 1;
    // Past the mean, shares fall at least geometrically; a rounded-off remainder must not keep the loop going.
    while beyond > BEYOND && (count as f64) < 10.0 * tau + 100.0 {
        share *= tau / count as f64;
        beyond -= share;
        count += 1;
    }
    (count, beyond.max(0.0))
}

/// Payoffs as doubles between 0 and 1, by player and profile.
struct Scaled(Vec<Vec<f64>>);

impl Scaled {
    fn of(game: &NormalGame) -> Scaled {
        let by_player = (0..game.sizes().len()).map(|player| {
            let payoff = |profile: usize| &game.payoffs_at(profile)[player];
            let all = || (0..game.profiles()).map(payoff);
            let (least, most) = (all().min(), all().max());
            let range = least.zip(most).map(|(least, most)| (least, most - least));
            all()
                .map(|payoff| match &range {
                    Some((least, range)) if !range.is_zero() => {
                        (&(payoff - *least) / range).to_f64()
                    }
                    _ => 0.0,
                })
                .collect()
        });
        Scaled(by_player.collect())
    }
}

/// What the players are thought to do.
struct Beliefs {
    exact: Vec<Vec<Rational>>,
    doubles: Vec<Vec<f64>>,
}

impl Beliefs {
    fn of(mass: &[Vec<Rational>], total: &Rational) -> Beliefs {
        let share = |weights: &Vec<Rational>| weights.iter().map(|weight| weight / total).collect();
        let exact: Vec<Vec<Rational>> = mass.iter().map(share).collect();
        let doubles = exact
            .iter()
            .map(|shares| shares.iter().map(Rational::to_f64).collect())
            .collect();
        Beliefs { exact, doubles }
    }

    /// The player's best replies. Doubles leave those that are within their error of the best; exact values decide among these.
    fn replies(
        &self,
        game: &NormalGame,
        scaled: &Scaled,
        player: usize,
        stop: &AtomicBool,
    ) -> Result<Vec<usize>, Stopped> {
        let opponents = Opponents::of(game, player, &self.doubles, stop)?;
        let values = (0..game.sizes()[player])
            .map(|strategy| opponents.value(strategy, |profile| &scaled.0[player][profile], stop))
            .collect::<Result<Vec<f64>, Stopped>>()?;
        let best = values.iter().copied().fold(0.0, f64::max);
        // Terms are at most 1 and their weights sum to 1: one rounding for each factor and each addition.
        let roundings = opponents.count() + 4 * self.doubles.len() + 4;
        let error = 2.0 * roundings as f64 * f64::EPSILON;
        let near: Vec<usize> = (0..values.len())
            .filter(|strategy| values[*strategy] >= best - 2.0 * error)
            .collect();
        if near.len() == 1 {
            return Ok(near);
        }
        let opponents = Opponents::of(game, player, &self.exact, stop)?;
        let payoff = |profile: usize| &game.payoffs_at(profile)[player];
        let values = near
            .iter()
            .map(|strategy| opponents.value(*strategy, payoff, stop))
            .collect::<Result<Vec<Rational>, Stopped>>()?;
        let best = values.iter().max();
        Ok(near
            .iter()
            .zip(&values)
            .filter(|(_, value)| Some(*value) == best)
            .map(|(strategy, _)| *strategy)
            .collect())
    }

    fn payoff(
        &self,
        game: &NormalGame,
        scaled: &Scaled,
        player: usize,
        stop: &AtomicBool,
    ) -> Result<f64, Stopped> {
        let opponents = Opponents::of(game, player, &self.doubles, stop)?;
        let mut total = 0.0;
        for (strategy, share) in self.doubles[player].iter().enumerate() {
            if *share > 0.0 {
                total += share
                    * opponents.value(strategy, |profile| &scaled.0[player][profile], stop)?;
            }
        }
        Ok(total)
    }
}
