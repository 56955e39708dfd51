//! How a kind of task is done.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use crate::task::{Task, TaskId};
use crate::worker::compute::{Pool, Share, Workload};
use crate::worker::report::Reporter;
use crate::worker::stop::Stop;

/// The doing of a [`Task`], with what the process gives its jobs (`App`: a store, a model client). It may run more than once (a crash, a lost lease): its own writes are harmless to repeat.
pub trait Job<App>: Task {
    /// Of one attempt.
    const TIMEOUT: Duration;
    /// How many run at once in one process, unless its operator says otherwise.
    const CONCURRENCY: usize;
    /// Which threads its computing gets.
    const WORKLOAD: Workload = Workload::Long;

    fn run(
        self,
        ctx: Context<App>,
        stop: Stop,
    ) -> impl Future<Output = Result<Self::Output, JobError>> + Send;
}

/// Why an attempt brought no result.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Something outside failed; a later try may do better.
    #[error("{0:#}")]
    Retry(#[from] anyhow::Error),
    /// No try will ever do better. The text is for the client: `CODE: message`.
    #[error("{0}")]
    Refused(String),
    /// Not yet: run again after this time, as if this attempt had not been.
    #[error("snoozed for {0:?}")]
    Snooze(Duration),
    /// The stop flag was seen and there is nothing to show.
    #[error("stopped")]
    Stopped,
}

/// What a running job has at hand.
pub struct Context<App> {
    pub app: Arc<App>,
    pub id: TaskId,
    /// 1 for the first try.
    pub attempt: u32,
    pub report: Reporter,
    pub(crate) pool: Pool,
}

impl<App> Context<App> {
    /// Runs CPU-bound work on the process' compute pool. A panic in it fails the attempt like any other.
    pub async fn compute<T: Send + 'static>(
        &self,
        stop: &Stop,
        work: impl FnOnce(&Stop) -> T + Send + 'static,
    ) -> T {
        self.pool.run(stop, work).await
    }

    /// How much of the machine the computing may take.
    pub fn share(&self) -> Share {
        self.pool.share()
    }
}
