//! Characters that a request names, by their ids: all of them must be there.

use sqlx::PgConnection;
use uuid::Uuid;

use super::CharacterError;

/// Their keys in the order of the ids. None of them is removed before the transaction ends; the first that is unknown is the error.
pub(super) async fn keys(
    connection: &mut PgConnection,
    ids: &[String],
) -> Result<Vec<Uuid>, CharacterError> {
    let rows = sqlx::query!(
        "select id, key from characters where id = any($1) order by key for key share",
        ids
    )
    .fetch_all(connection)
    .await?;
    ids.iter()
        .map(|id| {
            let row = rows.iter().find(|row| row.id == *id);
            row.map(|row| row.key)
                .ok_or_else(|| CharacterError::NotFound(id.clone()))
        })
        .collect()
}
