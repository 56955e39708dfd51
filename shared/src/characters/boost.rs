//! Closeness to players: reading it, moving it, and what follows for how often somebody is asked.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rookery_characters::closeness::{Proximity, Tier};
use sqlx::PgConnection;
use uuid::Uuid;

use super::character::Character;
use super::{CharacterError, Characters, Tick, TickSlowly, World};
use crate::StoreError;

/// Whoever does not say who it is.
pub const DEFAULT_PLAYER: &str = "default";

/// What somebody is to a player, now.
#[derive(Debug, Clone)]
pub struct Closeness {
    pub player_id: String,
    pub proximity: Proximity,
    pub tier: Tier,
    pub total_interactions: i64,
    /// None: they never met.
    pub last_interaction_at: Option<DateTime<Utc>>,
    pub updated_at: DateTime<Utc>,
}

pub(super) struct ProximityRow {
    pub(super) player_id: String,
    pub(super) closeness: f64,
    pub(super) high_water: f64,
    pub(super) at_slow: i64,
    pub(super) total_interactions: i64,
    pub(super) last_interaction_at: Option<DateTime<Utc>>,
    pub(super) updated_at: DateTime<Utc>,
}

impl ProximityRow {
    fn proximity(&self) -> Proximity {
        Proximity {
            closeness: self.closeness,
            high_water: self.high_water,
            at_slow: self.at_slow.cast_unsigned(),
        }
    }

    pub(super) fn closeness(self, world: &World) -> Closeness {
        let proximity = self.proximity().at(world.now.slow, &world.config.proximity);
        Closeness {
            tier: Tier::of(proximity.closeness, &world.config.proximity),
            proximity,
            player_id: self.player_id,
            total_interactions: self.total_interactions,
            last_interaction_at: self.last_interaction_at,
            updated_at: self.updated_at,
        }
    }
}

impl Closeness {
    /// Of a player whom the character has never met: its initial closeness.
    pub(super) fn unmet(character: &Character, player_id: &str, world: &World) -> Self {
        let proximity = Proximity::new(character.initial_closeness, world.now.slow);
        Self {
            player_id: player_id.to_owned(),
            tier: Tier::of(proximity.closeness, &world.config.proximity),
            proximity,
            total_interactions: 0,
            last_interaction_at: None,
            updated_at: character.created_at,
        }
    }
}

impl Characters {
    pub async fn closeness(
        &self,
        character: &Character,
        player_id: &str,
        world: &World,
    ) -> Result<Closeness, StoreError> {
        let row = sqlx::query_as!(
            ProximityRow,
            "select player_id, closeness, high_water, at_slow, total_interactions, last_interaction_at, updated_at
            from characters_proximity where key = $1 and player_id = $2",
            character.key,
            player_id
        )
        .fetch_optional(&self.store.pool)
        .await?;
        Ok(match row {
            Some(row) => row.closeness(world),
            None => Closeness::unmet(character, player_id, world),
        })
    }

    /// Comes closer by so much, or goes away.
    pub async fn boost(
        &self,
        id: &str,
        player_id: &str,
        amount: f64,
    ) -> Result<(Character, Closeness), CharacterError> {
        let mut transaction = self.store.pool.begin().await?;
        let world = World::read(&mut *transaction).await?;
        let character = Character::read(&mut *transaction, id).await?;
        let character = character.ok_or_else(|| CharacterError::NotFound(id.to_owned()))?;
        let closeness = boost_in(&mut transaction, &world, &character, (player_id, amount)).await?;
        transaction.commit().await?;
        self.wake(character.key).await?;
        Ok((character, closeness))
    }

    /// Rings for a character whose tier may have risen, if it is to be asked at all.
    pub(super) async fn wake(&self, key: Uuid) -> Result<(), StoreError> {
        let tier = sqlx::query_scalar!(
            "select tier from characters_minds where key = $1 and next_tick_at is not null",
            key
        )
        .fetch_optional(&self.store.pool)
        .await?;
        match tier {
            Some(2) => self.store.queue.arm::<Tick>(key, Duration::ZERO),
            Some(1) => self.store.queue.arm::<TickSlowly>(key, Duration::ZERO),
            _ => {}
        }
        Ok(())
    }
}

/// One after the other for one character and player: the row is locked from the first statement on.
pub(super) async fn boost_in(
    connection: &mut PgConnection,
    world: &World,
    character: &Character,
    (player_id, amount): (&str, f64),
) -> Result<Closeness, StoreError> {
    let row = sqlx::query_as!(
        ProximityRow,
        "insert into characters_proximity as known (key, player_id, closeness, high_water, at_slow)
        values ($1, $2, $3, $3, $4)
        on conflict (key, player_id) do update set player_id = known.player_id
        returning player_id, closeness, high_water, at_slow, total_interactions, last_interaction_at, updated_at",
        character.key,
        player_id,
        character.initial_closeness,
        world.now.slow.cast_signed(),
    )
    .fetch_one(&mut *connection)
    .await?;
    let proximity = row
        .proximity()
        .at(world.now.slow, &world.config.proximity)
        .boosted(amount);
    let row = sqlx::query_as!(
        ProximityRow,
        "update characters_proximity
        set closeness = $3, high_water = $4, at_slow = $5, total_interactions = total_interactions + 1,
            last_interaction_at = clock_timestamp(), updated_at = clock_timestamp()
        where key = $1 and player_id = $2
        returning player_id, closeness, high_water, at_slow, total_interactions, last_interaction_at, updated_at",
        character.key,
        player_id,
        proximity.closeness,
        proximity.high_water,
        proximity.at_slow.cast_signed(),
    )
    .fetch_one(&mut *connection)
    .await?;
    judge(connection, world, character.key).await?;
    Ok(row.closeness(world))
}

/// Players who count for how often somebody is asked: those that were closest.
const CLOSEST: i64 = 4;

/// Puts the character where its closest player puts it. Whoever becomes active or wakes is asked at once.
async fn judge(connection: &mut PgConnection, world: &World, key: Uuid) -> Result<(), StoreError> {
    let rows = sqlx::query_as!(
        ProximityRow,
        "select player_id, closeness, high_water, at_slow, total_interactions, last_interaction_at, updated_at
        from characters_proximity where key = $1 order by closeness desc limit $2",
        key,
        CLOSEST
    )
    .fetch_all(&mut *connection)
    .await?;
    let tiers = rows.into_iter().map(|row| row.closeness(world).tier);
    let tier = tiers.max().unwrap_or(Tier::Dormant) as i16;
    sqlx::query!(
        "update characters_minds
        set next_tick_at = case when $2::smallint = 0 then null when $2::smallint > tier then clock_timestamp() else next_tick_at end, tier = $2::smallint
        where key = $1 and tier <> $2::smallint",
        key,
        tier
    )
    .execute(connection)
    .await?;
    Ok(())
}
