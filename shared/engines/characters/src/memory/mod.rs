//! What somebody remembers: what is worth keeping ([`importance`]), how it fades ([`fade`]), how it comes to mind ([`recall`]) and what
//! becomes of it with time ([`repetition`], [`facts`], [`consolidation`], [`reflection`], [`summary`]).

pub mod consolidation;
pub mod embedding;
pub mod facts;
pub mod fade;
pub mod importance;
pub mod index;
pub mod recall;
pub mod reflection;
pub mod repetition;
pub mod summary;
pub mod words;

use fade::Strength;
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

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    pub const ALL: [Self; 5] = [
        Self::Episode,
        Self::Dialogue,
        Self::Reflection,
        Self::Summary,
        Self::Fact,
    ];
}

/// A memory that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Memory {
    pub id: String,
    /// Grows with time: neighbours in it belong to the same scene.
    pub number: i64,
    pub kind: Kind,
    pub content: String,
    pub player_id: Option<String>,
    pub event_type: Option<String>,
    pub tags: Vec<String>,
    pub strength: Strength,
    /// When it was made, in milliseconds since 1970.
    pub at_ms: i64,
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

/// An episode of usual strength.
#[cfg(test)]
fn sample(number: i64, content: &str) -> Memory {
    Memory {
        id: format!("m{number}"),
        number,
        kind: Kind::Episode,
        content: content.to_owned(),
        player_id: None,
        event_type: None,
        tags: Vec::new(),
        strength: Strength::new(Kind::Episode, 5.0, 0),
        at_ms: number * 1_000,
    }
}
