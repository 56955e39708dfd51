//! How many no-op tasks one worker process does a second, and whether a deep backlog slows it down.

use crate::machine::Machine;
use crate::measure::{Measure, Reading, ours};
use crate::queue::Size;
use crate::stage::{Stage, silent};

/// Tasks per statement when a backlog is built.
const BATCH: usize = 1_000;

pub async fn measure(machine: &Machine, size: Size) -> anyhow::Result<Vec<Reading>> {
    let (of_1k, of_10k, of_100k) = (
        rate(machine, 1_000, 64).await?,
        rate(machine, 10_000, 64).await?,
        rate(machine, 100_000, 64).await?,
    );
    let mut by_backlog = vec![of_1k, of_10k, of_100k];
    let mut readings = vec![
        ours(Measure::ProcessedAt64, of_10k),
        ours(Measure::ProcessedAt1, rate(machine, 5_000, 1).await?),
        ours(Measure::ProcessedOf1k, of_1k),
        ours(Measure::ProcessedOf100k, of_100k),
    ];
    if size == Size::Full {
        let of_1m = rate(machine, 1_000_000, 64).await?;
        by_backlog.push(of_1m);
        readings.push(ours(Measure::ProcessedOf1m, of_1m));
    }
    let fastest = by_backlog.iter().copied().fold(f64::MIN, f64::max);
    let slowest = by_backlog.iter().copied().fold(f64::MAX, f64::min);
    readings.push(ours(
        Measure::BacklogSpread,
        100.0 * (fastest - slowest) / fastest,
    ));
    Ok(readings)
}

/// Tasks per second from the first start to the last completion, both as their rows say, of a backlog that was complete
/// before the worker started. A small backlog is done in a blink, so it is measured several times and its median taken.
async fn rate(machine: &Machine, backlog: usize, slots: usize) -> anyhow::Result<f64> {
    let rounds = if backlog <= 10_000 { 5 } else { 1 };
    let mut rates = Vec::new();
    for _ in 0..rounds {
        rates.push(round(machine, backlog, slots).await?);
    }
    rates.sort_by(f64::total_cmp);
    Ok(rates[rates.len() / 2])
}

async fn round(machine: &Machine, backlog: usize, slots: usize) -> anyhow::Result<f64> {
    let stage = Stage::open(machine).await?;
    fill(&stage, backlog).await?;
    let worker = stage.worker(slots)?;
    stage.emptied().await?;
    drop(worker);
    let (seconds, completed): (f64, i64) = sqlx::query_as(
        "select extract(epoch from max(completed_at) - min(started_at))::float8, count(*) from tasks where status = 'completed'",
    )
    .fetch_one(&stage.pool)
    .await?;
    stage.close().await?;
    anyhow::ensure!(
        completed == i64::try_from(backlog)?,
        "{completed} of {backlog} tasks completed"
    );
    Ok(backlog as f64 / seconds)
}

pub async fn fill(stage: &Stage, backlog: usize) -> anyhow::Result<()> {
    let mut left = backlog;
    while left > 0 {
        let count = left.min(BATCH);
        let tasks = (0..count)
            .map(|_| silent())
            .collect::<anyhow::Result<Vec<_>>>()?;
        stage.queue.submit_many(&tasks).await?;
        left -= count;
    }
    Ok(())
}
