//! A connection on loan from its pool, and how it goes back.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres};
use tokio::time::timeout;

/// The shortest question there is: whether a connection still lives. Without an answer by then a new one is the better bet.
pub(crate) const LIVES: Duration = Duration::from_secs(2);

/// Goes back when dropped. sqlx by itself asks over the line whether a connection that goes back still lives, in a task that
/// holds its place in the pool and waits without a bound: when the line fell silent just then, the place was gone, and a pool
/// of one connection was dead for good. Here that question has a bound.
#[derive(Debug)]
pub struct Loan(PoolConnection<Postgres>);

impl Loan {
    pub(crate) async fn of(pool: &PgPool) -> Result<Self, sqlx::Error> {
        Ok(Self(pool.acquire().await?))
    }

    /// Asks nothing: the connection did not answer before.
    pub(crate) fn close(mut self) {
        drop(self.0.return_to_pool());
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        // Hidden in sqlx' documentation, yet public: what its own destructor spawns. Dropped unfinished, it closes the
        // connection and frees the place.
        let returned = self.0.return_to_pool();
        tokio::spawn(timeout(LIVES, returned));
    }
}

impl Deref for Loan {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.0
    }
}

impl DerefMut for Loan {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.0
    }
}
