//! Turns: characters are taken, many at once, with their rows locked; what they decide is written before the lock is let go. No lock is
//! held over a language model: a decision for which one is to be asked is only noted here (`thinking`), and made in `think`.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rookery_characters::Mind;
use rookery_characters::closeness::Tier;
use rookery_characters::decision::{Decision, Effects, Trigger};
use rookery_characters::letter::Letter;
use rookery_characters::memory::NewMemory;
use rookery_queue::Transaction;
use uuid::Uuid;

use super::commit::{self, Made};
use super::scene::{Actor, Scene, scenes};
use super::tallies::Tally;
use super::{Characters, Think, Tick, TickSlowly, World};
use crate::StoreError;

/// Characters whose turn it is, locked until they are let go.
pub struct Turns {
    transaction: Transaction,
    pub world: World,
    pub turns: Vec<Turn>,
    /// Those that wait for a language model already: their tick is skipped.
    busy: Vec<Row>,
}

/// One character's turn.
pub struct Turn {
    pub scene: Scene,
    /// What came in since the last one, oldest first.
    pub letters: Vec<Letter>,
    row: Row,
}

impl Turn {
    /// Why it is asked when nothing happened.
    pub fn tick(&self) -> Trigger {
        match self.scene.tier {
            Tier::Active => Trigger::FastTick,
            Tier::Background | Tier::Dormant => Trigger::SlowTick,
        }
    }
}

/// What a turn came to.
pub struct Outcome {
    /// The mind with what came in, and with what was decided.
    pub mind: Mind,
    /// Of what came in.
    pub memories: Vec<NewMemory>,
    pub next: Next,
}

pub enum Next {
    /// It was decided.
    Decided(Box<Decided>),
    /// A language model is to decide.
    Ask(Trigger),
}

/// A decision that needed nobody.
pub struct Decided {
    pub trigger: Trigger,
    pub decision: Decision,
    pub effects: Effects,
    /// What deciding took.
    pub duration: Duration,
    /// The variant of an experiment under which it is counted.
    pub variant: Option<String>,
}

#[derive(Debug, Clone)]
struct Row {
    key: Uuid,
    tier: i16,
    next_tick_at: Option<DateTime<Utc>>,
}

impl Row {
    fn is_due(&self, world: &World) -> bool {
        self.next_tick_at
            .is_some_and(|due| due.timestamp_millis() <= world.now.ms + EARLY_MS as i64)
    }
}

/// How early a turn may be: an alarm is exact to a millisecond or two.
const EARLY_MS: f64 = 20.0;

impl Characters {
    /// Takes those whose turn it is: who is somebody else's now, or not due, is left out. While time stands still, only events are due.
    pub async fn take_turns(&self, keys: &[Uuid]) -> Result<Turns, StoreError> {
        let mut transaction = self.store.pool.begin().await?;
        let world = World::read(&mut *transaction).await?;
        let rows = sqlx::query!(
            r#"select mind.key, mind.mind::text as "mind!", tier, next_tick_at,
                thinking is not null as "thinking!", id, name, archetype, identity::text as "identity!", location, initial_closeness
            from characters_minds as mind join characters using (key)
            where mind.key = any($1)
                and (called_at is not null
                    or $3 and (tier = 0 or next_tick_at <= clock_timestamp() + make_interval(secs => $2::float8 / 1000)))
            order by mind.key for update of mind skip locked"#,
            keys,
            EARLY_MS,
            world.config.tick.running
        )
        .fetch_all(&mut *transaction)
        .await?;
        let mut actors = Vec::with_capacity(rows.len());
        let mut free = Vec::with_capacity(rows.len());
        let mut busy = Vec::new();
        for row in rows {
            let state = Row {
                key: row.key,
                tier: row.tier,
                next_tick_at: row.next_tick_at,
            };
            if row.thinking {
                busy.push(state);
                continue;
            }
            free.push(state);
            actors.push(Actor {
                key: row.key,
                id: row.id,
                name: row.name,
                archetype: row.archetype,
                identity: row.identity,
                location: row.location,
                initial_closeness: row.initial_closeness,
                mind: row.mind,
            });
        }
        let mut letters = letters(&mut transaction, &free).await?;
        let scenes = scenes(&mut transaction, world.clone(), actors, None).await?;
        let turns = scenes.into_iter().zip(free).map(|(scene, row)| Turn {
            letters: letters.remove(&scene.key).unwrap_or_default(),
            scene,
            row,
        });
        Ok(Turns {
            turns: turns.collect(),
            transaction,
            world,
            busy,
        })
    }
}

/// Taken out of the box: should the turn come to nothing, the transaction puts them back.
async fn letters(
    transaction: &mut Transaction,
    rows: &[Row],
) -> Result<HashMap<Uuid, Vec<Letter>>, StoreError> {
    let keys: Vec<Uuid> = rows.iter().map(|row| row.key).collect();
    let mut taken = sqlx::query!(
        r#"delete from characters_mail where key = any($1) returning number, key, letter::text as "letter!""#,
        &keys
    )
    .fetch_all(&mut **transaction)
    .await?;
    taken.sort_unstable_by_key(|row| row.number);
    let mut letters: HashMap<Uuid, Vec<Letter>> = HashMap::new();
    for row in taken {
        letters
            .entry(row.key)
            .or_default()
            .push(serde_json::from_str(&row.letter)?);
    }
    Ok(letters)
}

/// When somebody is asked next.
struct Schedule {
    key: Uuid,
    tier: Tier,
    /// None: when its turn among the dormant comes.
    next: Option<DateTime<Utc>>,
    skipped: i64,
    thinking: Option<String>,
    mind: Option<String>,
}

impl Turns {
    /// Writes what the turns came to, one outcome for each in their order, and lets the characters go.
    pub async fn finish(
        mut self,
        cast: &Characters,
        outcomes: Vec<Outcome>,
    ) -> Result<(), StoreError> {
        let mut made = Vec::with_capacity(outcomes.len());
        let mut memories = Vec::new();
        let mut schedules = Vec::with_capacity(outcomes.len() + self.busy.len());
        let mut tally = Tally::default();
        for (turn, outcome) in self.turns.iter().zip(outcomes) {
            let key = turn.scene.key;
            memories.extend(outcome.memories.into_iter().map(|memory| (key, memory)));
            let mut schedule = self.world.schedule(&turn.row, turn.scene.tier);
            schedule.mind = Some(serde_json::to_string(&outcome.mind)?);
            tally.add("ticks:skipped", schedule.skipped);
            match outcome.next {
                Next::Ask(trigger) => schedule.thinking = Some(serde_json::to_string(&trigger)?),
                Next::Decided(decided) => {
                    let Decided {
                        trigger,
                        decision,
                        effects,
                        duration,
                        variant,
                    } = *decided;
                    made.push(Made {
                        variant,
                        ..Made::offline(&turn.scene, (trigger, decision), effects, duration)
                    });
                }
            }
            schedules.push(schedule);
        }
        for row in &self.busy {
            let mut schedule = self.world.schedule(row, tier(row.tier));
            schedule.skipped += i64::from(row.is_due(&self.world));
            tally.add("ticks:skipped", schedule.skipped);
            schedules.push(schedule);
        }
        write(&mut self.transaction, &schedules).await?;
        let announced = commit::write(
            &mut self.transaction,
            &self.world,
            made,
            &mut tally,
            memories,
        )
        .await?;
        tally.write(&mut self.transaction, cast.source).await?;
        self.transaction.commit().await?;
        commit::announce(&cast.store.queue, &announced);
        for schedule in &schedules {
            cast.arm(schedule, self.world.now.ms);
        }
        Ok(())
    }
}

fn tier(stored: i16) -> Tier {
    match stored {
        2 => Tier::Active,
        1 => Tier::Background,
        _ => Tier::Dormant,
    }
}

impl World {
    fn schedule(&self, row: &Row, tier: Tier) -> Schedule {
        let interval_ms = match tier {
            Tier::Active => self.config.tick.fast_tick_ms,
            Tier::Background => self.config.tick.slow_tick_ms,
            Tier::Dormant => {
                return Schedule::dormant(row.key);
            }
        };
        let interval = i64::try_from(interval_ms).unwrap_or(i64::MAX / 4).max(1);
        let now = self.now.ms;
        let due = row.next_tick_at.map(|due| due.timestamp_millis());
        // A tick that is not due yet stands: the turn was for a call, or the tier has changed.
        let (next, skipped) = match due {
            Some(due) if !row.is_due(self) => (due.min(now + interval), 0),
            Some(due) => {
                let skipped = (now - due).max(0) / interval;
                (due + (skipped + 1) * interval, skipped)
            }
            None => (now + interval, 0),
        };
        Schedule {
            key: row.key,
            tier,
            next: DateTime::from_timestamp_millis(next),
            skipped,
            thinking: None,
            mind: None,
        }
    }
}

impl Schedule {
    fn dormant(key: Uuid) -> Self {
        Self {
            key,
            tier: Tier::Dormant,
            next: None,
            skipped: 0,
            thinking: None,
            mind: None,
        }
    }
}

async fn write(transaction: &mut Transaction, schedules: &[Schedule]) -> Result<(), StoreError> {
    let keys: Vec<Uuid> = schedules.iter().map(|one| one.key).collect();
    let tiers: Vec<i16> = schedules.iter().map(|one| one.tier as i16).collect();
    let next: Vec<Option<DateTime<Utc>>> = schedules.iter().map(|one| one.next).collect();
    let skipped: Vec<i64> = schedules.iter().map(|one| one.skipped).collect();
    let thinking: Vec<Option<String>> = schedules.iter().map(|one| one.thinking.clone()).collect();
    let minds: Vec<Option<String>> = schedules.iter().map(|one| one.mind.clone()).collect();
    sqlx::query!(
        "update characters_minds as mind
        set tier = new.tier, next_tick_at = new.next, ticks_skipped = ticks_skipped + new.skipped,
            called_at = case when new.mind is null then called_at end,
            thinking = coalesce(new.thinking::json, mind.thinking),
            mind = coalesce(new.mind::json, mind.mind), version = mind.version + 1
        from unnest($1::uuid[], $2::smallint[], $3::timestamptz[], $4::bigint[], $5::text[], $6::text[])
            as new (key, tier, next, skipped, thinking, mind)
        where mind.key = new.key",
        &keys,
        &tiers,
        &next as &[Option<DateTime<Utc>>],
        &skipped,
        &thinking as &[Option<String>],
        &minds as &[Option<String>],
    )
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

impl Characters {
    fn arm(&self, schedule: &Schedule, now_ms: i64) {
        let queue = &self.store.queue;
        if schedule.thinking.is_some() {
            queue.arm::<Think>(schedule.key, Duration::ZERO);
        }
        let Some(next) = schedule.next else { return };
        let left = u64::try_from(next.timestamp_millis() - now_ms).unwrap_or_default();
        let left = Duration::from_millis(left);
        match schedule.tier {
            Tier::Active => queue.arm::<Tick>(schedule.key, left),
            Tier::Background => queue.arm::<TickSlowly>(schedule.key, left),
            Tier::Dormant => {}
        }
    }
}
