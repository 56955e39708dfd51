//! `GET /api/tasks/{task_id}` and its attempts: one task, now or as soon as there is news.

use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use rookery_queue::{Record, Until};
use rookery_shared::{Store, StoreError};

use super::view::unix_seconds;
use super::{Patience, Tag, TaskMissing, TaskView, missing, parse_id, waited};
use crate::errors::{Fail, Problem};
use crate::platform::drain::Drain;

pub struct Look {
    store: Store,
    drain: Drain,
}

#[derive(ApiResponse)]
#[expect(
    clippy::large_enum_variant,
    reason = "made once per request and at once turned into the answer"
)]
enum Looked {
    /// The task as it is now.
    #[oai(status = 200)]
    Task(
        Json<TaskView>,
        /// The task's version, for `If-None-Match`.
        #[oai(header = "ETag")]
        String,
        /// The wait that was granted.
        #[oai(header = "Preference-Applied")]
        Option<String>,
    ),
    /// Nothing has changed since the version in `If-None-Match`.
    #[oai(status = 304)]
    Unchanged(
        /// The task's version.
        #[oai(header = "ETag")]
        String,
    ),
}

/// One try.
#[derive(Object)]
#[oai(example)]
struct Attempt {
    /// 1 for the first.
    attempt: i32,
    /// The process that ran it.
    worker: Option<String>,
    /// Unix seconds; known of the latest try.
    started_at: Option<f64>,
    /// Unix seconds; of a running try null.
    ended_at: Option<f64>,
    /// Why it ended without a result.
    error: Option<String>,
}

impl Example for Attempt {
    fn example() -> Self {
        Self {
            attempt: 1,
            worker: Some("4711-0b54d9a1f3e24d6c8f6e6a4c2c1d9e11".to_owned()),
            started_at: None,
            ended_at: Some(1_706_500_006.4),
            error: Some("WorkerLost: the process running this task died".to_owned()),
        }
    }
}

#[OpenApi]
impl Look {
    pub(super) fn new(store: Store, drain: Drain) -> Self {
        Self { store, drain }
    }

    /// Look at a task
    ///
    /// With `wait` (or `Prefer: wait=n`) the answer comes as soon as the task has ended, at the latest after so many seconds. With
    /// `If-None-Match` as well it comes as soon as anything is new, and is 304 when nothing is.
    #[oai(
        path = "/api/tasks/:task_id",
        method = "get",
        tag = "Tag::Tasks",
        operation_id = "get_task"
    )]
    async fn get_task(
        &self,
        /// The task's id.
        task_id: Path<String>,
        /// Seconds to wait for the task's end.
        #[oai(validator(maximum(value = "60")))]
        wait: Query<Option<u64>>,
        /// `wait=n`: as the parameter, but more than 60 is cut instead of refused.
        #[oai(name = "Prefer")]
        prefer: Header<Option<String>>,
        /// An `ETag` that the client has seen.
        #[oai(name = "If-None-Match")]
        seen: Header<Option<String>>,
    ) -> Result<Looked, Fail<TaskMissing>> {
        let patience = Patience::asked(wait.0, prefer.0.as_deref());
        let seen = seen.0.as_deref().and_then(version);
        let until = seen.map_or(Until::Final, Until::NewerThan);
        let found = waited(
            (&self.store, &self.drain),
            parse_id(&task_id)?,
            until,
            patience,
        )
        .await?;
        let task = found.ok_or_else(|| missing(&task_id))?;
        if seen == Some(task.version) {
            return Ok(Looked::Unchanged(etag(&task)));
        }
        Ok(Looked::Task(
            Json(TaskView::of(&task)),
            etag(&task),
            patience.applied(),
        ))
    }

    /// List a task's attempts
    ///
    /// Oldest first: those that ended without settling the task, then the latest.
    #[oai(
        path = "/api/tasks/:task_id/attempts",
        method = "get",
        tag = "Tag::Tasks",
        operation_id = "list_task_attempts"
    )]
    async fn attempts(
        &self,
        /// The task's id.
        task_id: Path<String>,
    ) -> Result<Json<Vec<Attempt>>, Fail<TaskMissing>> {
        let found = self
            .store
            .queue
            .get(parse_id(&task_id)?)
            .await
            .map_err(StoreError::from)?;
        let task = found.ok_or_else(|| missing(&task_id))?;
        Ok(Json(Attempt::all(&task)?))
    }
}

impl Attempt {
    fn all(task: &Record) -> Result<Vec<Self>, Problem> {
        let past: Vec<Past> =
            serde_json::from_str(task.past_attempts.get()).map_err(Problem::internal)?;
        let mut attempts: Vec<Self> = past.into_iter().map(Self::from).collect();
        let told = attempts
            .last()
            .is_some_and(|last| last.attempt >= task.attempt);
        if task.attempt > 0 && !told {
            attempts.push(Self {
                attempt: task.attempt,
                worker: task.worker.clone(),
                started_at: task.started_at.map(unix_seconds),
                ended_at: task.completed_at.map(unix_seconds),
                error: task.error.clone(),
            });
        }
        Ok(attempts)
    }
}

/// As the core stores it.
#[derive(serde::Deserialize)]
struct Past {
    attempt: i32,
    worker: Option<String>,
    ended_at: Option<f64>,
    error: Option<String>,
}

impl From<Past> for Attempt {
    fn from(past: Past) -> Self {
        Self {
            attempt: past.attempt,
            worker: past.worker,
            started_at: None,
            ended_at: past.ended_at,
            error: past.error,
        }
    }
}

/// Weak: compression changes the bytes and not what they say.
fn etag(task: &Record) -> String {
    format!("W/\"{}\"", task.version)
}

/// The newest of the versions in an `If-None-Match`.
fn version(header: &str) -> Option<i64> {
    let tags = header
        .split(',')
        .map(|tag| tag.trim().trim_start_matches("W/").trim_matches('"'));
    tags.filter_map(|tag| tag.parse().ok()).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_weak_strong_and_foreign_tags() {
        assert_eq!(version("W/\"3\""), Some(3));
        assert_eq!(version("\"3\", W/\"12\""), Some(12));
        assert_eq!(version("*"), None);
        assert_eq!(version("\"v1-abc\""), None);
    }
}
