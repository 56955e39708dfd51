//! Recall of a character with more memories than are held in memory: Postgres finds those that have the rare words of the question, and
//! they are weighed here together with the latest and the weightiest.

use std::collections::BTreeMap;

use rookery_characters::Now;
use rookery_characters::memory::index::{Index, Query, Text};
use rookery_characters::memory::{Memory, Recalled};
use sqlx::PgConnection;
use uuid::Uuid;

use super::memories::MemoryRow;
use super::recall::{Ask, Shelf, choose_among};
use crate::StoreError;

/// Of those that are held always.
pub(super) const WEIGHTIEST: i64 = 50;
/// Of the latest that are weighed whatever is asked, and of those held that have its words.
const NEAR: usize = 50;
/// Of those that Postgres finds.
const FAR: i64 = 200;
/// Words that are in more than this share of the latest memories, all together, find too many (24,000 rows of 100,000 take 57 ms, 260 take
/// 7 ms) and tell too little: enough of what is held has them.
const RARE: f64 = 0.02;
const MOST_WORDS: usize = 8;

/// The most important ones, by number.
pub(super) async fn weightiest(
    connection: &mut PgConnection,
    key: Uuid,
) -> Result<Vec<Memory>, StoreError> {
    let rows = sqlx::query_as!(
        MemoryRow,
        "select id, number, player_id, kind, content, event_type, tags, importance, decay_rate, at_slow, pinned, created_at
        from characters_memories where key = $1 and superseded_at is null order by importance desc limit $2",
        key,
        WEIGHTIEST
    )
    .fetch_all(connection)
    .await?;
    let memories = rows.into_iter().map(MemoryRow::memory);
    let mut memories = memories.collect::<Result<Vec<_>, _>>()?;
    memories.sort_by_key(|memory| memory.number);
    Ok(memories)
}

/// What is held and may matter: the weightiest, the latest, and what has the words.
pub(super) fn near(shelf: &Shelf, query: &Query) -> Vec<Memory> {
    let hits = shelf.index.search(query);
    let mut numbers: Vec<i64> = hits.iter().take(NEAR).map(|hit| hit.number).collect();
    numbers.sort_unstable();
    let count = shelf.memories.len();
    let weightiest = usize::try_from(WEIGHTIEST).unwrap_or(usize::MAX);
    let is_near = |(place, memory): &(usize, &Memory)| {
        *place < weightiest
            || place + NEAR >= count
            || numbers.binary_search(&memory.number).is_ok()
    };
    let near = shelf.memories.iter().enumerate().filter(is_near);
    near.map(|(_, memory)| memory.clone()).collect()
}

/// The newest that have one of the rare words.
pub(super) async fn far(
    connection: &mut PgConnection,
    key: Uuid,
    query: &Query,
) -> Result<Vec<Memory>, StoreError> {
    let mut share = 0.0;
    let rare = query.words.iter().take(MOST_WORDS).take_while(|asked| {
        share += asked.share;
        share <= RARE
    });
    // Letters and digits only, by `words`: nothing in them means anything to `to_tsquery`.
    let words: Vec<String> = rare
        .map(|asked| format!("'{}'", asked.word.written))
        .collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query_as!(
        MemoryRow,
        r#"with found as materialized (
            select id, number, player_id, kind, content, event_type, tags, importance, decay_rate, at_slow, pinned, created_at
            from characters_memories
            where key = $1 and words @@ to_tsquery('english', $2) and superseded_at is null
        )
        select id as "id!", number as "number!", player_id, kind as "kind!", content as "content!", event_type, tags as "tags!",
            importance as "importance!", decay_rate as "decay_rate!", at_slow as "at_slow!", pinned as "pinned!",
            created_at as "created_at!"
        from found order by number desc limit $3"#,
        key,
        words.join(" | "),
        FAR
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(MemoryRow::memory).collect()
}

/// The best of both, each word as rare as it is among what is held.
pub(super) fn choose_from(
    near: Vec<Memory>,
    far: Vec<Memory>,
    asked: (&Query, &Ask),
    now: Now,
) -> Vec<Recalled> {
    let by_number: BTreeMap<i64, Memory> = near
        .into_iter()
        .chain(far)
        .map(|memory| (memory.number, memory))
        .collect();
    let memories: Vec<Memory> = by_number.into_values().collect();
    let mut index = Index::default();
    for memory in &memories {
        index.add(Text {
            number: memory.number,
            at_ms: memory.at_ms,
            content: &memory.content,
        });
    }
    choose_among(&memories, &index, asked, now)
}
