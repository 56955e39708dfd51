//! The end of an attempt: what the job returned becomes the row's next state. A tower layer, the outermost of a lane, so
//! that it sees results, errors, time limits and panics alike. The slot is free when the commit is done.

use std::sync::Arc;
use std::task::{self, Poll};
use std::time::Duration;

use apalis_core::error::BoxDynError;
use apalis_core::task::Task;
use futures_util::future::BoxFuture;
use tokio::time::Instant;
use tower::timeout::error::Elapsed;
use tower::{Layer, Service};

use crate::worker::claim::Claim;
use crate::worker::commit::{Committer, Ending, Outcome};
use crate::worker::held::Held;
use crate::worker::job::JobError;
use crate::worker::lane::Panicked;
use crate::worker::report::Board;
use crate::worker::stop::{Reason, Stop};

#[derive(Clone)]
pub(crate) struct SettleLayer {
    pub(crate) kind: &'static str,
    pub(crate) committer: Committer,
    pub(crate) held: Held,
    pub(crate) board: Board,
}

impl<S> Layer<S> for SettleLayer {
    type Service = Settle<S>;

    fn layer(&self, inner: S) -> Settle<S> {
        Settle {
            inner,
            layer: self.clone(),
        }
    }
}

pub(crate) struct Settle<S> {
    inner: S,
    layer: SettleLayer,
}

impl<S> Service<Task<Claim>> for Settle<S>
where
    S: Service<Task<Claim>, Response = String>,
    S::Error: Into<BoxDynError>,
    S::Future: Send + 'static,
{
    type Response = ();
    type Error = BoxDynError;
    type Future = BoxFuture<'static, Result<(), BoxDynError>>;

    fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), BoxDynError>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, task: Task<Claim>) -> Self::Future {
        let (id, attempt) = (task.args.id, task.args.attempt);
        let failures = task.args.failures;
        let stop = task.args.stop.clone();
        let slot = Arc::clone(&task.args.slot);
        let layer = self.layer.clone();
        let started = Instant::now();
        let run = self.inner.call(task);
        // A task of its own: jobs use all cores, and none is dropped half-way should apalis drop its worker.
        let settled = tokio::spawn(async move {
            let returned = run.await.map_err(Into::into);
            metrics::histogram!("job_duration_seconds", "kind" => layer.kind)
                .record(started.elapsed().as_secs_f64());
            layer.board.forget(id, attempt);
            if let Some(ending) = ending(returned, &stop, failures) {
                layer
                    .committer
                    .commit(Outcome {
                        id,
                        attempt,
                        kind: layer.kind,
                        ending,
                    })
                    .await;
            }
            layer.held.remove(id, attempt);
            drop(slot);
        });
        Box::pin(async move { settled.await.map_err(Into::into) })
    }
}

/// `None`: the task is not ours any more, nothing is to be said.
fn ending(returned: Result<String, BoxDynError>, stop: &Stop, failures: i32) -> Option<Ending> {
    let error = match returned {
        // A job that was asked to leave may have returned less than it would have found.
        Ok(_) if stop.reason() == Some(Reason::Draining) => return Some(Ending::Release),
        Ok(_) if stop.reason() == Some(Reason::Lost) => return None,
        Ok(result) => return Some(Ending::Completed(Some(result))),
        Err(error) => error,
    };
    if error.is::<Elapsed>() {
        return Some(Ending::Failed(
            "TimeoutError: computation exceeded limit".to_owned(),
        ));
    }
    match stop.reason() {
        // The row knows of the request and makes this `cancelled`.
        Some(Reason::Cancelled) => return Some(Ending::Completed(None)),
        Some(Reason::Draining) => return Some(Ending::Release),
        Some(Reason::Lost) => return None,
        None => {}
    }
    Some(match error.downcast::<JobError>() {
        Ok(error) => from_job(*error, failures),
        Err(error) => {
            if let Some(Panicked(text)) = error.downcast_ref() {
                tracing::error!(panic = %text, "the job panicked");
            } else {
                tracing::error!(%error, "the job ended in an unknown way");
            }
            Ending::Retry {
                error: "InternalError: the job crashed".to_owned(),
                delay: backoff(failures),
            }
        }
    })
}

fn from_job(error: JobError, failures: i32) -> Ending {
    match error {
        JobError::Retry(error) => {
            tracing::warn!(error = format!("{error:#}"), "the attempt failed");
            // Only the outermost context is for the client.
            Ending::Retry {
                error: error.to_string(),
                delay: backoff(failures),
            }
        }
        JobError::Refused(error) => Ending::Failed(error),
        JobError::Snooze(delay) => Ending::Snooze(delay),
        JobError::Stopped => Ending::Retry {
            error: "InternalError: the job stopped unasked".to_owned(),
            delay: backoff(failures),
        },
    }
}

/// 1 s, 2 s, 4 s … at most 5 min, spread by a quarter so that what failed together does not return together.
fn backoff(failures: i32) -> Duration {
    let delay = Duration::from_secs(1 << failures.clamp(0, 9)).min(Duration::from_secs(300));
    delay.mul_f64(rand::random_range(0.75..1.25))
}
