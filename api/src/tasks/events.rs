//! `GET /api/tasks/{task_id}/events`: every newer state of a task as server-sent events, from any node.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use poem::web::sse::Event;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::EventStream;
use poem_openapi::types::ToJSON;
use poem_openapi::{ApiResponse, OpenApi};
use rookery_queue::{Until, Watch};
use rookery_shared::{Store, StoreError};
use tokio::time::Instant;

use super::{Tag, TaskMissing, TaskView, missing, parse_id};
use crate::errors::Fail;
use crate::platform::drain::Drain;

pub struct Events {
    store: Store,
    drain: Drain,
}

#[derive(ApiResponse)]
enum Followed {
    /// Events of type `task` whose `id` is the task's version and whose data is the task. The stream ends after the final state.
    #[oai(status = 200)]
    Stream(EventStream<BoxStream<'static, TaskView>>),
    /// The task has ended and the client knows: an `EventSource` stops reconnecting.
    #[oai(status = 204)]
    Over,
}

/// Keeps proxies from taking a quiet task for a dead connection.
const HEARTBEAT: Duration = Duration::from_secs(15);

#[OpenApi]
impl Events {
    pub(super) fn new(store: Store, drain: Drain) -> Self {
        Self { store, drain }
    }

    /// Follow a task
    ///
    /// Sends the task as it is, then again after every change; of changes in quick succession only the newest. After a break,
    /// `Last-Event-ID` keeps from being sent again what was seen. A comment every 15 seconds keeps the connection open.
    #[oai(
        path = "/api/tasks/:task_id/events",
        method = "get",
        tag = "Tag::Tasks",
        operation_id = "stream_task_events"
    )]
    async fn events(
        &self,
        /// The task's id.
        task_id: Path<String>,
        /// The last version that was seen; browsers send it when they reconnect.
        #[oai(name = "Last-Event-ID")]
        last_event_id: Header<Option<String>>,
    ) -> Result<Followed, Fail<TaskMissing>> {
        let id = parse_id(&task_id)?;
        let found = self.store.queue.get(id).await.map_err(StoreError::from)?;
        let task = found.ok_or_else(|| missing(&task_id))?;
        // Something that is no version was not sent by us: begin with the task as it is.
        let seen = last_event_id
            .0
            .and_then(|id| id.trim().parse().ok())
            .unwrap_or(0);
        if task.status.is_final() && seen >= task.version {
            return Ok(Followed::Over);
        }
        let watch = self.store.queue.watch(id).await;
        Ok(Followed::Stream(event_stream(Follow {
            watch,
            seen,
            ended: false,
            drain: self.drain.clone(),
        })))
    }
}

fn event_stream(follow: Follow) -> EventStream<BoxStream<'static, TaskView>> {
    let states = stream::unfold(follow, async |mut follow| {
        Some((follow.next().await?, follow))
    })
    .boxed();
    let to_event = |task: TaskView| {
        Event::message(task.to_json_string())
            .id(task.version.to_string())
            .event_type("task")
    };
    EventStream::new(states)
        .to_event(to_event)
        .keep_alive(HEARTBEAT)
}

/// One client's place in one task's life.
struct Follow {
    watch: Watch,
    seen: i64,
    ended: bool,
    drain: Drain,
}

/// A server that was told to leave ends its streams within this time; clients go on at another.
const LOOK_AT_DRAIN: Duration = Duration::from_secs(1);

impl Follow {
    async fn next(&mut self) -> Option<TaskView> {
        while !self.ended && !self.drain.is_draining() {
            let look = Instant::now() + LOOK_AT_DRAIN;
            let task = match self.watch.until(Until::NewerThan(self.seen), look).await {
                Ok(task) => task?,
                Err(error) => {
                    tracing::warn!(%error, "an event stream ends; its client will come again");
                    return None;
                }
            };
            self.ended = task.status.is_final();
            if task.version > self.seen {
                self.seen = task.version;
                return Some(TaskView::of(&task));
            }
        }
        None
    }
}
