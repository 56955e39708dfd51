//! What somebody feels: Plutchik's eight, each with an intensity that fades.

use serde::{Deserialize, Serialize};

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

/// All that is felt.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Feelings(pub Vec<Feeling>);

/// The strongest of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mood {
    pub emotion: Emotion,
    pub intensity: f64,
}
