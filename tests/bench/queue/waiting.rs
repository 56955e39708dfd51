//! How soon a client that waits over HTTP knows that its task has ended.

use std::time::Duration;

use anyhow::Context;
use futures_util::StreamExt as _;
use reqwest::Client;
use rookery_queue::TaskId;

use crate::api_process::ApiProcess;
use crate::machine::Machine;
use crate::measure::{Measure, Reading, ours};
use crate::noop::now_us;
use crate::samples::Samples;
use crate::stage::{Stage, told};

const COUNT: usize = 200;
/// Long enough for the client to be waiting when the task ends.
const SLEEP_MS: u64 = 60;

pub async fn measure(machine: &Machine) -> anyhow::Result<Vec<Reading>> {
    let stage = Stage::open(machine).await?;
    let worker = stage.ready_worker(64).await?;
    let api = ApiProcess::start(machine, &stage).await?;
    let client = Client::new();
    let (mut waited, mut streamed) = (Vec::new(), Vec::new());
    for _ in 0..COUNT {
        let id = stage.queue.submit(told(SLEEP_MS)?).await?;
        waited.push(since_completed(&stage, id, told_by_wait(&client, &api, id).await?).await?);
        let id = stage.queue.submit(told(SLEEP_MS)?).await?;
        streamed.push(since_completed(&stage, id, told_by_events(&client, &api, id).await?).await?);
    }
    drop((worker, api));
    stage.close().await?;
    let (waited, streamed): (Samples, Samples) =
        (waited.into_iter().collect(), streamed.into_iter().collect());
    Ok(vec![
        ours(Measure::ResultWaitP50, waited.quantile(0.5)?),
        ours(Measure::ResultWaitP99, waited.quantile(0.99)?),
        ours(Measure::ResultEventP50, streamed.quantile(0.5)?),
        ours(Measure::ResultEventP99, streamed.quantile(0.99)?),
    ])
}

async fn told_by_wait(client: &Client, api: &ApiProcess, id: TaskId) -> anyhow::Result<i64> {
    let answer = client
        .get(format!("{}/api/tasks/{id}?wait=30", api.address))
        .send()
        .await?
        .error_for_status()?;
    let body = answer.text().await?;
    let at_us = now_us();
    anyhow::ensure!(is_completed(&body), "the answer is not of a completed task");
    Ok(at_us)
}

async fn told_by_events(client: &Client, api: &ApiProcess, id: TaskId) -> anyhow::Result<i64> {
    let answer = client
        .get(format!("{}/api/tasks/{id}/events", api.address))
        .send()
        .await?
        .error_for_status()?;
    let mut chunks = answer.bytes_stream();
    let mut text = String::new();
    while let Some(chunk) = tokio::time::timeout(Duration::from_secs(30), chunks.next()).await? {
        text.push_str(&String::from_utf8_lossy(&chunk?));
        if is_completed(&text) {
            return Ok(now_us());
        }
    }
    anyhow::bail!("the event stream ended before its task")
}

fn is_completed(json: &str) -> bool {
    json.contains("\"status\":\"completed\"") || json.contains("\"status\": \"completed\"")
}

/// Milliseconds since the row's `completed_at`, which Postgres notes before the commit: an upper bound of what follows it.
async fn since_completed(stage: &Stage, id: TaskId, at_us: i64) -> anyhow::Result<f64> {
    let task = stage.queue.get(id).await?.context("the task has gone")?;
    let completed_us = task
        .completed_at
        .context("the task has not ended")?
        .timestamp_micros();
    Ok((at_us - completed_us) as f64 / 1_000.0)
}
