//! Kinds of characters: the engine's catalogue, and what was added to it here.

use rookery_characters::archetype::Archetype;
use sqlx::PgExecutor;

use crate::StoreError;

/// The archetype, if there is such a one.
pub async fn archetype(
    executor: impl PgExecutor<'_>,
    id: &str,
) -> Result<Option<Archetype>, StoreError> {
    if let Some(known) = rookery_characters::archetype::catalogue::find(id) {
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
