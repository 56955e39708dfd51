//! What somebody feels: Plutchik's eight, each with an intensity that fades.

mod contagion;
mod stirred;

use serde::{Deserialize, Serialize};

pub use contagion::caught;
pub use stirred::stirred_by;

use crate::Now;
use crate::bounds::share;
use crate::text::fit;

/// Plutchik 1980: the eight primary emotions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Emotion {
    Joy,
    Sadness,
    Anger,
    Fear,
    Surprise,
    Disgust,
    Trust,
    Anticipation,
}

/// One emotion that is felt, as of a fast tick.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Feeling {
    #[serde(rename = "type")]
    pub emotion: Emotion,
    /// 0 to 1.
    pub intensity: f64,
    /// Share that is lost each fast tick.
    pub decay_rate: f64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<String>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    pub at_fast: u64,
}

/// All that is felt: each emotion once at most.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Feelings(pub Vec<Feeling>);

/// The strongest of them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Mood {
    pub emotion: Emotion,
    pub intensity: f64,
}

impl Mood {
    /// Of whoever feels nothing (default of the contract's engine).
    pub const CALM: Self = Self {
        emotion: Emotion::Trust,
        intensity: 0.1,
    };
}

impl Emotion {
    pub const ALL: [Self; 8] = [
        Self::Joy,
        Self::Sadness,
        Self::Anger,
        Self::Fear,
        Self::Surprise,
        Self::Disgust,
        Self::Trust,
        Self::Anticipation,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Joy => "joy",
            Self::Sadness => "sadness",
            Self::Anger => "anger",
            Self::Fear => "fear",
            Self::Surprise => "surprise",
            Self::Disgust => "disgust",
            Self::Trust => "trust",
            Self::Anticipation => "anticipation",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }

    /// Down to here it fades by shares, from here on by steps (defaults of the contract's engine).
    fn floor(self) -> f64 {
        match self {
            Self::Anger => 0.15,
            Self::Sadness => 0.12,
            Self::Trust | Self::Disgust => 0.10,
            Self::Fear => 0.08,
            Self::Joy | Self::Anticipation => 0.05,
            Self::Surprise => 0.03,
        }
    }
}

/// Defaults of the contract's engine.
const DECAY_RATE: f64 = 0.05;
const STEP: f64 = 0.001;
const GONE: f64 = 0.02;
/// How much of a new feeling adds to one that is felt already.
const ADDED: f64 = 0.5;

/// Below what people could tell apart, above what decimal fractions lose in binary.
const ROUNDING: f64 = 1e-9;

const LONGEST_SOURCE: usize = 200;

impl Feeling {
    /// What is left of it at a later fast tick; 0 when it is gone.
    pub fn intensity_at(&self, fast: u64) -> f64 {
        let ticks = fast.saturating_sub(self.at_fast) as f64;
        let (from, floor) = (share(self.intensity), self.emotion.floor());
        let kept = match self.decay_rate.is_nan() {
            true => 1.0 - DECAY_RATE,
            false => 1.0 - share(self.decay_rate),
        };
        let to_floor = match from > floor {
            // kept^n · from ≤ floor, solved for n.
            true => ((floor / from).ln() / kept.ln() - ROUNDING).ceil().max(1.0),
            false => 0.0,
        };
        let left = if ticks < to_floor {
            from * kept.powf(ticks)
        } else {
            from.min(floor) - STEP * (ticks - to_floor)
        };
        if left <= GONE + ROUNDING { 0.0 } else { left }
    }
}

impl Feelings {
    /// Feels something, or feels it more.
    pub fn apply(&mut self, emotion: Emotion, intensity: f64, source: Option<&str>, now: Now) {
        let intensity = share(intensity);
        let source = source.map(|source| fit(source, LONGEST_SOURCE));
        let felt = self.0.iter().position(|one| one.emotion == emotion);
        if let Some(feeling) = felt.and_then(|at| self.0.get_mut(at)) {
            let left = feeling.intensity_at(now.fast);
            if left > 0.0 {
                feeling.intensity = (left + ADDED * intensity).min(1.0);
                feeling.at_fast = feeling.at_fast.max(now.fast);
                feeling.source = source.or_else(|| feeling.source.take());
                return;
            }
            self.0.retain(|one| one.emotion != emotion);
        }
        if intensity > GONE {
            self.0.push(Feeling {
                emotion,
                intensity,
                decay_rate: DECAY_RATE,
                source,
                created_at: now.ms,
                at_fast: now.fast,
            });
        }
    }

    /// Feels it at least this strongly: what comes again and again does not add up, one gets used to it.
    pub fn rise_to(&mut self, emotion: Emotion, level: f64, source: &str, now: Now) {
        let missing = share(level) - self.intensity_at(emotion, now.fast);
        if missing > 0.0 {
            let is_felt = missing < share(level);
            // Half of what is applied adds to what is felt already.
            let applied = if is_felt { missing / ADDED } else { missing };
            self.apply(emotion, applied, Some(source), now);
        }
    }

    /// What an event of this kind stirs, by its weight (a half when nobody said how important it is).
    pub fn stir(&mut self, kind: &str, importance: Option<f64>, now: Now) {
        let weight = importance.map_or(0.5, |importance| share(importance / 10.0));
        for (emotion, intensity) in stirred_by(kind) {
            self.apply(*emotion, intensity * weight, Some(kind), now);
        }
    }

    /// Brings all of them to this tick and drops those that are gone.
    pub fn settle(&mut self, fast: u64) {
        let mut seen = 0_u16;
        self.0.retain_mut(|feeling| {
            let bit = 1 << feeling.emotion as u16;
            feeling.intensity = feeling.intensity_at(fast);
            feeling.at_fast = feeling.at_fast.max(fast);
            let is_first = seen & bit == 0;
            seen |= bit;
            is_first && feeling.intensity > 0.0
        });
    }

    /// A copy as of this tick.
    #[must_use]
    pub fn at(&self, fast: u64) -> Self {
        let mut feelings = self.clone();
        feelings.settle(fast);
        feelings
    }

    /// The strongest at this tick; of two that are equal, the older one.
    pub fn mood_at(&self, fast: u64) -> Mood {
        let felt = self.0.iter().map(|feeling| Mood {
            emotion: feeling.emotion,
            intensity: feeling.intensity_at(fast),
        });
        felt.filter(|mood| mood.intensity > 0.0)
            .reduce(|most, one| {
                if one.intensity > most.intensity {
                    one
                } else {
                    most
                }
            })
            .unwrap_or(Mood::CALM)
    }

    /// How strongly it is felt at this tick.
    pub fn intensity_at(&self, emotion: Emotion, fast: u64) -> f64 {
        let felt = self.0.iter().find(|one| one.emotion == emotion);
        felt.map_or(0.0, |feeling| feeling.intensity_at(fast))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    fn feeling(emotion: Emotion, intensity: f64) -> Feeling {
        Feeling {
            emotion,
            intensity,
            decay_rate: DECAY_RATE,
            source: None,
            created_at: 0,
            at_fast: 0,
        }
    }

    fn at_fast(fast: u64) -> Now {
        Now {
            fast,
            ..Now::default()
        }
    }

    /// The rule tick by tick.
    fn step(feeling: &Feeling, intensity: f64) -> f64 {
        let floor = feeling.emotion.floor();
        let left = match intensity > floor {
            true => (intensity * (1.0 - feeling.decay_rate)).max(floor),
            false => intensity - 0.001,
        };
        if left <= 0.02 + 1e-9 { 0.0 } else { left }
    }

    #[test]
    fn the_closed_form_is_the_loop() {
        let mut dice = Dice(1);
        for round in 0..2_000 {
            let emotion = Emotion::ALL[round % 8];
            let mut feeling = feeling(emotion, dice.between(0.021, 1.0));
            if round % 3 == 0 {
                feeling.decay_rate = dice.between(0.001, 0.9);
            }
            let mut looped = feeling.intensity;
            for tick in 1..=2_000 {
                looped = step(&feeling, looped);
                let closed = feeling.intensity_at(tick);
                assert!(
                    (closed - looped).abs() < 1e-9,
                    "{feeling:?} after {tick}: {closed}, not {looped}"
                );
                if looped == 0.0 {
                    break;
                }
            }
        }
    }

    #[test]
    fn joy_fades_to_its_floor_then_away() {
        // By hand: 0.8 · 0.95^54 = 0.0501, so tick 55 is the floor of 0.05; 30 steps of 0.001 later it is 0.02 and gone.
        let joy = feeling(Emotion::Joy, 0.8);
        assert!((joy.intensity_at(1) - 0.76).abs() < 1e-12);
        assert!(joy.intensity_at(54) > 0.05);
        assert!((joy.intensity_at(55) - 0.05).abs() < 1e-12);
        assert!(joy.intensity_at(84) > 0.0);
        assert_eq!(joy.intensity_at(85), 0.0);
        assert_eq!(joy.intensity_at(u64::MAX), 0.0);
    }

    #[test]
    fn settling_twice_is_settling_once() {
        let mut dice = Dice(4);
        for round in 0..2_000 {
            let emotion = Emotion::ALL[round % 8];
            let feelings = Feelings(vec![feeling(emotion, dice.share())]);
            let (first, second) = (dice.below(120), dice.below(120));
            let twice = feelings.at(first).at(first + second);
            let once = feelings.at(first + second);
            let difference = twice.intensity_at(emotion, first + second)
                - once.intensity_at(emotion, first + second);
            assert!(difference.abs() < 1e-9);
        }
    }

    #[test]
    fn feelings_add_up_by_half_and_the_strongest_is_the_mood() {
        let mut feelings = Feelings::default();
        assert_eq!(feelings.mood_at(0), Mood::CALM);
        feelings.apply(Emotion::Joy, 0.6, Some("song"), at_fast(0));
        feelings.apply(Emotion::Joy, 0.2, None, at_fast(0));
        feelings.apply(Emotion::Fear, 0.3, None, at_fast(0));
        assert_eq!(feelings.intensity_at(Emotion::Joy, 0), 0.7);
        assert_eq!(feelings.mood_at(0).emotion, Emotion::Joy);
        assert_eq!(feelings.0.len(), 2);
        assert_eq!(feelings.0[0].source.as_deref(), Some("song"));
        feelings.apply(Emotion::Joy, 1.0, None, at_fast(0));
        assert_eq!(feelings.intensity_at(Emotion::Joy, 0), 1.0);
    }

    #[test]
    fn one_gets_used_to_what_comes_again() {
        let mut feelings = Feelings::default();
        for _ in 0..10 {
            feelings.rise_to(Emotion::Joy, 0.3, "song", at_fast(0));
            assert_eq!(feelings.intensity_at(Emotion::Joy, 0), 0.3);
        }
        feelings.rise_to(Emotion::Joy, 0.4, "song", at_fast(5));
        assert!((feelings.intensity_at(Emotion::Joy, 5) - 0.4).abs() < 1e-12);
        feelings.rise_to(Emotion::Joy, f64::NAN, "song", at_fast(5));
        assert!((feelings.intensity_at(Emotion::Joy, 5) - 0.4).abs() < 1e-12);
    }

    #[test]
    fn an_event_stirs_by_its_weight() {
        let mut feelings = Feelings::default();
        feelings.stir("death", Some(10.0), at_fast(3));
        assert_eq!(feelings.intensity_at(Emotion::Sadness, 3), 0.9);
        assert_eq!(feelings.intensity_at(Emotion::Fear, 3), 0.5);
        let mut unsaid = Feelings::default();
        unsaid.stir("combat", None, at_fast(0));
        assert_eq!(unsaid.intensity_at(Emotion::Fear, 0), 0.3);
    }

    #[test]
    fn no_content_breaks_it() {
        let strange = [
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            1e308,
            -1e308,
            0.0,
            1.0,
        ];
        for intensity in strange {
            for decay_rate in strange {
                let one = Feeling {
                    decay_rate,
                    ..feeling(Emotion::Anger, intensity)
                };
                for fast in [0, 1, 1_000, u64::MAX] {
                    let left = one.intensity_at(fast);
                    assert!((0.0..=1.0).contains(&left), "{one:?} at {fast}: {left}");
                }
                let mut many = Feelings(vec![one; 1_000]);
                many.settle(5);
                many.apply(Emotion::Anger, intensity, None, at_fast(6));
                assert!(many.0.len() <= 1);
            }
        }
    }
}
