//! What one character holds of another.

use serde::{Deserialize, Serialize};

use crate::bounds::percent;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bond {
    Friend,
    Rival,
    Mentor,
    Student,
    Ally,
    Enemy,
    Neutral,
    Romantic,
    Family,
}

/// One direction, as of a slow tick; it drifts back toward indifference.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Relationship {
    #[serde(rename = "type")]
    pub bond: Bond,
    /// 0 to 100.
    pub strength: f64,
    /// 0 to 100.
    pub trust: f64,
    pub at_slow: u64,
    pub interactions: u64,
}

/// What somebody says of it from outside; the unsaid stays.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Change {
    pub bond: Option<Bond>,
    pub strength: Option<f64>,
    pub trust: Option<f64>,
}

/// How two stand in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regard {
    Warm,
    Indifferent,
    Hostile,
}

impl Bond {
    pub const ALL: [Self; 9] = [
        Self::Friend,
        Self::Rival,
        Self::Mentor,
        Self::Student,
        Self::Ally,
        Self::Enemy,
        Self::Neutral,
        Self::Romantic,
        Self::Family,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Friend => "friend",
            Self::Rival => "rival",
            Self::Mentor => "mentor",
            Self::Student => "student",
            Self::Ally => "ally",
            Self::Enemy => "enemy",
            Self::Neutral => "neutral",
            Self::Romantic => "romantic",
            Self::Family => "family",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }

    pub fn regard(self) -> Regard {
        match self {
            Self::Neutral => Regard::Indifferent,
            Self::Rival | Self::Enemy => Regard::Hostile,
            _ => Regard::Warm,
        }
    }

    /// What such strength and trust amount to (defaults of the contract's engine).
    fn inferred(strength: f64, trust: f64) -> Self {
        if strength >= 80.0 && trust >= 70.0 {
            Self::Friend
        } else if strength >= 70.0 && trust >= 60.0 {
            Self::Ally
        } else if strength < 20.0 && trust < 30.0 {
            Self::Enemy
        } else if strength < 30.0 {
            Self::Rival
        } else {
            Self::Neutral
        }
    }

    /// A role is what it is, however strong or weak.
    fn is_role(self) -> bool {
        matches!(
            self,
            Self::Mentor | Self::Student | Self::Romantic | Self::Family
        )
    }
}

impl Default for Relationship {
    fn default() -> Self {
        Self {
            bond: Bond::Neutral,
            strength: INDIFFERENT,
            trust: INDIFFERENT,
            at_slow: 0,
            interactions: 0,
        }
    }
}

/// Defaults of the contract's engine, these and the rates of the drift.
const INDIFFERENT: f64 = 50.0;
const UNSHAKEN: f64 = 90.0;
const STRONG: f64 = 70.0;
const TRUSTED: f64 = 60.0;
const SLIGHT_RATE: f64 = 0.3;
const STRONG_RATE: f64 = 0.05;
const RATE: f64 = 0.1;
/// Interactions from which on it is an acquaintance.
const ACQUAINTED: u64 = 3;

/// Whatever differs less than this from a whole tick is that tick: decimal rates are not exact in binary.
const ROUNDING: f64 = 1e-9;

impl Relationship {
    /// What is left of it at a later slow tick: strength and trust drift toward indifference.
    #[must_use]
    pub fn at(self, slow: u64) -> Self {
        let ticks = slow.saturating_sub(self.at_slow) as f64;
        let (strength, trust) = (percent(self.strength), percent(self.trust));
        let drift = if strength >= UNSHAKEN {
            0.0
        } else if self.interactions < ACQUAINTED {
            ticks * SLIGHT_RATE
        } else {
            let strong =
                ticks.min(strong_ticks(strength, STRONG).max(strong_ticks(trust, TRUSTED)));
            strong * STRONG_RATE + (ticks - strong) * RATE
        };
        Self {
            strength: toward_indifference(strength, drift),
            trust: toward_indifference(trust, drift),
            at_slow: self.at_slow.max(slow),
            ..self
        }
    }

    /// As somebody sets it. Strength without a type says what the type is, unless it is a role.
    #[must_use]
    pub fn set(self, change: Change, slow: u64) -> Self {
        let mut set = self.at(slow);
        set.strength = change.strength.map_or(set.strength, percent);
        set.trust = change.trust.map_or(set.trust, percent);
        set.bond = match (change.bond, change.strength) {
            (Some(bond), _) => bond,
            (None, Some(_)) if !set.bond.is_role() => Bond::inferred(set.strength, set.trust),
            _ => set.bond,
        };
        set
    }

    /// After something kind.
    #[must_use]
    pub fn warmed(self, slow: u64) -> Self {
        self.moved(2.0, 1.0, slow)
    }

    /// After something unkind.
    #[must_use]
    pub fn soured(self, slow: u64) -> Self {
        self.moved(-3.0, -2.0, slow)
    }

    fn moved(self, strength: f64, trust: f64, slow: u64) -> Self {
        let now = self.at(slow);
        let (strength, trust) = (percent(now.strength + strength), percent(now.trust + trust));
        Self {
            bond: grown(now.bond, Bond::inferred(strength, trust)),
            strength,
            trust,
            interactions: now.interactions.saturating_add(1),
            ..now
        }
    }
}

/// What becomes of a bond by itself: strangers become something, friends fall out, rivals make up; nothing fades into a lesser word.
fn grown(bond: Bond, inferred: Bond) -> Bond {
    let deepened = matches!(
        (bond, inferred),
        (Bond::Ally, Bond::Friend) | (Bond::Rival, Bond::Enemy)
    );
    let turned = inferred.regard() != Regard::Indifferent && inferred.regard() != bond.regard();
    match !bond.is_role() && (deepened || turned) {
        true => inferred,
        false => bond,
    }
}

/// Ticks that it stays at or above the mark, at the slow rate.
fn strong_ticks(value: f64, mark: f64) -> f64 {
    match value >= mark {
        true => ((value - mark) / STRONG_RATE + ROUNDING).floor() + 1.0,
        false => 0.0,
    }
}

fn toward_indifference(value: f64, by: f64) -> f64 {
    match value > INDIFFERENT {
        true => (value - by).max(INDIFFERENT),
        false => (value + by).min(INDIFFERENT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    fn held(strength: f64, trust: f64, interactions: u64) -> Relationship {
        Relationship {
            strength,
            trust,
            interactions,
            ..Relationship::default()
        }
    }

    /// The rule tick by tick.
    fn step(one: Relationship) -> Relationship {
        let rate = match one {
            Relationship { strength, .. } if strength >= 90.0 => 0.0,
            Relationship { interactions, .. } if interactions < 3 => 0.3,
            Relationship {
                strength, trust, ..
            } if strength >= 70.0 || trust >= 60.0 => 0.05,
            _ => 0.1,
        };
        let toward = |value: f64| match (value - 50.0).abs() <= rate {
            true => 50.0,
            false => value - rate * (value - 50.0).signum(),
        };
        Relationship {
            strength: toward(one.strength),
            trust: toward(one.trust),
            ..one
        }
    }

    #[test]
    fn the_closed_form_is_the_loop() {
        let mut dice = Dice(6);
        for _ in 0..500 {
            let start = held(
                dice.between(0.0, 100.0),
                dice.between(0.0, 100.0),
                dice.below(6),
            );
            let mut looped = start;
            for tick in 1..=2_000 {
                looped = step(looped);
                let closed = start.at(tick);
                assert!(
                    (closed.strength - looped.strength).abs() < 1e-9
                        && (closed.trust - looped.trust).abs() < 1e-9,
                    "{start:?} after {tick}: {closed:?}, not {looped:?}"
                );
            }
        }
    }

    #[test]
    fn drift_is_fast_for_the_slight_slow_for_the_strong_and_none_for_the_unshaken() {
        let near = |value: f64, expected: f64| assert!((value - expected).abs() < 1e-9, "{value}");
        near(held(60.0, 50.0, 0).at(10).strength, 57.0);
        near(held(60.0, 50.0, 5).at(10).strength, 59.0);
        near(held(80.0, 50.0, 5).at(10).strength, 79.5);
        near(held(20.0, 20.0, 5).at(10).trust, 21.0);
        // By hand: 75 is at 70 or above through 100 ticks of 0.05, and takes one more from there.
        near(held(75.0, 50.0, 5).at(101).strength, 69.95);
        near(held(75.0, 50.0, 5).at(111).strength, 68.95);
        near(held(95.0, 95.0, 0).at(10_000).trust, 95.0);
        near(held(60.0, 40.0, 5).at(u64::MAX).strength, 50.0);
    }

    #[test]
    fn strength_without_a_type_says_the_type() {
        let set = |bond, strength, trust| {
            let change = Change {
                bond,
                strength,
                trust,
            };
            Relationship::default().set(change, 0).bond
        };
        assert_eq!(set(None, Some(80.0), Some(70.0)), Bond::Friend);
        assert_eq!(set(None, Some(70.0), Some(60.0)), Bond::Ally);
        assert_eq!(set(None, Some(19.0), Some(29.0)), Bond::Enemy);
        assert_eq!(set(None, Some(19.0), None), Bond::Rival);
        assert_eq!(set(None, Some(60.0), None), Bond::Neutral);
        assert_eq!(set(None, None, Some(100.0)), Bond::Neutral);
        assert_eq!(
            set(Some(Bond::Friend), Some(70.0), Some(80.0)),
            Bond::Friend
        );
        let sister = Relationship {
            bond: Bond::Family,
            ..held(50.0, 50.0, 0)
        };
        let estranged = Change {
            strength: Some(5.0),
            trust: Some(-7.0),
            ..Change::default()
        };
        let set = sister.set(estranged, 0);
        assert_eq!(
            (set.bond, set.strength, set.trust),
            (Bond::Family, 5.0, 0.0)
        );
    }

    #[test]
    fn kindness_makes_friends_and_unkindness_enemies() {
        let met = Relationship::default().warmed(0);
        assert_eq!((met.strength, met.trust, met.interactions), (52.0, 51.0, 1));
        let hurt = Relationship::default().soured(0);
        assert_eq!((hurt.strength, hurt.trust), (47.0, 48.0));
        let friend = (0..20).fold(Relationship::default(), |one, _| one.warmed(0));
        assert_eq!((friend.bond, friend.trust), (Bond::Friend, 70.0));
        let enemy = (0..40).fold(friend, |one, _| one.soured(0));
        assert_eq!(enemy.bond, Bond::Enemy);
        let said = held(70.0, 80.0, 3);
        let said = Relationship {
            bond: Bond::Friend,
            ..said
        };
        assert_eq!(said.warmed(0).bond, Bond::Friend, "not a lesser ally");
        // The strength is none, its trust keeps the drift slow: 3 ticks of 0.05, and 2.
        let broken = held(f64::NAN, f64::INFINITY, u64::MAX).warmed(3);
        assert_eq!((broken.strength, broken.trust), (2.15, 100.0));
    }
}
