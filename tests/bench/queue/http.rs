//! The same work over HTTP, against the release binaries.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use reqwest::Client;
use serde::Deserialize;
use tokio::task::JoinSet;

use crate::api_process::ApiProcess;
use crate::machine::Machine;
use crate::measure::{Measure, Reading, ours};
use crate::stage::Stage;
use crate::wrk;

/// An analysis of the smallest example game: next to nothing beside the queue.
const ORDER: &str = "/api/tasks?game_id=prisoners-dilemma&plugin=Validation";
const CLIENTS: usize = 32;
const LASTS: Duration = Duration::from_secs(8);

pub async fn trivial(machine: &Machine) -> anyhow::Result<Vec<Reading>> {
    let stage = Stage::open(machine).await?;
    let api = ApiProcess::start(machine, &stage).await?;
    let load = wrk::get(&format!("{}/livez", api.address)).await?;
    drop(api);
    stage.close().await?;
    Ok(vec![ours(Measure::TrivialJson, load.per_second)])
}

pub async fn submits(machine: &Machine) -> anyhow::Result<Vec<Reading>> {
    let stage = open_with_games(machine).await?;
    let api = ApiProcess::start(machine, &stage).await?;
    let load = wrk::post(&format!("{}{ORDER}", api.address)).await?;
    drop(api);
    stage.close().await?;
    Ok(vec![
        ours(Measure::HttpSubmit, load.per_second),
        ours(Measure::HttpSubmitP99, load.p99_ms),
    ])
}

/// Each client posts a task, waits for its end at `?wait=`, and posts the next.
pub async fn end_to_end(machine: &Machine) -> anyhow::Result<Vec<Reading>> {
    let stage = open_with_games(machine).await?;
    let mut worker = stage.command(&machine.binary("rookery-worker")?);
    let worker = worker
        .arg("run")
        .stdout(Stdio::null())
        .spawn()
        .context("rookery-worker does not start")?;
    let api = Arc::new(ApiProcess::start(machine, &stage).await?);
    let completed = Arc::new(AtomicUsize::new(0));
    let client = Client::new();
    complete_one(&client, &api).await?;
    let begun = Instant::now();
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (client, api, completed) = (client.clone(), Arc::clone(&api), Arc::clone(&completed));
        clients.spawn(async move {
            while begun.elapsed() < LASTS {
                complete_one(&client, &api).await?;
                completed.fetch_add(1, Ordering::Relaxed);
            }
            anyhow::Ok(())
        });
    }
    while let Some(ended) = clients.join_next().await {
        ended??;
    }
    let per_second = completed.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64();
    drop((worker, api));
    stage.close().await?;
    Ok(vec![ours(Measure::HttpEndToEnd, per_second)])
}

#[derive(Deserialize)]
struct Ordered {
    task_id: String,
}

#[derive(Deserialize)]
struct Looked {
    status: String,
}

async fn complete_one(client: &Client, api: &ApiProcess) -> anyhow::Result<()> {
    let answer = client
        .post(format!("{}{ORDER}", api.address))
        .send()
        .await?
        .error_for_status()?;
    let ordered: Ordered = answer.json().await?;
    let url = format!("{}/api/tasks/{}?wait=30", api.address, ordered.task_id);
    let looked: Looked = client
        .get(url)
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    anyhow::ensure!(
        looked.status == "completed",
        "an analysis ended {}",
        looked.status
    );
    Ok(())
}

async fn open_with_games(machine: &Machine) -> anyhow::Result<Stage> {
    let stage = Stage::open(machine).await?;
    let output = stage
        .command(&machine.binary("rookery-api")?)
        .arg("migrate")
        .output()
        .await?;
    anyhow::ensure!(
        output.status.success(),
        "rookery-api migrate: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(stage)
}
