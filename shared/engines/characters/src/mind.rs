//! The state of a character as one document: everything that concerns it alone and stays small.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::emotion::Feelings;
use crate::goal::Goal;
use crate::gossip::Rumour;
use crate::memory::Glimpse;
use crate::need::Needs;
use crate::reputation::Reputation;
use crate::routine::Routine;

/// Stored as JSON; a field that is missing in an older document has its usual value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Mind {
    pub feelings: Feelings,
    pub needs: Needs,
    pub goals: Vec<Goal>,
    /// The last five glimpses, oldest first.
    pub working: VecDeque<Glimpse>,
    pub routine: Option<Routine>,
    pub rumours: Vec<Rumour>,
    pub reputation: Reputation,
    /// What was done last, newest last.
    pub recent: VecDeque<Deed>,
    /// What is left of long acquaintance, by player.
    pub summaries: BTreeMap<String, Summary>,
    /// Decisions made so far: chance hangs on it.
    pub decisions: u64,
    /// Importance gathered since the last reflection.
    pub unreflected: f64,
    /// Kind deeds of others less unkind ones, by who did them, that its relationships have yet to learn of.
    pub impressions: BTreeMap<String, i32>,
    /// Who spoke to it since its last deed: they hear in return what it has heard.
    pub spoken_to_by: Vec<String>,
    /// The slow tick at which its mood last spread to those around it.
    pub mood_spread_at_slow: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deed {
    pub action: String,
    #[serde(default)]
    pub what: String,
    pub at: i64,
}

/// What a character makes of all it lived through with a player.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    pub summary: String,
    pub relationship_notes: String,
    pub key_facts: Vec<String>,
    pub version: u32,
    pub updated_at: i64,
}
