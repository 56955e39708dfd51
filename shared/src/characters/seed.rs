//! The world that a newcomer finds: the tavern of the engine, put into an empty database.

use rookery_characters::closeness::Tier;
use rookery_characters::tavern;
use rookery_characters::world::{Inhabitant, World as Scenery};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{World, memories, relations};
use crate::{Store, StoreError};

/// Loads the tavern if there is nobody in this world. Several may call it at once.
pub async fn seed_tavern(store: &Store) -> Result<(), StoreError> {
    let mut transaction = store.pool.begin().await?;
    // A world that nobody lives in has no time to lose: its clock begins with them. The row is what two callers meet at.
    let begun = sqlx::query!(
        "update characters_world set fast_ticks = 0, slow_ticks = 0, anchored_at = clock_timestamp()
        where not exists (select from characters)"
    )
    .execute(&mut *transaction)
    .await?;
    let somebody = sqlx::query_scalar!(r#"select exists (select from characters) as "somebody!""#)
        .fetch_one(&mut *transaction)
        .await?;
    if begun.rows_affected() == 0 || somebody {
        return Ok(());
    }
    let world = World::read(&mut *transaction).await?;
    let scenery = tavern::world(world.now.ms);
    furnish(&mut transaction, &world, &scenery).await?;
    transaction.commit().await?;
    Ok(())
}

async fn furnish(
    connection: &mut PgConnection,
    world: &World,
    scenery: &Scenery,
) -> Result<(), StoreError> {
    let mut keys = Vec::with_capacity(scenery.people.len());
    for somebody in &scenery.people {
        keys.push((
            somebody.persona.id.as_str(),
            settle(connection, world, somebody).await?,
        ));
    }
    let key = |id: &str| {
        keys.iter()
            .find(|(known, _)| *known == id)
            .map(|(_, key)| *key)
    };
    let mut bonds = Vec::new();
    let mut kept = Vec::new();
    for somebody in &scenery.people {
        let Some(own) = key(&somebody.persona.id) else {
            continue;
        };
        let others = somebody.relationships.iter();
        bonds.extend(others.filter_map(|(id, bond)| Some((own, key(id)?, *bond))));
        kept.extend(somebody.memories.iter().map(|memory| (own, memory.clone())));
    }
    relations::store(connection, &bonds).await?;
    memories::insert(connection, &kept, world).await?;
    for fact in &scenery.facts {
        sqlx::query!(
            "insert into characters_world_facts (key, value, category, source) values ($1, $2, $3, 'tavern')",
            fact.key,
            fact.value,
            fact.category
        )
        .execute(&mut *connection)
        .await?;
    }
    for faction in &scenery.factions {
        sqlx::query!(
            "insert into characters_factions (id, name, max_members) values ($1, $2, $3)",
            faction.id,
            faction.name,
            serde_json::to_value(&faction.max_members)?
        )
        .execute(&mut *connection)
        .await?;
    }
    for rank in &scenery.ranks {
        sqlx::query!(
            "insert into characters_ranks (faction_id, key, rank_level) select $1, key, $3 from characters where id = $2",
            rank.faction_id,
            rank.character_id,
            i32::try_from(rank.rank_level).unwrap_or(i32::MAX)
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

async fn settle(
    connection: &mut PgConnection,
    world: &World,
    somebody: &Inhabitant,
) -> Result<Uuid, StoreError> {
    let Inhabitant {
        persona, proximity, ..
    } = somebody;
    let key = Uuid::now_v7();
    sqlx::query!(
        "insert into characters (key, id, name, archetype, identity, location, initial_closeness)
        values ($1, $2, $3, $4, $5::text::jsonb, $6, $7)",
        key,
        persona.id,
        persona.name,
        persona.archetype,
        serde_json::to_string(&persona.identity)?,
        persona.location,
        proximity.closeness,
    )
    .execute(&mut *connection)
    .await?;
    let tier = Tier::of(proximity.closeness, &world.config.proximity);
    sqlx::query!(
        "with mind as (
            insert into characters_minds (key, mind, tier, next_tick_at)
            values ($1, $2::text::json, $3::smallint, case when $3::smallint = 0 then null else clock_timestamp() end)
        )
        insert into characters_proximity (key, player_id, closeness, high_water, at_slow) values ($1, $4, $5, $6, $7)",
        key,
        serde_json::to_string(&somebody.mind)?,
        tier as i16,
        somebody.player_id,
        proximity.closeness,
        proximity.high_water,
        world.now.slow.cast_signed(),
    )
    .execute(connection)
    .await?;
    Ok(key)
}
