//! Why a request about characters changes nothing, in the contract's codes.

use poem::http::StatusCode;
use rookery_shared::characters::CharacterError;

use crate::areas::Area;
use crate::errors::{Case, FieldFault, Problem, faulty};

pub(super) struct CharacterMissing;

impl Case for CharacterMissing {
    const STATUS: u16 = 404;
    const WHEN: &'static str = "No character has this id.";
    const EXAMPLE: &'static str = "Character not found: unknown_id";
    const CODE: &'static str = "NOT_FOUND";
}

pub(super) struct Invalid;

impl Case for Invalid {
    const STATUS: u16 = 400;
    const WHEN: &'static str = "A field is missing, of the wrong type, or out of its bounds.";
    const EXAMPLE: &'static str = "Missing required field: id";
    const CODE: &'static str = "VALIDATION_ERROR";
}

/// Input that has the right type and still cannot be.
pub(super) fn invalid(text: impl Into<String>) -> Problem {
    Problem {
        code: Invalid::CODE.into(),
        ..Problem::new(StatusCode::BAD_REQUEST, text)
    }
}

/// A field of the body that cannot be used.
pub(super) fn bad_field(name: &str, reason: &str) -> Problem {
    faulty(
        Area::Characters,
        &["body", name],
        &FieldFault::new(reason.to_owned()),
    )
}

/// What is looked for by its id or key, and is not there.
pub(super) fn missing(text: impl Into<String>) -> Problem {
    Problem {
        code: CharacterMissing::CODE.into(),
        ..Problem::new(StatusCode::NOT_FOUND, text)
    }
}

impl From<CharacterError> for Problem {
    fn from(error: CharacterError) -> Self {
        match error {
            CharacterError::NotFound(_) | CharacterError::Missing { .. } => {
                missing(error.to_string())
            }
            CharacterError::Exists(_)
            | CharacterError::UnknownArchetype(_)
            | CharacterError::Impossible(_) => invalid(error.to_string()),
            CharacterError::Store(error) => error.into(),
        }
    }
}

/// Longer names are somebody's mistake, and would be shown for ever.
const MAX_NAME_BYTES: usize = 200;
/// Texts that people write about a character, and what players say.
const MAX_TEXT_BYTES: usize = 20_000;

/// An id or a name: not empty, no control characters (Postgres has no NUL in texts).
pub(super) fn name(field: &str, value: &str) -> Result<(), Problem> {
    if value.trim().is_empty() {
        return Err(bad_field(field, "must not be empty"));
    }
    if value.len() > MAX_NAME_BYTES {
        let reason = format!("must not have more than {MAX_NAME_BYTES} bytes");
        return Err(bad_field(field, &reason));
    }
    if value.chars().any(char::is_control) {
        return Err(bad_field(field, "must not contain control characters"));
    }
    Ok(())
}

/// What becomes part of a mind, or stands in lists.
const MAX_SHORT_TEXT_BYTES: usize = 1_000;

/// A sentence or two.
pub(super) fn short_text(field: &str, value: &str) -> Result<(), Problem> {
    if value.len() > MAX_SHORT_TEXT_BYTES {
        let reason = format!("must not have more than {MAX_SHORT_TEXT_BYTES} bytes");
        return Err(bad_field(field, &reason));
    }
    text(field, value)
}

/// A longer text.
pub(super) fn text(field: &str, value: &str) -> Result<(), Problem> {
    if value.contains('\0') {
        return Err(bad_field(field, "must not contain NUL"));
    }
    if value.len() > MAX_TEXT_BYTES {
        let reason = format!("must not have more than {MAX_TEXT_BYTES} bytes");
        return Err(bad_field(field, &reason));
    }
    Ok(())
}

/// JSON of the client's own. `\u0000` is in no text of Postgres, nor in its JSON.
pub(super) fn json(field: &str, value: &serde_json::Value) -> Result<(), Problem> {
    match has_nul(value) {
        true => Err(bad_field(field, "must not contain NUL")),
        false => Ok(()),
    }
}

fn has_nul(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::String(text) => text.contains('\0'),
        serde_json::Value::Array(items) => items.iter().any(has_nul),
        serde_json::Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}

/// A parameter of the query that is looked for.
pub(super) fn query(name: &str, value: &str) -> Result<(), Problem> {
    match value.contains('\0') {
        true => Err(faulty(
            Area::Characters,
            &["query", name],
            &FieldFault::new("must not contain NUL"),
        )),
        false => Ok(()),
    }
}

/// JSON numbers are finite, but a double may overflow on reading.
pub(super) fn number(field: &str, value: f64) -> Result<(), Problem> {
    match value.is_finite() {
        true => Ok(()),
        false => Err(bad_field(field, "must be a finite number")),
    }
}

/// An id in a path that can be nobody's: Postgres takes no NUL.
pub(super) fn known(id: &str) -> Result<(), Problem> {
    match id.contains('\0') {
        true => Err(missing(format!(
            "Character not found: {}",
            id.escape_default()
        ))),
        false => Ok(()),
    }
}

/// The provider took too long.
pub(super) struct Unanswered;

impl Case for Unanswered {
    const STATUS: u16 = 408;
    const WHEN: &'static str = "The language model did not answer in time.";
    const EXAMPLE: &'static str = "The language model did not answer in time";
    const CODE: &'static str = "TIMEOUT_ERROR";
}

/// By the provider's limits or by ours.
pub(super) struct TooMany;

impl Case for TooMany {
    const STATUS: u16 = 429;
    const WHEN: &'static str = "The language model has more to answer than it may.";
    const EXAMPLE: &'static str =
        "The language model has more to answer than it may; try again in 3 s";
    const CODE: &'static str = "RATE_LIMIT_ERROR";
}

/// They are not close enough to talk.
pub(super) fn too_far(id: &str) -> Problem {
    Problem {
        code: "PROXIMITY_ERROR".into(),
        ..Problem::new(
            StatusCode::BAD_REQUEST,
            format!("Cannot chat with character {id} (closeness too low)"),
        )
    }
}
