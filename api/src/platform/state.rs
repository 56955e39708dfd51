//! `/api/health`, which the theory and characters contracts both document: one body that holds both.

use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use rookery_shared::characters::inference_health;
use rookery_shared::{Store, theory};

use super::Tag;

/// The state of the whole.
pub struct State {
    store: Store,
}

/// The state of the whole, for clients of the theory and characters areas.
#[derive(Object)]
#[oai(example)]
struct Health {
    /// `degraded` when inference or the database is down.
    status: Status,
    /// Games that can be analysed; 0 while the database is down.
    games_loaded: i64,
    /// 1 while analyses that are due are taken up, else 0: the workers are one plugin.
    plugins_healthy: u8,
    /// Whether characters can be answered for: the queue that wakes the workers answers, and these see their language models, if they
    /// have any.
    inference: bool,
    /// Whether Postgres answers.
    database: bool,
}

impl Example for Health {
    fn example() -> Self {
        Self {
            status: Status::Ok,
            games_loaded: 6,
            plugins_healthy: 1,
            inference: true,
            database: true,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "HealthStatus", rename_all = "snake_case")]
enum Status {
    Ok,
    Degraded,
}

#[derive(ApiResponse)]
enum HealthResponse {
    /// All is well.
    #[oai(status = 200)]
    Ok(Json<Health>),
    /// Inference or the database is down.
    #[oai(status = 503)]
    Degraded(Json<Health>),
}

impl State {
    pub fn new(store: Store) -> Self {
        Self { store }
    }
}

#[OpenApi]
impl State {
    /// The state of the whole
    ///
    /// Whether games can be analysed and characters can answer. Load balancers ask `/readyz` instead, which stays green while
    /// only Redis is away.
    #[oai(
        path = "/api/health",
        method = "get",
        tag = "Tag::Platform",
        operation_id = "get_health"
    )]
    async fn health(&self) -> HealthResponse {
        let (games, overdue, ping, models) = tokio::join!(
            theory::count(&self.store),
            theory::overdue(&self.store),
            self.store.queue.ping(),
            inference_health::inference_is_up(&self.store)
        );
        let (database, inference) = (games.is_ok(), ping.is_ok() && models);
        let games_loaded = games.unwrap_or_else(|error| {
            tracing::warn!(error = %error, "the database does not answer");
            0
        });
        let plugins_healthy = u8::from(matches!(overdue, Ok(None)));
        if database && inference {
            HealthResponse::Ok(Json(Health {
                status: Status::Ok,
                games_loaded,
                plugins_healthy,
                inference,
                database,
            }))
        } else {
            HealthResponse::Degraded(Json(Health {
                status: Status::Degraded,
                games_loaded,
                plugins_healthy,
                inference,
                database,
            }))
        }
    }
}
