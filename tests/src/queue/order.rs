//! Ordering: in a transaction or alone, by priority, not before its time, with whatever text a client sends.

use std::time::Duration;

use futures_util::future::join_all;
use rookery_queue::{NewTask, Priority, Status, TaskId};
use serde_json::json;

use crate::faults::audit::result;
use crate::faults::journal::Event;
use crate::faults::probe::Act;
use crate::faults::stage::{Stage, order};
use crate::faults::until::PATIENCE;

#[tokio::test]
async fn a_transaction_that_is_rolled_back_leaves_nothing() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut transaction = stage.pool.begin().await?;
    let dropped = order(&[Act::Sign])?;
    stage
        .queue
        .insert(&mut transaction, std::slice::from_ref(&dropped))
        .await?;
    transaction.rollback().await?;
    // Rung all the same, as a careless caller might: a hint without a row is nothing.
    stage.queue.ring(vec![dropped.hint()]);

    let mut transaction = stage.pool.begin().await?;
    let kept = order(&[Act::Sign])?;
    stage
        .queue
        .insert(&mut transaction, std::slice::from_ref(&kept))
        .await?;
    transaction.commit().await?;
    stage.queue.ring(vec![kept.hint()]);

    let worker = stage.work(4)?;
    assert_eq!(stage.ended(kept.id()).await?.status, Status::Completed);
    assert!(stage.queue.get(dropped.id()).await?.is_none());
    assert_eq!(stage.started(1).await?.len(), 1);
    worker.leave().await
}

#[tokio::test]
async fn committed_but_never_rung_it_runs_all_the_same() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let worker = stage.work(4)?;
    let mut transaction = stage.pool.begin().await?;
    let task = order(&[Act::Sign])?;
    stage
        .queue
        .insert(&mut transaction, std::slice::from_ref(&task))
        .await?;
    transaction.commit().await?;
    assert_eq!(stage.ended(task.id()).await?.status, Status::Completed);
    worker.leave().await
}

#[tokio::test]
async fn the_urgent_go_first_and_the_patient_never_starve() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut tasks = Vec::new();
    for (priority, count) in [
        (Priority::Low, 10),
        (Priority::Normal, 40),
        (Priority::High, 60),
    ] {
        for _ in 0..count {
            tasks.push(order(&[Act::Sign])?.priority(priority));
        }
    }
    stage.queue.submit_many(&tasks).await?;
    // All hints are there before anybody takes one.
    stage.queue.ping().await?;
    let worker = stage.work(1)?;
    let ids: Vec<_> = tasks.iter().map(NewTask::id).collect();
    stage.all_completed(&ids, PATIENCE).await?;
    worker.leave().await?;

    let started: Vec<_> = stage.events(Event::Started)?;
    let place = |id: &TaskId| started.iter().position(|entry| entry.task == *id);
    let places = |ids: &[TaskId]| -> Vec<usize> { ids.iter().filter_map(place).collect() };
    let (low, normal, high) = (places(&ids[..10]), places(&ids[10..50]), places(&ids[50..]));
    let last_high = *high.iter().max().unwrap_or(&0);
    let first_low = *low.iter().min().unwrap_or(&usize::MAX);
    assert!(first_low < last_high, "low waited for all of high");
    let others = last_high + 1 - high.len();
    assert!(
        others * 4 <= high.len(),
        "{others} others among {} of high",
        high.len()
    );
    let median = |mut places: Vec<usize>| {
        places.sort_unstable();
        places[places.len() / 2]
    };
    assert!(
        median(normal.clone()) > median(high.clone()),
        "normal before high"
    );
    assert!(
        high.is_sorted() && normal.is_sorted(),
        "within a priority: first come, first served"
    );
    Ok(())
}

#[tokio::test]
async fn a_delayed_task_is_never_early() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let worker = stage.work(16)?;
    let mut ids = Vec::new();
    for ms in [1, 40, 41, 250, 999, 1_000, 1_500] {
        let delayed = order(&[Act::Sign])?.delayed(Duration::from_millis(ms));
        // A hint that comes too early, as after a restart of Redis with an old image, changes nothing.
        let mut early = delayed.hint();
        early.delay = Duration::ZERO;
        ids.push(stage.queue.submit(delayed).await?);
        stage.queue.ring(vec![early]);
    }
    stage.all_completed(&ids, PATIENCE).await?;
    for entry in stage.events(Event::Started)? {
        let due_us: i64 = sqlx::query_scalar(
            "select (extract(epoch from run_at) * 1000000)::int8 from tasks where id = $1",
        )
        .bind(entry.task.0)
        .fetch_one(&stage.pool)
        .await?;
        assert!(entry.at_us >= due_us, "{} us early", due_us - entry.at_us);
    }
    worker.leave().await
}

#[tokio::test]
async fn any_json_text_goes_in_and_comes_out_as_it_was() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let worker = stage.work(4)?;
    let hostile = json!({ "nul\0": "\0", "quote": "'\"\\", "wide": "\u{10ffff}", "float": 1.0 });
    let id = stage.submit(&[Act::Answer(hostile.clone())]).await?;
    let task = stage.ended(id).await?;
    assert_eq!(result(&task)?, hostile);
    let payload: serde_json::Value = serde_json::from_str(task.payload.get())?;
    assert_eq!(payload["acts"][0]["answer"], hostile);
    assert!(
        task.payload.get().contains("1.0"),
        "as written, not normalised"
    );

    let megabyte = json!("x".repeat(1 << 20));
    let id = stage.submit(&[Act::Answer(megabyte.clone())]).await?;
    assert_eq!(result(&stage.ended(id).await?)?, megabyte);
    worker.leave().await
}

/// Orders that come together share a commit; one that Postgres refuses must not take the others with it.
#[tokio::test]
async fn one_bad_order_does_not_spoil_its_neighbours() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let orders = (0..50).map(|number| {
        // Postgres' text has no NUL.
        let owner = if number == 25 { "a\0b" } else { "ab" };
        Ok(stage.queue.submit(order(&[Act::Sign])?.owner(owner)))
    });
    let orders = orders.collect::<anyhow::Result<Vec<_>>>()?;
    let answers = join_all(orders).await;
    for (number, answer) in answers.iter().enumerate() {
        assert_eq!(answer.is_err(), number == 25, "{number}: {answer:?}");
    }
    let recorded: i64 = sqlx::query_scalar("select count(*) from tasks")
        .fetch_one(&stage.pool)
        .await?;
    assert_eq!(recorded, 49);
    Ok(())
}
