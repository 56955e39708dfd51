//! Tasks over HTTP: ordering, looking, waiting, following, cancelling, trying again.

mod batch;
mod cancel;
mod crowd;
mod events;
mod idempotency;
mod list;
mod look;
mod retry;
pub mod steps;
mod submit;
