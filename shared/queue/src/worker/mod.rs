//! The consuming half: one apalis worker per kind of job, fed by our own backend.
//!
//! Read in the order of a task's walk: `pump` (hints and claims) → `backend` (apalis) → `lane` (the job) → `settle`
//! (the end). Beside them `lease` (renewal, cancel), `timekeeper` (due times), `sweep` (whatever was lost).

mod backend;
mod claim;
mod commit;
mod compute;
mod fleet;
mod held;
mod job;
mod lane;
mod lease;
mod pump;
mod report;
mod settle;
mod stop;
mod sweep;
mod timekeeper;

#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod seams;

pub use compute::{Share, Workload};
pub use fleet::{Ended, Worker};
pub use job::{Context, Job, JobError};
pub use report::Reporter;
pub use stop::{Reason, Stop};
