//! Moods spread among those who are together (Hatfield, Cacioppo and Rapson 1993).

use super::{Emotion, Mood};
use crate::relationship::Regard;

/// Defaults of the contract's engine: how strong a mood must be to spread, and the most of it that anybody catches.
const CONTAGIOUS_FROM: f64 = 0.4;
const MOST: f64 = 0.3;

/// How much of a mood somebody at the same place catches, so many being there and the two standing like this.
pub fn caught(mood: Mood, crowd: usize, regard: Regard) -> Option<f64> {
    if mood.intensity < CONTAGIOUS_FROM {
        return None;
    }
    let standing = match regard {
        Regard::Warm => 1.5,
        Regard::Indifferent => 1.0,
        Regard::Hostile => 0.3,
    };
    let press = (crowd as f64 / 10.0).sqrt();
    Some((mood.intensity * rate(mood.emotion) * press * standing).min(MOST))
}

/// Defaults of the contract's engine.
fn rate(emotion: Emotion) -> f64 {
    match emotion {
        Emotion::Fear => 0.6,
        Emotion::Joy => 0.5,
        Emotion::Anger | Emotion::Surprise => 0.4,
        Emotion::Sadness | Emotion::Disgust | Emotion::Anticipation => 0.3,
        Emotion::Trust => 0.1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strong_moods_spread_by_crowd_and_standing() {
        let fear = Mood {
            emotion: Emotion::Fear,
            intensity: 0.5,
        };
        // By hand: 0.5 · 0.6 · √(2.5 / 10) = 0.15; a friend's is half as much again, an enemy's three tenths.
        let four = |regard| {
            caught(
                Mood {
                    intensity: 0.5,
                    ..fear
                },
                4,
                regard,
            )
        };
        let near = |value: Option<f64>, expected: f64| {
            assert!(value.is_some_and(|value| (value - expected).abs() < 1e-12));
        };
        near(four(Regard::Indifferent), 0.3 * 0.4_f64.sqrt());
        near(four(Regard::Warm), 0.45 * 0.4_f64.sqrt());
        near(four(Regard::Hostile), 0.09 * 0.4_f64.sqrt());
        near(caught(fear, 1_000, Regard::Warm), 0.3);
        let weak = Mood {
            intensity: 0.39,
            ..fear
        };
        assert_eq!(caught(weak, 10, Regard::Warm), None);
    }
}
