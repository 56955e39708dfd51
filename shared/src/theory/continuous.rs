//! Every continuous analysis of a game, waited for: the synchronous endpoint is a submit and a wait like any other.

use std::time::Duration;

use rookery_queue::{Priority, Record, TaskId, Until};
use rookery_theory::{Config, analyses};
use tokio::time::Instant;

use super::analyze::Analyzed;
use super::order::{Order, OrderError, Placed, place_what_fits};
use crate::{Store, StoreError};

/// What a client asks for.
#[derive(Clone, Debug)]
pub struct Request {
    pub game_id: String,
    pub config: Config,
    pub trace_context: Option<String>,
}

/// One analysis and how it ended.
pub struct Outcome {
    pub plugin: &'static str,
    pub result: Result<Analyzed, String>,
}

/// Keeps these tasks out of the lists of clients that ask by owner.
pub const CONTINUOUS_OWNER: &str = "continuous";

/// Shorter than a request may take: who looks at a game wants an answer, if need be an incomplete one.
const PATIENCE: Duration = Duration::from_secs(20);
/// For an analysis that was told to stop, to hand over what it has.
const LAST_PATIENCE: Duration = Duration::from_secs(2);
/// Should the waiting request be gone, nothing goes on much longer than it would have.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Runs the continuous analyses that fit the game, at once and before other work. Those that are not done in time are stopped and
/// show what they found.
///
/// # Errors
/// When there is no such game, or Postgres is away.
pub async fn analyses_of(store: &Store, request: &Request) -> Result<Vec<Outcome>, OrderError> {
    let continuous = analyses().iter().filter(|info| info.continuous);
    let orders = continuous.map(|info| request.order(info.name)).collect();
    let placed = place_what_fits(store, orders).await?;
    let deadline = Instant::now() + PATIENCE;
    let mut outcomes = Vec::with_capacity(placed.len());
    for Placed { plugin, record, .. } in placed {
        let ended = ended(store, record.id, deadline).await?;
        outcomes.push(Outcome {
            plugin,
            result: result(ended.as_ref())?,
        });
    }
    Ok(outcomes)
}

impl Request {
    fn order(&self, plugin: &str) -> Order {
        Order {
            game_id: self.game_id.clone(),
            plugin: plugin.to_owned(),
            config: self.config.clone(),
            timeout: Some(TIMEOUT),
            owner: CONTINUOUS_OWNER.to_owned(),
            priority: Priority::High,
            trace_context: self.trace_context.clone(),
        }
    }
}

async fn ended(store: &Store, id: TaskId, deadline: Instant) -> Result<Option<Record>, StoreError> {
    let left = deadline.saturating_duration_since(Instant::now());
    let task = store.queue.wait(id, Until::Final, left).await?;
    if task.as_ref().is_none_or(|task| task.status.is_final()) {
        return Ok(task);
    }
    store.queue.cancel(id).await?;
    Ok(store.queue.wait(id, Until::Final, LAST_PATIENCE).await?)
}

/// A stopped analysis with something to show shows it; it says itself that it is incomplete.
fn result(task: Option<&Record>) -> Result<Result<Analyzed, String>, StoreError> {
    let Some(task) = task else {
        return Ok(Err("the task is gone".to_owned()));
    };
    if let Some(result) = &task.result {
        return Ok(Ok(serde_json::from_str(result.get())?));
    }
    Ok(Err(match &task.error {
        Some(error) => error.clone(),
        None => format!("TimeoutError: not done after {} s", PATIENCE.as_secs()),
    }))
}
