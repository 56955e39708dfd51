//! The count in Redis, which every server of one installation shares.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use redis::Script;
use rookery_queue::RedisLine;
use rookery_shared::Store;

use super::{Quota, Verdict};

/// GCRA: one number per caller, the theoretical arrival time of its next request in microseconds of Redis' own clock, so that
/// servers need not agree on the time. Answers admitted (1 or 0), microseconds until the burst is whole or the next request may
/// come, and how many more may come now.
const GCRA: &str = r"
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local ahead = due + interval - now
if ahead > interval * burst then
  return {0, ahead - interval * burst, 0}
end
redis.call('SET', KEYS[1], string.format('%d', due + interval), 'PX', math.ceil(ahead / 1000))
return {1, ahead, math.floor((interval * burst - ahead) / interval)}
";

/// Counting may not cost more than the answer; a Redis that is slower than this counts as away.
const PATIENCE: Duration = Duration::from_millis(100);

/// How long nobody asks a Redis that did not answer.
const PAUSE: Duration = Duration::from_secs(1);

pub struct SharedLimit {
    redis: RedisLine,
    prefix: String,
    script: Script,
    interval_us: u64,
    burst: u32,
    born: Instant,
    /// Milliseconds after `born` before which Redis is not asked.
    paused_until_ms: AtomicU64,
}

impl SharedLimit {
    pub fn new(store: &Store, quota: Quota) -> Self {
        Self {
            redis: store.queue.redis(),
            prefix: format!("{}:rate:", store.queue.prefix()),
            script: Script::new(GCRA),
            interval_us: u64::try_from(quota.interval().as_micros())
                .unwrap_or(u64::MAX)
                .max(1),
            burst: quota.burst.get(),
            born: Instant::now(),
            paused_until_ms: AtomicU64::new(0),
        }
    }

    /// None when Redis does not answer in time.
    pub async fn count(&self, key: &str) -> Option<Verdict> {
        let elapsed_ms = u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX);
        if elapsed_ms < self.paused_until_ms.load(Ordering::Relaxed) {
            return None;
        }
        let mut redis = self.redis.clone();
        let mut script = self.script.prepare_invoke();
        script
            .key(format!("{}{key}", self.prefix))
            .arg(self.interval_us)
            .arg(self.burst);
        let asked =
            tokio::time::timeout(PATIENCE, script.invoke_async::<(u8, u64, u32)>(&mut redis));
        match asked.await {
            Ok(Ok((1, ahead_us, remaining))) => Some(Verdict::Admitted {
                remaining,
                reset_after: Duration::from_micros(ahead_us),
            }),
            Ok(Ok((_, wait_us, _))) => Some(Verdict::Refused {
                retry_after: Duration::from_micros(wait_us),
            }),
            Ok(Err(_)) | Err(_) => {
                let pause_ms = u64::try_from(PAUSE.as_millis()).unwrap_or(u64::MAX);
                self.paused_until_ms
                    .store(elapsed_ms.saturating_add(pause_ms), Ordering::Relaxed);
                tracing::warn!(
                    "redis does not answer: this server counts requests by itself for a second"
                );
                None
            }
        }
    }
}
