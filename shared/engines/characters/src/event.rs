//! Something that happened in the game.

use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub target: Option<String>,
    #[serde(default)]
    pub data: Value,
    /// 1 to 10; unsaid: by its type.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub importance: Option<f64>,
    /// Milliseconds since 1970, as the client says.
    pub timestamp: i64,
}
