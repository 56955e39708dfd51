//! Ordering analyses: the checks of the contract in its order, then the task.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rookery_queue::{NewTask, Priority, Record, Status, Task};
use rookery_theory::{AnalysisInfo, Config, ConfigError, analyses, check, find, fit};
use sqlx::PgConnection;
use sqlx::types::Json;
use thiserror::Error;

use super::analyze::{Analyze, Look};
use super::document::{DocumentId, load};
use super::summary::{Fit, GameId};
use crate::{Store, StoreError};

/// An analysis that a client wants.
#[derive(Clone, Debug)]
pub struct Order {
    /// As the client wrote it: it may name no game.
    pub game_id: String,
    pub plugin: String,
    pub config: Config,
    pub timeout: Option<Duration>,
    pub owner: String,
    pub priority: Priority,
    /// W3C `traceparent` of the request.
    pub trace_context: Option<String>,
}

/// Of one attempt, whatever the client asks for.
pub const MAX_TIMEOUT: Duration = Duration::from_secs(3600);

/// Why an order was refused, in the contract's words.
#[derive(Debug, Error)]
pub enum OrderError {
    #[error("Unknown plugin: {0}. Available: {available}", available = available())]
    UnknownPlugin(String),
    #[error("Game not found: {0}")]
    GameNotFound(String),
    #[error("Plugin '{plugin}' cannot run on this game (format: {format}){reason}")]
    Unfit {
        plugin: &'static str,
        format: String,
        /// Empty when the form itself is the obstacle, which the text says already.
        reason: String,
    },
    #[error("Plugin '{plugin}': {error}")]
    Options {
        plugin: &'static str,
        error: ConfigError,
    },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The order that was refused, by its place among those that came together.
#[derive(Debug, Error)]
#[error("{error}")]
pub struct Refused {
    pub index: usize,
    pub error: OrderError,
}

/// An accepted order: the task to insert and the row that it will be.
pub struct Placed {
    pub plugin: &'static str,
    pub task: NewTask,
    /// `created_at` is the moment when the order was checked, on Postgres' clock.
    pub record: Record,
}

/// Checks and records an order. When this returns, the task is durable.
///
/// # Errors
/// Why it was refused, or that Postgres is away.
pub async fn place(store: &Store, order: Order) -> Result<Record, OrderError> {
    let mut connection = store.pool.acquire().await.map_err(StoreError::from)?;
    let placed = check_all(&mut connection, vec![order]).await;
    // Back to the pool before the group commit takes one of its own.
    drop(connection);
    let mut placed = placed.map_err(|refused| refused.error)?;
    let Placed { task, record, .. } = placed.pop().expect("one order was checked");
    store.queue.submit(task).await.map_err(StoreError::from)?;
    Ok(record)
}

/// Checks and records orders in the caller's transaction, all or none. The caller rings after its commit.
///
/// # Errors
/// Which order was refused and why, or that Postgres is away.
pub async fn place_in(
    store: &Store,
    connection: &mut PgConnection,
    orders: Vec<Order>,
) -> Result<Vec<Placed>, Refused> {
    let placed = check_all(connection, orders).await?;
    let tasks: Vec<NewTask> = placed.iter().map(|placed| placed.task.clone()).collect();
    store
        .queue
        .insert(connection, &tasks)
        .await
        .map_err(|error| stuck(error.into()))?;
    Ok(placed)
}

/// Checks and records orders that somebody waits for, passing over those whose analysis cannot take the game.
pub(super) async fn place_what_fits(
    store: &Store,
    orders: Vec<Order>,
) -> Result<Vec<Placed>, OrderError> {
    let mut connection = store.pool.acquire().await.map_err(StoreError::from)?;
    let games = facts(&mut connection, &orders).await?;
    let mut placed = Vec::with_capacity(orders.len());
    for order in orders {
        match check_one(&mut connection, &games, order, Look).await {
            Ok(fitting) => placed.push(fitting),
            Err(OrderError::Unfit { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    drop(connection);
    let tasks: Vec<NewTask> = placed.iter().map(|placed| placed.task.clone()).collect();
    store
        .queue
        .submit_many(&tasks)
        .await
        .map_err(StoreError::from)?;
    Ok(placed)
}

/// Not an order's fault.
fn stuck(error: StoreError) -> Refused {
    Refused {
        index: 0,
        error: error.into(),
    }
}

/// The contract's order of checks: the plugin, the game, whether they fit.
async fn check_all(
    connection: &mut PgConnection,
    orders: Vec<Order>,
) -> Result<Vec<Placed>, Refused> {
    let games = facts(connection, &orders).await.map_err(stuck)?;
    let mut placed = Vec::with_capacity(orders.len());
    for (index, order) in orders.into_iter().enumerate() {
        let checked = check_one(connection, &games, order, |analyze| analyze).await;
        placed.push(checked.map_err(|error| Refused { index, error })?);
    }
    Ok(placed)
}

async fn check_one<T: Task>(
    connection: &mut PgConnection,
    games: &HashMap<String, Facts>,
    order: Order,
    task_of: fn(Analyze) -> T,
) -> Result<Placed, OrderError> {
    let Some(info) = find(&order.plugin) else {
        return Err(OrderError::UnknownPlugin(order.plugin));
    };
    let Some(facts) = games.get(&order.game_id) else {
        return Err(OrderError::GameNotFound(order.game_id));
    };
    if let Err(obstacle) = facts.judge(connection, info).await? {
        let of_form = !info
            .applicable_to
            .iter()
            .any(|format| format.name() == facts.format);
        return Err(OrderError::Unfit {
            plugin: info.name,
            format: facts.format.clone(),
            reason: if of_form {
                String::new()
            } else {
                format!(": {obstacle}")
            },
        });
    }
    let suits = facts.suits(connection, info, &order.config).await?;
    suits.map_err(|error| OrderError::Options {
        plugin: info.name,
        error,
    })?;
    Ok(facts
        .place(info, order, task_of)
        .map_err(StoreError::from)?)
}

/// What an order needs to know of its game.
pub(super) struct Facts {
    id: GameId,
    format: String,
    fit: Fit,
    document: DocumentId,
    now: DateTime<Utc>,
}

pub(super) async fn facts_of(
    connection: &mut PgConnection,
    id: &GameId,
) -> Result<Option<Facts>, StoreError> {
    let mut facts = facts_of_all(connection, vec![id.to_string()]).await?;
    Ok(facts.remove(id.as_str()))
}

async fn facts(
    connection: &mut PgConnection,
    orders: &[Order],
) -> Result<HashMap<String, Facts>, StoreError> {
    // Text that is no id may hold what Postgres cannot even compare.
    let mut ids: Vec<String> = orders
        .iter()
        .filter(|order| order.game_id.parse::<GameId>().is_ok())
        .map(|order| order.game_id.clone())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    facts_of_all(connection, ids).await
}

async fn facts_of_all(
    connection: &mut PgConnection,
    ids: Vec<String>,
) -> Result<HashMap<String, Facts>, StoreError> {
    let rows = sqlx::query!(
        r#"select id, format, fit as "fit: Json<Fit>", document_hash, clock_timestamp() as "now!"
        from theory_games where id = any($1)"#,
        &ids
    )
    .fetch_all(connection)
    .await?;
    let facts = rows.into_iter().filter_map(|row| {
        let facts = Facts {
            id: row.id.parse().ok()?,
            format: row.format,
            fit: row.fit.0,
            document: DocumentId::from_bytes(&row.document_hash)?,
            now: row.now,
        };
        Some((row.id, facts))
    });
    Ok(facts.collect())
}

impl Facts {
    /// Outer: Postgres; inner: what stands in the way.
    pub(super) async fn judge(
        &self,
        connection: &mut PgConnection,
        info: &'static AnalysisInfo,
    ) -> Result<Result<(), String>, StoreError> {
        if let Some(judgement) = self.fit.judgement(info.name) {
            return Ok(judgement.map_err(str::to_owned));
        }
        // The analysis is younger than the game's row: look at the game itself.
        let game = load(connection, self.document).await?;
        Ok(game.map_or(Ok(()), |game| {
            fit(&game, info).map_err(|unfit| unfit.to_string())
        }))
    }

    /// Outer: Postgres; inner: which option does not suit the analysis or the game.
    async fn suits(
        &self,
        connection: &mut PgConnection,
        info: &'static AnalysisInfo,
        config: &Config,
    ) -> Result<Result<(), ConfigError>, StoreError> {
        if !info.has_options_of_the_game() {
            return Ok(info.accepts(config));
        }
        let game = load(connection, self.document).await?;
        Ok(game.map_or(Ok(()), |game| check(&game, info, config)))
    }

    fn place<T: Task>(
        &self,
        info: &'static AnalysisInfo,
        order: Order,
        task_of: fn(Analyze) -> T,
    ) -> Result<Placed, serde_json::Error> {
        let analyze = Analyze {
            game_id: self.id.clone(),
            plugin: order.plugin,
            config: order.config,
            timeout_ms: order
                .timeout
                .map(|timeout| u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX)),
            document: self.document,
        };
        let payload = Json(serde_json::value::to_raw_value(&analyze)?);
        let task = NewTask::of(&task_of(analyze))?
            .owner(order.owner.clone())
            .subject(self.id.as_str())
            .priority(order.priority)
            .trace_context(order.trace_context.clone());
        let record = Record {
            id: task.id(),
            kind: T::KIND.to_owned(),
            owner: order.owner,
            subject: Some(self.id.to_string()),
            payload,
            priority: order.priority,
            status: Status::Pending,
            version: 1,
            attempt: 0,
            max_attempts: T::ATTEMPTS.cast_signed(),
            run_at: self.now,
            cancel_requested: false,
            progress: None,
            partial: None,
            result: None,
            error: None,
            past_attempts: Json(serde_json::value::to_raw_value(&[(); 0])?),
            worker: None,
            trace_context: order.trace_context,
            created_at: self.now,
            started_at: None,
            completed_at: None,
        };
        Ok(Placed {
            plugin: info.name,
            task,
            record,
        })
    }
}

/// The names as the contract shows them: a list in Python's spelling.
fn available() -> String {
    let names: Vec<String> = analyses()
        .iter()
        .map(|info| format!("'{}'", info.name))
        .collect();
    format!("[{}]", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_worded_as_in_the_contract() {
        let unknown = OrderError::UnknownPlugin("BadPlugin".to_owned()).to_string();
        assert!(
            unknown.starts_with(
                "Unknown plugin: BadPlugin. Available: ['Nash Equilibrium', 'IESDS', "
            ),
            "{unknown}"
        );
        let unfit = OrderError::Unfit {
            plugin: "Nash Equilibrium",
            format: "maid".to_owned(),
            reason: String::new(),
        };
        assert_eq!(
            unfit.to_string(),
            "Plugin 'Nash Equilibrium' cannot run on this game (format: maid)"
        );
    }
}
