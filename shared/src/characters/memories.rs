//! Episodic memory: what is kept, and looking it up.

use rookery_characters::memory::NewMemory;
use sqlx::PgConnection;
use uuid::Uuid;

use super::World;
use crate::StoreError;

/// Keeps what came of a turn. In order: neighbours belong together.
pub(super) async fn insert(
    connection: &mut PgConnection,
    memories: &[(Uuid, NewMemory)],
    world: &World,
) -> Result<(), StoreError> {
    if memories.is_empty() {
        return Ok(());
    }
    let mut ids = Vec::with_capacity(memories.len());
    let mut keys = Vec::with_capacity(memories.len());
    let mut players = Vec::with_capacity(memories.len());
    let mut kinds = Vec::with_capacity(memories.len());
    let mut contents = Vec::with_capacity(memories.len());
    let mut events = Vec::with_capacity(memories.len());
    let mut tags = Vec::with_capacity(memories.len());
    let mut importances = Vec::with_capacity(memories.len());
    let mut sources = Vec::with_capacity(memories.len());
    for (key, memory) in memories {
        ids.push(Uuid::now_v7());
        keys.push(*key);
        players.push(memory.player_id.clone());
        kinds.push(memory.kind.as_str().to_owned());
        contents.push(memory.content.clone());
        events.push(memory.event_type.clone());
        tags.push(serde_json::to_string(&memory.tags)?);
        importances.push(memory.importance);
        sources.push(memory.source.to_string());
    }
    sqlx::query!(
        "with kept as (
            insert into characters_memories
                (id, key, player_id, kind, content, event_type, tags, importance, decay_rate, at_slow, source)
            select id, key, player_id, kind, content, event_type,
                array(select jsonb_array_elements_text(tags::jsonb)), importance, 1, $10, source::jsonb
            from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::float8[], $9::text[])
                with ordinality as new (id, key, player_id, kind, content, event_type, tags, importance, source, number)
            where exists (select from characters where characters.key = new.key)
            order by number
            returning key
        )
        update characters_minds set memories_version = memories_version + 1 where key in (select key from kept)",
        &ids,
        &keys,
        &players as &[Option<String>],
        &kinds,
        &contents,
        &events as &[Option<String>],
        &tags,
        &importances,
        &sources,
        world.now.slow.cast_signed(),
    )
    .execute(connection)
    .await?;
    Ok(())
}
