//! What a kind of character can do and how it speaks.

pub mod catalogue;
pub mod nature;
mod tools;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A kind of character: barkeep, guard, scholar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Archetype {
    pub id: String,
    pub name: String,
    pub description: String,
    /// Names of tools, the most typical first.
    pub tools: Vec<Tool>,
    /// How somebody of this kind speaks, in a few words: for prompts and for the offline provider.
    #[serde(default)]
    pub speech_style: String,
}

/// Something a character can do. Its arguments are described as language models are told of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tool {
    pub name: String,
    pub description: String,
    #[serde(default)]
    pub parameters: Vec<Parameter>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameter {
    pub name: String,
    pub description: String,
    #[serde(default)]
    pub kind: Kind,
    #[serde(default)]
    pub required: bool,
}

/// What an argument may be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    #[default]
    Text,
    Number,
    /// The id of somebody near.
    Character,
    /// One of these.
    OneOf(Vec<String>),
}

impl Tool {
    /// The JSON schema of its arguments.
    pub fn schema(&self) -> Value {
        let properties = self.parameters.iter().map(|parameter| {
            let mut schema = match &parameter.kind {
                Kind::Text | Kind::Character => json!({ "type": "string" }),
                Kind::Number => json!({ "type": "number" }),
                Kind::OneOf(words) => json!({ "type": "string", "enum": words }),
            };
            schema["description"] = json!(parameter.description);
            (parameter.name.clone(), schema)
        });
        let required = self.parameters.iter().filter(|one| one.required);
        json!({
            "type": "object",
            "properties": properties.collect::<Map<_, _>>(),
            "required": required.map(|one| one.name.as_str()).collect::<Vec<_>>(),
        })
    }
}
