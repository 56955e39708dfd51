//! Another round for a task that failed or was cancelled.

use std::time::Duration;

use crate::bounded::{PATIENCE, bounded};
use crate::queue::{Queue, QueueError};
use crate::task::{Hint, Priority, Status, TaskId};

/// What the request met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    Pending,
    /// Only a failed or cancelled task can be tried again.
    Not(Status),
}

impl Queue {
    /// Puts the task back with as many tries as it had at first. `None` when there is no such task.
    ///
    /// # Errors
    /// When Postgres is away.
    pub async fn again(&self, id: TaskId, attempts: u32) -> Result<Option<Again>, QueueError> {
        let query = sqlx::query!(
            "update tasks set status = 'pending', version = version + 1, cancel_requested = false,
                max_attempts = attempt + $2, run_at = clock_timestamp(), completed_at = null, progress = null, partial = null,
                result = null, error = null,
                past_attempts = past_attempts || jsonb_build_object('attempt', attempt, 'worker', worker,
                    'ended_at', extract(epoch from completed_at), 'error', coalesce(error, status))
            where id = $1 and status in ('failed', 'cancelled')
            returning kind, priority",
            id.0,
            attempts.cast_signed()
        );
        let changed = bounded(&self.inner.pool, PATIENCE, async |connection| {
            query.fetch_optional(connection).await
        });
        let Some(row) = changed.await? else {
            return Ok(self.get(id).await?.map(|task| Again::Not(task.status)));
        };
        self.inner.ringer.changed(vec![id]);
        let priority = Priority::from_number(row.priority);
        self.ring(vec![Hint {
            id,
            kind: row.kind,
            priority,
            delay: Duration::ZERO,
        }]);
        Ok(Some(Again::Pending))
    }
}
