//! Keeping memories in order: what is forgotten goes, what repeats itself becomes one, facts that are no longer so stand back, many of a
//! sort are merged, what keeps coming back is reflected on, and long acquaintance is summed up.
//!
//! Only of characters whose memories have changed (`keep_at`). Everything happens under the mind's lock and in one transaction, on a
//! bounded number of memories: what is left over is done the next time.

use std::collections::{BTreeMap, BTreeSet};

use rookery_characters::Mind;
use rookery_characters::memory::{
    Kind, Memory, NewMemory, consolidation, facts, reflection, repetition, summary,
};
use rookery_characters::mind::Summary;
use rookery_queue::Transaction;
use uuid::Uuid;

use super::memories::{LONGEST_WAIT_S, MemoryRow, insert_named, keep_after_s};
use super::memory_edits::{EDITED, ids, supersede};
use super::{Characters, World};
use crate::StoreError;

/// Memories that one run looks through, the newest.
const LOOKED_THROUGH: i64 = 2_000;
/// Memories that one run clears away.
const CLEARED: i64 = 5_000;
/// Slow ticks from one summary of an acquaintance to the next.
const SUMMARY_SLOW: u64 = 50;
/// With fewer memories of a player there is nothing to sum up.
const LEAST_TO_SUM_UP: usize = 5;
/// Acquaintances that a mind keeps summaries of, those that were renewed last.
const ACQUAINTANCES: usize = 64;

/// A summary that was due, and what a model may make a better one from.
#[derive(Debug, Clone)]
pub struct DueSummary {
    pub key: Uuid,
    pub player_id: String,
    pub before: Option<Summary>,
    /// The weightiest first.
    pub memories: Vec<String>,
    /// Of the one that was just written.
    version: u32,
}

/// So many memories a model is shown.
const SHOWN: usize = 100;

impl Characters {
    /// Characters whose memories are to be looked through and were not.
    pub async fn overdue_keeping(&self, limit: i64) -> Result<Vec<Uuid>, StoreError> {
        let keys = sqlx::query_scalar!(
            "select key from characters_minds where keep_at < clock_timestamp() order by keep_at limit $1",
            limit
        )
        .fetch_all(&self.store.pool)
        .await?;
        Ok(keys)
    }

    /// Puts a character's memories in order. Nothing happens if somebody else just did, or does. The summaries that were due are written
    /// already, as the engine makes them; a model may replace them ([`Characters::sum_up`]).
    pub async fn keep(&self, key: Uuid) -> Result<Vec<DueSummary>, StoreError> {
        let mut transaction = self.store.pool.begin().await?;
        let world = World::read(&mut *transaction).await?;
        let mind = sqlx::query_scalar!(
            r#"select mind::text as "mind!" from characters_minds where key = $1 and keep_at <= clock_timestamp()
            for update skip locked"#,
            key
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(mind) = mind else {
            return Ok(Vec::new());
        };
        let mut mind: Mind = serde_json::from_str(&mind)?;
        let cleared = clear(&mut transaction, key, &world).await?;
        let mut memories = latest(&mut transaction, key).await?;
        let mut keeping = Keeping {
            transaction: &mut transaction,
            key,
            world: &world,
            edits: cleared,
        };
        keeping.join_repetitions(&mut memories).await?;
        keeping.let_facts_go(&mut memories).await?;
        keeping.merge(&mut memories).await?;
        keeping.reflect(&memories, &mut mind).await?;
        let edits = keeping.edits;
        let (due, wait_s) = sum_up(key, &mut mind, &memories, &world);
        let more = cleared >= CLEARED;
        sqlx::query!(
            "update characters_minds
            set mind = $2::text::json, version = version + 1, memories_version = memories_version + $3,
                keep_at = clock_timestamp() + make_interval(secs => $4)
            where key = $1",
            key,
            serde_json::to_string(&mind)?,
            if edits > 0 { EDITED } else { 0 },
            if more { Some(keep_after_s(&world)) } else { wait_s },
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(due)
    }

    /// Puts what a model made of an acquaintance in the place of what the engine made, unless it was renewed meanwhile.
    pub async fn sum_up(&self, due: &DueSummary, better: Summary) -> Result<(), StoreError> {
        let mut transaction = self.store.pool.begin().await?;
        let world = World::read(&mut *transaction).await?;
        let mind = sqlx::query_scalar!(
            r#"select mind::text as "mind!" from characters_minds where key = $1 for update"#,
            due.key
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(mind) = mind else { return Ok(()) };
        let mut mind: Mind = serde_json::from_str(&mind)?;
        let before = mind.summaries.get(&due.player_id);
        if before.is_none_or(|before| before.version != due.version) {
            return Ok(());
        }
        let after = better.after(before, world.now.ms);
        mind.summaries.insert(due.player_id.clone(), after);
        sqlx::query!(
            "update characters_minds set mind = $2::text::json, version = version + 1 where key = $1",
            due.key,
            serde_json::to_string(&mind)?,
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// What has faded, replaced or not. How many went.
async fn clear(transaction: &mut Transaction, key: Uuid, world: &World) -> Result<i64, StoreError> {
    let cleared = sqlx::query!(
        "delete from characters_memories where id in (
            select id from characters_memories
            where key = $1 and characters_memory_now(importance, decay_rate, pinned, at_slow, $2) < 0.5 limit $3)",
        key,
        world.now.slow.cast_signed(),
        CLEARED
    )
    .execute(&mut **transaction)
    .await?;
    Ok(i64::try_from(cleared.rows_affected()).unwrap_or(i64::MAX))
}

/// By number.
async fn latest(transaction: &mut Transaction, key: Uuid) -> Result<Vec<Memory>, StoreError> {
    let rows = sqlx::query_as!(
        MemoryRow,
        "select id, number, player_id, kind, content, event_type, tags, importance, decay_rate, at_slow, pinned, created_at
        from characters_memories where key = $1 and superseded_at is null order by number desc limit $2",
        key,
        LOOKED_THROUGH
    )
    .fetch_all(&mut **transaction)
    .await?;
    rows.into_iter().rev().map(MemoryRow::memory).collect()
}

/// One character's memories in the course of a run.
struct Keeping<'a> {
    transaction: &'a mut Transaction,
    key: Uuid,
    world: &'a World,
    /// Memories that went, changed or were replaced.
    edits: i64,
}

impl Keeping<'_> {
    async fn join_repetitions(&mut self, memories: &mut Vec<Memory>) -> Result<(), StoreError> {
        let mut gone = BTreeSet::new();
        let mut stronger = BTreeMap::new();
        for repetition in repetition::find(memories, self.world.now.slow) {
            gone.extend(repetition.copies.iter().map(|copy| copy.number));
            stronger.insert(repetition.first.number, repetition.strength);
        }
        if gone.is_empty() {
            return Ok(());
        }
        memories.retain_mut(|memory| {
            if let Some(strength) = stronger.get(&memory.number) {
                memory.strength = *strength;
            }
            !gone.contains(&memory.number)
        });
        let copies: Vec<i64> = gone.into_iter().collect();
        sqlx::query!(
            "delete from characters_memories where key = $1 and number = any($2)",
            self.key,
            &copies
        )
        .execute(&mut **self.transaction)
        .await?;
        let (numbers, strengths): (Vec<i64>, Vec<_>) = stronger.into_iter().unzip();
        let importances: Vec<f64> = strengths.iter().map(|one| one.importance).collect();
        let rates: Vec<f64> = strengths.iter().map(|one| one.decay_rate).collect();
        let since: Vec<i64> = strengths
            .iter()
            .map(|one| one.at_slow.cast_signed())
            .collect();
        let pinned: Vec<bool> = strengths.iter().map(|one| one.pinned).collect();
        sqlx::query!(
            "update characters_memories as memory
            set importance = new.importance, decay_rate = new.decay_rate, at_slow = new.at_slow, pinned = new.pinned
            from unnest($2::bigint[], $3::float8[], $4::float8[], $5::bigint[], $6::bool[])
                as new (number, importance, decay_rate, at_slow, pinned)
            where memory.key = $1 and memory.number = new.number",
            self.key,
            &numbers,
            &importances,
            &rates,
            &since,
            &pinned,
        )
        .execute(&mut **self.transaction)
        .await?;
        self.edits += i64::try_from(copies.len()).unwrap_or(i64::MAX);
        Ok(())
    }

    /// The newer one of two facts that cannot both be so is believed.
    async fn let_facts_go(&mut self, memories: &mut Vec<Memory>) -> Result<(), StoreError> {
        let mut gone: BTreeMap<i64, Uuid> = BTreeMap::new();
        for (place, fact) in memories.iter().enumerate() {
            if fact.kind != Kind::Fact {
                continue;
            }
            let older = memories.get(..place).unwrap_or_default();
            let outdated = facts::outdated(&fact.content, fact.player_id.as_deref(), older);
            let (Ok(by), false) = (fact.id.parse(), outdated.is_empty()) else {
                continue;
            };
            supersede(self.transaction, self.key, &ids(outdated.clone()), by).await?;
            gone.extend(outdated.iter().map(|old| (old.number, by)));
        }
        memories.retain(|memory| !gone.contains_key(&memory.number));
        Ok(())
    }

    async fn merge(&mut self, memories: &mut Vec<Memory>) -> Result<(), StoreError> {
        let mut gone = BTreeSet::new();
        for merger in consolidation::merge(memories, self.world.now.slow) {
            let id = Uuid::now_v7();
            gone.extend(merger.originals.iter().map(|original| original.number));
            let originals = ids(merger.originals);
            supersede(self.transaction, self.key, &originals, id).await?;
            let merged = [(id, self.key, &merger.merged)];
            insert_named(self.transaction, &merged, self.world).await?;
        }
        memories.retain(|memory| !gone.contains(&memory.number));
        Ok(())
    }

    async fn reflect(&mut self, memories: &[Memory], mind: &mut Mind) -> Result<(), StoreError> {
        if mind.unreflected < reflection::THRESHOLD {
            return Ok(());
        }
        mind.unreflected = 0.0;
        let first = memories.len().saturating_sub(reflection::LATEST);
        let latest = memories.get(first..).unwrap_or_default();
        let insights = reflection::reflect(latest, self.world.now.slow);
        let named: Vec<(Uuid, Uuid, &NewMemory)> = insights
            .iter()
            .map(|insight| (Uuid::now_v7(), self.key, insight))
            .collect();
        insert_named(self.transaction, &named, self.world).await
    }
}

/// Renews the summaries that are due, and says in how many seconds the next one is.
fn sum_up(
    key: Uuid,
    mind: &mut Mind,
    memories: &[Memory],
    world: &World,
) -> (Vec<DueSummary>, Option<f64>) {
    let mut by_player: BTreeMap<&str, Vec<Memory>> = BTreeMap::new();
    for memory in memories {
        if let Some(player) = memory.player_id.as_deref() {
            by_player.entry(player).or_default().push(memory.clone());
        }
    }
    let now_ms = world.now.ms;
    let between = SUMMARY_SLOW.saturating_mul(world.config.tick.slow_tick_ms);
    let between_ms = i64::try_from(between).unwrap_or(i64::MAX);
    let mut due = Vec::new();
    let mut wait_ms: Option<i64> = None;
    for (player, of_player) in by_player {
        let before = mind.summaries.get(player);
        let last_ms = before.map_or(i64::MIN, |before| before.updated_at);
        let is_news = of_player.iter().any(|memory| memory.at_ms > last_ms);
        if of_player.len() < LEAST_TO_SUM_UP || !is_news {
            continue;
        }
        let left_ms = last_ms.saturating_add(between_ms).saturating_sub(now_ms);
        if left_ms > 0 {
            wait_ms = Some(wait_ms.map_or(left_ms, |wait_ms| wait_ms.min(left_ms)));
            continue;
        }
        let Some(drawn) = summary::drawn_from(&of_player, world.now.slow) else {
            continue;
        };
        let after = drawn.after(before, now_ms);
        due.push(DueSummary {
            key,
            player_id: player.to_owned(),
            before: before.cloned(),
            memories: shown(of_player, world.now.slow),
            version: after.version,
        });
        mind.summaries.insert(player.to_owned(), after);
    }
    while mind.summaries.len() > ACQUAINTANCES {
        let oldest = mind.summaries.iter().min_by_key(|(_, one)| one.updated_at);
        let Some(oldest) = oldest.map(|(player, _)| player.clone()) else {
            break;
        };
        mind.summaries.remove(&oldest);
    }
    let wait_s = wait_ms.map(|wait_ms| (wait_ms as f64 / 1000.0).min(LONGEST_WAIT_S));
    (due, wait_s)
}

fn shown(mut memories: Vec<Memory>, slow: u64) -> Vec<String> {
    let weight = |memory: &Memory| memory.strength.current(slow);
    memories.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    memories.truncate(SHOWN);
    memories.into_iter().map(|memory| memory.content).collect()
}
