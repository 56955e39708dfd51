//! What comes to mind: the memories of a character are held by the processes that asked for them last, with their words indexed.
//!
//! Nothing held is trusted: a version is compared each time. What was only added is read and added here too; after any other change the
//! whole is read anew. Of characters with very many memories only the latest and weightiest are held (`far_recall` finds the others).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rookery_characters::Now;
use rookery_characters::memory::index::{Hit, Index, Query, Text};
use rookery_characters::memory::recall::{Candidate, choose};
use rookery_characters::memory::{Memory, Recalled};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Characters;
use super::far_recall;
use super::memories::MemoryRow;
use super::memory_edits::EDITED;
use crate::StoreError;

/// Of whom, and what it is about.
#[derive(Debug, Clone)]
pub struct Ask {
    pub key: Uuid,
    /// What was said or happened; empty: whatever is on its mind.
    pub about: String,
    pub wanted: usize,
    pub breadth: Breadth,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breadth {
    /// Important and recent ones come to mind as well.
    Associating,
    /// Only what has to do with the words.
    Matching,
}

/// Whoever has more memories is not held whole.
const MOST: usize = 5_000;
/// So many of the latest are held then.
const LATEST: usize = 500;
/// All that one process holds, about.
const MOST_BYTES: u64 = 64 << 20;
/// What a memory takes beside its text: its fields, its place in the index.
const OVERHEAD_BYTES: u64 = 400;

pub(super) struct Shelves(Cache<Uuid, Kept, ByBytes>);

/// The memories of one character, as of a version.
pub(super) struct Shelf {
    version: i64,
    /// By number.
    pub(super) memories: Vec<Memory>,
    pub(super) index: Index,
    is_whole: bool,
    bytes: u64,
}

#[derive(Clone)]
struct Kept {
    shelf: Arc<Mutex<Shelf>>,
    /// When it was put here: a weight must not change meanwhile.
    bytes: u64,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Uuid, Kept> for ByBytes {
    fn weight(&self, _: &Uuid, kept: &Kept) -> u64 {
        kept.bytes
    }
}

impl Shelves {
    pub(super) fn new() -> Self {
        let usual = OVERHEAD_BYTES * 50;
        let items = usize::try_from(MOST_BYTES / usual).unwrap_or(usize::MAX);
        Self(Cache::with_weighter(items, MOST_BYTES, ByBytes))
    }
}

impl Characters {
    /// For each what comes to mind, the best first. Before anything is written in the connection's transaction: what is read here stays
    /// in memory even if that is rolled back.
    pub async fn recall(
        &self,
        connection: &mut PgConnection,
        asks: &[Ask],
        now: Now,
    ) -> Result<Vec<Vec<Recalled>>, StoreError> {
        let keys: Vec<Uuid> = asks.iter().map(|ask| ask.key).collect();
        let shelves = self.shelves_of(connection, &keys).await?;
        let mut recalled = Vec::with_capacity(asks.len());
        for ask in asks {
            recalled.push(match shelves.get(&ask.key) {
                Some(shelf) => recall_from(connection, shelf, ask, now).await?,
                // Nobody of this key, or nothing to remember.
                None => Vec::new(),
            });
        }
        Ok(recalled)
    }

    async fn shelves_of(
        &self,
        connection: &mut PgConnection,
        keys: &[Uuid],
    ) -> Result<HashMap<Uuid, Arc<Mutex<Shelf>>>, StoreError> {
        let versions = sqlx::query!(
            "select key, memories_version from characters_minds where key = any($1) and memories_version > 0",
            keys
        )
        .fetch_all(&mut *connection)
        .await?;
        let mut found = HashMap::with_capacity(versions.len());
        let mut grown = Vec::new();
        let mut unread = Vec::new();
        for row in versions {
            let Some(kept) = self.shelves.0.get(&row.key) else {
                unread.push((row.key, row.memories_version));
                continue;
            };
            let behind = lock(&kept.shelf).behind(row.memories_version);
            match behind {
                Behind::Not => {
                    found.insert(row.key, kept.shelf);
                }
                Behind::By(missing, last) => {
                    grown.push((row.key, row.memories_version, kept, missing, last));
                }
                Behind::Lost => unread.push((row.key, row.memories_version)),
            }
        }
        let after: Vec<(Uuid, i64)> = grown.iter().map(|(key, .., last)| (*key, *last)).collect();
        let mut newer = read(&mut *connection, &after).await?;
        for (key, version, kept, missing, _) in grown {
            let newer = newer.remove(&key).unwrap_or_default();
            if newer.len() != missing {
                unread.push((key, version));
                continue;
            }
            let bytes = lock(&kept.shelf).extend(newer, version);
            if bytes > 2 * kept.bytes {
                self.shelve(key, &kept.shelf, bytes);
            }
            found.insert(key, kept.shelf);
        }
        let after: Vec<(Uuid, i64)> = unread.iter().map(|(key, _)| (*key, i64::MIN)).collect();
        let mut all = read(&mut *connection, &after).await?;
        for (key, version) in unread {
            let memories = all.remove(&key).unwrap_or_default();
            let shelf = Shelf::read(&mut *connection, (key, version), memories).await?;
            let bytes = shelf.bytes;
            let shelf = Arc::new(Mutex::new(shelf));
            self.shelve(key, &shelf, bytes);
            found.insert(key, shelf);
        }
        Ok(found)
    }

    fn shelve(&self, key: Uuid, shelf: &Arc<Mutex<Shelf>>, bytes: u64) {
        let shelf = Arc::clone(shelf);
        self.shelves.0.insert(key, Kept { shelf, bytes });
    }
}

/// Nobody panics with it in hand, and if somebody did: the version tells.
fn lock(shelf: &Mutex<Shelf>) -> MutexGuard<'_, Shelf> {
    shelf.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How far a shelf is behind the rows.
enum Behind {
    Not,
    /// So many memories were added after this number.
    By(usize, i64),
    /// Something else was changed, or it has grown too large.
    Lost,
}

impl Shelf {
    fn behind(&self, version: i64) -> Behind {
        if version == self.version {
            return Behind::Not;
        }
        let edits_are_known = version / EDITED == self.version / EDITED;
        let missing = usize::try_from(version - self.version).ok();
        let most = if self.is_whole { MOST } else { 3 * LATEST };
        match (missing, self.memories.last()) {
            (Some(missing), Some(last))
                if edits_are_known && self.memories.len() + missing <= most =>
            {
                Behind::By(missing, last.number)
            }
            _ => Behind::Lost,
        }
    }

    /// How much it takes now.
    fn extend(&mut self, newer: Vec<Memory>, version: i64) -> u64 {
        for memory in newer {
            let content = Text {
                number: memory.number,
                at_ms: memory.at_ms,
                content: &memory.content,
            };
            // What another task has added meanwhile is in already.
            if self.index.add(content) {
                self.bytes += weight(&memory);
                self.memories.push(memory);
            }
        }
        self.version = self.version.max(version);
        self.bytes
    }

    async fn read(
        connection: &mut PgConnection,
        (key, version): (Uuid, i64),
        mut memories: Vec<Memory>,
    ) -> Result<Self, StoreError> {
        let is_whole = memories.len() <= MOST;
        if !is_whole {
            memories.drain(..memories.len() - LATEST);
            let latest = memories.first().map_or(i64::MAX, |first| first.number);
            let mut weightiest = far_recall::weightiest(connection, key).await?;
            weightiest.retain(|memory| memory.number < latest);
            weightiest.append(&mut memories);
            memories = weightiest;
        }
        let mut shelf = Self {
            version,
            memories: Vec::with_capacity(memories.len()),
            index: Index::default(),
            is_whole,
            bytes: OVERHEAD_BYTES,
        };
        shelf.extend(memories, version);
        Ok(shelf)
    }

    /// What is held and may come to mind by these words, or without any.
    fn recall(&self, query: &Query, ask: &Ask, now: Now) -> Vec<Recalled> {
        choose_among(&self.memories, &self.index, (query, ask), now)
    }
}

fn weight(memory: &Memory) -> u64 {
    // The index holds a number or two for each of its words.
    let text = memory.content.len() * 3 + memory.tags.iter().map(String::len).sum::<usize>();
    OVERHEAD_BYTES + text as u64
}

/// All memories are in the index.
pub(super) fn choose_among(
    memories: &[Memory],
    index: &Index,
    (query, ask): (&Query, &Ask),
    now: Now,
) -> Vec<Recalled> {
    let hits = index.search(query);
    let relevance: HashMap<i64, f64> = hits
        .into_iter()
        .map(|Hit { number, score }| (number, score))
        .collect();
    let candidates: Vec<Candidate<'_>> = memories
        .iter()
        .filter(|memory| !memory.strength.is_forgotten(now.slow))
        .map(|memory| Candidate {
            memory,
            relevance: relevance.get(&memory.number).copied().unwrap_or(0.0),
        })
        .filter(|candidate| ask.breadth == Breadth::Associating || candidate.relevance > 0.0)
        .collect();
    choose(&candidates, index, ask.wanted, now)
}

async fn recall_from(
    connection: &mut PgConnection,
    shelf: &Mutex<Shelf>,
    ask: &Ask,
    now: Now,
) -> Result<Vec<Recalled>, StoreError> {
    let (query, near) = {
        let shelf = lock(shelf);
        let query = shelf.index.weigh(&ask.about);
        if shelf.is_whole || query.words.is_empty() {
            return Ok(shelf.recall(&query, ask, now));
        }
        let near = far_recall::near(&shelf, &query);
        (query, near)
    };
    let far = far_recall::far(connection, ask.key, &query).await?;
    Ok(far_recall::choose_from(near, far, (&query, ask), now))
}

/// What each has after a number, in order, and no more than it takes to see that it is too much.
async fn read(
    connection: &mut PgConnection,
    after: &[(Uuid, i64)],
) -> Result<HashMap<Uuid, Vec<Memory>>, StoreError> {
    if after.is_empty() {
        return Ok(HashMap::new());
    }
    let (keys, numbers): (Vec<Uuid>, Vec<i64>) = after.iter().copied().unzip();
    let rows = sqlx::query!(
        r#"select asked.key as "key!", m.id, m.number, m.player_id, m.kind, m.content, m.event_type, m.tags, m.importance, m.decay_rate,
            m.at_slow, m.pinned, m.created_at
        from unnest($1::uuid[], $2::bigint[]) as asked (key, after) cross join lateral (
            select * from characters_memories
            where characters_memories.key = asked.key and number > asked.after and superseded_at is null
            order by number desc limit $3
        ) as m
        order by m.number"#,
        &keys,
        &numbers,
        i64::try_from(MOST + 1).unwrap_or(i64::MAX),
    )
    .fetch_all(connection)
    .await?;
    let mut read: HashMap<Uuid, Vec<Memory>> = HashMap::with_capacity(after.len());
    for row in rows {
        let memory = MemoryRow {
            id: row.id,
            number: row.number,
            player_id: row.player_id,
            kind: row.kind,
            content: row.content,
            event_type: row.event_type,
            tags: row.tags,
            importance: row.importance,
            decay_rate: row.decay_rate,
            at_slow: row.at_slow,
            pinned: row.pinned,
            created_at: row.created_at,
        };
        read.entry(row.key).or_default().push(memory.memory()?);
    }
    Ok(read)
}
