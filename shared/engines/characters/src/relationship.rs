//! What one character holds of another.

use serde::{Deserialize, Serialize};

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

impl Default for Relationship {
    fn default() -> Self {
        Self {
            bond: Bond::Neutral,
            strength: 50.0,
            trust: 50.0,
            at_slow: 0,
            interactions: 0,
        }
    }
}
