//! The handle on one installation's tasks that API, workers and tests share.

use std::sync::Arc;
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use sqlx::PgPool;

use crate::hub::Hub;
use crate::keys::Keys;
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
    pub(crate) redis: ConnectionManager,
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

/// Postgres is away, restarting or out of connections; the statement itself is not at fault.
pub(crate) fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        // Classes 08 connection, 53 resources, 57 operator intervention (shutdown, recovery).
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            ["08", "53", "57"]
                .iter()
                .any(|class| code.starts_with(class))
        }),
        _ => false,
    }
}

/// Longer than a stall we want to sit out, shorter than a lease.
const REDIS_PATIENCE: Duration = Duration::from_secs(3);

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
        let patience = ConnectionManagerConfig::new()
            .set_response_timeout(Some(REDIS_PATIENCE))
            .set_connection_timeout(Some(Duration::from_secs(1)))
            .set_number_of_retries(1)
            .set_max_delay(Duration::from_millis(500));
        let redis = ConnectionManager::new_lazy_with_config(client.clone(), patience)?;
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

    /// A multiplexed connection that heals itself, for what else an area keeps in Redis.
    pub fn redis(&self) -> ConnectionManager {
        self.inner.redis.clone()
    }

    /// # Errors
    /// When Redis does not answer in time.
    pub async fn ping(&self) -> Result<(), redis::RedisError> {
        redis::cmd("PING").query_async(&mut self.redis()).await
    }
}
