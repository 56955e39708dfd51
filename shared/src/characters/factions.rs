//! Factions and the ranks that characters hold in them.

use rookery_characters::hierarchy::{Faction, Rank};
use serde_json::Value;
use sqlx::PgConnection;

use super::{CharacterError, Characters, members};
use crate::StoreError;

/// Factions that one answer holds, and ranks of one faction or character, the highest.
const MOST: i64 = 1_000;

struct Row {
    id: String,
    name: String,
    max_members: Value,
}

impl Row {
    fn faction(self) -> Result<Faction, StoreError> {
        Ok(Faction {
            id: self.id,
            name: self.name,
            max_members: serde_json::from_value(self.max_members)?,
        })
    }
}

impl Characters {
    /// Founds one; an id is given once.
    pub async fn create_faction(&self, faction: &Faction) -> Result<(), CharacterError> {
        let created = sqlx::query!(
            "insert into characters_factions (id, name, max_members) values ($1, $2, $3) on conflict (id) do nothing",
            faction.id,
            faction.name,
            serde_json::to_value(&faction.max_members).map_err(StoreError::from)?,
        )
        .execute(&self.store.pool)
        .await?;
        match created.rows_affected() {
            0 => Err(CharacterError::Impossible(format!(
                "Faction already exists: {}",
                faction.id
            ))),
            _ => Ok(()),
        }
    }

    /// In order of their ids.
    pub async fn factions(&self) -> Result<Vec<Faction>, StoreError> {
        let rows = sqlx::query_as!(
            Row,
            "select id, name, max_members from characters_factions order by id limit $1",
            MOST
        )
        .fetch_all(&self.store.pool)
        .await?;
        rows.into_iter().map(Row::faction).collect()
    }

    /// With those who hold ranks in it, from the top.
    pub async fn faction(&self, id: &str) -> Result<(Faction, Vec<Rank>), CharacterError> {
        let row = sqlx::query_as!(
            Row,
            "select id, name, max_members from characters_factions where id = $1",
            id
        )
        .fetch_optional(&self.store.pool)
        .await?;
        let faction = row.ok_or_else(|| unknown(id))?.faction()?;
        let ranks = sqlx::query!(
            "select characters.id, rank_level, since from characters_ranks join characters using (key)
            where faction_id = $1 order by rank_level, since, characters.id limit $2",
            id,
            MOST
        )
        .fetch_all(&self.store.pool)
        .await?;
        let ranks = ranks.into_iter().map(|row| Rank {
            character_id: row.id,
            faction_id: id.to_owned(),
            rank_level: row.rank_level.cast_unsigned(),
            since: row.since.timestamp_millis(),
        });
        Ok((faction, ranks.collect()))
    }

    pub async fn remove_faction(&self, id: &str) -> Result<(), CharacterError> {
        let removed = sqlx::query!("delete from characters_factions where id = $1", id)
            .execute(&self.store.pool)
            .await?;
        match removed.rows_affected() {
            0 => Err(unknown(id)),
            _ => Ok(()),
        }
    }

    /// The character's ranks, by faction.
    pub async fn ranks(&self, character_id: &str) -> Result<Vec<Rank>, CharacterError> {
        let key = self.key(character_id).await?;
        let rows = sqlx::query!(
            "select faction_id, rank_level, since from characters_ranks where key = $1 order by faction_id limit $2",
            key,
            MOST
        )
        .fetch_all(&self.store.pool)
        .await?;
        let ranks = rows.into_iter().map(|row| Rank {
            character_id: character_id.to_owned(),
            faction_id: row.faction_id,
            rank_level: row.rank_level.cast_unsigned(),
            since: row.since.timestamp_millis(),
        });
        Ok(ranks.collect())
    }

    /// Puts the character at this rank, if there is room. Whoever rises or falls keeps the seniority.
    pub async fn set_rank(
        &self,
        character_id: &str,
        faction_id: &str,
        level: u32,
    ) -> Result<Rank, CharacterError> {
        let mut transaction = self.store.pool.begin().await?;
        // One after the other, or two would take the last place.
        let faction = lock(&mut transaction, faction_id).await?;
        let keys = members::keys(&mut transaction, &[character_id.to_owned()]).await?;
        let key = keys.first().copied();
        let rank_level = level.cast_signed();
        let holders = sqlx::query_scalar!(
            r#"select count(*) as "count!" from characters_ranks where faction_id = $1 and rank_level = $2 and key <> $3"#,
            faction_id,
            rank_level,
            key
        )
        .fetch_one(&mut *transaction)
        .await?;
        let holders = u32::try_from(holders).unwrap_or(u32::MAX);
        faction
            .has_room(level, holders)
            .map_err(|error| CharacterError::Impossible(error.to_string()))?;
        let since = sqlx::query_scalar!(
            "insert into characters_ranks (faction_id, key, rank_level) values ($1, $2, $3)
            on conflict (faction_id, key) do update set rank_level = excluded.rank_level
            returning since",
            faction_id,
            key,
            rank_level,
        )
        .fetch_one(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Rank {
            character_id: character_id.to_owned(),
            faction_id: faction_id.to_owned(),
            rank_level: level,
            since: since.timestamp_millis(),
        })
    }

    pub async fn leave_faction(
        &self,
        character_id: &str,
        faction_id: &str,
    ) -> Result<(), CharacterError> {
        let key = self.key(character_id).await?;
        let left = sqlx::query!(
            "delete from characters_ranks where faction_id = $1 and key = $2",
            faction_id,
            key
        )
        .execute(&self.store.pool)
        .await?;
        match left.rows_affected() {
            0 => Err(CharacterError::Missing {
                what: "Rank",
                id: format!("{character_id} in {faction_id}"),
            }),
            _ => Ok(()),
        }
    }
}

async fn lock(connection: &mut PgConnection, id: &str) -> Result<Faction, CharacterError> {
    let row = sqlx::query_as!(
        Row,
        "select id, name, max_members from characters_factions where id = $1 for update",
        id
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.ok_or_else(|| unknown(id))?.faction()?)
}

fn unknown(id: &str) -> CharacterError {
    CharacterError::Missing {
        what: "Faction",
        id: id.to_owned(),
    }
}
