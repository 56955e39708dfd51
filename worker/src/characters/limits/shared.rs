//! The account in Redis, which all workers share: one script reserves, all or nothing, one settles. Time is Redis' clock.

use redis::{RedisError, Script, ScriptInvocation};
use rookery_queue::RedisLine;

use super::breaker::{FAILURES, LONGEST_PAUSE_MS, PAUSE_MS};
use super::{Fault, Limits, Order, Outcome, Settlement, Verdict, lane, part};

/// Set before both scripts. Those that want to see other times say another.
const NOW: &str = "local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
";

/// The scripts with their keys.
pub struct Shared {
    reserve: Script,
    settle: Script,
    /// Account, window, held, what.
    keys: [String; 4],
}

impl Shared {
    /// All that begin alike count together.
    pub fn new(prefix: &str) -> Self {
        Self::by_clock(prefix, NOW)
    }

    /// The same by another clock: a line of Lua that sets `now`, in milliseconds.
    pub fn by_clock(prefix: &str, clock: &str) -> Self {
        let script = |text: &str| {
            let account = include_str!("account.lua");
            Script::new(&format!("{clock}{account}{text}"))
        };
        Self {
            reserve: script(include_str!("reserve.lua")),
            settle: script(include_str!("settle.lua")),
            keys: ["account", "window", "held", "what"].map(|part| format!("{prefix}:{part}")),
        }
    }

    /// `spent_today`: what the ledger says, if it was asked.
    ///
    /// # Errors
    /// When Redis does not answer; what it did nobody knows then.
    pub async fn reserve(
        &self,
        redis: &mut RedisLine,
        order: &Order,
        limits: &Limits,
        spent_today: Option<u64>,
    ) -> Result<Verdict, RedisError> {
        let lane = lane(order.purpose);
        let unbounded = |limit: Option<u64>| limit.map_or_else(|| "-1".into(), |n| n.to_string());
        let lane_of = |limit: Option<u64>| unbounded(limit.map(|limit| part(limit, lane)));
        let mut script = self.invoke(&self.reserve);
        script
            .arg(order.id.to_string())
            .arg(u64::try_from(order.lease.as_millis()).unwrap_or(u64::MAX))
            .arg(order.tokens)
            .arg(order.micro_usd)
            .arg(part(u64::from(limits.concurrency), lane))
            .arg(lane_of(limits.requests_per_minute))
            .arg(lane_of(limits.tokens_per_minute))
            .arg(unbounded(limits.tokens_per_minute))
            .arg(unbounded(limits.daily_micro_usd))
            .arg(unbounded(spent_today));
        let (verdict, ms, fault): (String, u64, String) = script.invoke_async(redis).await?;
        Ok(match verdict.as_str() {
            "granted" => Verdict::Granted,
            "busy" => Verdict::Busy,
            "full" => Verdict::Full(ms),
            "blocked" => Verdict::Blocked(ms),
            "broken" if fault == "silence" => Verdict::Broken(Fault::Silence, ms),
            "broken" => Verdict::Broken(Fault::Failure, ms),
            "spent" => Verdict::Spent,
            "too_large" => Verdict::TooLarge,
            _ => Verdict::Unknown,
        })
    }

    /// # Errors
    /// When Redis does not answer: leases end by themselves.
    pub async fn settle(
        &self,
        redis: &mut RedisLine,
        settled: &[Settlement],
    ) -> Result<(), RedisError> {
        let mut script = self.invoke(&self.settle);
        script.arg(FAILURES).arg(PAUSE_MS).arg(LONGEST_PAUSE_MS);
        for one in settled {
            let (outcome, ms) = match one.outcome {
                Outcome::Alive => ("alive", 0),
                Outcome::Failed(Fault::Silence) => ("silence", 0),
                Outcome::Failed(Fault::Failure) => ("failure", 0),
                Outcome::Blocked(ms) => ("blocked", ms),
                Outcome::QuotaUsedUp(ms) => ("quota", ms),
                Outcome::Unheard => ("unheard", 0),
            };
            script
                .arg(one.id.to_string())
                .arg(one.requests)
                .arg(one.tokens)
                .arg(one.micro_usd)
                .arg(outcome)
                .arg(ms);
        }
        script.invoke_async(redis).await
    }

    fn invoke<'a>(&'a self, script: &'a Script) -> ScriptInvocation<'a> {
        let mut invocation = script.prepare_invoke();
        for key in &self.keys {
            invocation.key(key);
        }
        invocation
    }
}
