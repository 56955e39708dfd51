//! What somebody has heard of others and may tell on.

use serde::{Deserialize, Serialize};

/// A piece of hearsay, as one character knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rumour {
    pub id: String,
    pub content: String,
    /// Whom it is about, if anybody: a character's id.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub about: Option<String>,
    /// Who said it first.
    pub origin: String,
    /// Who told this character.
    pub heard_from: String,
    pub importance: f64,
    /// 1 at the origin, less with every mouth it went through.
    pub credibility: f64,
    pub hops: u32,
    pub created_at: i64,
    /// Whom this character told it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub told_to: Vec<String>,
}
