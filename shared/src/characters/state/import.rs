//! Making a document the world: judged first, then written in one transaction, so that it is the whole or nothing.

use std::time::Duration;

use rookery_characters::closeness::Tier;
use rookery_queue::Transaction;
use serde_json::value::RawValue;
use sqlx::PgConnection;
use uuid::Uuid;

use super::check::{Checked, check};
use super::reading::{Fault, Sections};
use super::record::WorldRecord;
use super::{StateError, write};
use crate::StoreError;
use crate::characters::{Characters, Tick, TickSlowly};

/// How much there was of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub archetypes: usize,
    pub characters: usize,
    pub proximity: usize,
    pub relationships: usize,
    pub memories: usize,
    pub messages: usize,
    pub decisions: usize,
    pub mail: usize,
    pub events: usize,
    pub world_facts: usize,
    pub groups: usize,
    pub factions: usize,
    pub conversations: usize,
    pub variants: usize,
}

impl Counts {
    pub(super) fn of(sections: &Sections<'_>) -> Self {
        Self {
            archetypes: sections.archetypes.len(),
            characters: sections.characters.len(),
            proximity: sections.proximity.len(),
            relationships: sections.relationships.len(),
            memories: sections.memories.len(),
            messages: sections.messages.len(),
            decisions: sections.decisions.len(),
            mail: sections.mail.len(),
            events: sections.events.len(),
            world_facts: sections.world_facts.len(),
            groups: sections.groups.len(),
            factions: sections.factions.len(),
            conversations: sections.conversations.len(),
            variants: sections.variants.len(),
        }
    }
}

impl Characters {
    /// Replaces the whole. What was under way for the world before is refused when it comes to its commit: `epoch` is another, and
    /// its characters' keys are gone.
    pub async fn import<D>(&self, document: D) -> Result<Counts, StateError>
    where
        D: AsRef<[u8]> + Send + Sync + 'static,
    {
        // Reading hundreds of megabytes is no work for a thread that serves others.
        let (document, checked) = tokio::task::spawn_blocking(move || {
            let checked = Sections::of(document.as_ref()).and_then(|sections| check(&sections));
            (document, checked)
        })
        .await
        .expect("judging neither panics nor is aborted");
        let checked = checked?;
        let sections = Sections::of(document.as_ref())?;
        let awake = self.replace(&sections, &checked).await?;
        for Awake { key, tier, delay } in awake {
            match tier {
                Tier::Active => self.store().queue.arm::<Tick>(key, delay),
                _ => self.store().queue.arm::<TickSlowly>(key, delay),
            }
        }
        Ok(Counts::of(&sections))
    }

    async fn replace(
        &self,
        sections: &Sections<'_>,
        checked: &Checked,
    ) -> Result<Vec<Awake>, StateError> {
        let mut transaction = self.alone().await?;
        clear(&mut transaction).await?;
        let turns = turns(checked);
        let written = write_all(&mut transaction, sections, &turns).await;
        written.map_err(refused)?;
        set_world(&mut transaction, &checked.world).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(turns
            .into_iter()
            .filter(|turn| turn.tier > Tier::Dormant)
            .collect())
    }

    /// A transaction beside which nobody writes to any character; reading goes on. Writers take their locks in other orders than
    /// this, so one that finds itself in their way lets go and tries again.
    async fn alone(&self) -> Result<Transaction, StoreError> {
        let mut tries = TRIES;
        loop {
            let mut transaction = match self.store().pool.begin().await {
                // Writers that wait have every connection: they are done in a moment.
                Err(sqlx::Error::PoolTimedOut) if tries > 0 => {
                    tries -= 1;
                    continue;
                }
                begun => begun?,
            };
            match lock(&mut transaction).await {
                Ok(()) => return Ok(transaction),
                Err(error) if tries > 0 && is_in_the_way(&error) => tries -= 1,
                Err(error) if is_in_the_way(&error) => return Err(StoreError::Unavailable(error)),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Each waits less than Postgres does before it looks for a deadlock (1 s): what stands in the way goes on, instead of being ended.
const TRIES: u32 = 20;

async fn lock(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("set local lock_timeout = '700ms'")
        .execute(&mut *connection)
        .await?;
    // One import after the other, and no change of settings beside it.
    sqlx::query!("select epoch from characters_world for update")
        .fetch_one(&mut *connection)
        .await?;
    sqlx::query!(
        "lock table characters, characters_minds, characters_proximity, characters_relationships, characters_memories,
            characters_messages, characters_decisions, characters_mail, characters_events, characters_world_facts,
            characters_groups, characters_group_members, characters_factions, characters_ranks, characters_conversations,
            characters_variants, characters_archetypes in exclusive mode"
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// PostgreSQL's codes for a deadlock and for a lock that was not to be had in time.
fn is_in_the_way(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| matches!(code.as_ref(), "40P01" | "55P03"))
}

/// What the judge let through and Postgres still does not take (its classes 22, 23 and 54 speak of the data) is the document's fault.
fn refused(error: sqlx::Error) -> StateError {
    match error.as_database_error() {
        Some(fault)
            if fault.code().is_some_and(|code| {
                ["22", "23", "54"]
                    .iter()
                    .any(|class| code.starts_with(class))
            }) =>
        {
            StateError::Fault(Fault::of(format!(
                "The state cannot be stored: {}",
                fault.message()
            )))
        }
        _ => StateError::Store(error.into()),
    }
}

/// From the leaves up, so that little is left to the cascades.
async fn clear(connection: &mut PgConnection) -> Result<(), StoreError> {
    for statement in [
        "delete from characters_memories",
        "delete from characters_messages",
        "delete from characters_decisions",
        "delete from characters_mail",
        "delete from characters_relationships",
        "delete from characters_proximity",
        "delete from characters_group_members",
        "delete from characters_groups",
        "delete from characters_ranks",
        "delete from characters_factions",
        "delete from characters_minds",
        "delete from characters",
        "delete from characters_events",
        "delete from characters_world_facts",
        "delete from characters_conversations",
        "delete from characters_variants",
        "delete from characters_archetypes",
    ] {
        sqlx::query(statement).execute(&mut *connection).await?;
    }
    Ok(())
}

/// A character's first turn in the new world.
pub(super) struct Awake {
    pub(super) key: Uuid,
    pub(super) tier: Tier,
    pub(super) delay: Duration,
}

/// Keys that grow in the order of the document, and turns spread over the length of a tick: all at once would be a rush.
fn turns(checked: &Checked) -> Vec<Awake> {
    let tick = checked.world.config.tick;
    let all = checked.tiers.len().max(1) as f64;
    let turn = |(index, tier): (usize, &Tier)| {
        let interval_ms = match tier {
            Tier::Active => tick.fast_tick_ms,
            Tier::Background | Tier::Dormant => tick.slow_tick_ms,
        };
        Awake {
            key: Uuid::now_v7(),
            tier: *tier,
            delay: Duration::from_millis(interval_ms).mul_f64(index as f64 / all),
        }
    };
    checked.tiers.iter().enumerate().map(turn).collect()
}

/// Ticks go on from where they stood; the seed and the settings are the document's.
async fn set_world(connection: &mut PgConnection, world: &WorldRecord) -> Result<(), StoreError> {
    sqlx::query!(
        "update characters_world
        set epoch = epoch + 1, seed = $1, fast_ticks = $2, slow_ticks = $3, anchored_at = clock_timestamp(),
            config = $4::text::jsonb, config_version = config_version + 1, experiment_run = $5, experiment_active = $6,
            dormant_turn = '00000000-0000-0000-0000-000000000000'",
        world.seed.cast_signed(),
        world.fast_ticks.cast_signed(),
        world.slow_ticks.cast_signed(),
        serde_json::to_string(&world.config)?,
        i64::from(world.experiment_run),
        world.experiment_active,
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn write_all(
    connection: &mut PgConnection,
    sections: &Sections<'_>,
    turns: &[Awake],
) -> Result<(), sqlx::Error> {
    for records in heaps(&sections.archetypes) {
        write::archetypes(connection, &records.text).await?;
    }
    let mut turns = turns;
    for records in heaps(&sections.characters) {
        let (these, rest) = turns.split_at(records.count);
        write::characters(connection, &records.text, these).await?;
        turns = rest;
    }
    for records in heaps(&sections.proximity) {
        write::proximity(connection, &records.text).await?;
    }
    for records in heaps(&sections.relationships) {
        write::relationships(connection, &records.text).await?;
    }
    for records in heaps(&sections.memories) {
        write::memories(connection, &records.text).await?;
    }
    for records in heaps(&sections.messages) {
        write::messages(connection, &records.text).await?;
    }
    for records in heaps(&sections.decisions) {
        write::decisions(connection, &records.text).await?;
    }
    for records in heaps(&sections.mail) {
        write::mail(connection, &records.text).await?;
    }
    for records in heaps(&sections.events) {
        write::events(connection, &records.text).await?;
    }
    for records in heaps(&sections.world_facts) {
        write::facts(connection, &records.text).await?;
    }
    for records in heaps(&sections.groups) {
        write::groups(connection, &records.text).await?;
    }
    for records in heaps(&sections.factions) {
        write::factions(connection, &records.text).await?;
    }
    for records in heaps(&sections.conversations) {
        write::conversations(connection, &records.text).await?;
    }
    for records in heaps(&sections.variants) {
        write::variants(connection, &records.text).await?;
    }
    Ok(())
}

/// Records for one statement, as a JSON list.
struct Heap {
    text: String,
    count: usize,
}

const HEAP_RECORDS: usize = 2_000;
const HEAP_BYTES: usize = 2 * 1024 * 1024;

fn heaps<'a>(records: &'a [&'a RawValue]) -> impl Iterator<Item = Heap> + 'a {
    let mut left = records.iter().peekable();
    std::iter::from_fn(move || {
        left.peek()?;
        let mut heap = Heap {
            text: String::from("["),
            count: 0,
        };
        while heap.count < HEAP_RECORDS
            && heap.text.len() < HEAP_BYTES
            && let Some(record) = left.next()
        {
            if heap.count > 0 {
                heap.text.push(',');
            }
            heap.text.push_str(record.get());
            heap.count += 1;
        }
        heap.text.push(']');
        Some(heap)
    })
}
