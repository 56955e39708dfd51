//! Games written in the Vegas language: the text is the game.

use serde::{Deserialize, Serialize};

use super::Meta;

/// A checked Vegas program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VegasGame {
    pub meta: Meta,
    /// Roles in the order in which they join, nature's left out.
    pub players: Vec<String>,
    pub source_code: String,
    /// Why it has no tree, when it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tree_blocker: Option<String>,
    /// Why it has no influence diagram, when it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagram_blocker: Option<String>,
}
