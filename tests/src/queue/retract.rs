//! Taking back and trying again: cancellation of the waiting and of the running, another round for the ended.

use rookery_queue::{Again, Cancelled, Status, TaskId};
use uuid::Uuid;

use crate::faults::audit::{past, result, signature};
use crate::faults::journal::Event;
use crate::faults::probe::Act;
use crate::faults::stage::Stage;

#[tokio::test]
async fn a_waiting_task_is_cancelled_at_once_and_never_runs() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let id = stage.submit(&[Act::Sign]).await?;
    assert_eq!(stage.queue.cancel(id).await?, Some(Cancelled::AtOnce));
    let task = stage.task(id).await?;
    assert_eq!(task.status, Status::Cancelled);
    assert!(task.completed_at.is_some() && task.started_at.is_none());
    let twice = stage.queue.cancel(id).await?;
    assert_eq!(twice, Some(Cancelled::AlreadyFinal(Status::Cancelled)));
    // Its hint is still there and is taken before this one's.
    let other = stage.submit(&[Act::Sign]).await?;
    let worker = stage.work(1)?;
    stage.ended(other).await?;
    assert_eq!(stage.events(Event::Started)?.len(), 1);
    assert_eq!(stage.task(id).await?.status, Status::Cancelled);
    worker.leave().await
}

#[tokio::test]
async fn a_running_task_is_asked_to_stop() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let worker = stage.work(4)?;
    for act in [
        Act::Await(stage.gate("never")),
        Act::Count(stage.gate("never")),
    ] {
        let id = stage.submit(&[act]).await?;
        stage.event(Event::Started, id, 1).await?;
        assert_eq!(stage.queue.cancel(id).await?, Some(Cancelled::Requested));
        let task = stage.ended(id).await?;
        assert_eq!(task.status, Status::Cancelled);
        assert!(task.result.is_none() && task.error.is_none());
        stage.event(Event::Stopped, id, 1).await?;
    }
    worker.leave().await
}

/// What it found before it looked at the flag stays to be read, under the status that was asked for.
#[tokio::test]
async fn a_running_task_that_ends_by_itself_is_cancelled_all_the_same() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let worker = stage.work(4)?;
    let id = stage.submit(&[Act::AwaitDeaf(stage.gate("go"))]).await?;
    stage.event(Event::Started, id, 1).await?;
    assert_eq!(stage.queue.cancel(id).await?, Some(Cancelled::Requested));
    stage.open_gate("go")?;
    let task = stage.ended(id).await?;
    assert_eq!(task.status, Status::Cancelled);
    assert!(task.result.is_some() && task.error.is_none());
    worker.leave().await
}

#[tokio::test]
async fn a_failed_or_cancelled_task_gets_another_round() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let worker = stage.work(4)?;
    let acts = [Act::Refuse("NOT_NOW: try again".to_owned()), Act::Sign];
    let id = stage.submit(&acts).await?;
    assert_eq!(stage.ended(id).await?.status, Status::Failed);
    assert_eq!(stage.queue.again(id, 3).await?, Some(Again::Pending));
    let task = stage.ended(id).await?;
    assert_eq!(signature(&result(&task)?)?.0, 2);
    assert_eq!(past(&task)?, [(1, "NOT_NOW: try again".to_owned())]);
    assert!(task.error.is_none());
    let refused = stage.queue.again(id, 3).await?;
    assert_eq!(refused, Some(Again::Not(Status::Completed)));

    let id = stage
        .submit(&[Act::Await(stage.gate("never")), Act::Sign])
        .await?;
    stage.event(Event::Started, id, 1).await?;
    assert_eq!(
        stage.queue.again(id, 3).await?,
        Some(Again::Not(Status::Running))
    );
    stage.queue.cancel(id).await?;
    assert_eq!(stage.ended(id).await?.status, Status::Cancelled);
    assert_eq!(stage.queue.again(id, 3).await?, Some(Again::Pending));
    assert_eq!(signature(&result(&stage.ended(id).await?)?)?.0, 2);
    worker.leave().await
}

#[tokio::test]
async fn what_is_not_there_cannot_be_taken_back() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let nobody = TaskId(Uuid::now_v7());
    assert_eq!(stage.queue.cancel(nobody).await?, None);
    assert_eq!(stage.queue.again(nobody, 3).await?, None);
    Ok(())
}
