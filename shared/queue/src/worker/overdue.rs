//! Finds by SQL the due work that alarms and hints missed: each kind's area is asked about once a second by one worker of the fleet.

use std::time::Duration;

use redis::Script;

use crate::due::DUE_PRIORITY;
use crate::queue::Queue;
use crate::task::Priority;
use crate::worker::lane::DueWork;

pub(crate) struct Overdue {
    pub(crate) queue: Queue,
    pub(crate) kind: &'static str,
    pub(crate) work: DueWork,
}

const EVERY: Duration = Duration::from_millis(250);
/// For so long nobody else asks. With the time to the next look behind it, a kind is asked once in 0.7 to 1 s.
const ASKED_MS: u64 = 700;
/// Ids asked for at once.
const LIMIT: usize = 2048;
/// Hints in a list among which an id is looked for.
const WINDOW: usize = 1024;
/// What was rung may be lost once more; sooner than after this it is not rung again.
const PACE_MS: u64 = 2_000;
/// What was rung behind a backlog longer than the window has to wait its turn.
const BACKLOG_PACE_MS: u64 = 30_000;

/// Rings for those of the ids that are not in the lists and were not rung for just now; returns how many. What was lost stood
/// at the head of a list: in a long one it is looked for there only.
const REMIND: &str = r"
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local window = tonumber(ARGV[1])
local length, listed = 0, {}
for i = 2, #KEYS do
  length = length + redis.call('LLEN', KEYS[i])
  for _, id in ipairs(redis.call('LRANGE', KEYS[i], 0, window - 1)) do listed[id] = true end
end
local pace = length > window and ARGV[3] or ARGV[2]
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local rung = 0
for i = 4, #ARGV do
  if not listed[ARGV[i]] and redis.call('ZADD', KEYS[1], 'NX', now + pace, ARGV[i]) == 1 then
    redis.call('RPUSH', KEYS[2], ARGV[i])
    rung = rung + 1
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return rung
";

impl Overdue {
    /// Runs until dropped.
    pub(crate) async fn run(self) {
        let remind = Script::new(REMIND);
        loop {
            // Spread, so that a fleet does not look in step.
            tokio::time::sleep(EVERY.mul_f64(rand::random_range(0.8..1.2))).await;
            match self.once(&remind).await {
                Ok(0) => {}
                Ok(count) => {
                    tracing::info!(queue.kind = self.kind, count, "ringing for what is overdue");
                    metrics::counter!("jobs_rescued_total", "kind" => self.kind)
                        .increment(count as u64);
                }
                Err(error) => {
                    tracing::debug!(queue.kind = self.kind, %error, "without redis the pumps ask themselves");
                }
            }
        }
    }

    async fn once(&self, remind: &Script) -> Result<usize, redis::RedisError> {
        let keys = &self.queue.inner.keys;
        let mut redis = self.queue.redis();
        let mine: Option<String> = redis::cmd("SET")
            .arg(keys.asked(self.kind))
            .arg("")
            .arg("NX")
            .arg("PX")
            .arg(ASKED_MS)
            .query_async(&mut redis)
            .await?;
        if mine.is_none() {
            return Ok(0);
        }
        let ids = self.work.ask(self.kind, LIMIT).await;
        if ids.is_empty() {
            return Ok(0);
        }
        let mut call = remind.prepare_invoke();
        call.key(keys.reminded(self.kind));
        call.key(keys.waiting(self.kind, DUE_PRIORITY));
        for priority in Priority::ALL {
            if priority != DUE_PRIORITY {
                call.key(keys.waiting(self.kind, priority));
            }
        }
        call.arg(WINDOW).arg(PACE_MS).arg(BACKLOG_PACE_MS);
        for id in &ids {
            call.arg(id.as_bytes().as_slice());
        }
        call.invoke_async(&mut redis).await
    }
}
