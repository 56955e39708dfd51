//! How late tasks start that are due at a time: spread out, and 20,000 at one instant.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context;
use rookery_queue::{NewTask, TaskId};
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use crate::machine::Machine;
use crate::measure::{Measure, Reading, ours};
use crate::noop::Event;
use crate::queue::Size;
use crate::samples::Samples;
use crate::stage::{Stage, told};
use crate::worker_process::WorkerProcess;

const BURST: usize = 20_000;
const BATCH: usize = 1_000;

pub async fn measure(machine: &Machine, size: Size) -> anyhow::Result<Vec<Reading>> {
    let count = if size == Size::Full { 1_000 } else { 300 };
    let stage = Stage::open(machine).await?;
    let mut worker = stage.ready_worker(64).await?;
    let spread = spread_out(&stage, &mut worker, count).await?;
    let burst = at_one_instant(&stage, &mut worker).await?;
    drop(worker);
    stage.close().await?;
    Ok(vec![
        ours(
            Measure::DueEarliest,
            spread.smallest()?.min(burst.smallest()?),
        ),
        ours(Measure::DueP50, spread.quantile(0.5)?),
        ours(Measure::DueP99, spread.quantile(0.99)?),
        ours(Measure::DueBurst, burst.largest()? / 1_000.0),
    ])
}

/// One every ten milliseconds or so, each due a second after its order: ordering goes on while the first are due.
async fn spread_out(
    stage: &Stage,
    worker: &mut WorkerProcess,
    count: usize,
) -> anyhow::Result<Samples> {
    for _ in 0..count {
        let task = told(0)?.delayed(Duration::from_secs(1));
        stage.queue.submit(task).await?;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    lateness(stage, worker, count).await
}

/// All due at the same moment, as near as the delays of several statements can aim.
async fn at_one_instant(stage: &Stage, worker: &mut WorkerProcess) -> anyhow::Result<Samples> {
    let instant = Instant::now() + Duration::from_secs(6);
    for _ in 0..BURST / BATCH {
        let delay = instant.saturating_duration_since(Instant::now());
        let tasks = (0..BATCH)
            .map(|_| Ok(told(0)?.delayed(delay)))
            .collect::<anyhow::Result<Vec<NewTask>>>()?;
        stage.queue.submit_many(&tasks).await?;
    }
    anyhow::ensure!(
        Instant::now() < instant,
        "the burst was due before it was submitted"
    );
    lateness(stage, worker, BURST).await
}

/// Milliseconds from each task's due time, as its row has it, to its start in the worker.
async fn lateness(
    stage: &Stage,
    worker: &mut WorkerProcess,
    count: usize,
) -> anyhow::Result<Samples> {
    let mut started: HashMap<TaskId, i64> = HashMap::new();
    while started.len() < count {
        let mark = timeout(Duration::from_secs(60), worker.next(Event::Started))
            .await
            .context("a due task did not start within a minute")??;
        started.insert(mark.id, mark.at_us);
    }
    let due: Vec<(Uuid, i64)> =
        sqlx::query_as("select id, (extract(epoch from run_at) * 1000000)::bigint from tasks")
            .fetch_all(&stage.pool)
            .await?;
    let late = due
        .into_iter()
        .filter_map(|(id, due_us)| Some((started.get(&TaskId(id))? - due_us) as f64 / 1_000.0));
    let late: Samples = late.collect();
    anyhow::ensure!(
        late.len() == count,
        "{} of {count} due tasks have rows",
        late.len()
    );
    Ok(late)
}
