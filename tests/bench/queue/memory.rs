//! What an idle worker and an idle API hold in memory: the release binaries with every job and endpoint in them.

use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;

use crate::api_process::ApiProcess;
use crate::machine::{Machine, resident_megabytes};
use crate::measure::{Measure, Reading, ours};
use crate::stage::Stage;

/// Idle is not new-born: caches, pools and the sweep have had their first round.
const SETTLE: Duration = Duration::from_secs(5);

pub async fn measure(machine: &Machine) -> anyhow::Result<Vec<Reading>> {
    let stage = Stage::open(machine).await?;
    let mut worker = stage.command(&machine.binary("rookery-worker")?);
    let mut worker = worker
        .arg("run")
        .stdout(Stdio::null())
        .spawn()
        .context("rookery-worker does not start")?;
    let api = ApiProcess::start(machine, &stage).await?;
    tokio::time::sleep(SETTLE).await;
    anyhow::ensure!(
        worker.try_wait()?.is_none(),
        "rookery-worker left by itself"
    );
    let worker_pid = worker.id().context("rookery-worker has gone")?;
    let readings = vec![
        ours(Measure::WorkerMemory, resident_megabytes(worker_pid)?),
        ours(Measure::ApiMemory, resident_megabytes(api.pid()?)?),
    ];
    drop((worker, api));
    stage.close().await?;
    Ok(readings)
}
