//! How a kind of due work is done.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use crate::due::Due;
use crate::worker::compute::{Pool, Share, Workload};
use crate::worker::job::JobError;
use crate::worker::stop::Stop;

/// The doing of due work, with what the process gives its jobs. Hints may come early, late, doubled and to two processes at once:
/// the area's own guarded update is the claim, and what it finds not due, done or changed it leaves alone.
pub trait Chore<App>: Due {
    /// Of one run.
    const TIMEOUT: Duration;
    /// Runs at once in one process, unless its operator says otherwise.
    const CONCURRENCY: usize;
    /// Ids that one run takes at most. Whoever waits is taken at once; a batch only forms behind a backlog.
    const BATCH: usize = 1;
    /// Which threads its computing gets.
    const WORKLOAD: Workload = Workload::Brief;

    /// What the alarms missed: ids that have been due for more than half a second, longest due first. Asked about once a second by one
    /// worker of the fleet, and by each while Redis is away. A kind whose runs take long leaves out what may still be running.
    fn overdue(app: &App, limit: usize) -> impl Future<Output = anyhow::Result<Vec<Uuid>>> + Send;

    /// A run that fails changes nothing here: the sweep brings the ids again while the area calls them overdue. Ids that failed together
    /// are tried again one by one, so that none suffers for its neighbour. `Snooze` sets new alarms.
    fn run(
        ids: Vec<Uuid>,
        ctx: DueContext<App>,
        stop: Stop,
    ) -> impl Future<Output = Result<(), JobError>> + Send;
}

/// What running due work has at hand.
pub struct DueContext<App> {
    pub app: Arc<App>,
    pub(crate) pool: Pool,
}

impl<App> DueContext<App> {
    /// Runs CPU-bound work on the process' compute pool. A panic in it fails the run like any other.
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
