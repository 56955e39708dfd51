//! What operators may change while the world runs.

use serde::{Deserialize, Serialize};

/// Everything `POST /api/config` sets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    pub tick: Tick,
    pub proximity: Closeness,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Tick {
    /// How often an active character is asked.
    pub fast_tick_ms: u64,
    /// How often a background character is asked, and the step of what fades slowly.
    pub slow_tick_ms: u64,
    /// Calls of a language model that one worker has under way for ticks.
    pub batch_size: u32,
    /// Dormant characters asked in one slow tick, all workers together.
    pub max_dormant_per_slow_tick: u32,
    /// Whether time passes.
    pub running: bool,
}

impl Default for Tick {
    fn default() -> Self {
        Self {
            fast_tick_ms: 2_000,
            slow_tick_ms: 30_000,
            batch_size: 10,
            max_dormant_per_slow_tick: 50,
            running: true,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Closeness {
    pub decay_rate_per_tick: f64,
    pub interaction_boost: f64,
    pub chat_boost: f64,
    /// At and above it a character is active.
    pub promotion_threshold: f64,
    /// At and above it a character is in the background, below it dormant.
    pub background_threshold: f64,
    pub chat_min_closeness: f64,
    /// Of whoever was once closer than the promotion threshold.
    pub high_water_decay_multiplier: f64,
}

impl Default for Closeness {
    fn default() -> Self {
        Self {
            decay_rate_per_tick: 0.1,
            interaction_boost: 4.0,
            chat_boost: 2.0,
            promotion_threshold: 60.0,
            background_threshold: 20.0,
            chat_min_closeness: 40.0,
            high_water_decay_multiplier: 0.5,
        }
    }
}
