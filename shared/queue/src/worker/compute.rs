//! The pool for jobs that count instead of waiting: the async runtime never runs a solver.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use rayon::{ThreadPool, ThreadPoolBuilder};
use tokio::sync::oneshot;

use crate::worker::stop::{Reason, Stop};

/// As many threads as cores, at a lower priority than the threads that keep leases and answer.
#[derive(Clone)]
pub(crate) struct Compute {
    pool: Arc<ThreadPool>,
}

/// Enough to let the runtime's threads go first on a machine whose cores all solve.
const NICENESS: i32 = 10;

impl Compute {
    pub(crate) fn start() -> Result<Self, rayon::ThreadPoolBuildError> {
        let pool = ThreadPoolBuilder::new()
            .thread_name(|number| format!("compute-{number}"))
            .start_handler(|_| {
                // On Linux niceness belongs to the thread. Refused, it only costs fairness.
                if let Err(error) = rustix::process::nice(NICENESS) {
                    tracing::debug!(%error, "compute thread keeps its priority");
                }
            })
            .build()?;
        Ok(Self {
            pool: Arc::new(pool),
        })
    }

    /// Runs `work` on the pool. When the caller is dropped (a time limit), the stop flag is raised so that the thread
    /// comes back soon. A panic in `work` goes on in the caller.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        stop: &Stop,
        work: impl FnOnce(&Stop) -> T + Send + 'static,
    ) -> T {
        let (answer, answered) = oneshot::channel();
        let flag = stop.clone();
        self.pool.spawn(move || {
            let outcome = catch_unwind(AssertUnwindSafe(|| work(&flag)));
            // The caller may have been dropped meanwhile.
            let _dropped = answer.send(outcome);
        });
        let guard = RaiseOnDrop(stop);
        let outcome = answered
            .await
            .expect("the pool runs every spawned closure to its end");
        std::mem::forget(guard);
        outcome.unwrap_or_else(|panic| resume_unwind(panic))
    }
}

struct RaiseOnDrop<'a>(&'a Stop);

impl Drop for RaiseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.raise(Reason::Lost);
    }
}
