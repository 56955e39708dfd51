//! How a call fails, and what can be done about it.

use std::time::Duration;

use rookery_characters::inference::Usage;
use rookery_shared::characters::calls;

use super::ModelError;
use crate::characters::limits::{Fault, Outcome};

/// Of one call.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Failure {
    Timeout,
    /// Not reached, broken off, or an error of the server's own: it may be better in a moment.
    Broken(String),
    /// Nothing that can be read.
    Malformed(String),
    /// Not a word and no tool call; cut off: before it came to any.
    Empty {
        cut_off: bool,
        usage: Usage,
    },
    /// Too many requests; for how long, if it said so.
    Limited(Option<Duration>),
    QuotaUsedUp,
    /// It does not know something of what it was asked with.
    Dialect(Unknown),
    /// More than the model can read.
    TooLong,
    /// It will not do it, however often it is asked.
    Refused(String),
}

/// What servers that speak OpenAI's language may not know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknown {
    ResponseFormat,
    MaxTokens,
    Temperature,
    StreamOptions,
}

/// For how long nobody asks a provider whose account is empty.
const QUOTA_REST: Duration = Duration::from_secs(60);

impl Failure {
    pub(super) fn malformed(what: impl Into<String>) -> Self {
        Self::Malformed(what.into())
    }

    /// Whether the same question may bring an answer in a moment.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Broken(_)
            | Self::Malformed(_)
            | Self::Empty { cut_off: false, .. }
            | Self::Limited(_) => true,
            // Whoever did not answer in time is not helped by a second question.
            Self::Timeout
            | Self::Empty { cut_off: true, .. }
            | Self::QuotaUsedUp
            | Self::Dialect(_)
            | Self::TooLong
            | Self::Refused(_) => false,
        }
    }

    /// How long to wait before the next try: as long as it said, else the usual time.
    pub(super) fn pause(&self, usual: Duration) -> Duration {
        match self {
            Self::Limited(Some(said)) => *said,
            _ => usual,
        }
    }

    /// What it says of the provider. `wait`: how long everybody leaves it alone where it did not say.
    pub(super) fn outcome(&self, wait: Duration) -> Outcome {
        let ms = |wait: Duration| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        match self {
            Self::Timeout => Outcome::Failed(Fault::Silence),
            Self::Broken(_) | Self::Malformed(_) => Outcome::Failed(Fault::Failure),
            Self::Limited(_) => Outcome::Blocked(ms(self.pause(wait))),
            Self::QuotaUsedUp => Outcome::QuotaUsedUp(ms(QUOTA_REST)),
            Self::Empty { .. } | Self::Dialect(_) | Self::TooLong | Self::Refused(_) => {
                Outcome::Alive
            }
        }
    }

    /// What it used up. `prompt`: what was asked, by estimate.
    pub(super) fn usage(&self, prompt: Usage) -> Usage {
        match self {
            Self::Empty { usage, .. } => *usage,
            // It was read, and perhaps answered: nobody knows.
            Self::Timeout | Self::Malformed(_) => prompt,
            Self::Broken(_)
            | Self::Limited(_)
            | Self::QuotaUsedUp
            | Self::Dialect(_)
            | Self::TooLong
            | Self::Refused(_) => Usage::default(),
        }
    }

    pub(super) fn in_ledger(&self) -> calls::Outcome {
        match self {
            Self::Timeout => calls::Outcome::Timeout,
            Self::Malformed(_) => calls::Outcome::Malformed,
            Self::Empty { .. } => calls::Outcome::Empty,
            Self::Limited(_) | Self::QuotaUsedUp => calls::Outcome::RateLimited,
            Self::Broken(_) | Self::Dialect(_) | Self::TooLong | Self::Refused(_) => {
                calls::Outcome::Error
            }
        }
    }

    pub(super) fn for_clients(&self, wait: Duration) -> ModelError {
        match self {
            Self::Timeout => ModelError::Timeout,
            Self::Limited(_) => ModelError::RateLimited {
                retry_after: self.pause(wait),
            },
            Self::QuotaUsedUp => ModelError::CapReached,
            Self::Broken(_)
            | Self::Malformed(_)
            | Self::Empty { .. }
            | Self::Dialect(_)
            | Self::TooLong
            | Self::Refused(_) => ModelError::Failed,
        }
    }
}
