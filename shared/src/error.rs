//! Why the store could not answer: away for the moment, or a bug of ours.

use std::sync::Arc;

use rookery_queue::{QueueError, is_unavailable};
use thiserror::Error;

/// The two things a caller can do about a failed statement: try again later, or nothing.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Postgres cannot be reached, is starting, stopping or full. The same call may succeed in a moment.
    #[error("the database is unavailable")]
    Unavailable(#[source] sqlx::Error),
    /// A statement that should have worked did not.
    #[error("a database statement failed")]
    Bug(#[source] sqlx::Error),
    /// A stored value no longer has the shape this version reads.
    #[error("a stored value cannot be read")]
    Decode(#[from] serde_json::Error),
    /// The same of a row.
    #[error("a stored value cannot be read: {0}")]
    Unreadable(String),
    /// The connection broke while the answer was under way: what was to be written may or may not have been.
    #[error("the change was not confirmed")]
    Unconfirmed(#[source] Arc<sqlx::Error>),
    /// The task core's own words for the same three.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

impl StoreError {
    /// Whether the caller should be told to come again, rather than that something is broken.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Unavailable(_) => true,
            Self::Queue(error) => error.is_unavailable(),
            Self::Unconfirmed(error) => is_unavailable(error),
            Self::Bug(_) | Self::Decode(_) | Self::Unreadable(_) => false,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if is_unavailable(&error) || is_about_somebody_who_left(&error) {
            Self::Unavailable(error)
        } else {
            Self::Bug(error)
        }
    }
}

/// A character was removed, or the whole world replaced, between the look at it and the write: whoever looks again sees it. No other
/// rows refer to what may go at any moment.
fn is_about_somebody_who_left(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| {
        error.is_foreign_key_violation()
            && error
                .constraint()
                .is_some_and(|name| name.starts_with("characters_"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_pool_passes_and_a_missing_row_does_not() {
        assert!(matches!(
            StoreError::from(sqlx::Error::PoolTimedOut),
            StoreError::Unavailable(_)
        ));
        assert!(matches!(
            StoreError::from(sqlx::Error::RowNotFound),
            StoreError::Bug(_)
        ));
    }
}
