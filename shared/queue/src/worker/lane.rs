//! A kind of job with its type forgotten: what the backend, apalis and the settling know of it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::task::TaskId;
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
    pub(crate) work: Work,
}

/// Takes a payload, gives the output as JSON.
pub(crate) type Work =
    Arc<dyn Fn(Attempt) -> BoxFuture<'static, Result<String, JobError>> + Send + Sync>;

/// One attempt at one task.
pub(crate) struct Attempt {
    pub(crate) id: TaskId,
    pub(crate) number: i32,
    pub(crate) payload: String,
    pub(crate) stop: Stop,
    pub(crate) report: Reporter,
}

impl Lane {
    pub(crate) fn of<J: Job<App>, App: Send + Sync + 'static>(
        app: &Arc<App>,
        compute: &Compute,
    ) -> Self {
        let app = Arc::clone(app);
        let pool = compute.pool(J::WORKLOAD);
        let work = move |attempt: Attempt| -> BoxFuture<'static, Result<String, JobError>> {
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
                    .map_err(|error| JobError::Refused(format!("INVALID_RESULT: {error}")))
            })
        };
        Self {
            kind: J::KIND,
            slots: J::CONCURRENCY,
            timeout: J::TIMEOUT,
            work: Arc::new(work),
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
