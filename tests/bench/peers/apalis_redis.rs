//! The stock Redis storage of apalis as a peer: the same worker framework as ours, with nothing durable beneath it.

use std::time::{Duration, Instant, SystemTime};

use anyhow::Context;
use apalis::layers::WorkerBuilderExt as _;
use apalis::prelude::{BackendExt as _, BoxDynError, Data, TaskSink as _, WorkerBuilder};
use apalis_redis::{Config, RedisStorage};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use crate::measure::{Measure, Reading, theirs};
use crate::samples::Samples;

const NAME: &str = "apalis-redis";
/// Its fetch script fails for ever once 8,000 tasks are due: its `unpack` overruns Lua's stack.
const LARGEST_BACKLOG: usize = 7_000;
const LATENCY_SAMPLES: usize = 200;

#[derive(Debug, Serialize, Deserialize)]
struct Noop {
    sent_us: u64,
}

pub async fn measure(redis_url: &str) -> anyhow::Result<Vec<Reading>> {
    let connection = apalis_redis::connect(redis_url).await?;
    let mut readings = Vec::new();

    let mut queue = storage(&connection, "one-by-one");
    let count = LARGEST_BACKLOG / 2;
    let begun = Instant::now();
    for _ in 0..count {
        queue.push(Noop { sent_us: 0 }).await?;
    }
    readings.push(theirs(Measure::SubmitOneByOne, NAME, rate(count, begun)));

    let mut queue = storage(&connection, "bulk");
    let begun = Instant::now();
    for _ in 0..LARGEST_BACKLOG / 100 {
        queue
            .push_bulk((0..100).map(|_| Noop { sent_us: 0 }).collect())
            .await?;
    }
    readings.push(theirs(
        Measure::SubmitBulk,
        NAME,
        rate(LARGEST_BACKLOG, begun),
    ));

    let per_second = processed(queue, LARGEST_BACKLOG, 64).await?;
    readings.push(theirs(Measure::ProcessedAt64, NAME, per_second));
    let per_second = processed(storage(&connection, "one-by-one"), count, 1).await?;
    readings.push(theirs(Measure::ProcessedAt1, NAME, per_second));

    let starts = idle_starts(storage(&connection, "idle")).await?;
    readings.push(theirs(Measure::StartIdleP50, NAME, starts.quantile(0.5)?));
    readings.push(theirs(Measure::StartIdleP99, NAME, starts.quantile(0.99)?));
    Ok(readings)
}

/// Its defaults, but for a heartbeat of one second: with the default of thirty an idle worker picks a task up after 25 s.
fn storage(connection: &apalis_redis::ConnectionManager, name: &str) -> RedisStorage<Noop> {
    let config = Config::default()
        .queue(format!("bench-{name}"))
        .heartbeat_interval(Duration::from_secs(1));
    RedisStorage::new(connection.clone()).with_config(config)
}

async fn processed(queue: RedisStorage<Noop>, count: usize, slots: usize) -> anyhow::Result<f64> {
    let (seen, mut starts) = mpsc::unbounded_channel();
    let worker = tokio::spawn(run(queue, slots, seen));
    starts.recv().await.context("the worker ended early")?;
    let begun = Instant::now();
    for _ in 1..count {
        starts.recv().await.context("the worker ended early")?;
    }
    let per_second = rate(count, begun);
    worker.abort();
    Ok(per_second)
}

async fn idle_starts(queue: RedisStorage<Noop>) -> anyhow::Result<Samples> {
    let (seen, mut starts) = mpsc::unbounded_channel();
    let worker = tokio::spawn(run(queue.clone(), 64, seen));
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut queue = queue;
    let mut late = Vec::with_capacity(LATENCY_SAMPLES);
    for _ in 0..LATENCY_SAMPLES {
        // A gap, so that each task meets a worker that waits, not one that has just asked for more.
        tokio::time::sleep(Duration::from_millis(17)).await;
        queue.push(Noop { sent_us: now_us() }).await?;
        let latency_us: u64 = starts.recv().await.context("the worker ended early")?;
        late.push(latency_us as f64 / 1_000.0);
    }
    worker.abort();
    Ok(late.into_iter().collect())
}

async fn run(
    queue: RedisStorage<Noop>,
    slots: usize,
    seen: mpsc::UnboundedSender<u64>,
) -> anyhow::Result<()> {
    WorkerBuilder::new(format!("bench-{slots}-{}", now_us()))
        .backend(queue.poll_with_interval(Duration::from_millis(50)))
        .data(seen)
        .concurrency(slots)
        .build(noop)
        .run()
        .await
        .map_err(|error| anyhow::anyhow!("apalis-redis: {error}"))
}

async fn noop(task: Noop, seen: Data<mpsc::UnboundedSender<u64>>) -> Result<(), BoxDynError> {
    seen.send(now_us().saturating_sub(task.sent_us))?;
    Ok(())
}

fn now_us() -> u64 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_micros() as u64)
}

fn rate(count: usize, begun: Instant) -> f64 {
    count as f64 / begun.elapsed().as_secs_f64()
}
