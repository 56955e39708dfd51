//! Progress and partial results: seen while the job runs, at most twice a second, gone with the end.

use std::time::Duration;

use anyhow::Context as _;
use rookery_queue::{Record, Status, Until};
use serde_json::Value;
use tokio::time::Instant;

use crate::faults::journal::Event;
use crate::faults::probe::Act;
use crate::faults::stage::Stage;
use crate::faults::until::PATIENCE;

fn found(task: &Record) -> anyhow::Result<u64> {
    let partial: Value =
        serde_json::from_str(task.partial.as_ref().context("no partial result")?.get())?;
    partial["found"].as_u64().context("no number")
}

#[tokio::test]
async fn seen_while_it_runs_and_not_too_often() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let worker = stage.work(4)?;
    let id = stage.submit(&[Act::Report(stage.gate("go"))]).await?;
    stage.event(Event::Started, id, 1).await?;
    let mut watch = stage.queue.watch(id).await;
    let mut seen: Vec<(u64, Instant)> = Vec::new();
    let mut version = stage.task(id).await?.version;
    while seen.len() < 6 {
        let newer = watch.until(Until::NewerThan(version), Instant::now() + PATIENCE);
        let task = newer.await?.context("the task is gone")?;
        assert_eq!(task.status, Status::Running);
        anyhow::ensure!(task.version > version, "nothing more is reported");
        version = task.version;
        let progress: Value =
            serde_json::from_str(task.progress.as_ref().context("no progress")?.get())?;
        assert_eq!(progress["fraction"], 0.5);
        assert!(
            progress["message"]
                .as_str()
                .is_some_and(|text| text.ends_with(" found"))
        );
        seen.push((found(&task)?, Instant::now()));
    }
    assert!(seen.is_sorted_by(|one, next| one.0 < next.0), "{seen:?}");
    // Six writes with at least half a second between any two; when they are seen may vary by how busy the machine is.
    let (first, last) = (seen[0].1, seen[5].1);
    assert!(
        last - first >= Duration::from_millis(2_000),
        "{:?}",
        last - first
    );
    // It reported about once a millisecond: that many were left out.
    assert!(seen[5].0 > 100, "{seen:?}");

    stage.open_gate("go")?;
    let task = stage.ended(id).await?;
    assert_eq!(task.status, Status::Completed);
    assert!(task.partial.is_none(), "the result stands in its place");
    worker.leave().await
}
