//! A bound on the statements that everybody behind them waits for, and a connection of their own for those who send one
//! statement after the other.

use std::io;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgConnection, PgPool};
use tokio::time::timeout;

/// No statement here takes this long while Postgres is well, whatever the size of what it carries.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// Runs a statement. Without the bound, a line that neither answers nor breaks would hold up its caller for ever.
pub async fn bounded<T>(
    pool: &PgPool,
    patience: Duration,
    statement: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
) -> Result<T, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    match timeout(patience, statement(&mut connection)).await {
        Ok(done) => done,
        Err(_) => {
            // Not back into the pool, which would wait for it in turn.
            drop(connection.detach());
            Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into()))
        }
    }
}

/// A line to the same Postgres, of `connections` at most. It does not wait behind requests, and it is not asked before each
/// statement whether it still lives: whoever uses it tries again.
pub fn own_line(
    pool: &PgPool,
    connections: u32,
    adjust: impl FnOnce(PgConnectOptions) -> PgConnectOptions,
) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(pool.options().get_acquire_timeout())
        .test_before_acquire(false)
        .connect_lazy_with(adjust(pool.connect_options().as_ref().clone()))
}
