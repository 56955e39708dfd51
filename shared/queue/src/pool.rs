//! The connections to Postgres that the areas share: as sqlx keeps them, but a line that falls silent for ever costs none for
//! good.

use std::ops::{Deref, DerefMut};

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt as _, StreamExt as _, TryFutureExt as _, TryStreamExt as _};
use sqlx::postgres::{PgQueryResult, PgRow, PgStatement, PgTypeInfo};
use sqlx::{Describe, Either, Error, Execute, Executor, PgConnection, PgPool};
use sqlx::{Postgres, SqlStr};
use tokio::time::timeout;

use crate::bounded::{PATIENCE, bounded};
use crate::loan::{LIVES, Loan};

/// Stands for sqlx' own, which it derefs to for those who need just that. What is asked through it directly has a bound; who
/// borrows a connection bounds his own time.
#[derive(Debug, Clone)]
pub struct Pool(PgPool);

impl Pool {
    pub fn new(pool: PgPool) -> Self {
        Self(pool)
    }

    /// # Errors
    /// When Postgres is away or every connection in use.
    pub async fn acquire(&self) -> Result<Loan, Error> {
        Loan::of(&self.0).await
    }

    /// # Errors
    /// When Postgres is away or every connection in use.
    pub async fn begin(&self) -> Result<Transaction, Error> {
        let loan = self.acquire().await?;
        // From here on, also unfinished, it is rolled back when it goes.
        let mut transaction = Transaction { loan: Some(loan) };
        transaction.execute("begin").await?;
        Ok(transaction)
    }
}

impl Deref for Pool {
    type Target = PgPool;

    fn deref(&self) -> &PgPool {
        &self.0
    }
}

/// Rolled back when dropped. There are none inside it.
#[derive(Debug)]
pub struct Transaction {
    loan: Option<Loan>,
}

impl Transaction {
    /// # Errors
    /// When a constraint was put off until now and is broken, or the connection is; then it may or may not have been committed.
    pub async fn commit(mut self) -> Result<(), Error> {
        self.execute("commit").await?;
        self.loan = None;
        Ok(())
    }
}

const OPEN: &str = "a transaction has its connection until it is committed or dropped";

impl Deref for Transaction {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        self.loan.as_ref().expect(OPEN)
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.loan.as_mut().expect(OPEN)
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if let Some(mut loan) = self.loan.take() {
            tokio::spawn(async move {
                if !matches!(timeout(LIVES, loan.execute("rollback")).await, Ok(Ok(_))) {
                    loan.close();
                }
            });
        }
    }
}

/// As sqlx' own pool does it: each statement on a connection of its own.
impl<'p> Executor<'p> for &'p Pool {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let answer = bounded(&self.0, PATIENCE, async |connection| {
            connection.fetch_many(query).try_collect::<Vec<_>>().await
        });
        answer
            .map_ok(|parts| stream::iter(parts).map(Ok))
            .try_flatten_stream()
            .boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let answer = bounded(&self.0, PATIENCE, async |connection| {
            connection.fetch_optional(query).await
        });
        answer.boxed()
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, Error>>
    where
        'p: 'e,
    {
        let answer = bounded(&self.0, PATIENCE, async |connection| {
            connection.prepare_with(sql, parameters).await
        });
        answer.boxed()
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, Error>>
    where
        'p: 'e,
    {
        let answer = bounded(&self.0, PATIENCE, async |connection| {
            connection.describe(sql).await
        });
        answer.boxed()
    }
}
