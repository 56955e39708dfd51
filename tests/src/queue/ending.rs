//! How an attempt ends: tried again later, refused for good, put off, panicked, out of time.

use rookery_queue::{Record, Status};
use serde_json::Value;

use crate::faults::audit::{past, result, signature};
use crate::faults::probe::Act;
use crate::faults::stage::{Stage, hasty};

fn fail(text: &str) -> Act {
    Act::Fail(text.to_owned())
}

/// Seconds from the end of each failed attempt to the next time it was due, by what the row remembers.
fn ended_at(task: &Record) -> anyhow::Result<Vec<f64>> {
    let attempts: Vec<Value> = serde_json::from_str(task.past_attempts.get())?;
    Ok(attempts
        .iter()
        .filter_map(|attempt| attempt["ended_at"].as_f64())
        .collect())
}

#[tokio::test]
async fn a_failed_attempt_is_tried_again_after_a_growing_pause() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let worker = stage.work(4)?;
    let id = stage
        .submit(&[fail("first"), fail("second"), Act::Sign])
        .await?;
    let task = stage.ended(id).await?;
    assert_eq!(signature(&result(&task)?)?.0, 3);
    let texts = [(1, "first".to_owned()), (2, "second".to_owned())];
    assert_eq!(past(&task)?, texts, "the outermost context, not the cause");
    let ended = ended_at(&task)?;
    let started: Vec<_> = stage.started(3).await?;
    let pause = |attempt: usize| started[attempt].at_us as f64 / 1e6 - ended[attempt - 1];
    // 1 s and 2 s, each spread by a quarter.
    assert!(pause(1) >= 0.75, "only {} s", pause(1));
    assert!(pause(2) >= 1.5, "only {} s", pause(2));
    worker.leave().await
}

#[tokio::test]
async fn the_last_failure_is_the_tasks_error() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let worker = stage.work(4)?;
    let acts = [
        fail("first"),
        fail("second"),
        fail("nul \0 in it"),
        Act::Sign,
    ];
    let task = stage.ended(stage.submit(&acts).await?).await?;
    assert_eq!(task.status, Status::Failed);
    assert_eq!(task.error.as_deref(), Some("nul \u{fffd} in it"));
    assert!(task.result.is_none());
    assert_eq!((task.attempt, task.max_attempts), (3, 3));
    assert_eq!(past(&task)?.len(), 2);
    worker.leave().await
}

#[tokio::test]
async fn a_refusal_is_final() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let worker = stage.work(4)?;
    let text = "TOO_LARGE: a game of this size cannot be solved";
    let acts = [Act::Refuse(text.to_owned()), Act::Sign];
    let task = stage.ended(stage.submit(&acts).await?).await?;
    assert_eq!((task.status, task.attempt), (Status::Failed, 1));
    assert_eq!(task.error.as_deref(), Some(text));
    worker.leave().await
}

#[tokio::test]
async fn a_snooze_costs_no_try() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let worker = stage.work(4)?;
    let snooze = Act::Snooze { ms: 30 };
    // More often than there are tries, and two failures beside them.
    let acts = [
        snooze.clone(),
        fail("first"),
        snooze.clone(),
        snooze.clone(),
        snooze,
        fail("second"),
        Act::Sign,
    ];
    let task = stage.ended(stage.submit(&acts).await?).await?;
    assert_eq!(signature(&result(&task)?)?.0, 7);
    assert_eq!(
        past(&task)?,
        [(2, "first".to_owned()), (6, "second".to_owned())]
    );
    assert_eq!(
        task.max_attempts - task.attempt,
        0,
        "the last of three tries"
    );
    worker.leave().await
}

#[tokio::test]
async fn a_panic_is_a_failed_attempt_and_nothing_more() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let worker = stage.work(1)?;
    let crash = || Act::Panic("a secret of the process".to_owned());
    let id = stage.submit(&[crash(), Act::Sign]).await?;
    let task = stage.ended(id).await?;
    assert_eq!(signature(&result(&task)?)?.0, 2);
    let text = "InternalError: the job crashed".to_owned();
    assert_eq!(past(&task)?, [(1, text.clone())]);

    let task = stage.ended(stage.submit(&[crash()]).await?).await?;
    assert_eq!((task.status, task.attempt), (Status::Failed, 3));
    assert_eq!(task.error, Some(text));
    worker.leave().await
}

#[tokio::test]
async fn over_its_time_limit_a_job_ends_failed() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let worker = stage.work(1)?;
    let text = "TimeoutError: computation exceeded limit";
    for act in [
        Act::Await(stage.gate("never")),
        Act::AwaitDeaf(stage.gate("never")),
        Act::Count(stage.gate("never")),
    ] {
        let id = stage.queue.submit(hasty(&[act])?).await?;
        let task = stage.ended(id).await?;
        assert_eq!((task.status, task.attempt), (Status::Failed, 1));
        assert_eq!(task.error.as_deref(), Some(text));
    }
    // The lane's one slot is free again, and so is the compute pool.
    let id = stage.queue.submit(hasty(&[Act::Sign])?).await?;
    assert_eq!(stage.ended(id).await?.status, Status::Completed);
    worker.leave().await
}
