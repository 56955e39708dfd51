//! What a task is: its kind, its identity, its states, and the order to make one.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A kind of recorded task: what it is, not how it is done. The API sees only this; the doing is a
/// `Job` in the worker.
pub trait Task: Serialize + DeserializeOwned + Send + 'static {
    /// Name of the queue and value of `tasks.kind`, for example `theory.analyze`. Stored: never renamed.
    const KIND: &'static str;
    /// How often it may be tried before it ends `failed`. The death of the process that ran it counts as one try.
    const ATTEMPTS: u32 = 3;
    type Output: Serialize + DeserializeOwned + Send + 'static;
}

/// Identity of a recorded task: a UUID of version 7, so that ids sort by time of creation.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct TaskId(pub Uuid);

impl TaskId {
    pub(crate) fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for TaskId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

/// Where a task stands. `completed`, `failed` and `cancelled` are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Status {
    Pending,
    Running,
    Completed,
    Failed,
    Cancelled,
}

impl Status {
    pub fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Who is served first within a kind. Stored as 0, 1, 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Priority {
    High,
    #[default]
    Normal,
    Low,
}

impl Priority {
    pub const ALL: [Self; 3] = [Self::High, Self::Normal, Self::Low];

    pub(crate) fn number(self) -> i16 {
        self as i16
    }

    pub(crate) fn from_number(number: i16) -> Self {
        match number {
            ..=0 => Self::High,
            1 => Self::Normal,
            _ => Self::Low,
        }
    }
}

/// An order for one task.
#[derive(Debug, Clone)]
pub struct NewTask {
    pub(crate) id: TaskId,
    pub(crate) kind: &'static str,
    pub(crate) payload: String,
    pub(crate) max_attempts: u32,
    pub(crate) owner: String,
    pub(crate) subject: Option<String>,
    pub(crate) priority: Priority,
    pub(crate) delay: Duration,
    pub(crate) trace_context: Option<String>,
}

impl NewTask {
    /// # Errors
    /// When the task does not serialise to JSON.
    pub fn of<T: Task>(task: &T) -> Result<Self, serde_json::Error> {
        Ok(Self {
            id: TaskId::new(),
            kind: T::KIND,
            payload: serde_json::to_string(task)?,
            max_attempts: T::ATTEMPTS,
            owner: "anonymous".to_owned(),
            subject: None,
            priority: Priority::Normal,
            delay: Duration::ZERO,
            trace_context: None,
        })
    }

    #[must_use]
    pub fn owner(mut self, owner: impl Into<String>) -> Self {
        self.owner = owner.into();
        self
    }

    /// What the task is about, for people who look it up: a game's id, a character's id.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    #[must_use]
    pub fn priority(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self
    }

    /// Not before this much time has passed on Postgres' clock.
    #[must_use]
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// W3C `traceparent` of the request that ordered the task.
    #[must_use]
    pub fn trace_context(mut self, traceparent: Option<String>) -> Self {
        self.trace_context = traceparent;
        self
    }

    pub fn id(&self) -> TaskId {
        self.id
    }

    /// What to ring once the row is committed.
    pub fn hint(&self) -> Hint {
        Hint {
            id: self.id,
            kind: self.kind.to_owned(),
            priority: self.priority,
            delay: self.delay,
        }
    }
}

/// A wake-up call for one task. It may be lost, doubled or late without harm: the row decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    pub id: TaskId,
    pub kind: String,
    pub priority: Priority,
    /// How long from now until the task is due.
    pub delay: Duration,
}
