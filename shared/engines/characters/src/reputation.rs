//! What the world holds of somebody.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::archetype::nature::Nature;
use crate::bounds::bounded;

/// Scores from -100 to 100 by dimension (`general` is the usual one), as of a slow tick; they fade toward 0.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Reputation {
    pub scores: BTreeMap<String, f64>,
    pub at_slow: u64,
}

/// The dimension of deeds that belong to no other.
pub const GENERAL: &str = "general";

/// Dimensions of one character, and bytes of a dimension's name.
pub const MOST_DIMENSIONS: usize = 16;
pub const LONGEST_DIMENSION: usize = 64;

/// Points lost in a slow tick (default of the contract's engine).
const FADES_BY: f64 = 0.1;

/// A change of so many points is talked about (default of the contract's engine).
pub const TALKED_ABOUT_FROM: f64 = 3.0;

impl Reputation {
    /// Brings the scores to this tick; what has faded away is dropped.
    pub fn settle(&mut self, slow: u64) {
        let faded = slow.saturating_sub(self.at_slow) as f64 * FADES_BY;
        self.at_slow = self.at_slow.max(slow);
        self.scores.retain(|_, score| {
            *score = clamped(*score);
            *score -= score.signum() * faded.min(score.abs());
            *score != 0.0
        });
        while self.scores.len() > MOST_DIMENSIONS {
            self.scores.pop_last();
        }
    }

    /// A copy as of this tick.
    #[must_use]
    pub fn at(&self, slow: u64) -> Self {
        let mut reputation = self.clone();
        reputation.settle(slow);
        reputation
    }

    /// Better or worse by so many points. A name that is too long, or one dimension too many, changes nothing.
    pub fn shift(&mut self, dimension: &str, points: f64) {
        let points = if points.is_nan() { 0.0 } else { points };
        if let Some(score) = self.scores.get_mut(dimension) {
            *score = clamped(clamped(*score) + points);
        } else if self.scores.len() < MOST_DIMENSIONS && dimension.len() <= LONGEST_DIMENSION {
            self.scores.insert(dimension.to_owned(), clamped(points));
        }
    }

    pub fn score(&self, dimension: &str) -> f64 {
        self.scores.get(dimension).copied().unwrap_or_default()
    }
}

/// What a deed of this nature is worth in the eyes of witnesses. Trade, fight and talk are defaults of the contract's engine.
pub fn points_of(nature: Nature) -> f64 {
    match nature {
        Nature::Trade | Nature::Care => 2.0,
        Nature::Talk | Nature::Serve | Nature::Perform | Nature::Watch => 1.0,
        Nature::Fight => -3.0,
        Nature::Steal => -5.0,
        _ => 0.0,
    }
}

/// NaN is 0.
fn clamped(score: f64) -> f64 {
    match score.is_nan() {
        true => 0.0,
        false => bounded(score, -100.0, 100.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    fn general(score: f64) -> Reputation {
        Reputation {
            scores: BTreeMap::from([(GENERAL.to_owned(), score)]),
            at_slow: 0,
        }
    }

    #[test]
    fn the_closed_form_is_the_loop() {
        let mut dice = Dice(8);
        for _ in 0..200 {
            let start = general(dice.between(-100.0, 100.0));
            let mut looped = start.score(GENERAL);
            for tick in 1..=2_000 {
                looped = match looped.abs() <= 0.1 {
                    true => 0.0,
                    false => looped - 0.1 * looped.signum(),
                };
                assert!((start.at(tick).score(GENERAL) - looped).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn deeds_move_a_name_within_its_range() {
        assert_eq!(points_of(Nature::Trade), 2.0);
        assert_eq!(points_of(Nature::Fight), -3.0);
        assert_eq!(points_of(Nature::Talk), 1.0);
        assert_eq!(points_of(Nature::Rest), 0.0);
        let mut reputation = Reputation::default();
        reputation.shift(GENERAL, 15.0);
        assert_eq!(reputation.score(GENERAL), 15.0);
        reputation.shift(GENERAL, 1e300);
        assert_eq!(reputation.score(GENERAL), 100.0);
        reputation.shift(GENERAL, f64::NAN);
        assert_eq!(reputation.score(GENERAL), 100.0);
        for number in 0..1_000 {
            reputation.shift(&format!("dimension {number}"), 1.0);
        }
        assert_eq!(reputation.scores.len(), MOST_DIMENSIONS);
        let mut broken = general(f64::NAN);
        broken.settle(3);
        assert!(broken.scores.is_empty());
        let mut old = general(-1e308);
        old.settle(u64::MAX);
        assert!(old.scores.is_empty());
    }
}
