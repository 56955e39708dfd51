//! Redis is emptied, killed without a disk, frozen or never there: the tasks run all the same, and no running job notices.

use std::time::Duration;

use rookery_queue::{Cancelled, Status, TaskId, Until};
use tokio::time::{Instant, sleep_until, timeout};

use super::journal::Event;
use super::own_redis::OwnRedis;
use super::probe::Act;
use super::stage::{Setup, Stage, order};
use super::until::{PATIENCE, holds};

const RUNNING: usize = 4;
const NARROW: Setup = Setup {
    slots: 8,
    grace: Duration::from_secs(10),
};

/// Some tasks that hold their slots through the trouble, some behind them and some that come due later.
async fn load(stage: &Stage) -> anyhow::Result<Vec<TaskId>> {
    let mut ids = stage
        .submit_many(RUNNING, &Act::Await(stage.gate("go")))
        .await?;
    stage.started(RUNNING).await?;
    ids.extend(stage.submit_many(200, &Act::Work { ms: 20 }).await?);
    for _ in 0..20 {
        let later = order(&[Act::Sign])?.delayed(Duration::from_secs(2));
        ids.push(stage.queue.submit(later).await?);
    }
    // The trouble comes in the middle of it.
    stage.started(RUNNING + 20).await?;
    Ok(ids)
}

/// Everything ran, once, and nothing of what ran was disturbed.
async fn undisturbed(stage: &Stage, ids: &[TaskId]) -> anyhow::Result<()> {
    stage.open_gate("go")?;
    stage.all_completed(ids, 2 * PATIENCE).await?;
    assert_eq!(stage.events(Event::Stopped)?, []);
    let started = stage.events(Event::Started)?;
    assert_eq!(started.len(), ids.len(), "each ran once");
    let early: i64 = sqlx::query_scalar("select count(*) from tasks where started_at < run_at")
        .fetch_one(&stage.pool)
        .await?;
    assert_eq!(early, 0, "none ran before it was due");
    Ok(())
}

/// A hint gets through again: nobody has to look at the table to find a new task.
async fn rings_again(stage: &Stage) -> anyhow::Result<()> {
    holds("redis wakes workers again", PATIENCE, async || {
        let id = stage.submit(&[Act::Sign]).await?;
        let waited = stage
            .queue
            .wait(id, Until::Final, Duration::from_millis(400))
            .await?;
        Ok(waited.is_some_and(|task| task.status.is_final()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flushed() -> anyhow::Result<()> {
    let redis = OwnRedis::start().await?;
    let stage = Stage::with_redis(&redis.url()).await?;
    let _worker = stage.worker_at(&stage.addresses, NARROW)?;
    let ids = load(&stage).await?;
    redis.forget_everything().await?;
    undisturbed(&stage, &ids).await?;
    rings_again(&stage).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_without_a_disk_and_started_again() -> anyhow::Result<()> {
    let mut redis = OwnRedis::start().await?;
    let stage = Stage::with_redis(&redis.url()).await?;
    let _worker = stage.worker_at(&stage.addresses, NARROW)?;
    let mut ids = load(&stage).await?;
    redis.kill()?;
    ids.extend(stage.submit_many(20, &Act::Sign).await?);
    redis.start_again().await?;
    undisturbed(&stage, &ids).await?;
    rings_again(&stage).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stalled_for_two_seconds() -> anyhow::Result<()> {
    let redis = OwnRedis::start().await?;
    let stage = Stage::with_redis(&redis.url()).await?;
    let _worker = stage.worker_at(&stage.addresses, NARROW)?;
    let mut ids = load(&stage).await?;
    redis.freeze()?;
    let over = Instant::now() + Duration::from_secs(2);
    ids.push(stage.submit(&[Act::Sign]).await?);
    sleep_until(over).await;
    redis.thaw()?;
    undisturbed(&stage, &ids).await?;
    rings_again(&stage).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frozen_for_twenty_seconds() -> anyhow::Result<()> {
    let redis = OwnRedis::start().await?;
    let stage = Stage::with_redis(&redis.url()).await?;
    let _worker = stage.worker_at(&stage.addresses, NARROW)?;
    let unwanted = stage.submit(&[Act::Await(stage.gate("never"))]).await?;
    stage.event(Event::Started, unwanted, 1).await?;
    let mut ids = stage
        .submit_many(RUNNING, &Act::Await(stage.gate("go")))
        .await?;
    stage.started(1 + RUNNING).await?;

    redis.freeze()?;
    let over = Instant::now() + Duration::from_secs(20);
    // Meanwhile: an order is confirmed, and run from the table.
    let ordered = Instant::now();
    let id = stage.submit(&[Act::Sign]).await?;
    assert!(
        ordered.elapsed() < Duration::from_secs(1),
        "the order waited for redis"
    );
    ids.push(id);
    assert_eq!(stage.ended(id).await?.status, Status::Completed);
    assert!(Instant::now() < over, "it ran only after redis was back");
    // A waiter is answered when its patience ends.
    let waits = stage
        .queue
        .wait(unwanted, Until::Final, Duration::from_secs(1));
    timeout(Duration::from_secs(4), waits).await??;
    // A cancellation arrives by way of the lease's renewal.
    assert_eq!(
        stage.queue.cancel(unwanted).await?,
        Some(Cancelled::Requested)
    );
    let task = stage.ended(unwanted).await?;
    assert_eq!(task.status, Status::Cancelled);
    assert!(
        Instant::now() < over,
        "it was cancelled only after redis was back"
    );
    let stopped = stage.events(Event::Stopped)?;
    assert_eq!(stopped.len(), 1, "nobody else was asked to stop");
    sleep_until(over).await;
    redis.thaw()?;

    ids.extend(stage.submit_many(50, &Act::Sign).await?);
    stage.open_gate("go")?;
    stage.all_completed(&ids, PATIENCE).await?;
    assert_eq!(
        stage.events(Event::Started)?.len(),
        1 + ids.len(),
        "each ran once"
    );
    rings_again(&stage).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn down_when_workers_start_and_tasks_are_ordered() -> anyhow::Result<()> {
    let mut redis = OwnRedis::start().await?;
    redis.kill()?;
    let stage = Stage::with_redis(&redis.url()).await?;
    let mut ids = stage.submit_many(20, &Act::Sign).await?;
    for _ in 0..20 {
        ids.push(stage.submit(&[Act::Sign]).await?);
    }
    let later = order(&[Act::Sign])?.delayed(Duration::from_secs(1));
    ids.push(stage.queue.submit(later).await?);
    let _worker = stage.worker_at(&stage.addresses, NARROW)?;
    undisturbed(&stage, &ids).await?;
    redis.start_again().await?;
    rings_again(&stage).await
}

/// What a worker could not subscribe to when it started it has to subscribe to later.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frozen_when_a_worker_starts_which_hears_of_everything_afterwards() -> anyhow::Result<()> {
    let redis = OwnRedis::start().await?;
    let stage = Stage::with_redis(&redis.url()).await?;
    redis.freeze()?;
    let first = stage.submit(&[Act::Sign]).await?;
    let _worker = stage.worker_at(&stage.addresses, NARROW)?;
    assert_eq!(stage.ended(first).await?.status, Status::Completed);
    redis.thaw()?;
    rings_again(&stage).await?;
    // By the renewals alone, each of these would take up to two seconds.
    for _ in 0..8 {
        let id = stage.submit(&[Act::Await(stage.gate("never"))]).await?;
        stage.event(Event::Started, id, 1).await?;
        stage.queue.cancel(id).await?;
        let soon = Duration::from_secs(1);
        let task = stage.queue.wait(id, Until::Final, soon).await?;
        assert_eq!(task.map(|task| task.status), Some(Status::Cancelled));
    }
    Ok(())
}
