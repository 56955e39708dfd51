//! `Idempotency-Key` on a handler's side: reading the header, and wording the refusals.

use poem::http::StatusCode;
use rookery_shared::idempotency::{Fingerprint, IdempotentRequest, Once, OnceError};

use crate::areas::Area;
use crate::auth::Caller;
use crate::errors::{Case, Problem, invalid};

/// Longer keys are no keys.
const MAX_KEY_BYTES: usize = 255;

/// The keyed request. Keys of different callers and operations never meet.
pub fn keyed<'a>(
    key: &str,
    operation: &str,
    caller: &Caller,
    parts: impl IntoIterator<Item = &'a [u8]>,
) -> Result<IdempotentRequest, Problem> {
    if !(1..=MAX_KEY_BYTES).contains(&key.len()) {
        let reason = format!("must have 1 to {MAX_KEY_BYTES} bytes");
        return Err(invalid(
            Area::Theory,
            &["header", "Idempotency-Key"],
            &reason,
        ));
    }
    let scope = match caller {
        Caller::Anonymous => operation.to_owned(),
        Caller::Key(name) => format!("{operation}:key:{name}"),
        Caller::Account(account) => format!("{operation}:account:{account}"),
    };
    Ok(IdempotentRequest {
        scope,
        key: key.to_owned(),
        fingerprint: Fingerprint::of(parts),
    })
}

/// The answer, and the value of `Idempotency-Replayed`.
pub fn replayed<T>(once: Once<T>) -> (T, Option<bool>) {
    match once {
        Once::First(answer) => (answer, None),
        Once::Replayed(answer) => (answer, Some(true)),
    }
}

/// Why there is no answer.
pub fn refused<E: Into<Problem>>(error: OnceError<E>) -> Problem {
    let text = error_text(&error);
    match error {
        OnceError::Mismatch => invalid(Area::Theory, &["header", "Idempotency-Key"], text),
        OnceError::InProgress => Problem {
            retry_after_s: Some(1),
            ..Problem::new(StatusCode::CONFLICT, text)
        },
        OnceError::Work(error) => error.into(),
        OnceError::Store(error) => error.into(),
    }
}

fn error_text<E>(error: &OnceError<E>) -> &'static str {
    match error {
        OnceError::Mismatch => "this key was used with another request",
        _ => KeyInProgress::EXAMPLE,
    }
}

pub struct KeyInProgress;

impl Case for KeyInProgress {
    const STATUS: u16 = 409;
    const WHEN: &'static str =
        "The first request with this `Idempotency-Key` is still being worked on.";
    const EXAMPLE: &'static str = "A request with this idempotency key is still in progress";
    const CODE: &'static str = "in_progress";
}
