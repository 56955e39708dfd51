//! Where long runs stood, so that the next attempt goes on from there.

use std::time::Duration;

use rookery_queue::TaskId;

use crate::{Store, StoreError};

/// Larger states are not kept.
pub const MAX_STATE_BYTES: usize = 64 << 20;

/// What an attempt before kept last.
///
/// # Errors
/// When Postgres is away.
pub async fn kept(store: &Store, task: TaskId) -> Result<Option<Vec<u8>>, StoreError> {
    let state = sqlx::query_scalar!(
        "select state from theory_checkpoints where task_id = $1",
        task.0
    );
    Ok(state.fetch_optional(&store.pool).await?)
}

/// Keeps the state of a running attempt; of one that has lost its task, nothing.
///
/// # Errors
/// When Postgres is away.
pub async fn keep(
    store: &Store,
    task: TaskId,
    attempt: u32,
    state: &[u8],
) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into theory_checkpoints (task_id, state)
        select id, $3 from tasks where id = $1 and attempt = $2 and status = 'running'
        on conflict (task_id) do update set state = excluded.state, kept_at = clock_timestamp()",
        task.0,
        attempt.cast_signed(),
        state,
    )
    .execute(&store.pool)
    .await?;
    Ok(())
}

/// Forgets the states of tasks that are done, and of those given up longer ago than this. Returns how many.
///
/// # Errors
/// When Postgres is away.
pub async fn forget_checkpoints(store: &Store, keep: Duration) -> Result<u64, StoreError> {
    let done = sqlx::query!(
        "delete from theory_checkpoints c using tasks t where t.id = c.task_id
            and (t.status = 'completed'
                or t.status in ('failed', 'cancelled') and t.completed_at < clock_timestamp() - make_interval(secs => $1))",
        keep.as_secs_f64()
    )
    .execute(&store.pool)
    .await?;
    Ok(done.rows_affected())
}
