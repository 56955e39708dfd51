//! How close a character is to a player, and how much attention it gets for it.

use serde::{Deserialize, Serialize};

use crate::bounds::percent;
use crate::config;

/// How often somebody is asked what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    Dormant,
    Background,
    Active,
}

/// Closeness to one player as of a slow tick.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proximity {
    /// 0 to 100.
    pub closeness: f64,
    /// The most it ever was.
    pub high_water: f64,
    pub at_slow: u64,
}

impl Tier {
    pub fn of(closeness: f64, config: &config::Closeness) -> Self {
        if closeness >= config.promotion_threshold {
            Self::Active
        } else if closeness >= config.background_threshold {
            Self::Background
        } else {
            Self::Dormant
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dormant => "dormant",
            Self::Background => "background",
            Self::Active => "active",
        }
    }
}

impl Proximity {
    pub fn new(closeness: f64, at_slow: u64) -> Self {
        let closeness = percent(closeness);
        Self {
            closeness,
            high_water: closeness,
            at_slow,
        }
    }

    /// What is left of it at a later slow tick.
    #[must_use]
    pub fn at(self, slow: u64, config: &config::Closeness) -> Self {
        let ticks = slow.saturating_sub(self.at_slow) as f64;
        let course = Course::of(self, config);
        let dear = course.dear_ticks.min(ticks);
        let lost = dear * course.dear_rate + (ticks - dear) * course.rate;
        Self {
            closeness: (course.from - lost).max(0.0),
            high_water: percent(self.high_water).max(course.from),
            at_slow: self.at_slow.max(slow),
        }
    }

    /// Comes closer, or goes away: an amount may be negative.
    #[must_use]
    pub fn boosted(self, amount: f64) -> Self {
        let amount = if amount.is_nan() { 0.0 } else { amount };
        let closeness = percent(percent(self.closeness) + amount);
        Self {
            closeness,
            high_water: percent(self.high_water).max(closeness),
            ..self
        }
    }

    /// The slow tick at which it falls into a lower tier if nobody boosts it; none if that never happens.
    pub fn tier_ends_at(self, config: &config::Closeness) -> Option<u64> {
        let threshold = match Tier::of(self.closeness, config) {
            Tier::Active => config.promotion_threshold,
            Tier::Background => config.background_threshold,
            Tier::Dormant => return None,
        };
        let course = Course::of(self, config);
        let ticks = match threshold >= DEAR {
            true => (course.from - threshold) / course.dear_rate,
            false => {
                let from = course.from - course.dear_ticks * course.dear_rate;
                course.dear_ticks + ((from - threshold) / course.rate).max(0.0)
            }
        };
        // Past this no world lives, and the arithmetic loses its ticks.
        if ticks.is_nan() || ticks > 1e12 {
            return None;
        }
        // Rounding may miss by a tick; what `at` says is so.
        let nearly = self.at_slow.saturating_add(ticks as u64);
        (nearly.saturating_sub(1)..=nearly.saturating_add(2))
            .filter(|slow| *slow > self.at_slow)
            .find(|slow| self.at(*slow, config).closeness < threshold)
    }
}

/// What an event of this name adds to closeness, by default of the contract's engine.
pub fn event_boost(event: &str, config: &config::Closeness) -> f64 {
    match event {
        "combat" | "quest_complete" => 5.0,
        "rescue" => 8.0,
        "betrayal" => -10.0,
        "gift" => 4.0,
        "trade" => 3.0,
        "dialogue" | "meeting" => 2.0,
        "alliance" => 6.0,
        "conflict" => -3.0,
        _ => config.interaction_boost,
    }
}

/// Above it closeness fades more slowly, by this share (defaults of the contract's engine).
const DEAR: f64 = 80.0;
const DEAR_SHARE: f64 = 0.5;

/// Whatever differs less than this from a whole tick is that tick: decimal rates are not exact in binary.
const ROUNDING: f64 = 1e-9;

/// How it falls: so many ticks at the slower rate, the rest at the usual one.
struct Course {
    from: f64,
    dear_ticks: f64,
    dear_rate: f64,
    rate: f64,
}

impl Course {
    fn of(proximity: Proximity, config: &config::Closeness) -> Self {
        let from = percent(proximity.closeness);
        let was_close = proximity.high_water.max(from) > config.promotion_threshold;
        let share = match was_close {
            true => config.high_water_decay_multiplier,
            false => 1.0,
        };
        // `max` of NaN and 0 is 0: a rate that is no number stands still.
        let rate = (config.decay_rate_per_tick * share).max(0.0);
        let dear_rate = rate * DEAR_SHARE;
        let dear_ticks = match from > DEAR {
            true => ((from - DEAR) / dear_rate - ROUNDING).ceil().max(0.0),
            false => 0.0,
        };
        Self {
            from,
            // At rate 0 it stays dear for ever, and for ever times 0 is no number.
            dear_ticks: dear_ticks.min(f64::MAX),
            dear_rate,
            rate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    /// The rule tick by tick, as areas of the contract's engine state it.
    fn step(closeness: f64, high_water: f64, config: &config::Closeness) -> f64 {
        let mut rate = config.decay_rate_per_tick;
        if high_water > config.promotion_threshold {
            rate *= config.high_water_decay_multiplier;
        }
        if closeness > 80.0 {
            rate *= 0.5;
        }
        (closeness - rate).max(0.0)
    }

    #[test]
    fn the_closed_form_is_the_loop() {
        let mut dice = Dice(1);
        for _ in 0..300 {
            let config = config::Closeness {
                decay_rate_per_tick: dice.between(0.001, 0.5),
                high_water_decay_multiplier: dice.between(0.1, 1.0),
                ..config::Closeness::default()
            };
            let mut proximity = Proximity::new(dice.between(0.0, 100.0), dice.below(1_000_000));
            proximity.high_water += dice.between(0.0, 100.0 - proximity.closeness);
            let mut looped = proximity.closeness;
            for tick in 1..=3_000 {
                looped = step(looped, proximity.high_water, &config);
                let closed = proximity.at(proximity.at_slow + tick, &config);
                assert!(
                    (closed.closeness - looped).abs() < 1e-9,
                    "{proximity:?} after {tick}: {closed:?}, not {looped}"
                );
            }
        }
    }

    #[test]
    fn looking_in_between_changes_nothing() {
        let mut dice = Dice(2);
        let config = config::Closeness::default();
        for _ in 0..2_000 {
            let closeness = (dice.between(0.0, 100.0) * 10.0).round() / 10.0;
            let start = Proximity::new(closeness, 0);
            let (first, second) = (dice.below(1_500), dice.below(1_500));
            let twice = start.at(first, &config).at(first + second, &config);
            let once = start.at(first + second, &config);
            assert!((twice.closeness - once.closeness).abs() < 1e-9);
            assert_eq!(twice.high_water, once.high_water);
        }
    }

    #[test]
    fn dear_ones_fade_at_a_quarter_then_at_half_of_the_rate() {
        // By hand: 85 is above 80 for 200 ticks of 0.025, then loses 0.05 a tick; 50 who was never closer loses 0.1.
        let config = config::Closeness::default();
        let dear = Proximity::new(85.0, 0);
        assert!((dear.at(200, &config).closeness - 80.0).abs() < 1e-9);
        assert!((dear.at(600, &config).closeness - 60.0).abs() < 1e-9);
        let known = Proximity::new(50.0, 7);
        assert!((known.at(107, &config).closeness - 40.0).abs() < 1e-9);
        assert_eq!(known.at(10_000, &config).closeness, 0.0);
        assert_eq!(known.at(3, &config), known, "no tick is taken back");
    }

    #[test]
    fn a_tier_ends_at_the_first_tick_below_its_threshold() {
        let config = config::Closeness::default();
        // By hand: 65 loses 0.05 a tick, is 60 after 100 and below after 101.
        assert_eq!(Proximity::new(65.0, 10).tier_ends_at(&config), Some(111));
        assert_eq!(Proximity::new(19.0, 0).tier_ends_at(&config), None);
        let mut dice = Dice(3);
        for _ in 0..2_000 {
            let config = config::Closeness {
                decay_rate_per_tick: dice.between(0.01, 0.5),
                promotion_threshold: dice.between(30.0, 99.0),
                ..config
            };
            let start = Proximity::new((dice.between(20.0, 100.0) * 4.0).round() / 4.0, 5);
            let tier = Tier::of(start.closeness, &config);
            let ends = start.tier_ends_at(&config);
            let ends = ends.expect("it is at 20 or above and falls");
            assert!(Tier::of(start.at(ends, &config).closeness, &config) < tier);
            assert_eq!(
                Tier::of(start.at(ends - 1, &config).closeness, &config),
                tier
            );
        }
        let eternal = config::Closeness {
            decay_rate_per_tick: 0.0,
            ..config
        };
        assert_eq!(Proximity::new(90.0, 0).tier_ends_at(&eternal), None);
        assert_eq!(
            Proximity::new(90.0, 0).at(u64::MAX, &eternal).closeness,
            90.0
        );
    }

    #[test]
    fn boosts_stay_in_range_and_add_up() {
        let start = Proximity::new(30.0, 0);
        let hundred = (0..100).fold(start, |proximity, _| proximity.boosted(0.25));
        assert_eq!(hundred.closeness, 55.0);
        assert_eq!(start.boosted(1e300).closeness, 100.0);
        assert_eq!(start.boosted(f64::NAN), start);
        let left = start.boosted(40.0).boosted(f64::NEG_INFINITY);
        assert_eq!((left.closeness, left.high_water), (0.0, 70.0));
        assert_eq!(Proximity::new(f64::NAN, 0).closeness, 0.0);
        let config = config::Closeness::default();
        assert_eq!(event_boost("betrayal", &config), -10.0);
        assert_eq!(event_boost("anything", &config), 4.0);
    }
}
