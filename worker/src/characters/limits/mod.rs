//! How much may be asked of a provider at once, in a minute and in a day, by all workers together.
//!
//! A call is reserved before it is sent, with what it may cost at most, and settled with what it did cost. Redis keeps the account
//! ([`shared`]); each process keeps its own as well ([`book`]), and goes by its share of the limits while Redis is away ([`meter`]).

mod book;
mod breaker;
mod meter;
pub mod shared;
mod ticket;
mod workers;

use std::time::Duration;

use rookery_characters::inference::Purpose;
use uuid::Uuid;

pub use book::Book;
pub use meter::{Meter, Refused};
pub use ticket::Ticket;

/// What the operator allows. Unset is without bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Calls under way at once.
    pub concurrency: u32,
    /// In any sixty seconds.
    pub requests_per_minute: Option<u64>,
    /// In any sixty seconds.
    pub tokens_per_minute: Option<u64>,
    /// By the day of UTC.
    pub daily_micro_usd: Option<u64>,
}

/// A call that somebody wants to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    pub id: Uuid,
    pub purpose: Purpose,
    /// Of the prompt and of the longest answer.
    pub tokens: u64,
    pub micro_usd: u64,
    /// After it the call is over, even if its worker died: what was reserved is free again.
    pub lease: Duration,
}

/// What is said to an order. All of it is reserved, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Granted,
    /// As many calls are under way as may be: nobody knows for how long.
    Busy,
    /// The minute is used up for so many milliseconds.
    Full(u64),
    /// The provider asked to be left alone for so many milliseconds.
    Blocked(u64),
    /// It failed again and again: the next one is tried after so many milliseconds.
    Broken(Fault, u64),
    /// The day's money or the provider's quota is used up.
    Spent,
    /// What was spent today has to be said first.
    Unknown,
    /// More tokens than a minute has.
    TooLarge,
}

/// How a provider failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Silence,
    Failure,
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    pub id: Uuid,
    /// 0 if it was never sent.
    pub requests: u64,
    pub tokens: u64,
    pub micro_usd: u64,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The provider lives, whatever it said.
    Alive,
    Failed(Fault),
    /// It wants to be left alone for so many milliseconds.
    Blocked(u64),
    /// The same, because what was paid for is used up.
    QuotaUsedUp(u64),
    /// Nobody waited for it.
    Unheard,
}

/// A minute's window in seconds. A second is counted until its last call is a minute old.
const WINDOW_S: i64 = 61;
const DAY_MS: i64 = 86_400_000;

impl Limits {
    /// What one of so many workers may take without asking the others.
    #[must_use]
    pub fn shared_by(self, workers: u32) -> Self {
        let workers = u64::from(workers.max(1));
        let share = |limit: Option<u64>| limit.map(|limit| (limit / workers).max(1));
        let concurrency = (u64::from(self.concurrency) / workers).max(1);
        Self {
            concurrency: u32::try_from(concurrency).unwrap_or(u32::MAX),
            requests_per_minute: share(self.requests_per_minute),
            tokens_per_minute: share(self.tokens_per_minute),
            daily_micro_usd: share(self.daily_micro_usd),
        }
    }
}

/// Of what may be asked at once and in a minute, the part in hundredths that may be used up for this: whoever matters less stops
/// earlier, so that a player who talks to somebody always finds room.
fn lane(purpose: Purpose) -> u64 {
    match purpose {
        Purpose::Chat => 100,
        Purpose::Event => 95,
        Purpose::Conversation => 90,
        Purpose::FastTick => 80,
        Purpose::SlowTick => 70,
        Purpose::Keeping => 60,
    }
}

/// Never nothing: with a limit of one, all take turns at it.
fn part(limit: u64, lane: u64) -> u64 {
    (limit * lane / 100).max(1)
}
