//! Tasks of every kind: looking, following, cancelling, trying again. Ordering one is its area's business.

mod control;
mod events;
mod list;
mod look;
mod view;
mod waiting;

use poem::http::StatusCode;
use poem_openapi::Tags;
use rookery_queue::TaskId;
use rookery_shared::Store;

use crate::errors::{Case, Problem};
use crate::platform::drain::Drain;
pub use view::{TaskPriority, TaskView};
pub use waiting::{MAX_WAIT_S, Patience, waited};

/// The operations on tasks.
pub type Tasks = (look::Look, list::List, events::Events, control::Control);

pub fn tasks(store: &Store, drain: &Drain) -> Tasks {
    (
        look::Look::new(store.clone(), drain.clone()),
        list::List::new(store.clone()),
        events::Events::new(store.clone(), drain.clone()),
        control::Control::new(store.clone()),
    )
}

#[derive(Tags)]
pub enum Tag {
    /// Work that takes longer than a request: ordered, followed, cancelled, tried again.
    Tasks,
}

pub struct TaskMissing;

impl Case for TaskMissing {
    const STATUS: u16 = 404;
    const WHEN: &'static str = "No task has this id, or its time of keeping is over.";
    const EXAMPLE: &'static str = "Task not found: invalid-id";
}

/// The id in a path; text that is none names no task.
fn parse_id(text: &str) -> Result<TaskId, Problem> {
    text.parse().map_err(|_| missing(text))
}

fn missing(id: &str) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, format!("Task not found: {id}"))
}
