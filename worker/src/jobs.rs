//! THE list of jobs: one line each here and in the list of kinds.

use rookery_queue::Task;
use rookery_queue::worker::Worker;
use rookery_shared::theory::Analyze;

use crate::context::Context;

/// What an operator may name in `ROOKERY_LANES`.
pub const KINDS: &[&str] = &[Analyze::KIND];

pub fn all(worker: Worker<Context>) -> Worker<Context> {
    worker.job::<Analyze>()
}
