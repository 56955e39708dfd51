//! Checks of input that the framework cannot make: text that the database takes, and how a bad field is named.

use crate::areas::Area;
use crate::errors::{Problem, invalid};

/// Longer names are somebody's mistake, and would be stored and shown for ever.
const MAX_TEXT_BYTES: usize = 500;

/// A short text from the query. Postgres has no NUL in texts; nothing else is refused.
pub fn text(name: &str, value: Option<String>) -> Result<Option<String>, Problem> {
    match &value {
        Some(text) if text.contains('\0') => Err(bad_query(name, "must not contain NUL")),
        Some(text) if text.len() > MAX_TEXT_BYTES => Err(bad_query(
            name,
            &format!("must not have more than {MAX_TEXT_BYTES} bytes"),
        )),
        _ => Ok(value),
    }
}

/// A query parameter that cannot be used.
pub fn bad_query(name: &str, reason: &str) -> Problem {
    invalid(Area::Theory, &["query", name], reason)
}
