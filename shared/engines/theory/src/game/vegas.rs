//! Games written in the Vegas language: the text is the game.

use serde::{Deserialize, Serialize};

use super::Meta;

/// A checked Vegas program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VegasGame {
    pub meta: Meta,
    /// Roles in the order in which they join.
    pub players: Vec<String>,
    pub source_code: String,
}
