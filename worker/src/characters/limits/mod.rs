//! How much may be asked of a provider at once, in a minute and in a day, by all workers together.

/// What the operator allows. Unset is without bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Calls under way at once.
    pub concurrency: u32,
    pub requests_per_minute: Option<u64>,
    pub tokens_per_minute: Option<u64>,
    /// By the day of UTC.
    pub daily_micro_usd: Option<u64>,
}
