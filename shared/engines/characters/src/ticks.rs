//! The world's time: milliseconds for people, ticks for whatever grows or fades.

use serde::{Deserialize, Serialize};

/// A reading of the world's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Now {
    /// Milliseconds since 1970.
    pub ms: i64,
    /// Fast ticks since the world began: emotions and needs go by them.
    pub fast: u64,
    /// Slow ticks since the world began: closeness, relationships, reputation and memories go by them.
    pub slow: u64,
}

/// What the clock is worked out from. When the length of a tick changes, the clock is anchored anew, so that no tick is lost or doubled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    pub anchored_at_ms: i64,
    /// Ticks counted then.
    pub fast: u64,
    pub slow: u64,
    pub fast_tick_ms: u64,
    pub slow_tick_ms: u64,
    /// A world that stands still keeps its ticks.
    pub running: bool,
}

impl Clock {
    pub fn read(&self, ms: i64) -> Now {
        let passed = match self.running {
            true => u64::try_from(ms - self.anchored_at_ms).unwrap_or_default(),
            false => 0,
        };
        Now {
            ms,
            fast: self.fast + passed / self.fast_tick_ms.max(1),
            slow: self.slow + passed / self.slow_tick_ms.max(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_count_from_the_anchor_and_stand_still_with_the_world() {
        let clock = Clock {
            anchored_at_ms: 1_000,
            fast: 10,
            slow: 2,
            fast_tick_ms: 2_000,
            slow_tick_ms: 30_000,
            running: true,
        };
        assert_eq!((clock.read(60_999).fast, clock.read(60_999).slow), (39, 3));
        assert_eq!(
            clock.read(0).fast,
            10,
            "a clock that went back counts nothing"
        );
        let stopped = Clock {
            running: false,
            ..clock
        };
        assert_eq!(stopped.read(60_999).fast, 10);
    }
}
