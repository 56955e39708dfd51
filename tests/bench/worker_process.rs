//! A worker as a process of its own: this binary again, with one job, reporting over its standard output.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use rookery_queue::worker::Worker;
use rookery_shared::{Store, StoreConfig};
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use crate::noop::{Event, Mark, Noop};

/// The hidden subcommand: what the child process does.
#[derive(Args)]
pub struct WorkerRole {
    #[command(flatten)]
    store: StoreConfig,
    #[arg(long)]
    slots: usize,
}

impl WorkerRole {
    pub async fn run(self) -> anyhow::Result<()> {
        let store = Store::connect(&self.store)?;
        let slots = self.slots;
        let mut asked = signal(SignalKind::terminate())?;
        Worker::new(store.queue, Arc::new(()))?
            .job::<Noop>()
            .slots(|_, _| slots)
            .grace(Duration::ZERO)
            .run(async {
                asked.recv().await;
            })
            .await?;
        Ok(())
    }
}

/// The parent's handle on it.
pub struct WorkerProcess {
    child: Child,
    marks: mpsc::UnboundedReceiver<Mark>,
}

impl WorkerProcess {
    pub fn start(command: &mut Command) -> anyhow::Result<Self> {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .context("a worker process does not start")?;
        let output = child
            .stdout
            .take()
            .context("a worker process without its standard output")?;
        let (sender, marks) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                let Some(mark) = Mark::parse(&line) else {
                    continue;
                };
                if sender.send(mark).is_err() {
                    break;
                }
            }
        });
        Ok(Self { child, marks })
    }

    /// The next mark of this sort; others before it are passed over.
    pub async fn next(&mut self, event: Event) -> anyhow::Result<Mark> {
        loop {
            let mark = self
                .marks
                .recv()
                .await
                .context("a worker process ended early")?;
            if mark.event == event {
                return Ok(mark);
            }
        }
    }

    /// The marks that have come so far.
    pub fn seen(&mut self) -> Vec<Mark> {
        std::iter::from_fn(|| self.marks.try_recv().ok()).collect()
    }

    /// Passes over whatever has come so far.
    pub fn forget(&mut self) {
        self.seen();
    }

    pub fn pid(&self) -> anyhow::Result<u32> {
        self.child.id().context("the worker process has gone")
    }

    /// SIGKILL: it gets no chance to say goodbye.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }

    /// SIGTERM, and waits for its end.
    pub async fn leave(&mut self) -> anyhow::Result<()> {
        let pid = i32::try_from(self.pid()?)
            .ok()
            .and_then(Pid::from_raw)
            .context("no process id")?;
        kill_process(pid, Signal::TERM)?;
        let status = self.child.wait().await?;
        anyhow::ensure!(status.success(), "a worker process left with {status}");
        Ok(())
    }
}
