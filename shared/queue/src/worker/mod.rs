//! The consuming half: one apalis worker per kind of work, fed by our own backend.
//!
//! Read in the order of a task's walk: `pump` (hints) → `claims` (rows) → `backend` (apalis) → `lane` (the job) → `settle`,
//! `ending`, `commit` (the end). Due work walks the same way, with `batches` in the place of `claims` and of the end. Beside them
//! `lease` (renewal, cancel), `timekeeper` (due times), `sweep` and `overdue` (whatever was lost).

mod backend;
mod batches;
mod chore;
mod claim;
mod claims;
mod commit;
mod compute;
mod ending;
mod fleet;
mod hands;
mod held;
mod job;
mod lane;
mod lease;
mod overdue;
mod piece;
mod pump;
mod report;
mod settle;
mod stop;
mod sweep;
mod timekeeper;

#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod seams;

pub use chore::{Chore, DueContext};
pub use compute::{Share, Workload};
pub use fleet::{Ended, Worker};
pub use job::{Context, Job, JobError};
pub use report::Reporter;
pub use stop::{Reason, Stop};
