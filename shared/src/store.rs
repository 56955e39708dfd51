//! The store: Postgres, which remembers, and the queue, which rings.

use std::time::Duration;

use rookery_queue::{Pool, Queue};
use sqlx::PgPool;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use thiserror::Error;

use crate::{StoreConfig, StoreError};

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

/// Waiting longer for a connection than this only makes the caller's answer late: it gets a 503 and comes again.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// What a use case needs: a cheap handle, cloned wherever it goes.
#[derive(Clone)]
pub struct Store {
    pub pool: Pool,
    pub queue: Queue,
}

/// The addresses in the configuration cannot be read; nothing was contacted.
#[derive(Debug, Error)]
pub enum StoreConfigError {
    #[error("DATABASE_URL cannot be read: {0}")]
    Database(#[source] sqlx::Error),
    #[error("REDIS_URL cannot be read: {0}")]
    Redis(#[source] redis::RedisError),
}

impl Store {
    /// Connects at the first use, not here (yet needs a tokio runtime): a process starts, and says that it lives, while Postgres or Redis is down.
    pub fn connect(config: &StoreConfig) -> Result<Self, StoreConfigError> {
        let options: PgConnectOptions = config
            .database_url
            .parse()
            .map_err(StoreConfigError::Database)?;
        let pool = PgPoolOptions::new()
            .max_connections(config.database_connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_lazy_with(options.application_name("rookery"));
        let redis =
            redis::Client::open(config.redis_url.as_str()).map_err(StoreConfigError::Redis)?;
        let queue = Queue::new(pool.clone(), redis, config.queue_prefix.clone())
            .map_err(StoreConfigError::Redis)?;
        Ok(Self {
            pool: Pool::new(pool),
            queue,
        })
    }

    /// Whether every migration of this version has been applied. A newer schema is fine: old code runs beside it.
    pub async fn schema_is_current(&self) -> Result<bool, StoreError> {
        let applied = match applied_versions(&self.pool).await {
            Ok(applied) => applied,
            Err(sqlx::Error::Database(error))
                if error.code().as_deref() == Some(UNDEFINED_TABLE) =>
            {
                return Ok(false);
            }
            Err(error) => return Err(error.into()),
        };
        Ok(MIGRATIONS
            .iter()
            .filter(|migration| migration.migration_type.is_up_migration())
            .all(|migration| applied.contains(&migration.version)))
    }
}

/// A database that was never migrated has no table of migrations.
const UNDEFINED_TABLE: &str = "42P01";

async fn applied_versions(pool: &Pool) -> Result<Vec<i64>, sqlx::Error> {
    // Unchecked: sqlx owns this table, and creates it only when the first migration runs.
    sqlx::query_scalar("select version from _sqlx_migrations where success")
        .fetch_all(pool)
        .await
}

/// Brings the schema up to date. Several may call it at once: sqlx takes an advisory lock.
pub async fn migrate(pool: &PgPool) -> Result<(), MigrateError> {
    let mut migrator = Migrator::with_migrations(MIGRATIONS.iter().cloned().collect());
    // During a rolling deployment an older version may start against a newer schema.
    migrator.set_ignore_missing(true);
    migrator.run(pool).await
}
