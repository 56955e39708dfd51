//! How soon a running job sees that it was cancelled.

use std::time::Duration;

use anyhow::Context;
use rand::Rng as _;
use rookery_queue::Cancelled;
use tokio::time::{sleep, timeout};

use crate::machine::Machine;
use crate::measure::{Measure, Reading, ours};
use crate::noop::{Event, now_us};
use crate::samples::Samples;
use crate::stage::{Stage, told};

const COUNT: usize = 200;

pub async fn measure(machine: &Machine) -> anyhow::Result<Vec<Reading>> {
    let stage = Stage::open(machine).await?;
    let mut worker = stage.ready_worker(64).await?;
    let mut noticed_ms = Vec::new();
    for _ in 0..COUNT {
        let id = stage.queue.submit(told(60_000)?).await?;
        timeout(Duration::from_secs(10), worker.next(Event::Started))
            .await
            .context("the task did not start")??;
        let pause_ms = rand::rng().random_range(5..25);
        sleep(Duration::from_millis(pause_ms)).await;
        let at_us = now_us();
        let met = stage.queue.cancel(id).await?;
        anyhow::ensure!(
            met == Some(Cancelled::Requested),
            "the cancel request met {met:?}"
        );
        let mark = timeout(Duration::from_secs(30), worker.next(Event::Stopped))
            .await
            .context("the job noticed nothing")??;
        noticed_ms.push((mark.at_us - at_us) as f64 / 1_000.0);
    }
    drop(worker);
    stage.close().await?;
    let noticed: Samples = noticed_ms.into_iter().collect();
    Ok(vec![
        ours(Measure::CancelP50, noticed.quantile(0.5)?),
        ours(Measure::CancelP99, noticed.quantile(0.99)?),
    ])
}
