//! A bound on the statements that everybody behind them waits for, and a connection of their own for those who send one
//! statement after the other.

use std::io;
use std::time::Duration;

use sqlx::pool::PoolConnectionMetadata;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgConnection, PgPool};
use tokio::time::timeout;

use crate::loan::{LIVES, Loan};

/// No statement here takes this long while Postgres is well, whatever the size of what it carries.
pub const PATIENCE: Duration = Duration::from_secs(15);
/// Unused for longer than this, a connection of [`own_line`] is asked whether it lives before it is used.
const RESTED: Duration = Duration::from_secs(1);

/// Runs a statement. Without the bound, a line that neither answers nor breaks would hold up its caller for ever.
pub async fn bounded<T>(
    pool: &PgPool,
    patience: Duration,
    statement: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
) -> Result<T, sqlx::Error> {
    let mut loan = Loan::of(pool).await?;
    match timeout(patience, statement(&mut loan)).await {
        Ok(done) => done,
        Err(_) => {
            loan.close();
            Err(timed_out())
        }
    }
}

/// A line to the same Postgres, of `connections` at most. It does not wait behind requests, and between statements that follow
/// each other it is not asked whether it still lives: whoever uses it tries again.
pub fn own_line(
    pool: &PgPool,
    connections: u32,
    adjust: impl FnOnce(PgConnectOptions) -> PgConnectOptions,
) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(pool.options().get_acquire_timeout())
        .test_before_acquire(false)
        .before_acquire(|connection, rest| Box::pin(lives(connection, rest)))
        .connect_lazy_with(adjust(pool.connect_options().as_ref().clone()))
}

/// So that not every connection of a line costs a statement's patience when all fell silent together.
async fn lives(
    connection: &mut PgConnection,
    rest: PoolConnectionMetadata,
) -> Result<bool, sqlx::Error> {
    if rest.idle_for > RESTED {
        timeout(LIVES, connection.ping())
            .await
            .map_err(|_| timed_out())??;
    }
    Ok(true)
}

fn timed_out() -> sqlx::Error {
    sqlx::Error::Io(io::ErrorKind::TimedOut.into())
}
