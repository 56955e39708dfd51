//! A kind of work with its type forgotten: what the pump, apalis and the settling know of it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::timeout;
use uuid::Uuid;

use crate::bounded::PATIENCE;
use crate::task::TaskId;
use crate::worker::chore::{Chore, DueContext};
use crate::worker::compute::Compute;
use crate::worker::job::{Context, Job, JobError};
use crate::worker::report::Reporter;
use crate::worker::stop::Stop;

/// One kind's lane: its limits and its work.
#[derive(Clone)]
pub(crate) struct Lane {
    pub(crate) kind: &'static str,
    pub(crate) slots: usize,
    pub(crate) timeout: Duration,
    pub(crate) sort: Sort,
}

/// Where its truth lies: in `tasks`, or in an area's own rows.
#[derive(Clone)]
pub(crate) enum Sort {
    Recorded(Work),
    Due(DueWork),
}

/// Takes a payload, gives the output as JSON.
pub(crate) type Work =
    Arc<dyn Fn(Attempt) -> BoxFuture<'static, Result<Option<String>, JobError>> + Send + Sync>;

/// One attempt at one task.
pub(crate) struct Attempt {
    pub(crate) id: TaskId,
    pub(crate) number: i32,
    pub(crate) payload: String,
    pub(crate) stop: Stop,
    pub(crate) report: Reporter,
}

/// Takes ids, and says which there are.
#[derive(Clone)]
pub(crate) struct DueWork {
    pub(crate) batch: usize,
    pub(crate) run: Run,
    overdue: Ask,
}

type Run = Arc<dyn Fn(Vec<Uuid>, Stop) -> BoxFuture<'static, Result<(), JobError>> + Send + Sync>;
type Ask = Arc<dyn Fn(usize) -> BoxFuture<'static, anyhow::Result<Vec<Uuid>>> + Send + Sync>;

impl DueWork {
    /// What is overdue; nothing when that cannot be told now.
    pub(crate) async fn ask(&self, kind: &'static str, limit: usize) -> Vec<Uuid> {
        // A task of its own: should the area's code panic, its asker lives.
        let asked = tokio::spawn(timeout(PATIENCE, (self.overdue)(limit)));
        match asked.await {
            Ok(Ok(Ok(ids))) => ids,
            Ok(Ok(Err(error))) => {
                tracing::debug!(
                    queue.kind = kind,
                    error = format!("{error:#}"),
                    "what is overdue cannot be told"
                );
                Vec::new()
            }
            Ok(Err(_)) => {
                tracing::warn!(queue.kind = kind, "what is overdue was not told in time");
                Vec::new()
            }
            Err(error) => {
                tracing::error!(queue.kind = kind, %error, "asking what is overdue panicked");
                Vec::new()
            }
        }
    }
}

impl Lane {
    pub(crate) fn recorded<J: Job<App>, App: Send + Sync + 'static>(
        app: &Arc<App>,
        compute: &Compute,
    ) -> Self {
        let app = Arc::clone(app);
        let pool = compute.pool(J::WORKLOAD);
        let work = move |attempt: Attempt| -> BoxFuture<'static, Result<Option<String>, JobError>> {
            let context = Context {
                app: Arc::clone(&app),
                id: attempt.id,
                attempt: attempt.number.cast_unsigned(),
                report: attempt.report,
                pool: pool.clone(),
            };
            Box::pin(async move {
                let job: J = serde_json::from_str(&attempt.payload)
                    .map_err(|error| JobError::Refused(format!("INVALID_PAYLOAD: {error}")))?;
                let output = job.run(context, attempt.stop).await?;
                serde_json::to_string(&output)
                    .map(Some)
                    .map_err(|error| JobError::Refused(format!("INVALID_RESULT: {error}")))
            })
        };
        Self {
            kind: J::KIND,
            slots: J::CONCURRENCY,
            timeout: J::TIMEOUT,
            sort: Sort::Recorded(Arc::new(work)),
        }
    }

    pub(crate) fn due<C: Chore<App>, App: Send + Sync + 'static>(
        app: &Arc<App>,
        compute: &Compute,
    ) -> Self {
        let pool = compute.pool(C::WORKLOAD);
        let runner = Arc::clone(app);
        let run = move |ids, stop| -> BoxFuture<'static, Result<(), JobError>> {
            let context = DueContext {
                app: Arc::clone(&runner),
                pool: pool.clone(),
            };
            Box::pin(C::run(ids, context, stop))
        };
        let app = Arc::clone(app);
        let overdue = move |limit| -> BoxFuture<'static, anyhow::Result<Vec<Uuid>>> {
            let app = Arc::clone(&app);
            Box::pin(async move { C::overdue(&app, limit).await })
        };
        Self {
            kind: C::KIND,
            slots: C::CONCURRENCY,
            timeout: C::TIMEOUT,
            sort: Sort::Due(DueWork {
                batch: C::BATCH.max(1),
                run: Arc::new(run),
                overdue: Arc::new(overdue),
            }),
        }
    }
}

/// A job that panicked; the text is for the operator's log and the task's error.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Panicked(pub(crate) String);

/// For apalis' panic layer.
pub(crate) fn panicked(panic: &Box<dyn std::any::Any + Send>) -> Panicked {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    Panicked(text.unwrap_or_else(|| "panic without a message".to_owned()))
}
