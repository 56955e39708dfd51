//! The end of a piece of work. A tower layer, the outermost of a lane, so that it sees results, errors, time limits and
//! panics alike. The slot is free when the piece is settled.

use std::task::{self, Poll};

use apalis_core::error::BoxDynError;
use apalis_core::task::Task;
use futures_util::future::BoxFuture;
use tokio::time::Instant;
use tower::{Layer, Service};

use crate::worker::piece::Piece;

#[derive(Clone)]
pub(crate) struct SettleLayer {
    pub(crate) kind: &'static str,
}

impl<S> Layer<S> for SettleLayer {
    type Service = Settle<S>;

    fn layer(&self, inner: S) -> Settle<S> {
        Settle {
            inner,
            kind: self.kind,
        }
    }
}

pub(crate) struct Settle<S> {
    inner: S,
    kind: &'static str,
}

impl<S> Service<Task<Piece>> for Settle<S>
where
    S: Service<Task<Piece>, Response = Option<String>>,
    S::Error: Into<BoxDynError>,
    S::Future: Send + 'static,
{
    type Response = ();
    type Error = BoxDynError;
    type Future = BoxFuture<'static, Result<(), BoxDynError>>;

    fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), BoxDynError>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, mut task: Task<Piece>) -> Self::Future {
        let end = task.args.end.take();
        let kind = self.kind;
        let started = Instant::now();
        let run = self.inner.call(task);
        // A task of its own: jobs use all cores, and none is dropped half-way should apalis drop its worker.
        let settled = tokio::spawn(async move {
            let returned = run.await.map_err(Into::into);
            metrics::histogram!("job_duration_seconds", "kind" => kind)
                .record(started.elapsed().as_secs_f64());
            if let Some(end) = end {
                end(returned).await;
            }
        });
        Box::pin(async move { settled.await.map_err(Into::into) })
    }
}
