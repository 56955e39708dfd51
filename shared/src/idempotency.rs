//! The same request, sent twice, is done once: keys, their fingerprints and the answer that is given again.

use std::fmt;

use chrono::{DateTime, Utc};
use rookery_queue::Transaction;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use sqlx::PgExecutor;
use thiserror::Error;

use crate::{Store, StoreError};

/// One request that carries an `Idempotency-Key`.
#[derive(Clone, Debug)]
pub struct IdempotentRequest {
    /// Who and what: keys of different callers or operations never meet. `"theory.upload"`, or with an account in it.
    pub scope: String,
    /// The client's key.
    pub key: String,
    /// What the request said.
    pub fingerprint: Fingerprint,
}

/// SHA-256 over the parts of a request that decide its meaning.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Parts are told apart by their lengths, so that `("ab", "c")` differs from `("a", "bc")`.
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0[..4]
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The answer, and whether it was made now.
#[derive(Debug, PartialEq, Eq)]
pub enum Once<T> {
    /// This call did the work.
    First(T),
    /// An earlier call did; this is the answer that it gave. Say so with `Idempotency-Replayed: true`.
    Replayed(T),
}

impl<T> Once<T> {
    pub fn into_inner(self) -> T {
        match self {
            Self::First(answer) | Self::Replayed(answer) => answer,
        }
    }
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum OnceError<E> {
    /// The key was used for a request that said something else (422).
    #[error("this idempotency key was used with another request")]
    Mismatch,
    /// The first request with this key is still being worked on after [`TWIN_WAIT_MS`] (409).
    #[error("a request with this idempotency key is still in progress")]
    InProgress,
    /// The work refused; nothing was recorded, so the key is free again.
    #[error(transparent)]
    Work(E),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How long a twin waits for the first.
pub const TWIN_WAIT_MS: i64 = 10_000;

/// PostgreSQL's code for a lock that was not granted in time.
const LOCK_NOT_AVAILABLE: &str = "55P03";

/// Runs `work` once per scope and key; later calls get the first answer.
///
/// The key's row is inserted in the transaction that does the work. A twin that arrives meanwhile waits on the unique index, not on a
/// lock of ours, so it works across processes and a crash frees the key. `work` gets the transaction and gives it back with its
/// answer; it must use nothing else of the pool, of which a hundred waiting twins hold every other connection.
pub async fn once<T, E, W, F>(
    store: &Store,
    request: &IdempotentRequest,
    work: W,
) -> Result<Once<T>, OnceError<E>>
where
    T: Serialize + DeserializeOwned,
    W: FnOnce(Transaction) -> F,
    F: Future<Output = Result<(T, Transaction), E>>,
{
    if let Some(earlier) = find(&store.pool, request).await? {
        return replay(earlier, request);
    }
    let mut transaction = store.pool.begin().await.map_err(StoreError::from)?;
    if !take_key(&mut transaction, request).await? {
        // Each statement sees what was committed before it began, so the answer that kept us out is visible by now.
        return match find(&mut *transaction, request).await? {
            Some(earlier) => replay(earlier, request),
            None => Err(OnceError::InProgress),
        };
    }
    let (answer, mut transaction) = work(transaction).await.map_err(OnceError::Work)?;
    let stored = serde_json::to_value(&answer).map_err(StoreError::from)?;
    sqlx::query!(
        "update idempotency_keys set answer = $3 where scope = $1 and key = $2",
        request.scope,
        request.key,
        stored
    )
    .execute(&mut *transaction)
    .await
    .map_err(StoreError::from)?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(Once::First(answer))
}

/// Forgets keys older than a day; the workers' sweep calls it. Returns how many.
pub async fn purge(store: &Store) -> Result<u64, StoreError> {
    let done = sqlx::query!(
        "delete from idempotency_keys where created_at < clock_timestamp() - interval '24 hours'"
    )
    .execute(&store.pool)
    .await?;
    Ok(done.rows_affected())
}

struct Earlier {
    fingerprint: Vec<u8>,
    answer: serde_json::Value,
}

async fn find(
    executor: impl PgExecutor<'_>,
    request: &IdempotentRequest,
) -> Result<Option<Earlier>, StoreError> {
    let row = sqlx::query_as!(
        Earlier,
        r#"select fingerprint, answer as "answer!" from idempotency_keys
           where scope = $1 and key = $2 and answer is not null
             and created_at >= clock_timestamp() - interval '24 hours'"#,
        request.scope,
        request.key
    )
    .fetch_optional(executor)
    .await?;
    Ok(row)
}

fn replay<T: DeserializeOwned, E>(
    earlier: Earlier,
    request: &IdempotentRequest,
) -> Result<Once<T>, OnceError<E>> {
    if earlier.fingerprint != request.fingerprint.0 {
        return Err(OnceError::Mismatch);
    }
    let answer = serde_json::from_value(earlier.answer).map_err(StoreError::from)?;
    Ok(Once::Replayed(answer))
}

/// Takes the key for this transaction, waiting for a twin that holds it. False when somebody else has answered.
async fn take_key<E>(
    transaction: &mut Transaction,
    request: &IdempotentRequest,
) -> Result<bool, OnceError<E>> {
    sqlx::query_scalar!(
        "select set_config('lock_timeout', $1, true)",
        TWIN_WAIT_MS.to_string()
    )
    .fetch_one(&mut **transaction)
    .await
    .map_err(StoreError::from)?;
    let taken: Result<Option<DateTime<Utc>>, sqlx::Error> = sqlx::query_scalar!(
        "insert into idempotency_keys as held (scope, key, fingerprint) values ($1, $2, $3)
         on conflict on constraint idempotency_keys_pkey do update
             set fingerprint = excluded.fingerprint, answer = null, created_at = excluded.created_at
             where held.created_at < clock_timestamp() - interval '24 hours'
         returning created_at",
        request.scope,
        request.key,
        &request.fingerprint.0[..]
    )
    .fetch_optional(&mut **transaction)
    .await;
    match taken {
        Ok(row) => Ok(row.is_some()),
        Err(sqlx::Error::Database(error))
            if error.code().as_deref() == Some(LOCK_NOT_AVAILABLE) =>
        {
            Err(OnceError::InProgress)
        }
        Err(error) => Err(StoreError::from(error).into()),
    }
}
