//! Episodic memory: keeping and listing it. What people change in it is in `memory_edits`, what comes to mind in `recall`, what becomes of
//! it in `keep`.

use chrono::{DateTime, Utc};
use rookery_characters::memory::fade::{PERIOD, Strength, decay_rate};
use rookery_characters::memory::{Kind, Memory, NewMemory, repetition};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Characters, World};
use crate::StoreError;

/// Longer ones are cut: a memory is a glimpse, and many are held in memory.
pub const MAX_CONTENT_BYTES: usize = 4_000;
/// What is just being said again is among the last few.
const LATEST: i64 = 8;

/// A memory with what only people ask about.
#[derive(Debug, Clone)]
pub struct StoredMemory {
    pub memory: Memory,
    pub source: Value,
    pub superseded_at: Option<DateTime<Utc>>,
    pub superseded_by: Option<Uuid>,
}

/// Which memories of a character.
#[derive(Debug, Clone, Default)]
pub struct MemoryFilter {
    pub kind: Option<Kind>,
    pub player_id: Option<String>,
    /// Older than this one.
    pub before: Option<i64>,
    pub limit: i64,
    pub extent: Extent,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Extent {
    /// What is remembered now.
    #[default]
    Current,
    /// Also what was replaced by something else and has not been cleared away.
    History,
}

/// One page, the newest first.
#[derive(Debug, Clone)]
pub struct MemoryPage {
    pub memories: Vec<StoredMemory>,
    pub next: Option<i64>,
}

pub(super) struct MemoryRow {
    pub(super) id: Uuid,
    pub(super) number: i64,
    pub(super) player_id: Option<String>,
    pub(super) kind: String,
    pub(super) content: String,
    pub(super) event_type: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) importance: f64,
    pub(super) decay_rate: f64,
    pub(super) at_slow: i64,
    pub(super) pinned: bool,
    pub(super) created_at: DateTime<Utc>,
}

impl MemoryRow {
    pub(super) fn memory(self) -> Result<Memory, StoreError> {
        let kind = Kind::named(&self.kind);
        let kind = kind.ok_or_else(|| StoreError::Unreadable(format!("kind {}", self.kind)))?;
        Ok(Memory {
            id: self.id.to_string(),
            number: self.number,
            kind,
            content: self.content,
            player_id: self.player_id,
            event_type: self.event_type,
            tags: self.tags,
            strength: Strength {
                importance: self.importance,
                decay_rate: self.decay_rate,
                at_slow: self.at_slow.cast_unsigned(),
                pinned: self.pinned,
            },
            at_ms: self.created_at.timestamp_millis(),
        })
    }
}

/// Keeps what came of turns, in order: neighbours belong together. What somebody just remembered in the same words becomes stronger
/// instead.
pub(super) async fn insert(
    connection: &mut PgConnection,
    memories: &[(Uuid, NewMemory)],
    world: &World,
) -> Result<(), StoreError> {
    let named: Vec<(Uuid, Uuid, &NewMemory)> = memories
        .iter()
        .map(|(key, memory)| (Uuid::now_v7(), *key, memory))
        .collect();
    insert_named(connection, &named, world).await
}

/// Of each: its id to be, whose it is.
pub(super) async fn insert_named(
    connection: &mut PgConnection,
    memories: &[(Uuid, Uuid, &NewMemory)],
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
    let mut rates = Vec::with_capacity(memories.len());
    let mut sources = Vec::with_capacity(memories.len());
    for (id, key, memory) in memories {
        let importance = memory.importance.clamp(1.0, 10.0);
        ids.push(*id);
        keys.push(*key);
        players.push(memory.player_id.clone());
        kinds.push(memory.kind.as_str().to_owned());
        contents.push(cut(&memory.content));
        events.push(memory.event_type.clone());
        tags.push(serde_json::to_string(&memory.tags)?);
        importances.push(importance);
        rates.push(decay_rate(memory.kind, importance));
        sources.push(memory.source.to_string());
    }
    sqlx::query!(
        "with new as materialized (
            select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::float8[],
                    $9::float8[], $10::text[])
                with ordinality as new (id, key, player_id, kind, content, event_type, tags, importance, decay_rate, source, number)
            where exists (select from characters where characters.key = new.key)
        ),
        again as (
            update characters_memories as old
            set importance = greatest(same.now, least($13, same.now + $12)), at_slow = $11
            from (
                select new.number, latest.id, latest.now
                from new cross join lateral (
                    select id, kind, player_id, content, superseded_at,
                        characters_memory_now(importance, decay_rate, pinned, at_slow, $11) as now
                    from characters_memories where key = new.key order by characters_memories.number desc limit $14
                ) as latest
                where latest.superseded_at is null and latest.kind = new.kind and latest.content = new.content
                    and latest.player_id is not distinct from new.player_id
            ) as same
            where old.id = same.id
            returning same.number
        ),
        kept as (
            insert into characters_memories
                (id, key, player_id, kind, content, event_type, tags, importance, decay_rate, at_slow, source)
            select id, key, player_id, kind, content, event_type, array(select jsonb_array_elements_text(tags::jsonb)), importance,
                decay_rate, $11, source::jsonb
            from new where number not in (select number from again)
            order by number
            returning key
        )
        update characters_minds as mind
        set memories_version = memories_version + kept.count,
            keep_at = coalesce(keep_at, clock_timestamp() + make_interval(secs => $15))
        from (select key, count(*) as count from kept group by key) as kept
        where mind.key = kept.key",
        &ids,
        &keys,
        &players as &[Option<String>],
        &kinds,
        &contents,
        &events as &[Option<String>],
        &tags,
        &importances,
        &rates,
        &sources,
        world.now.slow.cast_signed(),
        repetition::AGAIN,
        repetition::MOST,
        LATEST,
        keep_after_s(world),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How long memories are left alone after a change. However slowly the world's time is set to pass: not for ever.
pub(super) fn keep_after_s(world: &World) -> f64 {
    let period_ms = PERIOD.saturating_mul(world.config.tick.slow_tick_ms);
    (period_ms as f64 / 1000.0).min(LONGEST_WAIT_S)
}

pub(super) const LONGEST_WAIT_S: f64 = 24.0 * 3_600.0;

pub(super) fn cut(content: &str) -> String {
    if content.len() <= MAX_CONTENT_BYTES {
        return content.to_owned();
    }
    let end = content.floor_char_boundary(MAX_CONTENT_BYTES - '…'.len_utf8());
    format!("{}…", &content[..end])
}

struct StoredRow {
    id: Uuid,
    number: i64,
    player_id: Option<String>,
    kind: String,
    content: String,
    event_type: Option<String>,
    tags: Vec<String>,
    importance: f64,
    decay_rate: f64,
    at_slow: i64,
    pinned: bool,
    created_at: DateTime<Utc>,
    source: Value,
    superseded_at: Option<DateTime<Utc>>,
    superseded_by: Option<Uuid>,
}

impl StoredRow {
    fn stored(self) -> Result<StoredMemory, StoreError> {
        let row = MemoryRow {
            id: self.id,
            number: self.number,
            player_id: self.player_id,
            kind: self.kind,
            content: self.content,
            event_type: self.event_type,
            tags: self.tags,
            importance: self.importance,
            decay_rate: self.decay_rate,
            at_slow: self.at_slow,
            pinned: self.pinned,
            created_at: self.created_at,
        };
        Ok(StoredMemory {
            memory: row.memory()?,
            source: self.source,
            superseded_at: self.superseded_at,
            superseded_by: self.superseded_by,
        })
    }
}

impl Characters {
    /// The newest first. What is forgotten is left out, whether or not it has been cleared away.
    pub async fn memories(
        &self,
        key: Uuid,
        filter: &MemoryFilter,
        world: &World,
    ) -> Result<MemoryPage, StoreError> {
        let rows = sqlx::query_as!(
            StoredRow,
            "select id, number, player_id, kind, content, event_type, tags, importance, decay_rate, at_slow, pinned, created_at, source,
                superseded_at, superseded_by
            from characters_memories
            where key = $1 and number < $2 and ($3::text is null or kind = $3) and ($4::text is null or player_id = $4)
                and (superseded_at is null or $5) and characters_memory_now(importance, decay_rate, pinned, at_slow, $6) >= 0.5
            order by number desc limit $7",
            key,
            filter.before.unwrap_or(i64::MAX),
            filter.kind.map(Kind::as_str),
            filter.player_id,
            filter.extent == Extent::History,
            world.now.slow.cast_signed(),
            filter.limit + 1,
        )
        .fetch_all(&self.store.pool)
        .await?;
        let mut memories = rows
            .into_iter()
            .map(StoredRow::stored)
            .collect::<Result<Vec<_>, _>>()?;
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let more = memories.len() > limit;
        memories.truncate(limit);
        let last = memories.last().filter(|_| more);
        Ok(MemoryPage {
            next: last.map(|last| last.memory.number),
            memories,
        })
    }

    /// Those of these ids, the newest first.
    pub async fn memories_of_ids(
        &self,
        key: Uuid,
        ids: &[Uuid],
    ) -> Result<Vec<StoredMemory>, StoreError> {
        let rows = sqlx::query_as!(
            StoredRow,
            "select id, number, player_id, kind, content, event_type, tags, importance, decay_rate, at_slow, pinned, created_at, source,
                superseded_at, superseded_by
            from characters_memories where key = $1 and id = any($2) order by number desc",
            key,
            ids
        )
        .fetch_all(&self.store.pool)
        .await?;
        rows.into_iter().map(StoredRow::stored).collect()
    }
}
