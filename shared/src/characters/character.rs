//! A character's own rows: making, reading and removing one.

use chrono::{DateTime, Utc};
use rookery_characters::Persona;
use rookery_characters::closeness::{Proximity, Tier};
use rookery_characters::need::Needs;
use rookery_characters::persona::Identity;
use rookery_characters::{Mind, reputation::Reputation};
use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::{CharacterError, Characters, World, archetype};
use crate::StoreError;

/// Who somebody is, as stored.
#[derive(Debug, Clone)]
pub struct Character {
    pub key: Uuid,
    pub persona: Persona,
    pub metadata: Value,
    pub initial_closeness: f64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Somebody to be registered.
#[derive(Debug, Clone)]
pub struct NewCharacter {
    pub persona: Persona,
    pub metadata: Value,
    pub initial_closeness: f64,
    /// Whom the initial closeness is to.
    pub player_id: String,
}

pub(super) struct CharacterRow {
    pub(super) key: Uuid,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) archetype: String,
    pub(super) identity: String,
    pub(super) metadata: String,
    pub(super) location: Option<String>,
    pub(super) initial_closeness: f64,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
}

impl CharacterRow {
    pub(super) fn character(self) -> Result<Character, StoreError> {
        let identity: Identity = serde_json::from_str(&self.identity)?;
        Ok(Character {
            key: self.key,
            persona: Persona {
                id: self.id,
                name: self.name,
                archetype: self.archetype,
                identity,
                location: self.location,
            },
            metadata: serde_json::from_str(&self.metadata)?,
            initial_closeness: self.initial_closeness,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

impl Character {
    pub async fn read(executor: impl PgExecutor<'_>, id: &str) -> Result<Option<Self>, StoreError> {
        let row = sqlx::query_as!(
            CharacterRow,
            r#"select key, id, name, archetype, identity::text as "identity!", metadata::text as "metadata!", location,
                initial_closeness, created_at, updated_at
            from characters where id = $1"#,
            id
        )
        .fetch_optional(executor)
        .await?;
        row.map(CharacterRow::character).transpose()
    }
}

impl Characters {
    pub async fn get(&self, id: &str) -> Result<Character, CharacterError> {
        let character = Character::read(&self.store.pool, id).await?;
        character.ok_or_else(|| CharacterError::NotFound(id.to_owned()))
    }

    pub async fn get_by_key(&self, key: Uuid) -> Result<Character, CharacterError> {
        let id = sqlx::query_scalar!("select id from characters where key = $1", key)
            .fetch_optional(&self.store.pool)
            .await?;
        self.get(&id.ok_or_else(|| CharacterError::NotFound(key.to_string()))?)
            .await
    }

    /// The key of a character by its id.
    pub async fn key(&self, id: &str) -> Result<Uuid, CharacterError> {
        let key = sqlx::query_scalar!("select key from characters where id = $1", id)
            .fetch_optional(&self.store.pool)
            .await?;
        key.ok_or_else(|| CharacterError::NotFound(id.to_owned()))
    }

    pub async fn register(&self, new: NewCharacter) -> Result<Character, CharacterError> {
        let mut transaction = self.store.pool.begin().await?;
        let character = self.register_in(&mut transaction, new).await?;
        transaction.commit().await?;
        self.wake(character.key).await?;
        Ok(character)
    }

    async fn register_in(
        &self,
        connection: &mut PgConnection,
        new: NewCharacter,
    ) -> Result<Character, CharacterError> {
        let persona = &new.persona;
        if archetype(&mut *connection, &persona.archetype)
            .await?
            .is_none()
        {
            return Err(CharacterError::UnknownArchetype(persona.archetype.clone()));
        }
        let world = World::read(&mut *connection).await?;
        let proximity = Proximity::new(new.initial_closeness, world.now.slow);
        let row = sqlx::query_as!(
            CharacterRow,
            r#"insert into characters (key, id, name, archetype, identity, metadata, location, initial_closeness)
            values ($1, $2, $3, $4, $5::text::jsonb, $6::text::jsonb, $7, $8)
            on conflict on constraint characters_id_unique do nothing
            returning key, id, name, archetype, identity::text as "identity!", metadata::text as "metadata!", location,
                initial_closeness, created_at, updated_at"#,
            Uuid::now_v7(),
            persona.id,
            persona.name,
            persona.archetype,
            serde_json::to_string(&persona.identity).map_err(StoreError::from)?,
            new.metadata.to_string(),
            persona.location,
            proximity.closeness,
        )
        .fetch_optional(&mut *connection)
        .await?;
        let row = row.ok_or_else(|| CharacterError::Exists(persona.id.clone()))?;
        let tier = Tier::of(proximity.closeness, &world.config.proximity);
        sqlx::query!(
            "with mind as (
                insert into characters_minds (key, mind, tier, next_tick_at)
                values ($1, $2::text::json, $3::smallint, case when $3::smallint = 0 then null else clock_timestamp() end)
            )
            insert into characters_proximity (key, player_id, closeness, high_water, at_slow)
            values ($1, $4, $5, $6, $7)",
            row.key,
            serde_json::to_string(&new_mind(&world)).map_err(StoreError::from)?,
            tier as i16,
            new.player_id,
            proximity.closeness,
            proximity.high_water,
            proximity.at_slow.cast_signed(),
        )
        .execute(connection)
        .await?;
        Ok(row.character()?)
    }

    /// Removes a character with all that hangs on it.
    pub async fn remove(&self, id: &str) -> Result<(), CharacterError> {
        let removed = sqlx::query_scalar!("delete from characters where id = $1 returning key", id)
            .fetch_optional(&self.store.pool)
            .await?;
        let key = removed.ok_or_else(|| CharacterError::NotFound(id.to_owned()))?;
        self.store.queue.disarm::<super::Tick>(key);
        self.store.queue.disarm::<super::TickSlowly>(key);
        Ok(())
    }
}

/// Needs and reputation count from now, not from the beginning of the world.
pub(super) fn new_mind(world: &World) -> Mind {
    Mind {
        needs: Needs {
            at_fast: world.now.fast,
            ..Needs::default()
        },
        reputation: Reputation {
            at_slow: world.now.slow,
            ..Reputation::default()
        },
        ..Mind::default()
    }
}
