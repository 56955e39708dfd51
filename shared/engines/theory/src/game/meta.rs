//! What every game carries besides its rules: id, title, description, tags.

use serde::{Deserialize, Serialize};

/// The schema version that every game states on the wire.
pub const VERSION: &str = "v1";

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    pub id: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    /// What a reader had to put right in the file (renamed duplicates, rescaled probabilities …); shown by the Validation analysis.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

impl Meta {
    /// The description of a game made from this one: new id, one tag dropped, `converted` and the origin added.
    pub fn converted(&self, id_suffix: &str, dropped: &str, origin: &str) -> Meta {
        let kept = self.tags.iter().filter(|tag| *tag != dropped).cloned();
        Meta {
            id: format!("{}-{id_suffix}", self.id),
            title: self.title.clone(),
            description: self.description.clone(),
            tags: kept
                .chain(["converted".to_owned(), origin.to_owned()])
                .collect(),
            warnings: Vec::new(),
        }
    }
}
