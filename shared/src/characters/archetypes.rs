//! Kinds of characters: the engine's catalogue, and what was added to it here.

use rookery_characters::archetype::{Archetype, catalogue};
use sqlx::PgExecutor;

use super::{CharacterError, Characters};
use crate::StoreError;

/// The archetype, if there is such a one.
pub async fn archetype(
    executor: impl PgExecutor<'_>,
    id: &str,
) -> Result<Option<Archetype>, StoreError> {
    if let Some(known) = catalogue::find(id) {
        return Ok(Some(known.clone()));
    }
    let row = sqlx::query_scalar!(
        r#"select archetype::text as "archetype!" from characters_archetypes where id = $1"#,
        id
    )
    .fetch_optional(executor)
    .await?;
    Ok(row.as_deref().map(serde_json::from_str).transpose()?)
}

/// Archetypes that a world may add.
const MOST_ADDED: i64 = 500;

impl Characters {
    pub async fn archetype(&self, id: &str) -> Result<Option<Archetype>, StoreError> {
        archetype(&self.store.pool, id).await
    }

    /// The catalogue's, then those that were added, in the order in which they came.
    pub async fn archetypes(&self) -> Result<Vec<Archetype>, StoreError> {
        let added = sqlx::query_scalar!(
            r#"select archetype::text as "archetype!" from characters_archetypes order by created_at, id limit $1"#,
            MOST_ADDED
        )
        .fetch_all(&self.store.pool)
        .await?;
        let mut all = catalogue::all().to_vec();
        for archetype in added {
            all.push(serde_json::from_str(&archetype)?);
        }
        Ok(all)
    }

    /// Adds one; an id is given once.
    pub async fn add_archetype(&self, archetype: &Archetype) -> Result<(), CharacterError> {
        let exists =
            || CharacterError::Impossible(format!("Archetype already exists: {}", archetype.id));
        if catalogue::find(&archetype.id).is_some() {
            return Err(exists());
        }
        let added = sqlx::query!(
            "insert into characters_archetypes (id, archetype)
            select $1, $2::text::jsonb where (select count(*) from characters_archetypes) < $3
            on conflict (id) do nothing",
            archetype.id,
            serde_json::to_string(archetype).map_err(StoreError::from)?,
            MOST_ADDED
        )
        .execute(&self.store.pool)
        .await?;
        if added.rows_affected() > 0 {
            return Ok(());
        }
        Err(
            match self::archetype(&self.store.pool, &archetype.id).await? {
                Some(_) => exists(),
                None => CharacterError::Impossible(format!(
                    "There are {MOST_ADDED} archetypes of your own, and there may be no more"
                )),
            },
        )
    }
}
