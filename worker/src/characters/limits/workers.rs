//! How many workers ask language models: what each one's share of the limits hangs on while Redis cannot be asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use redis::Script;
use rookery_queue::RedisLine;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

/// The last count; clones see the same.
#[derive(Clone)]
pub(super) struct Workers(Arc<AtomicU32>);

/// Says that this one lives, forgets those that said nothing for three rounds, counts.
const BEAT: &str = "local time = redis.call('TIME')
redis.call('ZADD', KEYS[1], time[1], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', time[1] - 3 * ARGV[2])
redis.call('EXPIRE', KEYS[1], 10 * ARGV[2])
return redis.call('ZCARD', KEYS[1])";

const EVERY: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(1);
/// Until Redis was asked for the first time: rather too little than too much.
const ASSUMED: u32 = 4;

impl Workers {
    /// Counts while the handle lives.
    pub(super) fn start(mut redis: RedisLine, prefix: &str) -> Self {
        let count = Arc::new(AtomicU32::new(ASSUMED));
        let alive = Arc::downgrade(&count);
        let (key, name) = (format!("{prefix}:workers"), Uuid::new_v4().to_string());
        tokio::spawn(async move {
            let script = Script::new(BEAT);
            while let Some(count) = alive.upgrade() {
                let mut beat = script.prepare_invoke();
                beat.key(&key).arg(&name).arg(EVERY.as_secs());
                // Unanswered: the last count stays good.
                if let Ok(Ok(heard)) = timeout(PATIENCE, beat.invoke_async(&mut redis)).await {
                    count.store(heard, Ordering::Relaxed);
                }
                drop(count);
                sleep(EVERY).await;
            }
        });
        Self(count)
    }

    pub(super) fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed).max(1)
    }
}
