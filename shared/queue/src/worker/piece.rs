//! One call of a lane: what is to be run, and what becomes of it. Apalis runs it without knowing whether it is a task or due work.

use apalis_core::error::BoxDynError;
use futures_util::future::BoxFuture;

use crate::worker::job::JobError;

pub(crate) struct Piece {
    /// Gives the output as JSON, if it has one.
    pub(crate) work: BoxFuture<'static, Result<Option<String>, JobError>>,
    pub(crate) end: Option<End>,
}

/// What the work returned, or why it did not: a `JobError`, a panic, the time limit.
pub(crate) type Returned = Result<Option<String>, BoxDynError>;

/// Settles the piece, and then gives its slot back.
pub(crate) type End = Box<dyn FnOnce(Returned) -> BoxFuture<'static, ()> + Send>;
