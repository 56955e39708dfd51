//! Taking typed fields out of a JSON object, with errors that name the field and its place.

use super::ParseError;
use super::json_text::{Field, Json, Kind};
use super::names::too_long;
use super::position::Source;
use crate::rational::Rational;

/// An object whose fields are taken one by one; what nobody took is unknown ([`Fields::finish`]).
pub struct Fields<'a, 's> {
    source: &'s Source<'s>,
    /// Where the object starts.
    pub offset: usize,
    /// What the object is, for messages.
    what: &'a str,
    rest: Vec<&'a Field<'s>>,
}

impl<'a, 's> Fields<'a, 's> {
    pub fn of(
        source: &'s Source<'s>,
        json: &'a Json<'s>,
        what: &'a str,
    ) -> Result<Fields<'a, 's>, ParseError> {
        match &json.kind {
            Kind::Object(fields) => Ok(Fields {
                source,
                offset: json.offset,
                what,
                rest: fields.iter().collect(),
            }),
            _ => Err(source.error(json.offset, format!("{what} must be an object"))),
        }
    }

    pub fn has(&self, key: &str) -> bool {
        self.rest.iter().any(|field| field.key == key)
    }

    /// Whether the field is there and holds a list.
    pub fn has_list(&self, key: &str) -> bool {
        self.rest
            .iter()
            .any(|field| field.key == key && matches!(field.value.kind, Kind::List(_)))
    }

    /// The field's value unless it is missing or null.
    pub fn optional(&mut self, key: &str) -> Option<&'a Json<'s>> {
        let position = self.rest.iter().position(|field| field.key == key)?;
        let value = &self.rest.swap_remove(position).value;
        (!matches!(value.kind, Kind::Null)).then_some(value)
    }

    pub fn required(&mut self, key: &str) -> Result<&'a Json<'s>, ParseError> {
        self.optional(key).ok_or_else(|| {
            self.source
                .error(self.offset, format!("{} has no `{key}`", self.what))
        })
    }

    pub fn text(&mut self, key: &str) -> Result<Option<String>, ParseError> {
        self.optional(key)
            .map(|json| text(self.source, json, key))
            .transpose()
    }

    pub fn number(&mut self, key: &str) -> Result<Option<Rational>, ParseError> {
        self.optional(key)
            .map(|json| number(self.source, json, key))
            .transpose()
    }

    pub fn texts(&mut self, key: &str) -> Result<Option<Vec<String>>, ParseError> {
        self.optional(key)
            .map(|json| texts(self.source, json, key))
            .transpose()
    }

    /// Refuses fields that nobody asked for: a misspelt field would otherwise be lost in silence.
    pub fn finish(self) -> Result<(), ParseError> {
        match self.rest.iter().min_by_key(|field| field.key_offset) {
            None => Ok(()),
            Some(field) => Err(self.source.error(
                field.key_offset,
                format!("{} has an unknown field `{}`", self.what, field.key),
            )),
        }
    }
}

pub fn text(source: &Source<'_>, json: &Json<'_>, what: &str) -> Result<String, ParseError> {
    match &json.kind {
        Kind::Text(text) => Ok(text.clone().into_owned()),
        _ => Err(source.error(json.offset, format!("`{what}` must be a text"))),
    }
}

/// The name of a player, strategy or action.
pub fn label(source: &Source<'_>, json: &Json<'_>, what: &str) -> Result<String, ParseError> {
    let label = text(source, json, what)?;
    match too_long(&label) {
        None => Ok(label),
        Some(what) => Err(source.error(json.offset, what)),
    }
}

/// A JSON number, or a text such as `"1/3"`.
pub fn number(source: &Source<'_>, json: &Json<'_>, what: &str) -> Result<Rational, ParseError> {
    let written = match &json.kind {
        Kind::Number(written) => written,
        Kind::Text(written) => written.as_ref(),
        _ => return Err(source.error(json.offset, format!("`{what}` must be a number"))),
    };
    source
        .number(written)
        .map_err(|error| source.error(json.offset, format!("`{what}` {error}")))
}

pub fn list<'a, 's>(
    source: &Source<'_>,
    json: &'a Json<'s>,
    what: &str,
) -> Result<&'a [Json<'s>], ParseError> {
    match &json.kind {
        Kind::List(items) => Ok(items),
        _ => Err(source.error(json.offset, format!("`{what}` must be a list"))),
    }
}

pub fn texts(source: &Source<'_>, json: &Json<'_>, what: &str) -> Result<Vec<String>, ParseError> {
    list(source, json, what)?
        .iter()
        .map(|item| label(source, item, what))
        .collect()
}

/// The entries of an object used as a dictionary.
pub fn entries<'a, 's>(
    source: &Source<'_>,
    json: &'a Json<'s>,
    what: &str,
) -> Result<&'a [Field<'s>], ParseError> {
    match &json.kind {
        Kind::Object(fields) => Ok(fields),
        _ => Err(source.error(json.offset, format!("`{what}` must be an object"))),
    }
}
