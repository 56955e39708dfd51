//! What characters hold of each other, as people set it and look at it: one row a direction.

use chrono::{DateTime, Utc};
use rookery_characters::relationship::{Bond, Change, Relationship};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{CharacterError, Characters, World};
use crate::StoreError;

/// What one character holds of another, now.
#[derive(Debug, Clone)]
pub struct Tie {
    pub from_id: String,
    pub to_id: String,
    pub relationship: Relationship,
    pub notes: String,
    pub last_interaction_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Whose view is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// What the character holds of others.
    Outgoing,
    /// What others hold of the character.
    Incoming,
}

/// From whom to whom.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    pub from_id: &'a str,
    pub to_id: &'a str,
}

/// Relationships that one answer holds, those that changed last.
const MOST: i64 = 1_000;

struct Row {
    from_id: String,
    to_id: String,
    bond: String,
    strength: f64,
    trust: f64,
    notes: String,
    at_slow: i64,
    interactions: i64,
    last_interaction_at: Option<DateTime<Utc>>,
    updated_at: DateTime<Utc>,
}

impl Row {
    fn tie(self, world: &World) -> Result<Tie, StoreError> {
        let bond = Bond::named(&self.bond);
        let relationship = Relationship {
            bond: bond.ok_or_else(|| {
                StoreError::Unreadable(format!("{} is no relationship", self.bond))
            })?,
            strength: self.strength,
            trust: self.trust,
            at_slow: self.at_slow.cast_unsigned(),
            interactions: self.interactions.cast_unsigned(),
        };
        Ok(Tie {
            from_id: self.from_id,
            to_id: self.to_id,
            relationship: relationship.at(world.now.slow),
            notes: self.notes,
            last_interaction_at: self.last_interaction_at.unwrap_or(self.updated_at),
            updated_at: self.updated_at,
        })
    }
}

impl Characters {
    /// Sets it as somebody says it; the unsaid stays, or is as between strangers.
    pub async fn relate(
        &self,
        pair: Pair<'_>,
        change: Change,
        notes: Option<&str>,
    ) -> Result<Tie, CharacterError> {
        let mut transaction = self.store.pool.begin().await?;
        let world = World::read(&mut *transaction).await?;
        let (from, to) = keys(&mut transaction, pair).await?;
        let usual = Relationship::default();
        // Whoever comes second waits here for the first.
        let row = sqlx::query!(
            "insert into characters_relationships as known
                (from_key, to_key, type, strength, trust, at_slow, last_interaction_at)
            values ($1, $2, $3, $4, $5, $6, clock_timestamp())
            on conflict (from_key, to_key) do update set notes = known.notes
            returning type as bond, strength, trust, at_slow, interactions",
            from,
            to,
            usual.bond.as_str(),
            usual.strength,
            usual.trust,
            world.now.slow.cast_signed(),
        )
        .fetch_one(&mut *transaction)
        .await?;
        let known = Relationship {
            bond: Bond::named(&row.bond).unwrap_or(Bond::Neutral),
            strength: row.strength,
            trust: row.trust,
            at_slow: row.at_slow.cast_unsigned(),
            interactions: row.interactions.cast_unsigned(),
        };
        let set = known.set(change, world.now.slow);
        sqlx::query!(
            "update characters_relationships
            set type = $3, strength = $4, trust = $5, at_slow = $6, notes = coalesce($7, notes), updated_at = clock_timestamp()
            where from_key = $1 and to_key = $2",
            from,
            to,
            set.bond.as_str(),
            set.strength,
            set.trust,
            set.at_slow.cast_signed(),
            notes,
        )
        .execute(&mut *transaction)
        .await?;
        let tie = read(&mut transaction, (from, to), &world).await?;
        transaction.commit().await?;
        tie.ok_or_else(|| no_tie(pair))
    }

    /// What one holds of the other, if anything was ever said or done.
    pub async fn relationship(&self, pair: Pair<'_>) -> Result<Tie, CharacterError> {
        let mut transaction = self.store.pool.begin().await?;
        let world = World::read(&mut *transaction).await?;
        let keys = keys(&mut transaction, pair).await?;
        let tie = read(&mut transaction, keys, &world).await?;
        tie.ok_or_else(|| no_tie(pair))
    }

    pub async fn relationships(
        &self,
        id: &str,
        direction: Direction,
    ) -> Result<Vec<Tie>, CharacterError> {
        let key = self.key(id).await?;
        let world = self.world().await?;
        let rows = sqlx::query_as!(
            Row,
            "select one.id as from_id, other.id as to_id, type as bond, strength, trust, notes, at_slow, interactions,
                last_interaction_at, tie.updated_at
            from characters_relationships as tie
            join characters as one on one.key = from_key
            join characters as other on other.key = to_key
            where case when $2 then from_key = $1 else to_key = $1 end
            order by tie.updated_at desc limit $3",
            key,
            direction == Direction::Outgoing,
            MOST
        )
        .fetch_all(&self.store.pool)
        .await?;
        let ties = rows.into_iter().map(|row| row.tie(&world));
        Ok(ties.collect::<Result<_, _>>()?)
    }

    /// They are strangers again, as far as the first is concerned.
    pub async fn forget_relationship(&self, pair: Pair<'_>) -> Result<(), CharacterError> {
        let mut transaction = self.store.pool.begin().await?;
        let (from, to) = keys(&mut transaction, pair).await?;
        let gone = sqlx::query!(
            "delete from characters_relationships where from_key = $1 and to_key = $2",
            from,
            to
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        match gone.rows_affected() {
            0 => Err(no_tie(pair)),
            _ => Ok(()),
        }
    }
}

async fn read(
    connection: &mut PgConnection,
    (from, to): (Uuid, Uuid),
    world: &World,
) -> Result<Option<Tie>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        "select one.id as from_id, other.id as to_id, type as bond, strength, trust, notes, at_slow, interactions,
            last_interaction_at, tie.updated_at
        from characters_relationships as tie
        join characters as one on one.key = from_key
        join characters as other on other.key = to_key
        where from_key = $1 and to_key = $2",
        from,
        to
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| row.tie(world)).transpose()
}

/// Both stay until the transaction ends.
async fn keys(
    connection: &mut PgConnection,
    pair: Pair<'_>,
) -> Result<(Uuid, Uuid), CharacterError> {
    let ids = [pair.from_id.to_owned(), pair.to_id.to_owned()];
    let keys = super::members::keys(connection, &ids).await?;
    match keys[..] {
        [from, to] => Ok((from, to)),
        _ => Err(CharacterError::NotFound(pair.to_id.to_owned())),
    }
}

fn no_tie(pair: Pair<'_>) -> CharacterError {
    CharacterError::Missing {
        what: "Relationship",
        id: format!("{} to {}", pair.from_id, pair.to_id),
    }
}
