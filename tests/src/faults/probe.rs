//! A task whose payload is its script: what each attempt does. Runs in the tests' own process and in `rookery-test-worker`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::anyhow;
use rookery_queue::Task;
use rookery_queue::worker::{Context, Job, JobError, Stop};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::journal::{Event, Journal};

/// Attempt n does the n-th act; the last one is repeated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Probe {
    pub acts: Vec<Act>,
}

/// What one attempt does.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Returns who ran: attempt and process.
    Sign,
    Answer(Value),
    /// Waits until the file is there, then signs; gives up when asked to stop.
    Await(PathBuf),
    /// The same, deaf to the stop flag.
    AwaitDeaf(PathBuf),
    /// Counts on the compute pool until the file is there or the stop flag is up.
    Count(PathBuf),
    /// Reports progress and partial results without pause until the file is there.
    Report(PathBuf),
    /// Works for so long, then signs; gives up when asked to stop.
    Work {
        ms: u64,
    },
    Fail(String),
    Refuse(String),
    Snooze {
        ms: u64,
    },
    Panic(String),
    /// Takes the whole process with it.
    Abort,
}

impl Task for Probe {
    const KIND: &'static str = "test.probe";
    type Output = Value;
}

impl Job<Journal> for Probe {
    const TIMEOUT: Duration = Duration::from_secs(120);
    const CONCURRENCY: usize = 16;

    async fn run(self, ctx: Context<Journal>, stop: Stop) -> Result<Value, JobError> {
        run(self.acts, ctx, stop).await
    }
}

/// The same under a short time limit, and in a lane of its own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Hasty {
    pub acts: Vec<Act>,
}

impl Task for Hasty {
    const KIND: &'static str = "test.hasty";
    type Output = Value;
}

impl Job<Journal> for Hasty {
    const TIMEOUT: Duration = Duration::from_millis(500);
    const CONCURRENCY: usize = 4;

    async fn run(self, ctx: Context<Journal>, stop: Stop) -> Result<Value, JobError> {
        run(self.acts, ctx, stop).await
    }
}

async fn run(acts: Vec<Act>, ctx: Context<Journal>, stop: Stop) -> Result<Value, JobError> {
    ctx.app.write(Event::Started, ctx.id, ctx.attempt)?;
    let turn = (ctx.attempt as usize).min(acts.len()) - 1;
    let outcome = act(&acts[turn], &ctx, &stop).await;
    match outcome {
        Ok(_) => ctx.app.write(Event::Answered, ctx.id, ctx.attempt)?,
        Err(JobError::Stopped) => ctx.app.write(Event::Stopped, ctx.id, ctx.attempt)?,
        Err(_) => {}
    }
    outcome
}

async fn act(act: &Act, ctx: &Context<Journal>, stop: &Stop) -> Result<Value, JobError> {
    match act {
        Act::Sign => {}
        Act::Answer(value) => return Ok(value.clone()),
        Act::Await(gate) => unless_stopped(stop, opened(gate)).await?,
        Act::AwaitDeaf(gate) => opened(gate).await,
        Act::Count(gate) => count(ctx, stop, gate.clone()).await?,
        Act::Report(gate) => report(ctx, gate).await,
        Act::Work { ms } => {
            let work = tokio::time::sleep(Duration::from_millis(*ms));
            unless_stopped(stop, work).await?;
        }
        Act::Fail(text) => {
            return Err(JobError::Retry(
                anyhow!("the cause, for the log").context(text.clone()),
            ));
        }
        Act::Refuse(text) => return Err(JobError::Refused(text.clone())),
        Act::Snooze { ms } => return Err(JobError::Snooze(Duration::from_millis(*ms))),
        Act::Panic(text) => panic!("{text}"),
        Act::Abort => std::process::abort(),
    }
    Ok(json!({ "attempt": ctx.attempt, "process": std::process::id() }))
}

async fn unless_stopped(stop: &Stop, work: impl Future<Output = ()>) -> Result<(), JobError> {
    tokio::select! {
        () = work => Ok(()),
        () = stop.raised() => Err(JobError::Stopped),
    }
}

/// A file tells nobody when it appears, and needs no server that may be down.
async fn opened(gate: &Path) {
    while !gate.exists() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn count(ctx: &Context<Journal>, stop: &Stop, gate: PathBuf) -> Result<(), JobError> {
    let opened = ctx
        .compute(stop, move |stop| {
            let mut state = 1_u64;
            while !gate.exists() {
                if stop.flag().load(std::sync::atomic::Ordering::Acquire) {
                    return false;
                }
                for _ in 0..1_000_000 {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1);
                }
                std::hint::black_box(state);
            }
            true
        })
        .await;
    if opened {
        Ok(())
    } else {
        Err(JobError::Stopped)
    }
}

async fn report(ctx: &Context<Journal>, gate: &Path) {
    for found in 0_u32.. {
        if gate.exists() {
            return;
        }
        let message = format!("{found} found");
        ctx.report.progress(Some(0.5), message);
        ctx.report.partial(json!({ "found": found }));
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
