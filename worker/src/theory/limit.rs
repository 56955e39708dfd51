//! A client's limit of time: the engine is halted, and what it has found stands.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rookery_queue::worker::Stop;

/// Halts the engine when the job should stop or its time is over, and remembers which.
pub(super) struct Limit {
    halt: Arc<AtomicBool>,
    exceeded: Arc<AtomicBool>,
    guard: tokio::task::JoinHandle<()>,
}

impl Limit {
    pub(super) fn start(stop: &Stop, time: Duration) -> Self {
        let (halt, exceeded) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicBool::new(false)),
        );
        let (stop, flags) = (stop.clone(), (halt.clone(), exceeded.clone()));
        let guard = tokio::spawn(async move {
            tokio::select! {
                () = stop.raised() => {}
                () = tokio::time::sleep(time) => flags.1.store(true, Ordering::Release),
            }
            flags.0.store(true, Ordering::Release);
        });
        Self {
            halt,
            exceeded,
            guard,
        }
    }

    /// For the engine.
    pub(super) fn halt(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.halt)
    }

    pub(super) fn is_exceeded(&self) -> bool {
        self.exceeded.load(Ordering::Acquire)
    }
}

impl Drop for Limit {
    fn drop(&mut self) {
        self.guard.abort();
    }
}
