//! The pools for jobs that count instead of waiting: the async runtime never runs a solver.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::{ThreadPool, ThreadPoolBuilder};
use tokio::sync::oneshot;

use crate::worker::stop::{Reason, Stop};

/// What a job's computing is like; each sort has threads of its own, so that nobody who waits for a moment's work stands behind
/// hours of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workload {
    /// May take any time.
    Long,
    /// Somebody waits for it; the job bounds itself to seconds.
    Brief,
    /// A few milliseconds at most: it would wait longer for a thread than it works.
    Moment,
}

/// For each sort of work as many threads as cores, at a lower priority than the threads that keep leases and answer.
#[derive(Clone)]
pub(crate) struct Compute {
    long: Pool,
    brief: Pool,
    moment: Pool,
}

/// Enough to let the runtime's threads go first on a machine whose cores all solve.
const NICENESS: i32 = 10;
/// And brief work before long.
const BRIEF_NICENESS: i32 = 5;
const MOMENT_NICENESS: i32 = 2;

impl Compute {
    pub(crate) fn start() -> Result<Self, rayon::ThreadPoolBuildError> {
        Ok(Self {
            long: Pool::start("compute", NICENESS)?,
            brief: Pool::start("brief", BRIEF_NICENESS)?,
            moment: Pool::start("moment", MOMENT_NICENESS)?,
        })
    }

    pub(crate) fn pool(&self, workload: Workload) -> Pool {
        match workload {
            Workload::Long => self.long.clone(),
            Workload::Brief => self.brief.clone(),
            Workload::Moment => self.moment.clone(),
        }
    }
}

#[derive(Clone)]
pub(crate) struct Pool {
    threads: Arc<ThreadPool>,
    share: Share,
}

/// How much of the machine one computation may take.
#[derive(Clone)]
pub struct Share {
    cores: usize,
    /// Computations that run or wait for a thread.
    running: Arc<AtomicUsize>,
}

impl Share {
    /// Threads that this computation may use at this moment, its own included: an equal part of the cores, at least 1. It
    /// changes as others come and go.
    pub fn threads(&self) -> usize {
        (self.cores / self.running.load(Ordering::Relaxed).max(1)).max(1)
    }
}

impl Pool {
    fn start(name: &'static str, niceness: i32) -> Result<Self, rayon::ThreadPoolBuildError> {
        let threads = ThreadPoolBuilder::new()
            .thread_name(move |number| format!("{name}-{number}"))
            .start_handler(move |_| {
                // On Linux niceness belongs to the thread, and to those that it starts. Refused, it only costs fairness.
                if let Err(error) = rustix::process::nice(niceness) {
                    tracing::debug!(%error, "compute thread keeps its priority");
                }
            })
            .build()?;
        Ok(Self {
            share: Share {
                cores: threads.current_num_threads(),
                running: Arc::default(),
            },
            threads: Arc::new(threads),
        })
    }

    pub(crate) fn share(&self) -> Share {
        self.share.clone()
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
        let counted = Counted::one_more(&self.share);
        self.threads.spawn(move || {
            let _counted = counted;
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

struct Counted(Share);

impl Counted {
    fn one_more(share: &Share) -> Self {
        share.running.fetch_add(1, Ordering::Relaxed);
        Self(share.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

struct RaiseOnDrop<'a>(&'a Stop);

impl Drop for RaiseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.raise(Reason::Lost);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cores_are_shared_among_what_runs() {
        let share = Share {
            cores: 4,
            running: Arc::default(),
        };
        let first = Counted::one_more(&share);
        assert_eq!(share.threads(), 4);
        let others: Vec<Counted> = (0..2).map(|_| Counted::one_more(&share)).collect();
        assert_eq!(share.threads(), 1);
        drop(others);
        assert_eq!(share.threads(), 4);
        drop(first);
        assert_eq!(share.threads(), 4);
    }
}
