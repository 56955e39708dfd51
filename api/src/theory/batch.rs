//! `POST /api/tasks/batch`: ordering many analyses in one round trip, all or none.

use std::collections::BTreeMap;

use poem::web::Data;
use poem_openapi::param::Header;
use poem_openapi::payload::Json;
use poem_openapi::types::{Example, ParseFromJSON, ToJSON};
use poem_openapi::{ApiResponse, Object, OpenApi};
use rookery_queue::Hint;
use rookery_shared::idempotency::once;
use rookery_shared::theory::{Order, Placed, Refused, place_in};
use rookery_shared::{Store, StoreError};
use serde_json::{Value, json};

use super::order::{Options, Place, Wish, fingerprint};
use super::{GameMissing, OrderRefused};
use crate::auth::Caller;
use crate::edge::trace::TraceContext;
use crate::errors::{Fail, Problem};
use crate::idempotent::{KeyInProgress, keyed, refused, replayed};
use crate::tasks::{Tag, TaskPriority, TaskView};

pub struct Batch {
    store: Store,
}

/// Orders that are accepted together or not at all.
#[derive(Object)]
#[oai(example)]
struct TaskBatch {
    #[oai(validator(min_items = "1", max_items = "1000"))]
    tasks: Vec<BatchedTask>,
}

/// One order; its fields mean what they mean in the query of `POST /api/tasks`.
#[derive(Object)]
struct BatchedTask {
    /// The game to analyse.
    game_id: String,
    /// The analysis by its name.
    plugin: String,
    /// Who orders it: `anonymous` unless said.
    owner: Option<String>,
    /// The analysis' options by name; `TaskOptions` lists them.
    #[oai(default)]
    config: BTreeMap<String, Value>,
    /// Limit of one attempt in seconds, at most 3600.
    timeout: Option<f64>,
    priority: Option<TaskPriority>,
}

#[derive(ApiResponse)]
enum Submitted {
    /// The tasks, in the order of the request.
    #[oai(status = 200)]
    Tasks(
        Json<Vec<TaskView>>,
        /// This `Idempotency-Key` was answered before; this is that answer.
        #[oai(header = "Idempotency-Replayed")]
        Option<bool>,
    ),
}

type Refusals = (OrderRefused, GameMissing, KeyInProgress);

#[OpenApi]
impl Batch {
    pub(super) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Order many analyses
    ///
    /// Up to 1000, all or none: the first that cannot be accepted is named, and nothing is queued.
    #[oai(
        path = "/api/tasks/batch",
        method = "post",
        tag = "Tag::Tasks",
        operation_id = "create_tasks"
    )]
    async fn submit(
        &self,
        batch: Json<TaskBatch>,
        trace: Data<&TraceContext>,
        caller: Data<&Caller>,
        /// Makes sending the same batch twice one batch.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
    ) -> Result<Submitted, Fail<Refusals>> {
        let orders = batch.0.into_orders(&trace)?;
        let Some(key) = key.0 else {
            let placed = self.place(orders).await?;
            return Ok(Submitted::Tasks(Json(views(&placed)), None));
        };
        let (tasks, replayed) = self.place_once(&key, &caller, orders).await?;
        Ok(Submitted::Tasks(Json(tasks), replayed))
    }

    async fn place(&self, orders: Vec<Order>) -> Result<Vec<Placed>, Problem> {
        let mut transaction = self.store.pool.begin().await.map_err(StoreError::from)?;
        let placed = place_in(&self.store, &mut transaction, orders).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.store.queue.ring(hints(&placed));
        Ok(placed)
    }

    async fn place_once(
        &self,
        key: &str,
        caller: &Caller,
        orders: Vec<Order>,
    ) -> Result<(Vec<TaskView>, Option<bool>), Problem> {
        let prints: Vec<String> = orders.iter().map(fingerprint).collect();
        let request = keyed(
            key,
            "theory.submit-batch",
            caller,
            prints.iter().map(String::as_bytes),
        )?;
        let mut rung = Vec::new();
        let placed = once(&self.store, &request, async |mut transaction| {
            let placed = place_in(&self.store, &mut transaction, orders).await?;
            rung = hints(&placed);
            Ok::<_, Refused>((views(&placed).to_json().unwrap_or_default(), transaction))
        });
        let (tasks, replayed) = replayed(placed.await.map_err(refused)?);
        self.store.queue.ring(rung);
        let tasks = Vec::parse_from_json(Some(tasks));
        let tasks =
            tasks.map_err(|error| Problem::internal(anyhow::anyhow!(error.into_message())))?;
        Ok((tasks, replayed))
    }
}

fn views(placed: &[Placed]) -> Vec<TaskView> {
    placed
        .iter()
        .map(|placed| TaskView::of(&placed.record))
        .collect()
}

fn hints(placed: &[Placed]) -> Vec<Hint> {
    placed.iter().map(|placed| placed.task.hint()).collect()
}

/// The refusal of one order, with its place in the batch.
impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let problem = Self::from(refused.error);
        if problem.status.is_server_error() {
            return problem;
        }
        Self {
            text: format!("tasks.{}: {}", refused.index, problem.text),
            ..problem
        }
    }
}

impl TaskBatch {
    fn into_orders(self, trace: &TraceContext) -> Result<Vec<Order>, Problem> {
        let tasks = self.tasks.into_iter().enumerate();
        tasks
            .map(|(index, task)| task.into_wish().into_order(&Place::Batch(index), trace))
            .collect()
    }
}

impl BatchedTask {
    fn into_wish(self) -> Wish {
        Wish {
            game_id: self.game_id,
            plugin: self.plugin,
            owner: self.owner,
            options: Options::default(),
            config: self.config.into_iter().collect(),
            timeout: self.timeout,
            priority: self.priority.unwrap_or_default(),
        }
    }
}

impl Example for TaskBatch {
    fn example() -> Self {
        let order = |plugin: &str, config: BTreeMap<String, Value>| BatchedTask {
            game_id: "trust-game".to_owned(),
            plugin: plugin.to_owned(),
            owner: Some("session-xyz".to_owned()),
            config,
            timeout: Some(30.0),
            priority: Some(TaskPriority::Low),
        };
        let pure = BTreeMap::from([("solver".to_owned(), json!("pure"))]);
        Self {
            tasks: vec![
                order("IESDS", BTreeMap::new()),
                order("Nash Equilibrium", pure),
            ],
        }
    }
}
