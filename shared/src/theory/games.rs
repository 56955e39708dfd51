//! The games that are loaded: looking at them and deleting them.

use rookery_theory::Game;
use serde_json::value::RawValue;
use sqlx::types::Json;

use super::document::decode;
use super::summary::GameId;
use crate::{Store, StoreError};

/// Which games to list, by id.
#[derive(Clone, Debug)]
pub struct Page {
    /// Only games behind this one: the last of the page before.
    pub after: Option<GameId>,
    pub limit: u32,
}

/// The summaries of games, in the order of their ids.
///
/// # Errors
/// When Postgres is away.
pub async fn list(store: &Store, page: &Page) -> Result<Vec<Box<RawValue>>, StoreError> {
    let rows = sqlx::query_scalar!(
        r#"select summary as "summary: Json<Box<RawValue>>" from theory_games
        where $1::text is null or id > $1 order by id limit $2"#,
        page.after.as_ref().map(GameId::as_str),
        i64::from(page.limit)
    )
    .fetch_all(&store.pool)
    .await?;
    Ok(rows.into_iter().map(|summary| summary.0).collect())
}

/// # Errors
/// When Postgres is away.
pub async fn summary(store: &Store, id: &GameId) -> Result<Option<Box<RawValue>>, StoreError> {
    let summary = sqlx::query_scalar!(
        r#"select summary as "summary: Json<Box<RawValue>>" from theory_games where id = $1"#,
        id.as_str()
    )
    .fetch_optional(&store.pool)
    .await?;
    Ok(summary.map(|summary| summary.0))
}

/// # Errors
/// When Postgres is away.
pub async fn get(store: &Store, id: &GameId) -> Result<Option<Game>, StoreError> {
    let document = sqlx::query_scalar!(
        r#"select document as "document: Json<Box<RawValue>>"
        from theory_games g join theory_documents d on d.hash = g.document_hash where g.id = $1"#,
        id.as_str()
    )
    .fetch_optional(&store.pool)
    .await?;
    match document {
        Some(document) => Ok(Some(decode(document.0).await?)),
        None => Ok(None),
    }
}

/// Whether there was such a game. Analyses of it that were ordered before still run.
///
/// # Errors
/// When Postgres is away.
pub async fn delete(store: &Store, id: &GameId) -> Result<bool, StoreError> {
    let done = sqlx::query!("delete from theory_games where id = $1", id.as_str())
        .execute(&store.pool)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// # Errors
/// When Postgres is away.
pub async fn count(store: &Store) -> Result<i64, StoreError> {
    let count = sqlx::query_scalar!(r#"select count(*) as "count!" from theory_games"#);
    Ok(count.fetch_one(&store.pool).await?)
}
