//! Whether characters can be answered for: the workers say what they see of the language models, others ask here.

use serde::{Deserialize, Serialize};

use crate::Store;

/// What a worker last saw. No provider: the built-in one answers, which always can.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sight {
    pub providers: Vec<Seen>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// As the ledger calls it.
    pub name: String,
    /// Whether it listed its models when it was last asked to.
    pub reachable: bool,
}

/// Three times the pause between two looks.
const KEPT_S: u64 = 90;

/// What all keys of language models begin with.
pub fn prefix(store: &Store) -> String {
    format!("{}:llm", store.queue.prefix())
}

/// Says what this worker sees.
///
/// # Errors
/// When Redis does not answer.
pub async fn report(store: &Store, sight: &Sight) -> anyhow::Result<()> {
    let seen = serde_json::to_string(sight)?;
    let mut set = redis::cmd("SET");
    set.arg(key(store)).arg(seen).arg("EX").arg(KEPT_S);
    Ok(set.query_async(&mut store.queue.redis()).await?)
}

/// False when a worker said that no provider can be reached or that all of them failed again and again. While nobody says anything
/// (no worker runs yet, Redis is away) nothing is known against it.
pub async fn inference_is_up(store: &Store) -> bool {
    read(store).await.unwrap_or_else(|error| {
        tracing::debug!(%error, "nobody says how the language models are");
        true
    })
}

async fn read(store: &Store) -> anyhow::Result<bool> {
    let mut redis = store.queue.redis();
    let said: Option<String> = redis::cmd("GET")
        .arg(key(store))
        .query_async(&mut redis)
        .await?;
    let sight: Sight = match said {
        Some(said) => serde_json::from_str(&said)?,
        None => return Ok(true),
    };
    if sight.providers.is_empty() {
        return Ok(true);
    }
    let mut pipeline = redis::pipe();
    pipeline.cmd("TIME");
    for seen in &sight.providers {
        let account = format!("{}:{}:account", prefix(store), seen.name);
        pipeline.cmd("HGET").arg(account).arg("open");
    }
    let answers: Vec<redis::Value> = pipeline.query_async(&mut redis).await?;
    let mut answers = answers.into_iter();
    let (seconds, micros): (i64, i64) =
        redis::from_redis_value(answers.next().unwrap_or_default())?;
    let now = seconds * 1000 + micros / 1000;
    let mut up = false;
    for (seen, open) in sight.providers.iter().zip(answers) {
        let open: Option<i64> = redis::from_redis_value(open)?;
        up |= seen.reachable && open.is_none_or(|until| until <= now);
    }
    Ok(up)
}

fn key(store: &Store) -> String {
    format!("{}:health", prefix(store))
}
