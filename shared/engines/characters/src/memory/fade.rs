//! Forgetting, by a closed form: a memory is stored as of a slow tick and worked out when it is looked at.

use super::Kind;

/// Slow ticks in which a memory fades by one step.
pub const PERIOD: u64 = 10;
/// What a step takes from the importance at a decay rate of one.
pub const STEP: f64 = 0.1;
/// What is weaker is forgotten.
pub const FORGOTTEN_BELOW: f64 = 0.5;
/// At and above it a memory is deep: it fades a tenth as fast.
pub const DEEP: f64 = 9.0;
/// A memory for life.
pub const PERMANENT: f64 = 10.0;
const DEEP_RATE: f64 = 0.1;

/// How present a memory is, as of a slow tick.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strength {
    /// 1 to 10, at `at_slow`.
    pub importance: f64,
    /// 1: as usual, 0: never.
    pub decay_rate: f64,
    pub at_slow: u64,
    /// Somebody wants it kept.
    pub pinned: bool,
}

impl Strength {
    /// Of a memory that is made now.
    pub fn new(kind: Kind, importance: f64, at_slow: u64) -> Self {
        let importance = importance.clamp(1.0, PERMANENT);
        Self {
            importance,
            decay_rate: decay_rate(kind, importance),
            at_slow,
            pinned: false,
        }
    }

    pub fn is_permanent(&self) -> bool {
        self.pinned || self.decay_rate <= 0.0
    }

    /// What is left of the importance; never below nothing.
    pub fn current(&self, slow: u64) -> f64 {
        if self.is_permanent() {
            return self.importance;
        }
        let steps = slow.saturating_sub(self.at_slow) / PERIOD;
        (self.importance - steps as f64 * STEP * self.decay_rate).max(0.0)
    }

    pub fn is_forgotten(&self, slow: u64) -> bool {
        self.current(slow) < FORGOTTEN_BELOW
    }
}

/// What was drawn from many memories, and what is simply known, lasts like what went deep.
pub fn decay_rate(kind: Kind, importance: f64) -> f64 {
    if importance >= PERMANENT {
        return 0.0;
    }
    let lasts = matches!(kind, Kind::Reflection | Kind::Summary | Kind::Fact);
    if lasts || importance >= DEEP {
        DEEP_RATE
    } else {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fades_a_tenth_every_ten_slow_ticks() {
        let made = Strength::new(Kind::Episode, 7.0, 100);
        assert_eq!(made.current(100), 7.0);
        assert_eq!(made.current(109), 7.0);
        assert_eq!(made.current(110), 6.9);
        // The contract's example: 7 that has come to 6.5.
        assert!((made.current(150) - 6.5).abs() < 1e-9);
        assert_eq!(
            made.current(50),
            7.0,
            "a clock that went back changes nothing"
        );
        assert_eq!(made.current(u64::MAX), 0.0);
    }

    #[test]
    fn deep_ones_fade_ten_times_slower_and_permanent_ones_never() {
        let deep = Strength::new(Kind::Episode, 9.0, 0);
        assert!((deep.current(1_000) - 8.0).abs() < 1e-9);
        let permanent = Strength::new(Kind::Episode, 10.0, 0);
        assert_eq!(permanent.current(u64::MAX), 10.0);
        let pinned = Strength {
            pinned: true,
            ..Strength::new(Kind::Episode, 3.0, 0)
        };
        assert_eq!(pinned.current(u64::MAX), 3.0);
    }

    #[test]
    fn is_forgotten_below_a_half() {
        let made = Strength::new(Kind::Episode, 3.0, 0);
        assert!(
            !made.is_forgotten(259),
            "0.5 and a little is left after 25 steps"
        );
        assert!(made.is_forgotten(260));
    }
}
