//! Reading tasks: one, many, and how many wait.

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use sqlx::types::Json;

use crate::bounded::{PATIENCE, bounded};
use crate::queue::{Queue, QueueError};
use crate::task::{Priority, Status, TaskId};

/// JSON as it was stored, unread.
pub type Raw = Json<Box<RawValue>>;

/// A task's row as people and clients see it.
#[derive(Debug, Clone)]
pub struct Record {
    pub id: TaskId,
    pub kind: String,
    pub owner: String,
    pub subject: Option<String>,
    pub payload: Raw,
    pub priority: Priority,
    pub status: Status,
    /// Grows with every change that a reader can see.
    pub version: i64,
    pub attempt: i32,
    pub max_attempts: i32,
    pub run_at: DateTime<Utc>,
    pub cancel_requested: bool,
    pub progress: Option<Raw>,
    pub partial: Option<Raw>,
    pub result: Option<Raw>,
    pub error: Option<String>,
    /// Attempts that did not settle the task: `[{attempt, worker, ended_at, error}]`, oldest first.
    pub past_attempts: Raw,
    pub worker: Option<String>,
    pub trace_context: Option<String>,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub completed_at: Option<DateTime<Utc>>,
}

/// Which tasks to list, newest first.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub owner: Option<String>,
    pub kind: Option<String>,
    pub status: Option<Status>,
    pub subject: Option<String>,
    /// Only tasks older than this one: the last of the page before.
    pub before: Option<TaskId>,
    pub limit: u32,
}

/// How many tasks of a kind stand in a status.
#[derive(Debug, Clone)]
pub struct Depth {
    pub kind: String,
    pub status: Status,
    pub count: i64,
    /// Seconds since the oldest of them was due (pending) or started (running).
    pub oldest_age_s: f64,
}

impl Queue {
    /// # Errors
    /// When Postgres is away.
    pub async fn get(&self, id: TaskId) -> Result<Option<Record>, QueueError> {
        let query = sqlx::query_as!(
            Row,
            r#"select id, kind, owner, subject, payload as "payload: Raw", priority, status as "status: Status", version,
                attempt, max_attempts, run_at, cancel_requested, progress as "progress: Raw", partial as "partial: Raw",
                result as "result: Raw", error, past_attempts as "past_attempts: Raw", worker, trace_context,
                created_at, started_at, completed_at
            from tasks where id = $1"#,
            id.0
        );
        let row = bounded(&self.inner.pool, PATIENCE, async |connection| {
            query.fetch_optional(connection).await
        });
        Ok(row.await?.map(Record::from))
    }

    /// # Errors
    /// When Postgres is away.
    pub async fn list(&self, filter: &Filter) -> Result<Vec<Record>, QueueError> {
        let query = sqlx::query_as!(
            Row,
            r#"select id, kind, owner, subject, payload as "payload: Raw", priority, status as "status: Status", version,
                attempt, max_attempts, run_at, cancel_requested, progress as "progress: Raw", partial as "partial: Raw",
                result as "result: Raw", error, past_attempts as "past_attempts: Raw", worker, trace_context,
                created_at, started_at, completed_at
            from tasks
            where ($1::text is null or owner = $1) and ($2::text is null or kind = $2)
                and ($3::text is null or status = $3) and ($4::text is null or subject = $4)
                and ($5::uuid is null or id < $5)
            order by id desc limit $6"#,
            filter.owner,
            filter.kind,
            filter.status.map(Status::as_str),
            filter.subject,
            filter.before.map(|id| id.0),
            i64::from(filter.limit)
        );
        let rows = bounded(&self.inner.pool, PATIENCE, async |connection| {
            query.fetch_all(connection).await
        });
        Ok(rows.await?.into_iter().map(Record::from).collect())
    }

    /// Unfinished tasks by kind and status.
    ///
    /// # Errors
    /// When Postgres is away.
    pub async fn depths(&self) -> Result<Vec<Depth>, QueueError> {
        let query = sqlx::query_as!(
            Depth,
            r#"select kind, status as "status: Status", count(*) as "count!",
                extract(epoch from clock_timestamp() - min(case status when 'running' then started_at else run_at end))::float8
                    as "oldest_age_s!"
            from tasks where status in ('pending', 'running') group by kind, status"#
        );
        let depths = bounded(&self.inner.pool, PATIENCE, async |connection| {
            query.fetch_all(connection).await
        });
        Ok(depths.await?)
    }
}

/// The row with the column types that sqlx checks; `Record` has ours.
struct Row {
    id: uuid::Uuid,
    kind: String,
    owner: String,
    subject: Option<String>,
    payload: Raw,
    priority: i16,
    status: Status,
    version: i64,
    attempt: i32,
    max_attempts: i32,
    run_at: DateTime<Utc>,
    cancel_requested: bool,
    progress: Option<Raw>,
    partial: Option<Raw>,
    result: Option<Raw>,
    error: Option<String>,
    past_attempts: Raw,
    worker: Option<String>,
    trace_context: Option<String>,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    completed_at: Option<DateTime<Utc>>,
}

impl From<Row> for Record {
    fn from(row: Row) -> Self {
        Self {
            id: TaskId(row.id),
            kind: row.kind,
            owner: row.owner,
            subject: row.subject,
            payload: row.payload,
            priority: Priority::from_number(row.priority),
            status: row.status,
            version: row.version,
            attempt: row.attempt,
            max_attempts: row.max_attempts,
            run_at: row.run_at,
            cancel_requested: row.cancel_requested,
            progress: row.progress,
            partial: row.partial,
            result: row.result,
            error: row.error,
            past_attempts: row.past_attempts,
            worker: row.worker,
            trace_context: row.trace_context,
            created_at: row.created_at,
            started_at: row.started_at,
            completed_at: row.completed_at,
        }
    }
}
