//! Where a record stands in the document, and what its fields may be.

use std::ops::RangeInclusive;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::reading::{Fault, read};

/// A record: `memories[3]`.
pub(super) struct Place {
    pub(super) section: &'static str,
    pub(super) index: usize,
}

/// What an index of Postgres can hold with room to spare; ids and names are in some.
const MAX_NAME_BYTES: usize = 1_000;
/// A text of words that a search index can still be made of: Postgres takes a mebibyte of word list.
const MAX_TEXT_BYTES: usize = 256 * 1024;
/// Much larger than anything that a mind or a fact comes to.
const MAX_RECORD_BYTES: usize = 16 * 1024 * 1024;

impl Place {
    pub(super) fn path(&self, field: &str) -> String {
        format!("{}[{}].{field}", self.section, self.index)
    }

    pub(super) fn fault(&self, field: &str, text: &str) -> Fault {
        Fault::at(&self.path(field), text)
    }

    pub(super) fn read<T: DeserializeOwned>(&self, text: &str) -> Result<T, Fault> {
        let path = format!("{}[{}]", self.section, self.index);
        if text.len() > MAX_RECORD_BYTES {
            return Err(Fault::at(&path, "is too large"));
        }
        // Postgres has it in no text, nor in its JSON. The escape may also be that of a backslash before five letters.
        if text.contains("\\u0000") && has_nul(&read_any(text, &path)?) {
            return Err(Fault::at(&path, "must not contain NUL"));
        }
        read(text, &path)
    }

    /// What is looked up by.
    pub(super) fn name(&self, field: &str, value: &str) -> Result<(), Fault> {
        if value.is_empty() {
            return Err(self.fault(field, "must not be empty"));
        }
        match value.len() <= MAX_NAME_BYTES {
            true => Ok(()),
            false => Err(self.fault(field, "is too long")),
        }
    }

    /// The same of those that are there.
    pub(super) fn names<const N: usize>(
        &self,
        fields: [(&str, &Option<String>); N],
    ) -> Result<(), Fault> {
        fields
            .into_iter()
            .try_for_each(|(field, value)| match value {
                Some(value) => self.name(field, value),
                None => Ok(()),
            })
    }

    pub(super) fn text(&self, field: &str, value: &str) -> Result<(), Fault> {
        match value.len() <= MAX_TEXT_BYTES {
            true => Ok(()),
            false => Err(self.fault(field, "is too long")),
        }
    }

    pub(super) fn within(
        &self,
        field: &str,
        value: f64,
        range: RangeInclusive<f64>,
    ) -> Result<(), Fault> {
        match range.contains(&value) {
            true => Ok(()),
            false if *range.end() == f64::MAX => Err(self.fault(field, "must not be negative")),
            false => {
                let text = format!("must be between {} and {}", range.start(), range.end());
                Err(self.fault(field, &text))
            }
        }
    }

    pub(super) fn base64(&self, field: &str, value: &str) -> Result<(), Fault> {
        let digits = value.trim_end_matches('=');
        let padding = value.len() - digits.len();
        let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        match value.len().is_multiple_of(4) && padding <= 2 && digits.bytes().all(is_digit) {
            true => Ok(()),
            false => Err(self.fault(field, "must be base64")),
        }
    }
}

fn read_any(text: &str, path: &str) -> Result<Value, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::at(path, "is no JSON"))
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}
