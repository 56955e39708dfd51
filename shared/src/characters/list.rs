//! All characters with what they are to one player, page by page.

use super::boost::ProximityRow;
use super::character::CharacterRow;
use super::{Character, Characters, Closeness};
use crate::StoreError;

/// Which part of the list.
#[derive(Debug, Clone)]
pub struct Page {
    pub player_id: String,
    /// After this id.
    pub after: Option<String>,
    pub limit: i64,
    pub archetype: Option<String>,
    pub location: Option<String>,
}

/// One page.
pub struct Listed {
    pub characters: Vec<(Character, Closeness)>,
    /// There are more after the last one.
    pub more: bool,
}

impl Characters {
    /// In order of their ids.
    pub async fn list(&self, page: &Page) -> Result<Listed, StoreError> {
        let world = self.world().await?;
        let rows = sqlx::query!(
            r#"select characters.key, id, name, archetype, identity::text as "identity!", metadata::text as "metadata!", location,
                initial_closeness, created_at, characters.updated_at,
                closeness as "closeness?", high_water as "high_water?", at_slow as "at_slow?",
                total_interactions as "total_interactions?", last_interaction_at as "last_interaction_at?",
                met.updated_at as "met_at?"
            from characters left join characters_proximity as met on met.key = characters.key and met.player_id = $1
            where ($2::text is null or id > $2) and ($3::text is null or archetype = $3) and ($4::text is null or location = $4)
            order by id limit $5"#,
            page.player_id,
            page.after,
            page.archetype,
            page.location,
            page.limit + 1,
        )
        .fetch_all(&self.store.pool)
        .await?;
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        let mut characters = Vec::with_capacity(rows.len().min(limit));
        for row in rows.into_iter().take(limit) {
            let character = CharacterRow {
                key: row.key,
                id: row.id,
                name: row.name,
                archetype: row.archetype,
                identity: row.identity,
                metadata: row.metadata,
                location: row.location,
                initial_closeness: row.initial_closeness,
                created_at: row.created_at,
                updated_at: row.updated_at,
            }
            .character()?;
            let met = (
                row.closeness,
                row.high_water,
                row.at_slow,
                row.total_interactions,
                row.met_at,
            );
            let closeness = match met {
                (Some(closeness), Some(high_water), Some(at_slow), Some(total), Some(met_at)) => {
                    ProximityRow {
                        player_id: page.player_id.clone(),
                        closeness,
                        high_water,
                        at_slow,
                        total_interactions: total,
                        last_interaction_at: row.last_interaction_at,
                        updated_at: met_at,
                    }
                    .closeness(&world)
                }
                _ => Closeness::unmet(&character, &page.player_id, &world),
            };
            characters.push((character, closeness));
        }
        Ok(Listed { characters, more })
    }
}

/// Ids that one answer holds.
const NEAR: i64 = 100;

impl Characters {
    /// Ids of the others at the same place.
    pub async fn near(&self, character: &Character) -> Result<Vec<String>, StoreError> {
        let ids = sqlx::query_scalar!(
            "select id from characters where location = $1 and key <> $2 order by key limit $3",
            character.persona.location,
            character.key,
            NEAR
        )
        .fetch_all(&self.store.pool)
        .await?;
        Ok(ids)
    }
}
