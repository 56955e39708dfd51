//! Our apalis backend: hands claimed tasks to an apalis worker and settles what comes back.
//!
//! Its error is `Infallible`: apalis drops the running futures of a worker whose backend fails, so a hiccup of Redis or
//! Postgres must never surface as one. It is handled where it happens, in the pump and in the settling.

use std::convert::Infallible;
use std::task::{self, Poll};

use apalis_core::backend::finalize::Ephemeral;
use apalis_core::backend::{Backend, BackendConfig};
use apalis_core::task::Task;
use apalis_core::task::task_id::TaskId as ApalisId;
use apalis_core::worker::context::WorkerContext;
use tokio::sync::mpsc;

use crate::worker::claim::Claim;
use crate::worker::settle::SettleLayer;

/// Claims arrive only for free slots, so nothing lies here unstarted and unrenewed. When the pump ends, this ends; apalis
/// then waits for what runs.
pub(crate) struct Leased {
    claims: mpsc::Receiver<Claim>,
    settle: SettleLayer,
}

impl Leased {
    pub(crate) fn new(claims: mpsc::Receiver<Claim>, settle: SettleLayer) -> Self {
        Self { claims, settle }
    }
}

impl Backend for Leased {
    type Task = Task<Claim>;
    type Error = Infallible;

    fn poll_ready(
        &mut self,
        _: &mut task::Context<'_>,
        _: &WorkerContext,
    ) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn poll_next(
        &mut self,
        cx: &mut task::Context<'_>,
        worker: &WorkerContext,
    ) -> Poll<Option<Result<Task<Claim>, Infallible>>> {
        self.claims.poll_recv(cx).map(|claim| {
            if claim.is_none()
                && let Err(error) = worker.stop()
            {
                // An exhausted backend alone does not end an apalis worker: it has to be stopped as well.
                tracing::error!(%error, "the lane does not stop");
            }
            claim.map(|claim| Ok(Task::new(claim)))
        })
    }

    fn poll_close(
        &mut self,
        _: &mut task::Context<'_>,
        _: &WorkerContext,
    ) -> Poll<Result<(), Infallible>> {
        // Apalis asks only when no call is running, and a call ends with its commit: nothing is left to flush.
        Poll::Ready(Ok(()))
    }
}

impl BackendConfig for Leased {
    type Args = Claim;
    type Id = ApalisId;
    type Kind = Ephemeral;
    type Config = ();
    type Layer = SettleLayer;

    fn config(&self) -> &() {
        &()
    }

    fn middleware(&mut self, _: &mut WorkerContext) -> SettleLayer {
        self.settle.clone()
    }
}
