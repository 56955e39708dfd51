//! Postgres is stopped in immediate mode and started again while tasks are ordered, run and finished.

use std::time::Duration;

use rookery_queue::{TaskId, Until};
use tokio::time::{Instant, sleep_until};

use super::journal::Event;
use super::own_postgres::OwnPostgres;
use super::probe::Act;
use super::stage::{Stage, order};
use super::until::{PATIENCE, holds};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_short_stop_loses_nothing_and_reruns_nothing() -> anyhow::Result<()> {
    stop_in_mid_run(Duration::from_secs(2)).await
}

/// Every lease runs out meanwhile; their holders still live, and come first when it is back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_longer_than_the_leases_loses_nothing_and_reruns_nothing() -> anyhow::Result<()> {
    stop_in_mid_run(Duration::from_secs(9)).await
}

async fn stop_in_mid_run(down: Duration) -> anyhow::Result<()> {
    let mut postgres = OwnPostgres::start().await?;
    let redis = std::env::var("ROOKERY_TEST_REDIS_URL")?;
    let stage = Stage::on(&postgres.url(), &redis).await?;
    let _one = stage.worker()?;
    let _other = stage.worker()?;
    // Some end while it is down: their workers keep the results. Some go on until it is back.
    let mut ids = stage
        .submit_many(6, &Act::Await(stage.gate("down")))
        .await?;
    ids.extend(
        stage
            .submit_many(6, &Act::Await(stage.gate("back")))
            .await?,
    );
    stage.started(12).await?;

    let queue = stage.queue.clone();
    let ordering = tokio::spawn(async move {
        // Orders without pause until one is refused: the stop comes in the middle of one.
        let mut confirmed = Vec::new();
        loop {
            let task = order(&[Act::Sign])?;
            match queue.submit(task).await {
                Ok(id) => confirmed.push(id),
                Err(error) if error.is_unavailable() => return anyhow::Ok(confirmed),
                Err(error) => return Err(error.into()),
            }
        }
    });
    stage.started(12 + 50).await?;
    postgres.stop_at_once().await?;
    let over = Instant::now() + down;
    let confirmed: Vec<TaskId> = ordering.await??;
    stage.open_gate("down")?;
    holds(
        "those that end meanwhile have ended",
        PATIENCE,
        async || {
            let answered = stage.events(Event::Answered)?;
            let early = answered
                .iter()
                .filter(|entry| ids[..6].contains(&entry.task));
            Ok(early.count() == 6)
        },
    )
    .await?;
    sleep_until(over).await;
    postgres.start_again().await?;

    ids.extend(confirmed);
    holds("it serves again", PATIENCE, async || {
        let id = stage.submit(&[Act::Sign]).await?;
        let waited = stage.queue.wait(id, Until::Final, PATIENCE).await?;
        Ok(waited.is_some_and(|task| task.status.is_final()))
    })
    .await?;
    stage.open_gate("back")?;
    stage.all_recorded(&ids, PATIENCE).await?;
    for id in &ids[..12] {
        let task = stage.task(*id).await?;
        assert_eq!(task.attempt, 1, "it was held all the time, yet ran again");
    }
    Ok(())
}
