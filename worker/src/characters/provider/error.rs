//! Why nobody answered, in words that may be told to clients.

use std::time::Duration;

use thiserror::Error;

/// What went wrong inside was logged where it was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ModelError {
    #[error("The language model did not answer in time")]
    Timeout,
    /// By the provider's limits or by ours.
    #[error("The language model has more to answer than it may; try again in {} s", seconds(*.retry_after))]
    RateLimited { retry_after: Duration },
    #[error("The language model failed to answer")]
    Failed,
    /// The day's money or the provider's quota is used up: the offline provider takes over.
    #[error("The language model's budget is used up")]
    CapReached,
    /// The worker leaves.
    #[error("The question to the language model was withdrawn")]
    Cancelled,
}

impl ModelError {
    /// As the contract of the characters names them.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Timeout => "TIMEOUT_ERROR",
            Self::RateLimited { .. } | Self::CapReached => "RATE_LIMIT_ERROR",
            Self::Failed | Self::Cancelled => "INFERENCE_ERROR",
        }
    }

    /// The HTTP status that goes with it.
    pub fn status(&self) -> u16 {
        match self {
            Self::Timeout => 408,
            Self::RateLimited { .. } | Self::CapReached => 429,
            Self::Failed | Self::Cancelled => 500,
        }
    }
}

fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}
