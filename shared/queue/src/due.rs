//! Due work: what has its truth in a row of its own area (a deadline, a turn, an outbox) and only an alarm here.

use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

use crate::queue::Queue;
use crate::task::Priority;

/// A kind of due work: what it is, not how it is done; the doing is a `Chore` in the worker. Ids are those of the area's rows:
/// a game, a character, an outbox message.
pub trait Due: Send + 'static {
    /// Name of the queue, for example `chess.clock`. It stands in Redis: never renamed while alarms are set.
    const KIND: &'static str;
}

/// Kinds have lanes of their own, so that nothing is gained by priorities within one.
pub(crate) const DUE_PRIORITY: Priority = Priority::Normal;

impl Queue {
    /// Rings for this id after `delay`, never before it; with no delay at once. There is one alarm per kind and id: this one
    /// replaces the earlier. Call it after the commit. Never waits; when Redis is away the alarm is lost and
    /// the sweep asks the area.
    pub fn arm<D: Due>(&self, id: Uuid, delay: Duration) {
        self.inner.ringer.arm(D::KIND, id, Instant::now() + delay);
    }

    /// Takes the alarm back, best effort: it may ring all the same.
    pub fn disarm<D: Due>(&self, id: Uuid) {
        self.inner.ringer.disarm(D::KIND, id);
    }
}
