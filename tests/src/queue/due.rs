//! Due work: alarms ring once, never early, in batches behind a backlog; what fails harms nobody but itself.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use rookery_queue::TaskId;
use uuid::Uuid;

use crate::faults::alarm::{Alarm, Ringing};
use crate::faults::journal::{Entry, Event};
use crate::faults::own_redis::OwnRedis;
use crate::faults::stage::Stage;
use crate::faults::until::{PATIENCE, holds, until};

const AT_ONCE: Duration = Duration::ZERO;

async fn alarms_set(stage: &Stage) -> anyhow::Result<usize> {
    let due = format!("{}:due", stage.name);
    let mut redis = stage.queue.redis();
    Ok(redis::cmd("ZCARD").arg(due).query_async(&mut redis).await?)
}

fn of(entries: &[Entry], id: Uuid) -> impl Iterator<Item = &Entry> {
    entries.iter().filter(move |entry| entry.task == TaskId(id))
}

#[tokio::test]
async fn an_alarm_replaces_the_one_before_and_may_be_taken_back() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let soon = Duration::from_millis(300);
    let later = Duration::from_millis(900);
    let hour = Duration::from_secs(3600);
    let (moved, dropped) = (Uuid::new_v4(), Uuid::new_v4());
    stage.alarm_for(moved, hour, Ringing::Ring)?;
    stage.alarm_for(moved, soon, Ringing::Ring)?;
    let due_us = stage.alarm_for(moved, later, Ringing::Ring)?;
    stage.alarm_for(dropped, hour, Ringing::Ring)?;
    holds("both are set, each once", PATIENCE, async || {
        Ok(alarms_set(&stage).await? == 2)
    })
    .await?;
    stage.queue.disarm::<Alarm>(dropped);
    let worker = stage.work(1)?;
    stage.rung(&[moved]).await?;
    let started = stage.events(Event::Started)?;
    assert_eq!(started.len(), 1, "{started:?}");
    assert!(started[0].at_us >= due_us, "it rang early");
    assert_eq!(alarms_set(&stage).await?, 0);
    worker.leave().await
}

/// The last word holds also when the words go to Redis together, in whatever order of kinds of words.
#[tokio::test]
async fn armed_anew_for_now_the_later_alarm_is_gone() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let worker = stage.work(1)?;
    let ids: Vec<_> = (0..50).map(|_| Uuid::new_v4()).collect();
    for id in &ids {
        stage.alarm_for(*id, Duration::from_secs(3600), Ringing::Ring)?;
        stage.alarm_for(*id, AT_ONCE, Ringing::Ring)?;
    }
    stage.rung(&ids).await?;
    assert_eq!(alarms_set(&stage).await?, 0);
    worker.leave().await
}

#[tokio::test]
async fn no_alarm_is_early_and_each_rings_once() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let worker = stage.work(2)?;
    let mut due = HashMap::new();
    for ms in (0..1_500).step_by(3) {
        let id = Uuid::new_v4();
        let due_us = stage.alarm_for(id, Duration::from_millis(ms), Ringing::Ring)?;
        due.insert(TaskId(id), due_us);
    }
    let ids: Vec<_> = due.keys().map(|id| id.0).collect();
    stage.rung(&ids).await?;
    for entry in stage.events(Event::Started)? {
        let due_us = due[&entry.task];
        assert!(entry.at_us >= due_us, "{} us early", due_us - entry.at_us);
    }
    let answered = stage.events(Event::Answered)?;
    assert_eq!(answered.len(), ids.len());
    worker.leave().await
}

#[tokio::test]
async fn behind_a_backlog_runs_take_many_at_once() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let ids = stage.alarms(1_000, AT_ONCE, &Ringing::Ring)?;
    let list = format!("{}:q:test.alarm:1", stage.name);
    let mut redis = stage.queue.redis();
    holds("all hints are there", PATIENCE, async || {
        let length: usize = redis::cmd("LLEN")
            .arg(&list)
            .query_async(&mut redis)
            .await?;
        Ok(length == ids.len())
    })
    .await?;
    let worker = stage.work(1)?;
    stage.rung(&ids).await?;
    let started = stage.events(Event::Started)?;
    let largest = started.iter().map(|entry| entry.attempt).max();
    assert_eq!(largest, Some(256));
    worker.leave().await
}

#[tokio::test]
async fn what_panics_hangs_or_fails_harms_nobody_else_and_does_not_spin() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut good = Vec::new();
    let mut bad = Vec::new();
    for act in [Ringing::Panic, Ringing::Hang, Ringing::Fail] {
        good.extend(stage.alarms(20, AT_ONCE, &Ringing::Ring)?);
        bad.extend(stage.alarms(1, AT_ONCE, &act)?);
    }
    good.extend(stage.alarms(20, AT_ONCE, &Ringing::Ring)?);
    let worker = stage.work(2)?;
    stage.rung(&good).await?;
    let started = until("each is tried again and again", PATIENCE, async || {
        let started = stage.events(Event::Started)?;
        let tries = |id: &Uuid| of(&started, *id).filter(|entry| entry.attempt == 1).count();
        Ok(bad.iter().all(|id| tries(id) >= 3).then_some(started))
    })
    .await?;
    for id in &bad {
        let alone: Vec<_> = of(&started, *id)
            .filter(|entry| entry.attempt == 1)
            .map(|entry| entry.at_us)
            .collect();
        // The sweep reminds of one every two seconds at most; the first may have met the trial at once.
        let pauses = alone.windows(2).skip(1).map(|two| two[1] - two[0]);
        assert!(pauses.into_iter().all(|us| us > 1_000_000), "{alone:?}");
    }
    // And the lane still works.
    let more = stage.alarms(10, AT_ONCE, &Ringing::Ring)?;
    stage.rung(&more).await?;
    worker.leave().await
}

#[tokio::test]
async fn hints_for_what_is_running_make_it_run_once_more_and_never_twice_at_once()
-> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let worker = stage.work(4)?;
    let id = stage.alarms(1, AT_ONCE, &Ringing::Await(stage.gate("go")))?[0];
    stage.started(1).await?;
    let list = format!("{}:q:test.alarm:1", stage.name);
    for _ in 0..5 {
        stage.queue.arm::<Alarm>(id, AT_ONCE);
    }
    let other = stage.alarms(1, AT_ONCE, &Ringing::Ring)?;
    // Behind them in the list: they have been taken.
    stage.rung(&other).await?;
    let mut redis = stage.queue.redis();
    let length: usize = redis::cmd("LLEN")
        .arg(&list)
        .query_async(&mut redis)
        .await?;
    assert_eq!(length, 0);
    assert_eq!(of(&stage.events(Event::Started)?, id).count(), 1);
    stage.open_gate("go")?;
    stage.rung(&[id]).await?;
    until("it is looked at again", PATIENCE, async || {
        let started = stage.events(Event::Started)?;
        Ok((of(&started, id).count() == 2).then_some(()))
    })
    .await?;
    let last = stage.alarms(1, AT_ONCE, &Ringing::Ring)?;
    stage.rung(&last).await?;
    assert_eq!(of(&stage.events(Event::Started)?, id).count(), 2);
    worker.leave().await
}

#[tokio::test]
async fn who_leaves_lets_runs_end_or_hands_them_back() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let worker = stage.work(1)?;
    let ids = stage.alarms(1, AT_ONCE, &Ringing::Await(stage.gate("go")))?;
    stage.started(1).await?;
    worker.leave().await?;
    assert_eq!(stage.events(Event::Stopped)?.len(), 1);
    let list = format!("{}:q:test.alarm:1", stage.name);
    let mut redis = stage.queue.redis();
    let length: usize = redis::cmd("LLEN").arg(list).query_async(&mut redis).await?;
    assert_eq!(length, 1, "its hint is for somebody else");
    stage.open_gate("go")?;
    let next = stage.work(1)?;
    stage.rung(&ids).await?;
    next.leave().await
}

/// A sweep that looks each second must not pile up hints for what waits in the list anyway.
#[tokio::test]
async fn a_backlog_is_not_multiplied() -> anyhow::Result<()> {
    let redis = OwnRedis::start().await?;
    let stage = Stage::with_redis(&redis.url()).await?;
    let worker = stage.work(1)?;
    let holding = stage.alarms(1, AT_ONCE, &Ringing::Await(stage.gate("go")))?;
    stage.started(1).await?;
    let ids = stage.alarms(400, AT_ONCE, &Ringing::Ring)?;
    let asked = format!("{}:asked:test.alarm", stage.name);
    let mut connection = stage.queue.redis();
    let mut rounds = 0;
    let mut stands = false;
    until("the sweep has looked some times", PATIENCE, async || {
        let now: bool = redis::cmd("EXISTS")
            .arg(&asked)
            .query_async(&mut connection)
            .await?;
        rounds += usize::from(now && !stands);
        stands = now;
        Ok((rounds > 3).then_some(()))
    })
    .await?;
    stage.open_gate("go")?;
    stage.rung(&ids).await?;
    stage.rung(&holding).await?;
    let started = stage.events(Event::Started)?;
    let waiting: HashSet<_> = ids.iter().map(|id| TaskId(*id)).collect();
    let runs = started.iter().filter(|entry| waiting.contains(&entry.task));
    assert_eq!(runs.count(), ids.len());
    worker.leave().await
}
