//! A worker is killed, or frozen until it has lost what it held, or taken down by its own job.

use std::time::Duration;

use rookery_queue::Status;

use super::audit::{past, result, signature};
use super::journal::Event;
use super::probe::Act;
use super::stage::Stage;
use super::until::{PATIENCE, holds, until};

const LOST: &str = "WorkerLost: the process running this task died";

/// From the last renewal of a lease to its end and the sweep that finds it.
const RERUN: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_mid_run_its_tasks_run_again_on_another() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut victim = stage.worker()?;
    let ids = stage.submit_many(8, &Act::Await(stage.gate("go"))).await?;
    stage.started(8).await?;
    let survivor = stage.worker()?;
    // The survivor serves once it has run something; the victim's slots are not all taken, so either may get these.
    until("the survivor works", PATIENCE, async || {
        let other = stage.submit(&[Act::Sign]).await?;
        let done = stage.ended(other).await?;
        let (_, process) = signature(&result(&done)?)?;
        Ok((process == survivor.id()).then_some(()))
    })
    .await?;
    victim.kill()?;
    until("all run again", RERUN, async || {
        let again = stage.events(Event::Started)?;
        let again = again.iter().filter(|entry| entry.attempt == 2);
        Ok((again.count() == 8).then_some(()))
    })
    .await?;
    stage.open_gate("go")?;
    stage.all_completed(&ids, PATIENCE).await?;
    for id in &ids {
        let task = stage.task(*id).await?;
        assert_eq!(task.attempt, 2, "the death counts as one attempt");
        assert_eq!(past(&task)?, [(1, LOST.to_owned())]);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_kills_its_process_ends_failed_and_harms_no_other() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let poison = stage.submit(&[Act::Abort]).await?;
    let mut worker = stage.worker()?;
    let mut deaths = 0;
    let task = until("the poison has ended", 3 * RERUN + PATIENCE, async || {
        // What `./dev up` and Kubernetes do: a process that died is started again.
        if worker.ended()?.is_some() {
            deaths += 1;
            worker = stage.worker()?;
        }
        let task = stage.task(poison).await?;
        Ok(task.status.is_final().then_some(task))
    })
    .await?;
    assert_eq!(task.status, Status::Failed);
    assert_eq!(task.error.as_deref(), Some(LOST));
    assert_eq!((task.attempt, task.max_attempts), (3, 3));
    assert_eq!(past(&task)?, [(1, LOST.to_owned()), (2, LOST.to_owned())]);
    assert_eq!(deaths, 3, "each attempt took one process");
    let harmless = stage.submit(&[Act::Sign]).await?;
    assert_eq!(stage.ended(harmless).await?.status, Status::Completed);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_worker_returns_as_a_zombie_and_is_refused() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let zombie = stage.worker()?;
    // Deaf: it does return its result when it wakes, whatever its lease keeper says.
    let acts = [Act::AwaitDeaf(stage.gate("go"))];
    let id = stage.submit(&acts).await?;
    stage.event(Event::Started, id, 1).await?;
    zombie.freeze()?;
    let heir = stage.worker()?;
    let second = stage.event(Event::Started, id, 2).await?;
    assert_eq!(second.process, heir.id());
    stage.open_gate("go")?;
    let ended = stage.ended(id).await?;
    assert_eq!(signature(&result(&ended)?)?, (2, heir.id()));

    zombie.thaw()?;
    let late = stage.event(Event::Answered, id, 1).await?;
    assert_eq!(late.process, zombie.id());
    // It has said what it had to say when it serves again: both workers are asked until the zombie has answered.
    holds("the zombie serves again", PATIENCE, async || {
        let other = stage.submit(&[Act::Sign]).await?;
        let (_, process) = signature(&result(&stage.ended(other).await?)?)?;
        Ok(process == zombie.id())
    })
    .await?;
    let task = stage.task(id).await?;
    assert_eq!(signature(&result(&task)?)?, (2, heir.id()));
    assert_eq!(task.version, ended.version, "the row was not touched again");
    assert_eq!(past(&task)?, [(1, LOST.to_owned())]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_zombie_that_wakes_while_the_task_runs_elsewhere_is_refused() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let zombie = stage.worker()?;
    let acts = [
        Act::AwaitDeaf(stage.gate("first")),
        Act::Await(stage.gate("second")),
    ];
    let id = stage.submit(&acts).await?;
    stage.event(Event::Started, id, 1).await?;
    zombie.freeze()?;
    let heir = stage.worker()?;
    stage.event(Event::Started, id, 2).await?;
    stage.open_gate("first")?;
    zombie.thaw()?;
    stage.event(Event::Answered, id, 1).await?;
    holds("the zombie serves again", PATIENCE, async || {
        let other = stage.submit(&[Act::Sign]).await?;
        let (_, process) = signature(&result(&stage.ended(other).await?)?)?;
        Ok(process == zombie.id())
    })
    .await?;
    let task = stage.task(id).await?;
    assert_eq!((task.status, task.attempt), (Status::Running, 2));
    stage.open_gate("second")?;
    let task = stage.ended(id).await?;
    assert_eq!(signature(&result(&task)?)?, (2, heir.id()));
    Ok(())
}
