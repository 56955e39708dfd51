//! A line to Redis that heals itself, from silence too.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use redis::aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Cmd, Pipeline, RedisError, RedisFuture, RedisResult, Value};

/// A multiplexed connection; clones share it. The manager inside makes a broken connection anew, but keeps one that only
/// never answers: that one is given up here.
#[derive(Clone)]
pub struct RedisLine {
    client: Client,
    standing: Arc<Mutex<Standing>>,
}

struct Standing {
    manager: ConnectionManager,
    /// When the first question was asked since the last answer.
    asked: Option<Instant>,
}

/// Longer than a stall we want to sit out, shorter than a lease.
const PATIENCE: Duration = Duration::from_secs(3);

impl RedisLine {
    /// Connects when first used.
    pub(crate) fn new(client: Client) -> RedisResult<Self> {
        let standing = Standing {
            manager: manager(&client)?,
            asked: None,
        };
        Ok(Self {
            client,
            standing: Arc::new(Mutex::new(standing)),
        })
    }

    /// Whether an answer was awaited or the question dropped, whoever asks next finds out how long the line has been silent.
    fn ask(&self) -> RedisResult<ConnectionManager> {
        let mut standing = self.lock();
        let now = Instant::now();
        let asked = *standing.asked.get_or_insert(now);
        if now - asked > PATIENCE {
            tracing::debug!("redis has been silent for too long; connecting anew");
            standing.manager = manager(&self.client)?;
            standing.asked = Some(now);
        }
        Ok(standing.manager.clone())
    }

    fn heard<T>(&self, answer: &Result<T, RedisError>) {
        if !matches!(answer, Err(error) if error.is_io_error()) {
            self.lock().asked = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Standing> {
        // Nothing panics while it is held.
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn manager(client: &Client) -> RedisResult<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        .set_response_timeout(Some(PATIENCE))
        .set_connection_timeout(Some(Duration::from_secs(1)))
        .set_number_of_retries(1)
        .set_max_delay(Duration::from_millis(500));
    ConnectionManager::new_lazy_with_config(client.clone(), config)
}

impl ConnectionLike for RedisLine {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        Box::pin(async move {
            let answer = self.ask()?.req_packed_command(command).await;
            self.heard(&answer);
            answer
        })
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        Box::pin(async move {
            let mut manager = self.ask()?;
            let answer = manager.req_packed_commands(pipeline, offset, count).await;
            self.heard(&answer);
            answer
        })
    }

    fn get_db(&self) -> i64 {
        self.lock().manager.get_db()
    }
}
