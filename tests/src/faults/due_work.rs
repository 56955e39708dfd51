//! Alarms that Redis loses and hints that die with their worker: the work is done all the same, once.

use std::time::Duration;

use super::alarm::Ringing;
use super::journal::Event;
use super::own_redis::OwnRedis;
use super::stage::{Setup, Stage};

const NARROW: Setup = Setup {
    slots: 1,
    grace: Duration::from_secs(10),
};
const SOON: Duration = Duration::from_millis(1_000);

fn once_each(stage: &Stage, count: usize) -> anyhow::Result<()> {
    assert_eq!(stage.events(Event::Answered)?.len(), count);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flushed_alarms_ring() -> anyhow::Result<()> {
    let redis = OwnRedis::start().await?;
    let stage = Stage::with_redis(&redis.url()).await?;
    let _one = stage.worker_at(&stage.addresses, NARROW)?;
    let _other = stage.worker_at(&stage.addresses, NARROW)?;
    let first = stage.alarms(1, Duration::ZERO, &Ringing::Ring)?;
    stage.rung(&first).await?;
    let ids = stage.alarms(3_000, SOON, &Ringing::Ring)?;
    redis.forget_everything().await?;
    stage.rung(&ids).await?;
    once_each(&stage, 1 + ids.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_the_workers_ask_themselves() -> anyhow::Result<()> {
    let mut redis = OwnRedis::start().await?;
    let stage = Stage::with_redis(&redis.url()).await?;
    let _one = stage.worker_at(&stage.addresses, NARROW)?;
    let _other = stage.worker_at(&stage.addresses, NARROW)?;
    let ids = stage.alarms(500, SOON, &Ringing::Ring)?;
    redis.kill()?;
    stage.rung(&ids).await?;
    redis.start_again().await?;
    let more = stage.alarms(500, SOON, &Ringing::Ring)?;
    stage.rung(&more).await?;
    once_each(&stage, ids.len() + more.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hints_that_die_with_their_worker_are_rung_again() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut worker = stage.worker_at(&stage.addresses, NARROW)?;
    let ids = stage.alarms(100, SOON, &Ringing::Await(stage.gate("go")))?;
    stage.started(1).await?;
    worker.kill()?;
    stage.open_gate("go")?;
    let _next = stage.worker_at(&stage.addresses, NARROW)?;
    stage.rung(&ids).await?;
    once_each(&stage, ids.len())
}
