//! Waiting for a task without asking all the time.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::hub::Subscription;
use crate::queue::{Queue, QueueError};
use crate::read::Record;
use crate::task::TaskId;

/// What a waiter waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    Final,
    /// Any state newer than this version (or final).
    NewerThan(i64),
}

impl Until {
    /// Whether the task is so by now.
    pub fn holds(self, task: &Record) -> bool {
        match self {
            Self::Final => task.status.is_final(),
            Self::NewerThan(version) => task.version > version || task.status.is_final(),
        }
    }
}

/// A waiter looks at the row this often even if nobody wakes it: Redis may be away.
const LOOK: Duration = Duration::from_secs(1);

impl Queue {
    /// The task as soon as it is so, or as it stands after `patience`. `None` when there is no such task.
    ///
    /// # Errors
    /// When Postgres is away.
    pub async fn wait(
        &self,
        id: TaskId,
        until: Until,
        patience: Duration,
    ) -> Result<Option<Record>, QueueError> {
        let deadline = Instant::now() + patience;
        let Some(task) = self.get(id).await? else {
            return Ok(None);
        };
        if until.holds(&task) || patience.is_zero() {
            return Ok(Some(task));
        }
        let mut watch = self.watch(id).await;
        watch.until(until, deadline).await
    }

    /// Follows a task's changes.
    pub async fn watch(&self, id: TaskId) -> Watch {
        Watch {
            queue: self.clone(),
            id,
            subscription: self.inner.hub.watch(self.inner.keys.changed(id)).await,
        }
    }
}

/// Follows one task.
pub struct Watch {
    queue: Queue,
    id: TaskId,
    subscription: Subscription,
}

impl Watch {
    /// The task as soon as it is so, or as it stands at the deadline. States between two looks are skipped: every
    /// answer is the whole task as it is now.
    ///
    /// # Errors
    /// When Postgres is away.
    pub async fn until(
        &mut self,
        until: Until,
        deadline: Instant,
    ) -> Result<Option<Record>, QueueError> {
        loop {
            let Some(task) = self.queue.get(self.id).await? else {
                return Ok(None);
            };
            if until.holds(&task) || Instant::now() >= deadline {
                return Ok(Some(task));
            }
            self.woken(deadline.min(Instant::now() + LOOK)).await;
        }
    }

    async fn woken(&self, deadline: Instant) {
        // Woken or timed out: in either case the row is looked at.
        let _look = timeout_at(deadline, self.subscription.heard()).await;
    }
}
