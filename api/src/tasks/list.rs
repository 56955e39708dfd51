//! `GET /api/tasks`: tasks of every kind, newest first.

use poem::Request;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};
use rookery_queue::{Filter, TaskId};
use rookery_shared::{Store, StoreError};

use super::view::TaskStatus;
use super::{Tag, TaskView};
use crate::errors::{Fail, Problem};
use crate::input::{bad_query, text};
use crate::paging::next_link;

pub struct List {
    store: Store,
}

#[derive(ApiResponse)]
enum Listed {
    /// One page.
    #[oai(status = 200)]
    Page(
        Json<Vec<TaskView>>,
        /// The `cursor` of the next page; absent on the last.
        #[oai(header = "X-Next-Cursor")]
        Option<String>,
        /// The next page as a link (RFC 8288).
        #[oai(header = "Link")]
        Option<String>,
    ),
}

#[OpenApi]
impl List {
    pub(super) fn new(store: Store) -> Self {
        Self { store }
    }

    /// List tasks
    ///
    /// Newest first. The filters narrow together. A full page names the next in `X-Next-Cursor`.
    #[oai(
        path = "/api/tasks",
        method = "get",
        tag = "Tag::Tasks",
        operation_id = "list_tasks"
    )]
    #[expect(clippy::too_many_arguments, reason = "each is one query parameter")]
    async fn list_tasks(
        &self,
        request: &Request,
        /// Only tasks of this owner.
        owner: Query<Option<String>>,
        /// Only tasks of this kind, for example `theory.analyze`.
        kind: Query<Option<String>>,
        /// Only tasks in this status.
        status: Query<Option<TaskStatus>>,
        /// Only tasks about this subject: of an analysis, the game's id.
        subject: Query<Option<String>>,
        /// Tasks on a page.
        #[oai(
            default = "default_limit",
            validator(minimum(value = "1"), maximum(value = "1000"))
        )]
        limit: Query<u32>,
        /// Where the page before ended.
        cursor: Query<Option<String>>,
    ) -> Result<Listed, Fail<()>> {
        let filter = Filter {
            owner: text("owner", owner.0)?,
            kind: text("kind", kind.0)?,
            status: status.0.map(Into::into),
            subject: text("subject", subject.0)?,
            before: cursor.0.map(|cursor| before(&cursor)).transpose()?,
            limit: limit.0,
        };
        let tasks = self
            .store
            .queue
            .list(&filter)
            .await
            .map_err(StoreError::from)?;
        let full = tasks.len() == limit.0 as usize;
        let next = tasks
            .last()
            .filter(|_| full)
            .map(|task| task.id.to_string());
        let link = next.as_deref().map(|next| next_link(request.uri(), next));
        Ok(Listed::Page(
            Json(tasks.iter().map(TaskView::of).collect()),
            next,
            link,
        ))
    }
}

fn default_limit() -> u32 {
    200
}

fn before(cursor: &str) -> Result<TaskId, Problem> {
    cursor
        .parse()
        .map_err(|_| bad_query("cursor", "not a cursor of this list"))
}
