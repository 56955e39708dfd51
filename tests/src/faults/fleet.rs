//! Two workers share one backlog: each task once, however many come due at one instant.

use std::collections::HashSet;
use std::time::Duration;

use rookery_queue::NewTask;

use super::journal::Event;
use super::probe::Act;
use super::stage::{Setup, Stage, order};
use super::until::PATIENCE;

const WIDE: Setup = Setup {
    slots: 64,
    grace: Duration::from_secs(10),
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_share_a_backlog_and_run_each_task_once() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let ids = stage.submit_many(2_000, &Act::Sign).await?;
    let _one = stage.worker_at(&stage.addresses, WIDE)?;
    let _other = stage.worker_at(&stage.addresses, WIDE)?;
    stage.all_completed(&ids, 2 * PATIENCE).await?;
    let started = stage.events(Event::Started)?;
    assert_eq!(started.len(), 2_000, "each once");
    let processes: HashSet<_> = started.iter().map(|entry| entry.process).collect();
    assert_eq!(processes.len(), 2, "both took part");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_thousand_due_at_one_instant_run_once_and_none_early() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let _one = stage.worker_at(&stage.addresses, WIDE)?;
    let _other = stage.worker_at(&stage.addresses, WIDE)?;
    let mut ids = Vec::new();
    for _ in 0..4 {
        let tasks = (0..5_000)
            .map(|_| Ok(order(&[Act::Sign])?.delayed(Duration::from_secs(60))))
            .collect::<anyhow::Result<Vec<_>>>()?;
        stage.queue.submit_many(&tasks).await?;
        ids.extend(tasks.iter().map(NewTask::id));
    }
    // One instant for all, by Postgres' clock, as a deadline in a row has it; the due set is then armed anew.
    let due_us: i64 = sqlx::query_scalar(
        "with due as (select clock_timestamp() + interval '2 s' as at),
            moved as (update tasks set run_at = due.at from due)
        select (extract(epoch from at) * 1000000)::int8 from due",
    )
    .fetch_one(&stage.pool)
    .await?;
    let left: f64 = sqlx::query_scalar(
        "select extract(epoch from min(run_at) - clock_timestamp())::float8 from tasks",
    )
    .fetch_one(&stage.pool)
    .await?;
    let delay = Duration::from_secs_f64(left.max(0.0));
    for ids in ids.chunks(5_000) {
        let hint = |id: &rookery_queue::TaskId| rookery_queue::Hint {
            id: *id,
            kind: "test.probe".to_owned(),
            priority: rookery_queue::Priority::Normal,
            delay,
        };
        stage.queue.ring(ids.iter().map(hint).collect());
    }
    stage.all_completed(&ids, 3 * PATIENCE).await?;
    let started = stage.events(Event::Started)?;
    assert_eq!(started.len(), 20_000, "each once");
    let first_us = started.iter().map(|entry| entry.at_us).min();
    let early_us = due_us - first_us.unwrap_or(i64::MAX);
    assert!(early_us <= 0, "one started {early_us} us early");
    Ok(())
}
