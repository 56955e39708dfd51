//! Checkpoints of long runs: the engine hands its state over, this writes it behind its back.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rookery_queue::TaskId;
use rookery_queue::worker::{Context as JobContext, JobError, Reason, Stop};
use rookery_shared::Store;
use rookery_shared::theory::{MAX_STATE_BYTES, keep, kept};
use rookery_theory::Keeper;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::context::Context;

/// A run that is over sooner is repeated as quickly as it is resumed.
const FIRST: Duration = Duration::from_secs(20);
const EVERY: Duration = Duration::from_secs(30);

pub(super) struct Checkpoints {
    /// Of the attempt before, until the engine asks for it.
    kept: Mutex<Option<Vec<u8>>>,
    next: Mutex<Instant>,
    stop: Stop,
    states: mpsc::Sender<Vec<u8>>,
}

impl Checkpoints {
    /// The second ends once the first is dropped and all is written: before that the attempt must not end, or its last state
    /// is refused.
    pub(super) async fn start(
        ctx: &JobContext<Context>,
        stop: &Stop,
    ) -> Result<(Self, JoinHandle<()>), JobError> {
        let store = ctx.app.store.clone();
        let before = match ctx.attempt {
            1 => None,
            _ => kept(&store, ctx.id)
                .await
                .context("the state of the attempt before could not be read")?,
        };
        // One waits while one is written; a state that finds no room is soon followed by a newer one.
        let (states, waiting) = mpsc::channel(1);
        let written = tokio::spawn(write(store, ctx.id, ctx.attempt, waiting));
        let checkpoints = Self {
            kept: Mutex::new(before),
            next: Mutex::new(Instant::now() + FIRST),
            stop: stop.clone(),
            states,
        };
        Ok((checkpoints, written))
    }
}

/// Until the run is over.
async fn write(store: Store, task: TaskId, attempt: u32, mut waiting: mpsc::Receiver<Vec<u8>>) {
    while let Some(state) = waiting.recv().await {
        if let Err(error) = keep(&store, task, attempt, &state).await {
            tracing::warn!(task.id = %task, %error, "a checkpoint was not kept");
        }
    }
}

impl Keeper for Checkpoints {
    fn kept(&self) -> Option<Vec<u8>> {
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// Also when this process leaves: the attempt that follows goes on from here.
    fn due(&self) -> bool {
        self.stop.reason() == Some(Reason::Draining)
            || Instant::now() >= *self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, state: Vec<u8>) {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now() + EVERY;
        if state.len() <= MAX_STATE_BYTES {
            // Full: the one before is still being written.
            let _full = self.states.try_send(state);
        }
    }
}
