//! `/livez`, `/readyz` and `/metrics`.

use std::time::Duration;

use poem_openapi::payload::{Json, PlainText};
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use tokio::time::timeout;

use super::{Platform, Tag};
use crate::edge::metrics;

/// Who probes waits no longer, so neither do we.
const PATIENCE: Duration = Duration::from_millis(900);

/// Whether something we stand on answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum Answer {
    Ok,
    Down,
}

/// That the process runs.
#[derive(Object)]
#[oai(example)]
struct Alive {
    /// Always `ok`.
    status: String,
}

impl Example for Alive {
    fn example() -> Self {
        Self {
            status: "ok".to_owned(),
        }
    }
}

/// What readiness depends on, and what it does not.
#[derive(Object)]
#[oai(example)]
struct Readiness {
    /// `ready`, `draining` (the server was told to stop) or `unready`.
    status: ReadinessStatus,
    /// Postgres. Nothing works without it.
    database: Answer,
    /// Whether every migration of this version has been applied.
    migrations: Answer,
    /// Redis. Without it everything is accepted and recorded, only started later: the server stays ready.
    redis: Answer,
}

impl Example for Readiness {
    fn example() -> Self {
        Self {
            status: ReadinessStatus::Ready,
            database: Answer::Ok,
            migrations: Answer::Ok,
            redis: Answer::Ok,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum ReadinessStatus {
    Ready,
    Draining,
    Unready,
}

#[derive(ApiResponse)]
enum ReadinessResponse {
    /// Send traffic here.
    #[oai(status = 200)]
    Ready(Json<Readiness>),
    /// Send it elsewhere.
    #[oai(status = 503)]
    Unready(Json<Readiness>),
}

#[OpenApi]
impl Platform {
    /// Whether the process runs
    ///
    /// Looks at nothing else: a server whose database is away should not be restarted for it.
    #[oai(
        path = "/livez",
        method = "get",
        tag = "Tag::Platform",
        operation_id = "get_liveness"
    )]
    async fn liveness(&self) -> Json<Alive> {
        Json(Alive {
            status: "ok".to_owned(),
        })
    }

    /// Whether traffic should come here
    ///
    /// Ready means that Postgres answers and every migration is applied. Redis is reported and not asked for. A server that was
    /// told to stop says `draining` before it closes its listener.
    #[oai(
        path = "/readyz",
        method = "get",
        tag = "Tag::Platform",
        operation_id = "get_readiness"
    )]
    async fn readiness(&self) -> ReadinessResponse {
        let (schema, redis) = tokio::join!(
            timeout(PATIENCE, self.store.schema_is_current()),
            timeout(PATIENCE, self.store.queue.ping()),
        );
        let database = Answer::from(matches!(schema, Ok(Ok(_))));
        let migrations = Answer::from(matches!(schema, Ok(Ok(true))));
        let redis = Answer::from(matches!(redis, Ok(Ok(()))));
        let status = match migrations {
            _ if self.drain.is_draining() => ReadinessStatus::Draining,
            Answer::Ok => ReadinessStatus::Ready,
            Answer::Down => ReadinessStatus::Unready,
        };
        let body = Json(Readiness {
            status,
            database,
            migrations,
            redis,
        });
        match status {
            ReadinessStatus::Ready => ReadinessResponse::Ready(body),
            ReadinessStatus::Draining | ReadinessStatus::Unready => {
                ReadinessResponse::Unready(body)
            }
        }
    }

    /// Figures for Prometheus
    ///
    /// Durations of requests by method, route and status; tasks by kind and status and the age of the oldest, as Postgres has
    /// them. While Postgres is away the latter are left out.
    #[oai(
        path = "/metrics",
        method = "get",
        tag = "Tag::Platform",
        operation_id = "get_metrics"
    )]
    async fn metrics(&self) -> PlainText<String> {
        let depths = self.store.queue.depths().await.unwrap_or_else(|error| {
            tracing::warn!(error = %error, "the queue's depth is unknown");
            Vec::new()
        });
        PlainText(metrics::render(&depths))
    }
}

impl From<bool> for Answer {
    fn from(answers: bool) -> Self {
        if answers { Self::Ok } else { Self::Down }
    }
}
