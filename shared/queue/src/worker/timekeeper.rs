//! The alarm clock: moves due hints from the sorted set to their waiting lists, by Redis' own clock, in slices.

use std::time::Duration;

use redis::Script;
use tokio::time::{Instant, sleep_until, timeout};

use crate::queue::Queue;

/// A slice small enough not to hold up Redis.
const SLICE: usize = 256;
/// Between two looks. Alarms that follow each other closely are taken together, or every timekeeper of a fleet would look for each.
const REST: Duration = Duration::from_millis(4);
/// Looks this often even when nothing is known to be due: a message may be lost.
const LOOK: Duration = Duration::from_secs(1);

/// Returns how many were moved and the milliseconds until the next, -1 when none is left.
const POP_DUE: &str = r"
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[2])
for _, member in ipairs(due) do
  local list = ARGV[1] .. ':q:' .. string.sub(member, 18) .. ':' .. string.sub(member, 17, 17)
  redis.call('RPUSH', list, string.sub(member, 1, 16))
  redis.call('ZREM', KEYS[1], member)
end
local head = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
if not head then return {#due, -1} end
return {#due, math.max(0, head - now)}
";

/// Runs until dropped. Every worker has one; each due hint is moved by exactly one of them.
pub(crate) async fn keep(queue: Queue) {
    let script = Script::new(POP_DUE);
    let keys = &queue.inner.keys;
    let moved = queue.inner.hub.watch(keys.due_moved()).await;
    let mut redis = queue.redis();
    loop {
        let popped: Result<(usize, i64), _> = script
            .key(keys.due())
            .arg(keys.prefix())
            .arg(SLICE)
            .invoke_async(&mut redis)
            .await;
        tracing::trace!(?popped, "looked");
        let pause = match popped {
            Ok((SLICE, _)) => continue,
            Ok((_, left)) => u64::try_from(left)
                .map_or(LOOK, Duration::from_millis)
                .clamp(REST, LOOK),
            Err(error) => {
                tracing::debug!(%error, "the alarm clock does not answer; the sweep finds what is due");
                LOOK
            }
        };
        // Either way it is time to look again; but not sooner than after a rest.
        let rested = Instant::now() + REST;
        let _moved = timeout(pause, moved.heard()).await;
        sleep_until(rested).await;
    }
}
