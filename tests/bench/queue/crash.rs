//! How soon the tasks of a killed worker, and of one that leaves, run again on another.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use anyhow::Context;
use futures_util::future::try_join_all;
use rand::Rng as _;
use rookery_queue::TaskId;
use tokio::time::{sleep, timeout};

use crate::machine::Machine;
use crate::measure::{Measure, Reading, ours};
use crate::noop::{Event, now_us};
use crate::samples::Samples;
use crate::stage::Stage;
use crate::worker_process::WorkerProcess;

const ROUNDS: usize = 2;
/// Killed in each round.
const VICTIMS: usize = 6;
/// Long enough to be running when its worker ends.
const SLEEP_MS: u64 = 60_000;

pub async fn kills(machine: &Machine) -> anyhow::Result<Vec<Reading>> {
    let mut seconds = Vec::new();
    for _ in 0..ROUNDS {
        seconds.extend(kill_round(machine).await?);
    }
    let seconds: Samples = seconds.into_iter().collect();
    Ok(vec![
        ours(Measure::CrashP50, seconds.quantile(0.5)?),
        ours(Measure::CrashP99, seconds.quantile(0.99)?),
    ])
}

/// Victims with running tasks die at random moments within two seconds, which any phase of their leases' renewal may meet;
/// no lease runs out before the last of them is dead, so the survivor alone can take what they held.
async fn kill_round(machine: &Machine) -> anyhow::Result<Vec<f64>> {
    let stage = Stage::open(machine).await?;
    let mut victims = Vec::new();
    for _ in 0..VICTIMS {
        victims.push(stage.ready_worker(16).await?);
    }
    let ids: HashSet<TaskId> = stage
        .submit_sleepers(8 * VICTIMS, SLEEP_MS)
        .await?
        .into_iter()
        .collect();
    wait_until_running(&stage, 8 * VICTIMS).await?;
    let mut survivor = stage.worker(64)?;
    sleep(Duration::from_secs(3)).await;
    let killed_us = try_join_all(victims.iter_mut().map(kill_at_random)).await?;
    let mut held = HashMap::new();
    for (victim, at_us) in victims.iter_mut().zip(killed_us) {
        let marks = victim
            .seen()
            .into_iter()
            .filter(|mark| ids.contains(&mark.id));
        held.extend(marks.map(|mark| (mark.id, at_us)));
    }
    anyhow::ensure!(
        held.len() == 8 * VICTIMS,
        "the victims held {} tasks",
        held.len()
    );
    let seconds = rerun_after(&mut survivor, held).await?;
    stage.close().await?;
    Ok(seconds)
}

async fn kill_at_random(victim: &mut WorkerProcess) -> anyhow::Result<i64> {
    let pause_ms = rand::rng().random_range(0..2_000);
    sleep(Duration::from_millis(pause_ms)).await;
    let at_us = now_us();
    victim.kill().await?;
    Ok(at_us)
}

/// A worker is asked to leave, without any grace, while it runs tasks: from each job's stop to its start on the other worker.
pub async fn hand_backs(machine: &Machine) -> anyhow::Result<Vec<Reading>> {
    let mut seconds = Vec::new();
    for _ in 0..5 {
        let stage = Stage::open(machine).await?;
        let mut leaving = stage.ready_worker(16).await?;
        stage.submit_sleepers(16, SLEEP_MS).await?;
        wait_until_running(&stage, 16).await?;
        leaving.forget();
        let mut other = stage.worker(64)?;
        sleep(Duration::from_secs(1)).await;
        leaving.leave().await?;
        let mut held = HashMap::new();
        while held.len() < 16 {
            let mark = leaving.next(Event::Stopped).await?;
            held.insert(mark.id, mark.at_us);
        }
        seconds.extend(rerun_after(&mut other, held).await?);
        stage.close().await?;
    }
    let seconds: Samples = seconds.into_iter().collect();
    Ok(vec![ours(Measure::HandBackMax, seconds.largest()?)])
}

async fn wait_until_running(stage: &Stage, count: usize) -> anyhow::Result<()> {
    let wanted = i64::try_from(count)?;
    let running = async {
        loop {
            let running: i64 =
                sqlx::query_scalar("select count(*) from tasks where status = 'running'")
                    .fetch_one(&stage.pool)
                    .await?;
            if running == wanted {
                return anyhow::Ok(());
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(10), running)
        .await
        .context("the tasks did not all start")?
}

/// Seconds from each task's loss to its next start.
async fn rerun_after(
    worker: &mut WorkerProcess,
    mut lost_us: HashMap<TaskId, i64>,
) -> anyhow::Result<Vec<f64>> {
    let mut seconds = Vec::new();
    while !lost_us.is_empty() {
        let mark = timeout(Duration::from_secs(60), worker.next(Event::Started))
            .await
            .context("a lost task did not run again")??;
        if let Some(at_us) = lost_us.remove(&mark.id) {
            seconds.push((mark.at_us - at_us) as f64 / 1_000_000.0);
        }
    }
    Ok(seconds)
}
