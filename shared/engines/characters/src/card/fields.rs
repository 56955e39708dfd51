//! A card's fields, taken out by name with their types and bounds checked.

use serde_json::{Map, Value};

use super::{BadCard, MOST_ITEMS, MOST_NAME};

type Fields = Map<String, Value>;

/// A text; one that is missing or null is empty.
pub(super) fn text(
    fields: &mut Fields,
    prefix: &str,
    field: &str,
    most: usize,
) -> Result<String, BadCard> {
    let field_name = || format!("{prefix}{field}");
    match fields.remove(field) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) if text.len() > most => Err(BadCard::Long {
            field: field_name(),
            most,
        }),
        // Postgres holds no NUL, and no persona needs one.
        Some(Value::String(text)) => Ok(text.replace('\0', "")),
        Some(other) => Err(ill_typed(field_name(), "string", &other)),
    }
}

/// A list of texts.
pub(super) fn list(fields: &mut Fields, prefix: &str, field: &str) -> Result<Vec<String>, BadCard> {
    let items = match fields.remove(field) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(items)) => items,
        Some(other) => return Err(ill_typed(format!("{prefix}{field}"), "array", &other)),
    };
    let items = items.into_iter().take(MOST_ITEMS).map(|item| {
        let mut alone = Fields::from_iter([(field.to_owned(), item)]);
        text(&mut alone, prefix, field, MOST_NAME * 5)
    });
    items.collect()
}

pub(super) fn object(fields: &mut Fields, prefix: &str, field: &str) -> Result<Fields, BadCard> {
    match fields.remove(field) {
        None | Some(Value::Null) => Ok(Fields::new()),
        Some(Value::Object(inner)) => Ok(inner),
        Some(other) => Err(ill_typed(format!("{prefix}{field}"), "object", &other)),
    }
}

pub(super) fn ill_typed(field: String, wanted: &'static str, value: &Value) -> BadCard {
    let got = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    BadCard::Type { field, wanted, got }
}

/// The format's placeholders, in any case: the character's name for `{{char}}`, the player for `{{user}}`; `<BOT>` and `<USER>` are
/// their older forms.
pub(super) fn with_names(text: &str, name: &str) -> String {
    const PLACES: [(&str, bool); 4] = [
        ("{{char}}", true),
        ("{{user}}", false),
        ("<bot>", true),
        ("<user>", false),
    ];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '<']) {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        let place = PLACES.iter().find(|(place, _)| {
            tail.get(..place.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(place))
        });
        let taken = match place {
            Some((place, is_character)) => {
                out.push_str(if *is_character { name } else { "the player" });
                place.len()
            }
            None => {
                out.push_str(&tail[..1]);
                1
            }
        };
        rest = &tail[taken..];
    }
    out.push_str(rest);
    out
}
