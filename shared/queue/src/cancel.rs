//! Cancelling: at once while pending, by request while running.

use crate::bounded::{PATIENCE, bounded};
use crate::queue::{Queue, QueueError};
use crate::task::{Status, TaskId};

/// What a cancel request met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelled {
    /// It never ran and never will.
    AtOnce,
    /// It runs; its worker has been told and will end it `cancelled`.
    Requested,
    /// Too late: it had already ended.
    AlreadyFinal(Status),
}

impl Queue {
    /// `None` when there is no such task.
    ///
    /// # Errors
    /// When Postgres is away.
    pub async fn cancel(&self, id: TaskId) -> Result<Option<Cancelled>, QueueError> {
        let query = sqlx::query_scalar!(
            r#"update tasks set cancel_requested = true, version = version + 1,
                status = case status when 'pending' then 'cancelled' else status end,
                completed_at = case status when 'pending' then clock_timestamp() end
            where id = $1 and status in ('pending', 'running')
            returning status as "status: Status""#,
            id.0
        );
        let changed = bounded(&self.inner.pool, PATIENCE, async |connection| {
            query.fetch_optional(connection).await
        });
        let Some(status) = changed.await? else {
            return Ok(self
                .get(id)
                .await?
                .map(|task| Cancelled::AlreadyFinal(task.status)));
        };
        self.inner.ringer.changed(vec![id]);
        if status == Status::Running {
            self.inner.ringer.cancel_requested();
            return Ok(Some(Cancelled::Requested));
        }
        Ok(Some(Cancelled::AtOnce))
    }
}
