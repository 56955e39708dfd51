//! How long a task waits for its start and its submitter for its end, on an idle machine and at half load.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use rand::Rng as _;
use rookery_queue::{TaskId, Until};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::machine::Machine;
use crate::measure::{Measure, Reading, ours};
use crate::noop::{Event, now_us};
use crate::queue::Size;
use crate::samples::Samples;
use crate::stage::{Stage, silent, told};
use crate::worker_process::WorkerProcess;

pub async fn measure(machine: &Machine, size: Size) -> anyhow::Result<Vec<Reading>> {
    let count = if size == Size::Full { 1_000 } else { 300 };
    let stage = Stage::open(machine).await?;
    let mut worker = stage.ready_worker(64).await?;
    let idle = probe(&stage, &mut worker, count).await?;
    let capacity = sustained(&stage).await?;
    let half = at_half_load(&stage, &mut worker, capacity / 2.0, count).await?;
    drop(worker);
    stage.close().await?;
    Ok(vec![
        ours(Measure::StartIdleP50, idle.started.quantile(0.5)?),
        ours(Measure::StartIdleP99, idle.started.quantile(0.99)?),
        ours(Measure::CompletedIdleP50, idle.completed.quantile(0.5)?),
        ours(Measure::CompletedIdleP99, idle.completed.quantile(0.99)?),
        ours(Measure::Sustained, capacity),
        ours(Measure::StartHalfP50, half.started.quantile(0.5)?),
        ours(Measure::StartHalfP99, half.started.quantile(0.99)?),
        ours(Measure::CompletedHalfP50, half.completed.quantile(0.5)?),
        ours(Measure::CompletedHalfP99, half.completed.quantile(0.99)?),
    ])
}

/// Milliseconds from before the submit to the start in the worker, and to the moment the waiting submitter knows the end.
struct Latencies {
    started: Samples,
    completed: Samples,
}

/// One task at a time, with random gaps: no rhythm that a polling loop could fall in with.
async fn probe(
    stage: &Stage,
    worker: &mut WorkerProcess,
    count: usize,
) -> anyhow::Result<Latencies> {
    let mut sent = HashMap::new();
    let mut completed = Vec::new();
    for _ in 0..count {
        let gap_us = rand::rng().random_range(5_000..15_000);
        tokio::time::sleep(Duration::from_micros(gap_us)).await;
        let (id, at_us, took_ms) = submit_and_wait(stage).await?;
        sent.insert(id, at_us);
        completed.push(took_ms);
    }
    let mut started = Vec::new();
    while started.len() < count {
        let mark = tokio::time::timeout(Duration::from_secs(10), worker.next(Event::Started))
            .await
            .context("a start was not told")??;
        if let Some(at_us) = sent.remove(&mark.id) {
            started.push((mark.at_us - at_us) as f64 / 1_000.0);
        }
    }
    Ok(Latencies {
        started: started.into_iter().collect(),
        completed: completed.into_iter().collect(),
    })
}

async fn submit_and_wait(stage: &Stage) -> anyhow::Result<(TaskId, i64, f64)> {
    let (at_us, begun) = (now_us(), Instant::now());
    let id = stage.queue.submit(told(0)?).await?;
    let task = stage
        .queue
        .wait(id, Until::Final, Duration::from_secs(30))
        .await?
        .context("the task has gone")?;
    anyhow::ensure!(task.status.is_final(), "a no-op did not end within 30 s");
    Ok((id, at_us, begun.elapsed().as_secs_f64() * 1_000.0))
}

/// Tasks per second that are submitted and processed at the same time, by 64 submitters and one worker for five seconds.
async fn sustained(stage: &Stage) -> anyhow::Result<f64> {
    let (stop, submitted) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let begun = Instant::now();
    let mut submitters = JoinSet::new();
    for _ in 0..64 {
        let (queue, stop, submitted) = (
            stage.queue.clone(),
            Arc::clone(&stop),
            Arc::clone(&submitted),
        );
        submitters.spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                queue.submit(silent()?).await?;
                submitted.fetch_add(1, Ordering::Relaxed);
            }
            anyhow::Ok(())
        });
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    stop.store(true, Ordering::Relaxed);
    while let Some(ended) = submitters.join_next().await {
        ended??;
    }
    stage.emptied().await?;
    Ok(submitted.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64())
}

/// The same probe while silent tasks arrive at a steady rate, whether or not earlier ones are done.
async fn at_half_load(
    stage: &Stage,
    worker: &mut WorkerProcess,
    per_second: f64,
    count: usize,
) -> anyhow::Result<Latencies> {
    worker.forget();
    tokio::select! {
        latencies = probe(stage, worker, count) => latencies,
        broken = arrivals(stage, per_second) => match broken? {},
    }
}

async fn arrivals(stage: &Stage, per_second: f64) -> anyhow::Result<Infallible> {
    let begun = Instant::now();
    let mut tick = tokio::time::interval(Duration::from_millis(2));
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut under_way = JoinSet::new();
    let mut sent = 0;
    loop {
        tick.tick().await;
        let wanted = (begun.elapsed().as_secs_f64() * per_second) as usize;
        for _ in sent..wanted {
            let (queue, task) = (stage.queue.clone(), silent()?);
            under_way.spawn(async move { queue.submit(task).await });
        }
        sent = wanted;
        while let Some(submitted) = under_way.try_join_next() {
            submitted??;
        }
    }
}
