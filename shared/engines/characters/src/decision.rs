//! What a decision starts from and what it is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::archetype::Archetype;
use crate::closeness;
use crate::config::Config;
use crate::event::Event;
use crate::inference;
use crate::letter::Letter;
use crate::memory::{NewMemory, Recalled};
use crate::relationship::Relationship;
use crate::{Mind, Now, Persona};

/// Why somebody is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Trigger {
    FastTick,
    SlowTick,
    Event { event: Event, importance: f64 },
}

impl Trigger {
    /// As the decision log names it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::FastTick => "fast_tick",
            Self::SlowTick => "slow_tick",
            Self::Event { .. } => "event",
        }
    }
}

/// Somebody at the same place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Neighbour {
    pub id: String,
    pub name: String,
    pub archetype: String,
    /// What the character holds of them.
    pub relationship: Relationship,
}

/// What is so in the world.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    pub key: String,
    pub value: Value,
    pub category: String,
}

/// All that a decision may depend on. The mind has been settled to `now`, its mail is in it.
#[derive(Debug, Clone, Copy)]
pub struct Percept<'a> {
    pub who: &'a Persona,
    pub archetype: &'a Archetype,
    pub mind: &'a Mind,
    pub now: Now,
    pub config: &'a Config,
    /// The player it is closest to, and how close.
    pub player_id: &'a str,
    pub closeness: f64,
    pub tier: closeness::Tier,
    pub trigger: &'a Trigger,
    pub near: &'a [Neighbour],
    pub memories: &'a [Recalled],
    pub facts: &'a [Fact],
    /// The world's; chance hangs on it, on the character and on the number of its decision.
    pub seed: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Action {
    ToolCall {
        tool: String,
        arguments: Map<String, Value>,
    },
    Dialogue {
        text: String,
    },
    Idle,
}

impl Action {
    /// As the metrics name it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ToolCall { .. } => "tool_call",
            Self::Dialogue { .. } => "dialogue",
            Self::Idle => "idle",
        }
    }

    /// As the decision log names it: the tool's name, `dialogue` or `idle`.
    pub fn name(&self) -> &str {
        match self {
            Self::ToolCall { tool, .. } => tool,
            Self::Dialogue { .. } => "dialogue",
            Self::Idle => "idle",
        }
    }
}

/// Who decided: the model's tier, and why it came out so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    pub action: Action,
    pub inference_tier: inference::Tier,
    pub explanation: Explanation,
}

/// For people who ask why.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Explanation {
    /// One sentence.
    pub because: String,
    /// Each option's score, and what it is the sum of: `{"serve_drink": {"need": 0.4, "novelty": -0.1}}`.
    pub scores: BTreeMap<String, BTreeMap<String, f64>>,
    /// Ids of the memories that came to mind.
    pub memories: Vec<String>,
    /// Hints given: `variety`, `unused_tool`.
    pub hints: Vec<String>,
    /// SHA-256 of the prompt, when a model was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_hash: Option<String>,
}

/// What follows from an action, beside the change of the own mind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Effects {
    pub memories: Vec<NewMemory>,
    /// To whom (a character's id) and what.
    pub letters: Vec<(String, Letter)>,
    /// What the character now holds of others, by their ids.
    pub relationships: Vec<(String, Relationship)>,
    /// It goes there.
    pub moved_to: Option<String>,
}
