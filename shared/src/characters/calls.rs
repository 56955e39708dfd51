//! The ledger: every call of a language model, what it cost and what came of it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::{Store, StoreError};

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Ok,
    /// Not a word and no tool call.
    Empty,
    /// Nothing that can be read.
    Malformed,
    Timeout,
    RateLimited,
    Error,
    /// Nobody waited for it any more.
    Cancelled,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Empty => "empty",
            Self::Malformed => "malformed",
            Self::Timeout => "timeout",
            Self::RateLimited => "rate_limited",
            Self::Error => "error",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A row of the ledger. Money in millionths of a dollar.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    pub id: Uuid,
    pub provider: &'static str,
    pub model: String,
    pub tier: &'static str,
    pub purpose: &'static str,
    pub character_id: Option<String>,
    pub player_id: Option<String>,
    pub task_id: Option<Uuid>,
    pub prompt_tokens: u32,
    pub cached_tokens: u32,
    pub completion_tokens: u32,
    pub cost_micro_usd: u64,
    pub duration_ms: f64,
    pub outcome: Outcome,
    pub at: DateTime<Utc>,
}

/// Writes them in one statement. Writing the same call twice is harmless.
pub async fn write(store: &Store, calls: &[Call]) -> Result<(), StoreError> {
    let int = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let ids: Vec<_> = calls.iter().map(|call| call.id).collect();
    let providers: Vec<_> = calls.iter().map(|call| call.provider.to_owned()).collect();
    let models: Vec<_> = calls.iter().map(|call| call.model.clone()).collect();
    let tiers: Vec<_> = calls.iter().map(|call| call.tier.to_owned()).collect();
    let purposes: Vec<_> = calls.iter().map(|call| call.purpose.to_owned()).collect();
    let characters: Vec<_> = calls.iter().map(|call| call.character_id.clone()).collect();
    let players: Vec<_> = calls.iter().map(|call| call.player_id.clone()).collect();
    let tasks: Vec<_> = calls.iter().map(|call| call.task_id).collect();
    let prompt: Vec<_> = calls.iter().map(|call| int(call.prompt_tokens)).collect();
    let cached: Vec<_> = calls.iter().map(|call| int(call.cached_tokens)).collect();
    let completion: Vec<_> = calls
        .iter()
        .map(|call| int(call.completion_tokens))
        .collect();
    let costs: Vec<_> = calls
        .iter()
        .map(|call| i64::try_from(call.cost_micro_usd).unwrap_or(i64::MAX))
        .collect();
    let durations: Vec<_> = calls.iter().map(|call| call.duration_ms).collect();
    let outcomes: Vec<_> = calls
        .iter()
        .map(|call| call.outcome.as_str().to_owned())
        .collect();
    let times: Vec<_> = calls.iter().map(|call| call.at).collect();
    let mut connection = store.pool.acquire().await?;
    sqlx::query!(
        "insert into characters_llm_calls (id, provider, model, tier, purpose, character_id, player_id, task_id, prompt_tokens,
            cached_tokens, completion_tokens, cost_micro_usd, duration_ms, outcome, created_at)
        select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[],
            $9::int[], $10::int[], $11::int[], $12::bigint[], $13::float8[], $14::text[], $15::timestamptz[])
        on conflict (id) do nothing",
        &ids,
        &providers,
        &models,
        &tiers,
        &purposes,
        &characters as &[Option<String>],
        &players as &[Option<String>],
        &tasks as &[Option<Uuid>],
        &prompt,
        &cached,
        &completion,
        &costs,
        &durations,
        &outcomes,
        &times,
    )
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// Millionths of a dollar that this provider was paid since midnight (UTC).
pub async fn spent_today(store: &Store, provider: &str) -> Result<u64, StoreError> {
    let mut connection = store.pool.acquire().await?;
    let spent = sqlx::query_scalar!(
        r#"select coalesce(sum(cost_micro_usd), 0)::bigint as "spent!" from characters_llm_calls
        where provider = $1 and created_at >= date_trunc('day', clock_timestamp(), 'UTC')"#,
        provider
    )
    .fetch_one(&mut *connection)
    .await?;
    Ok(u64::try_from(spent).unwrap_or_default())
}

/// The whole ledger in a few numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    pub total_requests: u64,
    pub total_tokens: u64,
    pub total_micro_usd: u64,
    /// Of the calls that were answered.
    pub average_latency_ms: f64,
}

/// Reads every row: for people who ask now and then, not for every request.
pub async fn totals(store: &Store) -> Result<Totals, StoreError> {
    let mut connection = store.pool.acquire().await?;
    let sums = sqlx::query!(
        r#"select count(*) as "requests!", coalesce(sum(prompt_tokens::bigint + completion_tokens), 0)::bigint as "tokens!",
            coalesce(sum(cost_micro_usd), 0)::bigint as "micro_usd!",
            coalesce(avg(duration_ms) filter (where outcome = 'ok'), 0) as "latency_ms!"
        from characters_llm_calls"#
    )
    .fetch_one(&mut *connection)
    .await?;
    let unsigned = |number: i64| u64::try_from(number).unwrap_or_default();
    Ok(Totals {
        total_requests: unsigned(sums.requests),
        total_tokens: unsigned(sums.tokens),
        total_micro_usd: unsigned(sums.micro_usd),
        average_latency_ms: sums.latency_ms,
    })
}
