//! What people change in somebody's memory: giving one, pinning, correcting, forgetting.

use rookery_characters::memory::{Kind, Memory, NewMemory, facts};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::memories::{MemoryRow, StoredMemory, cut, insert_named};
use super::{CharacterError, Characters, World};
use crate::StoreError;

/// What `memories_version` grows by when a memory was changed or went. It grows by one for each that was only added: whoever knows the
/// others need only read that one.
pub(super) const EDITED: i64 = 1 << 32;
/// Facts about one player that a new one is compared with, the newest.
const FACTS: i64 = 1_000;

impl Characters {
    /// Gives a character a memory. A fact replaces what cannot be so beside it; what it knows in the same words becomes stronger.
    pub async fn remember(
        &self,
        id: &str,
        memory: &NewMemory,
    ) -> Result<(StoredMemory, World), CharacterError> {
        let mut transaction = self.store.pool.begin().await?;
        let world = World::read(&mut *transaction).await?;
        let key = lock(&mut transaction, id).await?;
        let new = Uuid::now_v7();
        if memory.kind == Kind::Fact {
            let known = known_facts(&mut transaction, key, memory).await?;
            let player = memory.player_id.as_deref();
            let outdated = facts::outdated(&memory.content, player, &known);
            supersede(&mut transaction, key, &ids(outdated), new).await?;
        }
        insert_named(&mut transaction, &[(new, key, memory)], &world).await?;
        let kept = sqlx::query_scalar!(
            "select id from characters_memories
            where key = $1 and (id = $2 or (content = $3 and kind = $4)) and superseded_at is null
            order by id = $2 desc, number desc limit 1",
            key,
            new,
            cut(&memory.content),
            memory.kind.as_str(),
        )
        .fetch_one(&mut *transaction)
        .await?;
        transaction.commit().await?;
        let mut kept = self.memories_of_ids(key, &[kept]).await?;
        let kept = kept.pop();
        let kept = kept.ok_or_else(|| CharacterError::NotFound(id.to_owned()))?;
        Ok((kept, world))
    }

    /// Pinned, a memory stays as present as it is now; unpinned, it fades from there. None: there is no such memory.
    pub async fn pin_memory(
        &self,
        id: &str,
        memory: Uuid,
        pin: Pin,
    ) -> Result<Option<(StoredMemory, World)>, CharacterError> {
        let mut transaction = self.store.pool.begin().await?;
        let world = World::read(&mut *transaction).await?;
        let key = lock(&mut transaction, id).await?;
        let changed = sqlx::query!(
            "update characters_memories
            set importance = characters_memory_now(importance, decay_rate, pinned, at_slow, $4), at_slow = $4, pinned = $3
            where key = $1 and id = $2",
            key,
            memory,
            pin == Pin::Fast,
            world.now.slow.cast_signed(),
        )
        .execute(&mut *transaction)
        .await?;
        if changed.rows_affected() == 0 {
            return Ok(None);
        }
        edited(&mut transaction, key).await?;
        transaction.commit().await?;
        let pinned = self.memories_of_ids(key, &[memory]).await?.pop();
        Ok(pinned.map(|pinned| (pinned, world)))
    }

    /// False: there is no such memory.
    pub async fn forget_memory(&self, id: &str, memory: Uuid) -> Result<bool, CharacterError> {
        let mut transaction = self.store.pool.begin().await?;
        let key = lock(&mut transaction, id).await?;
        let gone = sqlx::query!(
            "delete from characters_memories where key = $1 and id = $2",
            key,
            memory
        )
        .execute(&mut *transaction)
        .await?;
        if gone.rows_affected() == 0 {
            return Ok(false);
        }
        edited(&mut transaction, key).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Puts other words in a memory's place; what it was is kept as replaced. None: there is no such memory, or it was replaced already.
    pub async fn correct_memory(
        &self,
        id: &str,
        memory: Uuid,
        content: &str,
    ) -> Result<Option<(StoredMemory, World)>, CharacterError> {
        let mut transaction = self.store.pool.begin().await?;
        let world = World::read(&mut *transaction).await?;
        let key = lock(&mut transaction, id).await?;
        let corrected = sqlx::query_scalar!(
            "insert into characters_memories
                (id, key, player_id, kind, content, event_type, tags, importance, decay_rate, at_slow, pinned, source)
            select $3, key, player_id, kind, $4, event_type, tags, importance, decay_rate, at_slow, pinned, $5
            from characters_memories where key = $1 and id = $2 and superseded_at is null
            returning id",
            key,
            memory,
            Uuid::now_v7(),
            cut(content),
            json!({ "corrects": memory }),
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(corrected) = corrected else {
            return Ok(None);
        };
        supersede(&mut transaction, key, &[memory], corrected).await?;
        transaction.commit().await?;
        let corrected = self.memories_of_ids(key, &[corrected]).await?.pop();
        Ok(corrected.map(|corrected| (corrected, world)))
    }
}

/// Whether a memory may fade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pin {
    Fast,
    Loose,
}

/// One change of a character's memories at a time, so that versions and rows tell the same.
async fn lock(connection: &mut PgConnection, id: &str) -> Result<Uuid, CharacterError> {
    let key = sqlx::query_scalar!(
        "select mind.key from characters_minds as mind join characters using (key) where characters.id = $1 for update of mind",
        id
    )
    .fetch_optional(connection)
    .await?;
    key.ok_or_else(|| CharacterError::NotFound(id.to_owned()))
}

async fn known_facts(
    connection: &mut PgConnection,
    key: Uuid,
    new: &NewMemory,
) -> Result<Vec<Memory>, StoreError> {
    let rows = sqlx::query_as!(
        MemoryRow,
        "select id, number, player_id, kind, content, event_type, tags, importance, decay_rate, at_slow, pinned, created_at
        from characters_memories
        where key = $1 and kind = 'fact' and superseded_at is null and player_id is not distinct from $2
        order by number desc limit $3",
        key,
        new.player_id,
        FACTS
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(MemoryRow::memory).collect()
}

/// The rows' ids of memories that came from rows.
pub(super) fn ids<'a>(memories: impl IntoIterator<Item = &'a Memory>) -> Vec<Uuid> {
    memories
        .into_iter()
        .filter_map(|memory| memory.id.parse().ok())
        .collect()
}

/// These are no longer so; what says so now is `by`.
pub(super) async fn supersede(
    connection: &mut PgConnection,
    key: Uuid,
    memories: &[Uuid],
    by: Uuid,
) -> Result<(), StoreError> {
    if memories.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "update characters_memories set superseded_at = clock_timestamp(), superseded_by = $3
        where key = $1 and id = any($2) and superseded_at is null",
        key,
        memories,
        by
    )
    .execute(&mut *connection)
    .await?;
    edited(connection, key).await
}

/// Whoever remembers this character's memories has to read them anew.
async fn edited(connection: &mut PgConnection, key: Uuid) -> Result<(), StoreError> {
    sqlx::query!(
        "update characters_minds set memories_version = memories_version + $2 where key = $1",
        key,
        EDITED
    )
    .execute(connection)
    .await?;
    Ok(())
}
