//! Where many games stand, for those who watch them.

use uuid::Uuid;

use super::Chess;
use crate::StoreError;

impl Chess {
    /// The versions of the games among these that there are.
    pub async fn versions(&self, ids: &[Uuid]) -> Result<Vec<(Uuid, i64)>, StoreError> {
        let rows = sqlx::query!(
            "select id, version from chess_games where id = any($1)",
            ids
        )
        .fetch_all(&self.store.pool)
        .await?;
        Ok(rows.into_iter().map(|row| (row.id, row.version)).collect())
    }
}
