//! Our apalis backend: hands pieces of work to an apalis worker and settles what comes back.
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

use crate::worker::piece::Piece;
use crate::worker::settle::SettleLayer;

/// Pieces arrive only for free slots, so nothing lies here unstarted and unrenewed. When the pump ends, this ends; apalis
/// then waits for what runs.
pub(crate) struct Fed {
    pieces: mpsc::Receiver<Piece>,
    settle: SettleLayer,
}

impl Fed {
    pub(crate) fn new(pieces: mpsc::Receiver<Piece>, settle: SettleLayer) -> Self {
        Self { pieces, settle }
    }
}

impl Backend for Fed {
    type Task = Task<Piece>;
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
    ) -> Poll<Option<Result<Task<Piece>, Infallible>>> {
        self.pieces.poll_recv(cx).map(|piece| {
            if piece.is_none()
                && let Err(error) = worker.stop()
            {
                // An exhausted backend alone does not end an apalis worker: it has to be stopped as well.
                tracing::error!(%error, "the lane does not stop");
            }
            piece.map(|piece| Ok(Task::new(piece)))
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

impl BackendConfig for Fed {
    type Args = Piece;
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
