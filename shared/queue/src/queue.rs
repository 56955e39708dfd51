//! The handle on one installation's tasks that API, workers and tests share.

use std::sync::Arc;

use sqlx::PgPool;

use crate::hub::Hub;
use crate::keys::Keys;
use crate::redis_line::RedisLine;
use crate::ring::Ringer;
use crate::submit::Submitter;

/// Cheap to clone. Works while Redis is down: what it would have said there the sweep finds by SQL.
#[derive(Clone)]
pub struct Queue {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) pool: PgPool,
    #[cfg(feature = "worker")]
    pub(crate) client: redis::Client,
    pub(crate) redis: RedisLine,
    pub(crate) keys: Keys,
    pub(crate) ringer: Ringer,
    pub(crate) submitter: Submitter,
    pub(crate) hub: Hub,
}

#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    #[error("postgres: {0}")]
    Postgres(#[from] sqlx::Error),
    #[error("task does not serialise: {0}")]
    Payload(#[from] serde_json::Error),
    /// The connection broke while the answer was under way: the order may or may not have been recorded.
    #[error("the order was not confirmed: {0}")]
    Unconfirmed(Arc<sqlx::Error>),
}

impl QueueError {
    /// Whether trying again later may help, as opposed to a fault of ours.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Postgres(error) => is_unavailable(error),
            Self::Unconfirmed(error) => is_unavailable(error),
            Self::Payload(_) => false,
        }
    }
}

/// Postgres is away, restarting or out of connections, or found two in each other's way: the statement itself is not at
/// fault, and the same may succeed in a moment.
pub fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| is_passing(&code)),
        _ => false,
    }
}

/// PostgreSQL's error classes that speak of the server and not of the statement (appendix A of its manual): 08 connection
/// exceptions, 53 out of resources, 57P01 to 57P03 shutting down or starting, 40001 and 40P01 a conflict that a retry solves.
fn is_passing(code: &str) -> bool {
    code.starts_with("08")
        || code.starts_with("53")
        || matches!(code, "57P01" | "57P02" | "57P03" | "40001" | "40P01")
}

impl Queue {
    /// Must be called inside a tokio runtime; connects when first used.
    ///
    /// # Errors
    /// When the Redis address makes no sense.
    pub fn new(
        pool: PgPool,
        client: redis::Client,
        prefix: String,
    ) -> Result<Self, redis::RedisError> {
        let redis = RedisLine::new(client.clone())?;
        let keys = Keys::new(prefix);
        let ringer = Ringer::start(redis.clone(), keys.clone());
        let submitter = Submitter::start(&pool, ringer.clone());
        let hub = Hub::start(client.clone());
        Ok(Self {
            inner: Arc::new(Inner {
                pool,
                #[cfg(feature = "worker")]
                client,
                redis,
                keys,
                ringer,
                submitter,
                hub,
            }),
        })
    }

    pub fn prefix(&self) -> &str {
        self.inner.keys.prefix()
    }

    /// For what else an area keeps in Redis.
    pub fn redis(&self) -> RedisLine {
        self.inner.redis.clone()
    }

    /// # Errors
    /// When Redis does not answer in time.
    pub async fn ping(&self) -> Result<(), redis::RedisError> {
        redis::cmd("PING").query_async(&mut self.redis()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_s_own_troubles_are_told_from_the_statement_s() {
        for code in ["08006", "53300", "57P01", "57P03", "40P01"] {
            assert!(is_passing(code), "{code}");
        }
        for code in ["23505", "42P01", "57014", "22P02"] {
            assert!(!is_passing(code), "{code}");
        }
    }
}
