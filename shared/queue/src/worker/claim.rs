//! Claiming: the one statement that makes a worker the holder of a task.

use std::time::Duration;

use sqlx::PgConnection;

use crate::task::{Hint, Priority, TaskId};

/// How long a claim holds without renewal. A crashed worker's tasks run again after this and a sweep.
pub(crate) const LEASE: Duration = Duration::from_secs(6);

/// A task in this process' hands.
pub(crate) struct Claimed {
    pub(crate) id: TaskId,
    pub(crate) attempt: i32,
    /// Attempts before this one that failed; those that were snoozed or handed back do not count.
    pub(crate) failures: i32,
    pub(crate) payload: String,
    pub(crate) trace_context: Option<String>,
    /// Seconds from due to claimed.
    pub(crate) waited_s: f64,
}

/// Claims those of `ids` that are pending and due. The others are somebody else's, cancelled or early: no loss.
///
/// Of all statements here that touch many rows only the finishing one waits for locks; this and the others skip what is
/// locked. Two that wait could wait for each other.
pub(crate) async fn claim(
    connection: &mut PgConnection,
    worker: &str,
    ids: &[TaskId],
) -> Result<Vec<Claimed>, sqlx::Error> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        Claimed,
        r#"update tasks set status = 'running', version = version + 1, attempt = attempt + 1, worker = $1,
            lease_until = clock_timestamp() + make_interval(secs => $2),
            started_at = clock_timestamp(), progress = null, partial = null
        where id in (select id from tasks
            where id = any($3) and status = 'pending' and run_at <= clock_timestamp() for update skip locked)
        returning id as "id: TaskId", attempt, jsonb_array_length(past_attempts) as "failures!", payload::text as "payload!", trace_context,
            extract(epoch from started_at - run_at)::float8 as "waited_s!""#,
        worker,
        LEASE.as_secs_f64(),
        &ids,
    )
    .fetch_all(connection)
    .await
}

/// What an earlier try claimed for this worker without its hearing of it, because the connection broke meanwhile. May name
/// tasks that it runs already.
pub(crate) async fn unheard(
    connection: &mut PgConnection,
    worker: &str,
    ids: &[TaskId],
) -> Result<Vec<Claimed>, sqlx::Error> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        Claimed,
        r#"select id as "id: TaskId", attempt, jsonb_array_length(past_attempts) as "failures!", payload::text as "payload!", trace_context,
            coalesce(extract(epoch from started_at - run_at), 0)::float8 as "waited_s!"
        from tasks where id = any($2) and status = 'running' and worker = $1"#,
        worker,
        &ids,
    )
    .fetch_all(connection)
    .await
}

/// Of hints that claimed nothing, those that came early, with the time that is left.
pub(crate) async fn early(
    connection: &mut PgConnection,
    ids: &[TaskId],
) -> Result<Vec<Hint>, sqlx::Error> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select id, kind, priority, extract(epoch from run_at - clock_timestamp())::float8 as "left_s!"
        from tasks where id = any($1) and status = 'pending'"#,
        &ids
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Hint {
            id: TaskId(row.id),
            kind: row.kind,
            priority: Priority::from_number(row.priority),
            delay: Duration::from_secs_f64(row.left_s.clamp(0.0, 1e9)),
        })
        .collect())
}

/// The longest waiting due tasks of a kind, straight from the table: for when Redis is away.
pub(crate) async fn waiting(
    connection: &mut PgConnection,
    kind: &str,
    limit: usize,
) -> Result<Vec<TaskId>, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        "select id from tasks where kind = $1 and status = 'pending' and run_at <= clock_timestamp()
        order by priority, run_at limit $2",
        kind,
        limit as i64
    )
    .fetch_all(connection)
    .await?;
    Ok(ids.into_iter().map(TaskId).collect())
}
