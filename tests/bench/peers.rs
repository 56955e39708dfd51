//! Other queues, measured on the same machine in the same run: each installed with its own package manager on first use.

#[cfg(feature = "peers")]
mod apalis_redis;

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context;
use tokio::process::Command;

use crate::machine::Machine;
use crate::measure::{Measure, Reading, theirs};
use crate::scratch_redis::ScratchRedis;

const BULLMQ: &str = "BullMQ";
const CELERY: &str = "Celery";

/// How far the figures compare.
const TERMS: &str = "Rookery's submits and completions are on disk (fsync) before they are acknowledged, and every row is kept; the peers write \
    to a Redis with `appendfsync everysec`, and BullMQ and Celery keep no finished task and no result. BullMQ is one Node process; Celery, two \
    prefork processes whatever the number of slots; apalis-redis polls every 50 ms and is measured at its largest workable backlog, 7,000.";

/// What the peers did, and what to know when reading it.
pub struct Peers {
    pub readings: Vec<Reading>,
    pub notes: Vec<String>,
}

pub async fn measure(machine: &Machine, tasks: usize) -> anyhow::Result<Peers> {
    let mut peers = Peers {
        readings: Vec::new(),
        notes: vec![TERMS.to_owned()],
    };
    peers.take(BULLMQ, bullmq(machine, tasks).await);
    peers.take(CELERY, celery(machine, tasks / 2).await);
    peers.take("apalis-redis", stock_apalis().await);
    Ok(peers)
}

impl Peers {
    /// A peer that cannot be had is reported and does not spoil the run.
    fn take(&mut self, name: &str, result: anyhow::Result<Vec<Reading>>) {
        match result {
            Ok(readings) => self.readings.extend(readings),
            Err(error) => self.notes.push(format!("{name} is missing: {error:#}")),
        }
    }
}

async fn bullmq(machine: &Machine, tasks: usize) -> anyhow::Result<Vec<Reading>> {
    let folder = machine.peer_folder("bullmq")?;
    if !folder.join("node_modules/bullmq").exists() {
        let mut npm = Command::new("npm");
        npm.args([
            "install",
            "--no-fund",
            "--no-audit",
            "--save-exact",
            "bullmq@6.7.0",
            "ioredis@5.11.1",
            "--prefix",
        ]);
        output(npm.arg(&folder)).await.context("npm install")?;
    }
    let script = folder.join("bullmq.mjs");
    std::fs::write(&script, include_str!("peers/bullmq.mjs"))?;
    measured(BULLMQ, Command::new("node").arg(script), tasks).await
}

async fn celery(machine: &Machine, tasks: usize) -> anyhow::Result<Vec<Reading>> {
    let folder = machine.peer_folder("celery")?;
    let python = folder.join("bin/python");
    if !folder.join("bin/celery").exists() {
        output(Command::new("python3").args(["-m", "venv"]).arg(&folder))
            .await
            .context("python3 -m venv")?;
        let mut pip = Command::new(&python);
        output(pip.args(["-m", "pip", "install", "--quiet", "celery[redis]==5.7.0"]))
            .await
            .context("pip install")?;
    }
    let script = folder.join("celery_noop.py");
    std::fs::write(&script, include_str!("peers/celery_noop.py"))?;
    measured(CELERY, Command::new(python).arg(script), tasks).await
}

#[cfg(feature = "peers")]
async fn stock_apalis() -> anyhow::Result<Vec<Reading>> {
    let redis = ScratchRedis::start().await?;
    apalis_redis::measure(&format!("redis+unix://{}", redis.socket().display())).await
}

#[cfg(not(feature = "peers"))]
async fn stock_apalis() -> anyhow::Result<Vec<Reading>> {
    anyhow::bail!("not compiled in: build with --features peers")
}

/// Runs a peer's script on a Redis of its own; it prints one JSON object of figures by measure.
async fn measured(name: &str, script: &mut Command, tasks: usize) -> anyhow::Result<Vec<Reading>> {
    let redis = ScratchRedis::start().await?;
    let text = output(script.arg(redis.socket()).arg(tasks.to_string())).await?;
    let last = text.lines().last().context("it printed nothing")?;
    let figures: HashMap<Measure, f64> = serde_json::from_str(last)?;
    Ok(figures
        .into_iter()
        .map(|(measure, value)| theirs(measure, name, value))
        .collect())
}

async fn output(command: &mut Command) -> anyhow::Result<String> {
    let program = Path::new(command.as_std().get_program())
        .display()
        .to_string();
    let output = command
        .kill_on_drop(true)
        .output()
        .await
        .with_context(|| format!("{program} does not start"))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    let complaint = complaint.lines().last().unwrap_or_default();
    anyhow::ensure!(output.status.success(), "{program} failed: {complaint}");
    Ok(String::from_utf8(output.stdout)?)
}
