//! The flag that asks a running job to stop, for async code and for engines alike.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use tokio_util::sync::CancellationToken;

/// Raised at most once for good; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    flag: AtomicBool,
    reason: AtomicU8,
    token: CancellationToken,
}

/// Why a job should stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Reason {
    /// Somebody asked for it. What was found so far may be returned: it stays in the cancelled task's result.
    Cancelled = 1,
    /// The process leaves; the task will run again elsewhere, whatever this run returns.
    Draining,
    /// Somebody else holds the task, or nobody waits for the outcome any more.
    Lost,
}

impl Stop {
    /// For the engines, which know nothing of queues: look at it often.
    pub fn flag(&self) -> &AtomicBool {
        &self.inner.flag
    }

    pub fn reason(&self) -> Option<Reason> {
        match self.inner.reason.load(Ordering::Acquire) {
            1 => Some(Reason::Cancelled),
            2 => Some(Reason::Draining),
            3 => Some(Reason::Lost),
            _ => None,
        }
    }

    /// Completes when the job should stop.
    pub async fn raised(&self) {
        self.inner.token.cancelled().await;
    }

    /// The first reason stays.
    pub(crate) fn raise(&self, reason: Reason) {
        let first = self.inner.reason.compare_exchange(
            0,
            reason as u8,
            Ordering::AcqRel,
            Ordering::Acquire,
        );
        if first.is_ok() {
            self.inner.flag.store(true, Ordering::Release);
            self.inner.token.cancel();
        }
    }
}
