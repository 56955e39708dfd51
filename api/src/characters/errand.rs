//! Work that a request waits for: ordered as a task, waited for here, given up when it takes too long.

use std::time::Duration;

use anyhow::anyhow;
use poem::http::StatusCode;
use rookery_queue::{NewTask, Priority, Record, Status, Task, TaskId, Until, Watch};
use rookery_shared::StoreError;
use rookery_shared::characters::Characters as Cast;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use crate::edge::trace::TraceContext;
use crate::errors::Problem;

/// A task that is not sent yet, and the watch that will see it end.
pub(super) struct Errand {
    cast: Cast,
    task: Option<NewTask>,
    id: TaskId,
    watch: Watch,
}

/// `(owner, subject)`: for people who look through the tasks. Watched before it is sent, so that its end cannot be missed.
pub(super) async fn errand<T: Task>(
    cast: &Cast,
    work: &T,
    (owner, subject): (&str, &str),
    trace: &TraceContext,
) -> Result<Errand, Problem> {
    let task = NewTask::of(work).map_err(Problem::internal)?;
    let task = task
        .owner(owner)
        .subject(subject)
        .priority(Priority::High)
        .trace_context(Some(trace.to_string()));
    let id = task.id();
    Ok(Errand {
        watch: cast.store().queue.watch(id).await,
        cast: cast.clone(),
        task: Some(task),
        id,
    })
}

impl Errand {
    /// For a task that was recorded with something else and is not rung for yet.
    pub(super) async fn recorded(cast: &Cast, id: TaskId) -> Self {
        Self {
            watch: cast.store().queue.watch(id).await,
            cast: cast.clone(),
            task: None,
            id,
        }
    }

    pub(super) fn id(&self) -> TaskId {
        self.id
    }

    /// Durable when this returns.
    pub(super) async fn send(mut self) -> Result<Record, Problem> {
        self.submit().await?;
        let task = self.cast.store().queue.get(self.id).await;
        let task = task.map_err(StoreError::from)?;
        task.ok_or_else(|| Problem::internal(anyhow!("a task is gone as soon as it was sent")))
    }

    /// Sends it and waits.
    pub(super) async fn done<R: DeserializeOwned>(
        mut self,
        patience: Duration,
    ) -> Result<R, Problem> {
        self.outcome(Instant::now() + patience).await
    }

    /// The same, as often as it takes: may be dropped and asked again.
    pub(super) async fn outcome<R: DeserializeOwned>(
        &mut self,
        deadline: Instant,
    ) -> Result<R, Problem> {
        self.submit().await?;
        let task = self.watch.until(Until::Final, deadline).await;
        let task = task.map_err(StoreError::from)?;
        let task =
            task.ok_or_else(|| Problem::internal(anyhow!("a task is gone before its end")))?;
        match task.status {
            Status::Completed => {
                let result = task.result.as_ref().map_or("null", |result| result.0.get());
                serde_json::from_str(result).map_err(Problem::internal)
            }
            Status::Failed | Status::Cancelled => Err(failure(task.error.as_deref())),
            Status::Pending | Status::Running => {
                // Nobody waits for it any more.
                let given_up = self.cast.store().queue.cancel(self.id).await;
                given_up.map_err(StoreError::from)?;
                Err(timeout())
            }
        }
    }

    async fn submit(&mut self) -> Result<(), Problem> {
        if let Some(task) = self.task.take() {
            let sent = self.cast.store().queue.submit(task).await;
            sent.map_err(StoreError::from)?;
        }
        Ok(())
    }
}

fn timeout() -> Problem {
    coded(
        StatusCode::REQUEST_TIMEOUT,
        "TIMEOUT_ERROR",
        "The answer took too long",
    )
}

/// What a job refused with, `CODE: message`, as the contract's statuses have it.
fn failure(error: Option<&str>) -> Problem {
    let error = error.unwrap_or("INFERENCE_ERROR: it was given up");
    let (code, text) = error.split_once(": ").unwrap_or(("INFERENCE_ERROR", error));
    match code {
        "TIMEOUT_ERROR" => coded(StatusCode::REQUEST_TIMEOUT, "TIMEOUT_ERROR", text),
        "RATE_LIMIT_ERROR" => coded(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMIT_ERROR", text),
        "NOT_FOUND" => coded(StatusCode::NOT_FOUND, "NOT_FOUND", text),
        "INFERENCE_ERROR" => coded(StatusCode::INTERNAL_SERVER_ERROR, "INFERENCE_ERROR", text),
        _ => Problem::internal(anyhow!("a task failed: {error}")),
    }
}

fn coded(status: StatusCode, code: &'static str, text: &str) -> Problem {
    Problem {
        code: code.into(),
        ..Problem::new(status, text)
    }
}
