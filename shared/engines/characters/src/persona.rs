//! Who somebody is: what people write about a character.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A character without its state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Persona {
    pub id: String,
    pub name: String,
    /// Of the catalogue.
    pub archetype: String,
    pub identity: Identity,
    /// Where it is; who stands at the same place is near. None: nowhere in particular.
    pub location: Option<String>,
}

/// What clients may send as `identity`. More fields than these are kept and shown again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Identity {
    pub personality: String,
    pub backstory: String,
    pub goals: Vec<String>,
    pub traits: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speech_style: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quirks: Vec<String>,
    #[serde(flatten)]
    pub more: serde_json::Map<String, Value>,
}
