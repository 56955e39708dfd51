//! What somebody remembers.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A memory to be kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewMemory {
    pub kind: Kind,
    pub content: String,
    pub player_id: Option<String>,
    pub event_type: Option<String>,
    pub tags: Vec<String>,
    /// 1 to 10.
    pub importance: f64,
    /// What it was made from, for people: `{"event": …}`, `{"memories": […]}`.
    pub source: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Episode,
    Dialogue,
    Reflection,
    Summary,
    Fact,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Episode => "episode",
            Self::Dialogue => "dialogue",
            Self::Reflection => "reflection",
            Self::Summary => "summary",
            Self::Fact => "fact",
        }
    }
}

/// What came to mind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recalled {
    pub id: String,
    pub content: String,
    pub importance: f64,
    pub score: f64,
}

/// A glimpse of what was just now: the last few are always present.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Glimpse {
    pub content: String,
    pub at: i64,
}
