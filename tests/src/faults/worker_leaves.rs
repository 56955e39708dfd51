//! A worker is asked to leave: it finishes what is short and hands back what is long.

use std::time::Duration;

use anyhow::Context as _;

use super::audit::{past, result, signature};
use super::journal::Event;
use super::probe::Act;
use super::process::Process;
use super::stage::{Setup, Stage};
use super::until::{PATIENCE, holds, until};

/// Nobody outside hears of a hand-back but the other worker.
const RERUN_US: i64 = 1_000_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_short_job_is_finished_and_nothing_new_is_taken() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut worker = stage.worker()?;
    let id = stage.submit(&[Act::Await(stage.gate("go"))]).await?;
    stage.event(Event::Started, id, 1).await?;
    worker.ask_to_leave()?;
    until("it takes nothing new", PATIENCE, async || {
        // Until it has heard of the signal it may still take one.
        let late = stage.submit(&[Act::Sign]).await?;
        let done = stage
            .queue
            .wait(late, rookery_queue::Until::Final, Duration::from_secs(1));
        let done = done.await?.context("gone")?;
        Ok((!done.status.is_final()).then_some(()))
    })
    .await?;
    stage.open_gate("go")?;
    left(&mut worker).await?;
    let task = stage.task(id).await?;
    assert_eq!(signature(&result(&task)?)?, (1, worker.id()));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_job_is_handed_back_and_runs_again_within_a_second() -> anyhow::Result<()> {
    hand_back(|stage| Act::Await(stage.gate("go"))).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn even_a_job_that_does_not_listen_is_handed_back() -> anyhow::Result<()> {
    hand_back(|stage| Act::AwaitDeaf(stage.gate("go"))).await
}

async fn hand_back(act: impl Fn(&Stage) -> Act) -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let impatient = Setup {
        grace: Duration::from_millis(200),
        ..Setup::default()
    };
    let mut leaving = stage.worker_at(&stage.addresses, impatient)?;
    let ids = stage.submit_many(4, &act(&stage)).await?;
    stage.started(4).await?;
    let stays = stage.worker()?;
    until("the other works", PATIENCE, async || {
        let other = stage.submit(&[Act::Sign]).await?;
        let (_, process) = signature(&result(&stage.ended(other).await?)?)?;
        Ok((process == stays.id()).then_some(()))
    })
    .await?;
    leaving.ask_to_leave()?;
    for id in &ids {
        let again = stage.event(Event::Started, *id, 2).await?;
        assert_eq!(again.process, stays.id());
        let handed_back: i64 = sqlx::query_scalar(
            "select (extract(epoch from run_at) * 1000000)::int8 from tasks where id = $1",
        )
        .bind(id.0)
        .fetch_one(&stage.pool)
        .await?;
        let waited = again.at_us - handed_back;
        assert!(waited <= RERUN_US, "ran again only after {waited} us");
    }
    left(&mut leaving).await?;
    stage.open_gate("go")?;
    stage.all_completed(&ids, PATIENCE).await?;
    for id in &ids {
        let task = stage.task(*id).await?;
        assert_eq!(past(&task)?, [], "no attempt failed");
        assert_eq!(task.max_attempts - task.attempt, 2, "no attempt is spent");
    }
    Ok(())
}

async fn left(worker: &mut Process) -> anyhow::Result<()> {
    let mut status = None;
    holds("the worker has left", PATIENCE, async || {
        status = worker.ended()?;
        Ok(status.is_some())
    })
    .await?;
    anyhow::ensure!(
        status.is_some_and(|status| status.success()),
        "it left with {status:?}"
    );
    Ok(())
}
