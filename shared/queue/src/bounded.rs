//! A bound on the statements that everybody behind them waits for: a connection that fell silent is given up for a new one.

use std::io;
use std::time::Duration;

use sqlx::{PgConnection, PgPool};
use tokio::time::timeout;

/// No statement here takes this long while Postgres is well, whatever the size of what it carries.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);

/// Runs a statement. Without the bound, a line that neither answers nor breaks would hold up its caller for ever.
pub(crate) async fn bounded<T>(
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
