//! Reading a document of a state: where its records stand, and what is wrong with one, with its path.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::record::{VERSION, WorldRecord};

/// Why a document is no state: a sentence for whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Fault(String);

impl Fault {
    pub(super) fn of(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(super) fn at(path: &str, text: &str) -> Self {
        Self(format!("Field '{path}' {text}"))
    }
}

/// The records as they stand in the text, which is not copied.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Sections<'a> {
    version: u32,
    #[serde(default, rename = "exportedAt")]
    _exported_at: Option<i64>,
    #[serde(borrow)]
    pub(super) world: &'a RawValue,
    #[serde(borrow, default)]
    pub(super) archetypes: Vec<&'a RawValue>,
    #[serde(borrow)]
    pub(super) characters: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) proximity: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) relationships: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) memories: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) messages: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) decisions: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) mail: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) events: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) world_facts: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) groups: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) factions: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) conversations: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) variants: Vec<&'a RawValue>,
}

impl<'a> Sections<'a> {
    pub(super) fn of(document: &'a [u8]) -> Result<Self, Fault> {
        if document.trim_ascii_start().starts_with(b"[") {
            return Err(Fault::of("The state must be object, got array"));
        }
        let mut reader = serde_json::Deserializer::from_slice(document);
        let sections: Self = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let path = error.path().to_string();
            worded(error.inner(), path.trim_start_matches('.'))
        })?;
        reader.end().map_err(|error| worded(&error, ""))?;
        match sections.version {
            VERSION => Ok(sections),
            other => Err(Fault::at(
                "version",
                &format!("must be {VERSION}, got {other}"),
            )),
        }
    }

    pub(super) fn world(&self) -> Result<WorldRecord, Fault> {
        read(self.world.get(), "world")
    }
}

/// A record of the text. Only when that fails it is read once more, slowly, to say where.
pub(super) fn read<T: DeserializeOwned>(text: &str, path: &str) -> Result<T, Fault> {
    // A list of its values would do for serde, and for nobody else.
    if !text.starts_with('{') {
        return Err(Fault::at(
            path,
            &format!("must be object, got {}", kind_of(text)),
        ));
    }
    serde_json::from_str(text).map_err(|error| {
        let reader = &mut serde_json::Deserializer::from_str(text);
        match serde_path_to_error::deserialize::<_, T>(reader) {
            Ok(_) => worded(&error, path),
            Err(error) => worded(error.inner(), &joined(path, &error.path().to_string())),
        }
    })
}

fn joined(path: &str, inner: &str) -> String {
    match inner {
        "." => path.to_owned(),
        inner if inner.starts_with('[') => format!("{path}{inner}"),
        inner => format!("{path}.{inner}"),
    }
}

/// In the words of the contract.
fn worded(error: &serde_json::Error, path: &str) -> Fault {
    let text = error.to_string();
    // The place in the record would be taken for the place in the document.
    let text = text.split(" at line ").next().unwrap_or_default();
    if error.classify() != Category::Data {
        return Fault::of("Invalid JSON body");
    }
    if let Some(name) = quoted(text, "missing field `") {
        let inner = [path, name].join(".");
        return Fault(format!(
            "Missing required field: {}",
            inner.trim_start_matches('.')
        ));
    }
    if text.starts_with("unknown field `") {
        return Fault(format!("Unknown field: {path}"));
    }
    if let Some((found, expected)) = text
        .strip_prefix("invalid type: ")
        .and_then(|text| text.rsplit_once(", expected "))
    {
        let must = format!(
            "must be {}, got {}",
            expected_kind(expected),
            found_kind(found)
        );
        return match path {
            "" => Fault(format!("The state {must}")),
            path => Fault::at(path, &must),
        };
    }
    Fault::at(path, &format!("cannot be read: {text}"))
}

/// Of JSON that can be read.
fn kind_of(text: &str) -> &'static str {
    match text.bytes().next() {
        Some(b'[') => "array",
        Some(b'"') => "string",
        Some(b't' | b'f') => "boolean",
        Some(b'n') => "null",
        Some(b'{') => "object",
        _ => "number",
    }
}

fn quoted<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    text.strip_prefix(start)?.split('`').next()
}

/// JSON's types, by how serde words what it found.
fn found_kind(found: &str) -> &'static str {
    match found.split([' ', '`']).next().unwrap_or_default() {
        "string" | "character" => "string",
        "integer" | "floating" => "number",
        "boolean" => "boolean",
        "null" | "unit" | "Option" => "null",
        "sequence" => "array",
        _ => "object",
    }
}

/// The same by how it words what it wanted.
fn expected_kind(expected: &str) -> &str {
    match expected {
        "f64" => "number",
        "u8" | "u32" | "u64" | "i32" | "i64" => "whole number",
        "a string" | "a borrowed string" => "string",
        "a boolean" => "boolean",
        "a sequence" => "array",
        "a map" => "object",
        other if other.starts_with("struct ") => "object",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::characters::state::record::ProximityRecord;

    fn fault(text: &str) -> String {
        let read = read::<ProximityRecord>(text, "proximity[3]");
        read.err()
            .map(|fault| fault.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn a_fault_says_where_it_is_in_the_words_of_the_contract() {
        let with = |field: &str| {
            format!(
                r#"{{"characterId":"a","playerId":"b",{field}"highWaterMark":1,"atSlow":0,"totalInteractions":0,"updatedAt":0}}"#
            )
        };
        assert_eq!(fault(&with(r#""closeness":1,"#)), "");
        assert_eq!(
            fault(&with("")),
            "Missing required field: proximity[3].closeness"
        );
        assert_eq!(
            fault(&with(r#""closeness":"far","#)),
            "Field 'proximity[3].closeness' must be number, got string"
        );
        assert_eq!(
            fault(&with(r#""closeness":1,"lastInteractionAt":-1,"#)),
            "Field 'proximity[3].lastInteractionAt' cannot be read: not a moment between 1970 and 9999"
        );
        assert_eq!(
            fault(&with(r#""closeness":1,"mood":2,"#)),
            "Unknown field: proximity[3].mood"
        );
        assert_eq!(
            fault("[]"),
            "Field 'proximity[3]' must be object, got array"
        );
    }

    #[test]
    fn a_document_is_read_without_copying_it() {
        let text = br#"{"version":1,"world":{},"characters":[{"id":"a"},{"id":"\ud83d\udc26"}]}"#;
        let sections = Sections::of(text).expect("it has what it must have");
        assert_eq!(sections.characters[1].get(), r#"{"id":"\ud83d\udc26"}"#);
        for (text, fault) in [
            ("", "Invalid JSON body"),
            ("{\"version\":1", "Invalid JSON body"),
            ("[1]", "The state must be object, got array"),
            ("7", "The state must be object, got number"),
            ("{\"version\":1}", "Missing required field: world"),
            (
                "{\"version\":2,\"world\":{},\"characters\":[]}",
                "Field 'version' must be 1, got 2",
            ),
            (
                "{\"version\":1,\"world\":{},\"characters\":{}}",
                "Field 'characters' must be array, got object",
            ),
            (
                "{\"version\":1,\"world\":{},\"characters\":[],\"zoo\":[]}",
                "Unknown field: zoo",
            ),
        ] {
            let said = Sections::of(text.as_bytes())
                .err()
                .map(|fault| fault.to_string());
            assert_eq!(said.as_deref(), Some(fault), "{text}");
        }
    }
}
