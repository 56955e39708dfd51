//! Names of the Redis keys and channels of one installation, and the form of a hint in them.

use uuid::Uuid;

use crate::task::{Priority, TaskId};

/// All keys start with the installation's prefix, so that several may share one Redis.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    prefix: String,
}

impl Keys {
    pub(crate) fn new(prefix: String) -> Self {
        Self { prefix }
    }

    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// List of ids that wait for a worker: one per kind and priority.
    pub(crate) fn waiting(&self, kind: &str, priority: Priority) -> String {
        format!("{}:q:{kind}:{}", self.prefix, priority.number())
    }

    /// Sorted set of hints by the millisecond at which they are due.
    pub(crate) fn due(&self) -> String {
        format!("{}:due", self.prefix)
    }

    /// Channel that says: the earliest due time has moved forward.
    pub(crate) fn due_moved(&self) -> String {
        format!("{}:due-moved", self.prefix)
    }

    /// Channel that says: the cancellation of a running task was requested.
    pub(crate) fn cancel_requested(&self) -> String {
        format!("{}:cancel-requested", self.prefix)
    }

    /// Whoever sets it asks this kind's area for what is overdue; the others may leave it to him while it stands.
    #[cfg_attr(
        not(feature = "worker"),
        expect(dead_code, reason = "only workers sweep")
    )]
    pub(crate) fn asked(&self, kind: &str) -> String {
        format!("{}:asked:{kind}", self.prefix)
    }

    /// Sorted set of the ids of which the sweep has reminded, by the millisecond from which on it may do so again.
    #[cfg_attr(
        not(feature = "worker"),
        expect(dead_code, reason = "only workers sweep")
    )]
    pub(crate) fn reminded(&self, kind: &str) -> String {
        format!("{}:reminded:{kind}", self.prefix)
    }

    /// Channel of live payloads.
    pub(crate) fn live(&self, channel: &str) -> String {
        format!("{}:live:{channel}", self.prefix)
    }

    /// Channel that says: this task's row has changed.
    pub(crate) fn changed(&self, id: TaskId) -> String {
        format!("{}:task:{id}", self.prefix)
    }
}

/// A member of the due set: id, priority digit, kind. One id makes one member per kind, so arming it again replaces it.
pub(crate) fn due_member(id: Uuid, priority: Priority, kind: &str) -> Vec<u8> {
    let mut member = Vec::with_capacity(17 + kind.len());
    member.extend_from_slice(id.as_bytes());
    member.push(b'0' + priority as u8);
    member.extend_from_slice(kind.as_bytes());
    member
}

/// The id in a waiting list's element; anything that is not ours is no hint.
#[cfg_attr(
    not(feature = "worker"),
    expect(dead_code, reason = "only the pump reads hints")
)]
pub(crate) fn parse_waiting(element: &[u8]) -> Option<Uuid> {
    Uuid::from_slice(element).ok()
}
