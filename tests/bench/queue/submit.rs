//! How many tasks a second one process submits, with nobody working on them.

use std::time::Instant;

use futures_util::future::try_join_all;

use crate::machine::Machine;
use crate::measure::{Measure, Reading, ours};
use crate::queue::Size;
use crate::queue::throughput::fill;
use crate::stage::{Stage, silent};

pub async fn measure(machine: &Machine, size: Size) -> anyhow::Result<Vec<Reading>> {
    let scale = if size == Size::Full { 4 } else { 1 };
    let stage = Stage::open(machine).await?;
    let one_by_one = timed(2_500 * scale, |count| submit_in_turn(&stage, count)).await?;
    let at_64 = timed(16_000 * scale, |count| submit_at_once(&stage, count)).await?;
    let bulk = timed(100_000 * scale, |count| fill(&stage, count)).await?;
    stage.close().await?;
    Ok(vec![
        ours(Measure::SubmitOneByOne, one_by_one),
        ours(Measure::SubmitAt64, at_64),
        ours(Measure::SubmitBulk, bulk),
    ])
}

async fn submit_at_once(stage: &Stage, count: usize) -> anyhow::Result<()> {
    try_join_all((0..64).map(|_| submit_in_turn(stage, count / 64))).await?;
    Ok(())
}

async fn submit_in_turn(stage: &Stage, count: usize) -> anyhow::Result<()> {
    for _ in 0..count {
        stage.queue.submit(silent()?).await?;
    }
    Ok(())
}

async fn timed<F: Future<Output = anyhow::Result<()>>>(
    count: usize,
    work: impl FnOnce(usize) -> F,
) -> anyhow::Result<f64> {
    let begun = Instant::now();
    work(count).await?;
    Ok(count as f64 / begun.elapsed().as_secs_f64())
}
