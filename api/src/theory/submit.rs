//! `POST /api/tasks`: ordering one analysis.

use std::collections::BTreeMap;

use poem::web::Data;
use poem_openapi::param::{Header, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::{Example, ParseFromJSON, ToJSON};
use poem_openapi::{ApiResponse, Object, OpenApi};
use rookery_queue::Until;
use rookery_shared::Store;
use rookery_shared::idempotency::{IdempotentRequest, Once, once};
use rookery_shared::theory::{Order, OrderError, place, place_in};
use serde_json::{Value, json};

use super::order::{Options, Place, Wish, fingerprint};
use super::{GameMissing, OrderRefused};
use crate::auth::Caller;
use crate::edge::trace::TraceContext;
use crate::errors::{Fail, Problem};
use crate::idempotent::{KeyInProgress, keyed, refused, replayed};
use crate::optional_body::OptionalBody;
use crate::platform::drain::Drain;
use crate::tasks::{Patience, Tag, TaskPriority, TaskView, waited};

pub struct Submit {
    store: Store,
    drain: Drain,
}

/// Options that a query string has no room for.
#[derive(Object, Default)]
#[oai(example, deny_unknown_fields)]
struct TaskOptions {
    /// The analysis' options by name; those of the query lie over them.
    #[oai(default)]
    config: BTreeMap<String, Value>,
}

#[derive(ApiResponse)]
enum Submitted {
    /// The task, durable: whatever fails from now on, it will run. With `Prefer: wait=n`, as it stands after the wait.
    #[oai(status = 200)]
    Task(
        Json<TaskView>,
        /// Where to look at it.
        #[oai(header = "Location")]
        String,
        /// The wait that was granted.
        #[oai(header = "Preference-Applied")]
        Option<String>,
        /// This `Idempotency-Key` was answered before; this is that task.
        #[oai(header = "Idempotency-Replayed")]
        Option<bool>,
    ),
}

type Refusals = (OrderRefused, GameMissing, KeyInProgress);

#[OpenApi]
impl Submit {
    pub(super) fn new(store: Store, drain: Drain) -> Self {
        Self { store, drain }
    }

    /// Order an analysis
    ///
    /// Queues the analysis and answers with the task; `GET /api/tasks/{task_id}` follows it, or `Prefer: wait=n` waits for it here. It
    /// runs on the game as it is now. A game whose form the analysis does not take is converted when it can be.
    #[oai(
        path = "/api/tasks",
        method = "post",
        tag = "Tag::Tasks",
        operation_id = "create_task"
    )]
    #[expect(
        clippy::too_many_arguments,
        reason = "each is one parameter of the contract"
    )]
    async fn submit(
        &self,
        /// The game to analyse.
        game_id: Query<String>,
        /// The analysis by its name, as `GET /api/analyses` lists it.
        plugin: Query<String>,
        /// Who orders it, for the list of tasks: `anonymous` unless said.
        owner: Query<Option<String>>,
        /// How to look for Nash equilibria:
        solver: Query<Option<String>>,
        /// Equilibria to find at most.
        max_equilibria: Query<Option<u64>>,
        /// Limit of one attempt in seconds, at most 3600.
        timeout: Query<Option<f64>>,
        /// Who is served first: `high`, `normal` (default) or `low`.
        priority: Query<Option<TaskPriority>>,
        /// `wait=n`: answer when the task has ended, at the latest after n seconds (at most 60).
        #[oai(name = "Prefer")]
        prefer: Header<Option<String>>,
        /// Makes sending the same order twice one task.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        body: OptionalBody<TaskOptions>,
        trace: Data<&TraceContext>,
        caller: Data<&Caller>,
    ) -> Result<Submitted, Fail<Refusals>> {
        let wish = Wish {
            game_id: game_id.0,
            plugin: plugin.0,
            owner: owner.0,
            options: Options {
                solver: solver.0,
                max_equilibria: max_equilibria.0,
            },
            config: body.0.config.into_iter().collect(),
            timeout: timeout.0,
            priority: priority.0.unwrap_or_default(),
        };
        let order = wish.into_order(&Place::Body, &trace)?;
        let patience = Patience::asked(None, prefer.0.as_deref());
        let (task, replayed) = self.placed(order, key.0.as_deref(), &caller).await?;
        let task = self.after(task, patience).await?;
        let location = format!("/api/tasks/{}", task.id);
        Ok(Submitted::Task(
            Json(task),
            location,
            patience.applied(),
            replayed,
        ))
    }

    async fn placed(
        &self,
        order: Order,
        key: Option<&str>,
        caller: &Caller,
    ) -> Result<(TaskView, Option<bool>), Problem> {
        let Some(key) = key else {
            return Ok((TaskView::of(&place(&self.store, order).await?), None));
        };
        let request = keyed(
            key,
            "theory.submit",
            caller,
            [fingerprint(&order).as_bytes()],
        )?;
        let (task, replayed) = replayed(self.place_once(&request, order).await?);
        let task = TaskView::parse_from_json(Some(task));
        let task =
            task.map_err(|error| Problem::internal(anyhow::anyhow!(error.into_message())))?;
        Ok((task, replayed))
    }

    async fn place_once(
        &self,
        request: &IdempotentRequest,
        order: Order,
    ) -> Result<Once<Value>, Problem> {
        let mut hints = Vec::new();
        let placed = once(&self.store, request, async |mut transaction| {
            let placed = place_in(&self.store, &mut transaction, vec![order])
                .await
                .map_err(|refused| refused.error)?;
            hints.extend(placed.iter().map(|placed| placed.task.hint()));
            let task = placed
                .first()
                .and_then(|placed| TaskView::of(&placed.record).to_json());
            Ok::<_, OrderError>((task.unwrap_or_default(), transaction))
        });
        let placed = placed.await.map_err(refused)?;
        self.store.queue.ring(hints);
        Ok(placed)
    }

    async fn after(&self, task: TaskView, patience: Patience) -> Result<TaskView, Problem> {
        if patience.is_none() {
            return Ok(task);
        }
        let id = task.id.parse().map_err(Problem::internal)?;
        let now = waited((&self.store, &self.drain), id, Until::Final, patience).await?;
        Ok(now.as_ref().map_or(task, TaskView::of))
    }
}

impl Example for TaskOptions {
    fn example() -> Self {
        Self {
            config: BTreeMap::from([("solver".to_owned(), json!("pure"))]),
        }
    }
}
