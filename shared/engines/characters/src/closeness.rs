//! How close a character is to a player, and how much attention it gets for it.

use serde::{Deserialize, Serialize};

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
        let closeness = closeness.clamp(0.0, 100.0);
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
        Self {
            closeness: (self.closeness - ticks * config.decay_rate_per_tick).max(0.0),
            at_slow: self.at_slow.max(slow),
            ..self
        }
    }

    /// Comes closer, or goes away: an amount may be negative.
    #[must_use]
    pub fn boosted(self, amount: f64) -> Self {
        let closeness = (self.closeness + amount).clamp(0.0, 100.0);
        Self {
            closeness,
            high_water: self.high_water.max(closeness),
            ..self
        }
    }
}
