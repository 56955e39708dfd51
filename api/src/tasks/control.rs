//! `DELETE /api/tasks/{task_id}` and `POST …/retry`: ending a task early, and giving an ended one another round.

use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use rookery_queue::{Again, Cancelled, Task};
use rookery_shared::theory::Analyze;
use rookery_shared::{Store, StoreError};

use super::{Tag, TaskMissing, TaskView, missing, parse_id};
use crate::errors::{Case, Fail, Problem};

pub struct Control {
    store: Store,
}

/// What became of the request to cancel.
#[derive(Object)]
#[oai(example)]
struct Cancellation {
    task_id: String,
    /// False when the task had ended already.
    cancelled: bool,
    /// Why not.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<String>,
    /// The task after the request. A running one is still `running` until it notices.
    task: TaskView,
}

impl Example for Cancellation {
    fn example() -> Self {
        let task = TaskView::example();
        Self {
            task_id: task.id.clone(),
            cancelled: false,
            reason: Some("Task already completed".to_owned()),
            task,
        }
    }
}

struct NotEnded;

impl Case for NotEnded {
    const STATUS: u16 = 409;
    const WHEN: &'static str = "Only a failed or cancelled task can be tried again.";
    const EXAMPLE: &'static str =
        "Task is completed: only a failed or cancelled task can be tried again";
    const CODE: &'static str = "not_ended";
}

#[OpenApi]
impl Control {
    pub(super) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Cancel a task
    ///
    /// A pending task is cancelled at once. A running one is told, ends `cancelled` soon after, and keeps what it has found.
    #[oai(
        path = "/api/tasks/:task_id",
        method = "delete",
        tag = "Tag::Tasks",
        operation_id = "cancel_task"
    )]
    async fn cancel(
        &self,
        /// The task's id.
        task_id: Path<String>,
    ) -> Result<Json<Cancellation>, Fail<TaskMissing>> {
        let id = parse_id(&task_id)?;
        let met = self
            .store
            .queue
            .cancel(id)
            .await
            .map_err(StoreError::from)?;
        let met = met.ok_or_else(|| missing(&task_id))?;
        let reason = match met {
            Cancelled::AtOnce | Cancelled::Requested => None,
            Cancelled::AlreadyFinal(status) => Some(format!("Task already {}", status.as_str())),
        };
        let task = self.now(&task_id).await?;
        Ok(Json(Cancellation {
            task_id: task.id.clone(),
            cancelled: reason.is_none(),
            reason,
            task,
        }))
    }

    /// Try a task again
    ///
    /// Puts a failed or cancelled task back with a full set of tries, on the same input.
    #[oai(
        path = "/api/tasks/:task_id/retry",
        method = "post",
        tag = "Tag::Tasks",
        operation_id = "retry_task"
    )]
    async fn retry(
        &self,
        /// The task's id.
        task_id: Path<String>,
    ) -> Result<Json<TaskView>, Fail<(TaskMissing, NotEnded)>> {
        let met = self
            .store
            .queue
            .again(parse_id(&task_id)?, TRIES)
            .await
            .map_err(StoreError::from)?;
        match met.ok_or_else(|| missing(&task_id))? {
            Again::Pending => Ok(Json(self.now(&task_id).await?)),
            Again::Not(status) => {
                let text = format!(
                    "Task is {}: only a failed or cancelled task can be tried again",
                    status.as_str()
                );
                Err(Fail::case(NotEnded, text))
            }
        }
    }

    async fn now(&self, task_id: &str) -> Result<TaskView, Problem> {
        let task = self
            .store
            .queue
            .get(parse_id(task_id)?)
            .await
            .map_err(StoreError::from)?;
        Ok(TaskView::of(&task.ok_or_else(|| missing(task_id))?))
    }
}

/// Every kind has as many so far.
const TRIES: u32 = Analyze::ATTEMPTS;
