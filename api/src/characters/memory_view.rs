//! A memory as clients see it.

use poem_openapi::Object;
use poem_openapi::types::Example;
use rookery_shared::characters::StoredMemory;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::view::{THEN_MS, ms, rounded};

/// Something that a character remembers.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "Memory", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
pub(super) struct MemoryView {
    id: String,
    /// `episode` (what happened), `dialogue` (what was said), `fact` (what is so), `summary` (many that became one) or `reflection` (what it
    /// made of them).
    kind: String,
    content: String,
    /// 1 to 10, when it was made or last came back. From 9 on it fades a tenth as fast, at 10 never.
    importance: f64,
    /// What is left of that now. Below 0.5 it is forgotten.
    current_importance: f64,
    /// Whom it has to do with; null: no player.
    player_id: Option<String>,
    /// The type of the event that it comes from.
    event_type: Option<String>,
    tags: Vec<String>,
    /// Whether somebody wants it kept as it is.
    pinned: bool,
    /// What it was made from: an event, a decision, other memories by their ids.
    source: Value,
    /// Milliseconds since 1970.
    created_at: i64,
    /// When it was replaced by what is so now, or by what many were merged into; in a listing with `history`.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    superseded_at: Option<i64>,
    /// By which memory.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    superseded_by: Option<Uuid>,
    /// How readily it came to mind; in a search.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
}

impl MemoryView {
    pub(super) fn of(stored: &StoredMemory, slow: u64) -> Self {
        let memory = &stored.memory;
        Self {
            id: memory.id.clone(),
            kind: memory.kind.as_str().to_owned(),
            content: memory.content.clone(),
            importance: rounded(memory.strength.importance),
            current_importance: rounded(memory.strength.current(slow)),
            player_id: memory.player_id.clone(),
            event_type: memory.event_type.clone(),
            tags: memory.tags.clone(),
            pinned: memory.strength.pinned,
            source: stored.source.clone(),
            created_at: memory.at_ms,
            superseded_at: stored.superseded_at.map(ms),
            superseded_by: stored.superseded_by,
            score: None,
        }
    }

    pub(super) fn found(stored: &StoredMemory, slow: u64, score: f64) -> Self {
        Self {
            score: Some(rounded(score)),
            ..Self::of(stored, slow)
        }
    }
}

impl Example for MemoryView {
    fn example() -> Self {
        Self {
            id: "019314c5-7d10-7a63-9f1c-2f6a3c1b9e55".to_owned(),
            kind: "dialogue".to_owned(),
            content: "Ada told me of a silver map under the mill.".to_owned(),
            importance: 7.0,
            current_importance: 6.5,
            player_id: Some("default".to_owned()),
            event_type: Some("dialogue".to_owned()),
            tags: vec!["map".to_owned()],
            pinned: false,
            source: json!({ "event": "dialogue" }),
            created_at: THEN_MS,
            superseded_at: None,
            superseded_by: None,
            score: None,
        }
    }
}
