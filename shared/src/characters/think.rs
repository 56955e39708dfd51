//! Decisions that a language model makes: taken by a lease, made without any lock, written by whoever still holds the lease's number.

use std::sync::Arc;
use std::time::Duration;

use rookery_characters::decision::{Decision, Effects, Trigger};
use rookery_characters::{Mind, turn};
use uuid::Uuid;

use super::commit::{self, Made};
use super::recall::{Ask, Breadth};
use super::scene::{Actor, Scene, scenes};
use super::tallies::Tally;
use super::{Characters, React, World};
use crate::StoreError;

/// A decision that somebody has to make, and the number to show when it is made.
pub struct Thought {
    pub scene: Scene,
    pub trigger: Trigger,
    pub fence: i64,
    epoch: i64,
}

/// How it was made.
pub struct Conclusion {
    pub decision: Decision,
    pub provider: String,
    pub context_tokens: u32,
    pub response_tokens: u32,
    pub duration: Duration,
    pub variant: Option<String>,
}

/// Memories that come to mind: the contract's engine retrieves five.
const MEMORIES: usize = 5;

/// For so long a worker has a decision; it renews while the model is asked.
pub const LEASE: Duration = Duration::from_secs(6);

impl Characters {
    /// Those of these that wait for a decision and are nobody's.
    pub async fn take_thoughts(&self, keys: &[Uuid]) -> Result<Vec<Thought>, StoreError> {
        let mut connection = self.store.pool.acquire().await?;
        let rows = sqlx::query!(
            r#"update characters_minds as mind
            set fence = fence + 1, lease_until = clock_timestamp() + make_interval(secs => $2::float8)
            from characters
            where mind.key = any($1) and characters.key = mind.key and thinking is not null
                and (lease_until is null or lease_until < clock_timestamp())
            returning mind.key, fence, thinking::text as "thinking!", mind.mind::text as "mind!", id, name, archetype,
                identity::text as "identity!", location, initial_closeness"#,
            keys,
            LEASE.as_secs_f64()
        )
        .fetch_all(&mut *connection)
        .await?;
        let world = World::read(&mut *connection).await?;
        let epoch = world.epoch;
        let mut actors = Vec::with_capacity(rows.len());
        let mut marks = Vec::with_capacity(rows.len());
        for row in rows {
            marks.push((row.fence, serde_json::from_str::<Trigger>(&row.thinking)?));
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
        let asks: Vec<Ask> = marks
            .iter()
            .zip(&actors)
            .map(|((_, trigger), actor)| Ask {
                key: actor.key,
                about: about(trigger),
                wanted: MEMORIES,
                breadth: Breadth::Associating,
            })
            .collect();
        let now = world.now;
        let mut scenes = scenes(&mut connection, world, actors, None).await?;
        let recalled = self.recall(&mut connection, &asks, now).await?;
        for (scene, memories) in scenes.iter_mut().zip(recalled) {
            scene.memories = memories;
        }
        let thoughts = scenes.into_iter().zip(marks);
        let thoughts = thoughts.map(|(scene, (fence, trigger))| Thought {
            scene,
            trigger,
            fence,
            epoch,
        });
        Ok(thoughts.collect())
    }

    /// Keeps what this process is working on. Answers with those that are still its own.
    pub async fn renew_thoughts(&self, held: &[(Uuid, i64)]) -> Result<Vec<Uuid>, StoreError> {
        let (keys, fences): (Vec<Uuid>, Vec<i64>) = held.iter().copied().unzip();
        let kept = sqlx::query_scalar!(
            "update characters_minds as mind set lease_until = clock_timestamp() + make_interval(secs => $3::float8)
            from unnest($1::uuid[], $2::bigint[]) as held (key, fence)
            where mind.key = held.key and mind.fence = held.fence and thinking is not null
            returning mind.key",
            &keys,
            &fences,
            LEASE.as_secs_f64()
        )
        .fetch_all(&self.store.pool)
        .await?;
        Ok(kept)
    }

    /// Gives a decision back undone: somebody else makes it.
    pub async fn release_thought(&self, thought: &Thought) -> Result<(), StoreError> {
        sqlx::query!(
            "update characters_minds set lease_until = null where key = $1 and fence = $2 and thinking is not null",
            thought.scene.key,
            thought.fence
        )
        .execute(&self.store.pool)
        .await?;
        Ok(())
    }

    /// Writes the decisions, those whose lease is still theirs: a late one is refused. The mind may have changed meanwhile (a chat, an
    /// emotion): what was decided is carried out by the mind as it is now.
    pub async fn conclude(&self, concluded: Vec<(Thought, Conclusion)>) -> Result<(), StoreError> {
        let mut transaction = self.store.pool.begin().await?;
        let world = World::read(&mut *transaction).await?;
        let keys: Vec<Uuid> = concluded
            .iter()
            .map(|(thought, _)| thought.scene.key)
            .collect();
        let fences: Vec<i64> = concluded.iter().map(|(thought, _)| thought.fence).collect();
        let rows = sqlx::query!(
            r#"select mind.key, mind.mind::text as "mind!", called_at is not null as "called!"
            from characters_minds as mind join unnest($1::uuid[], $2::bigint[]) as held (key, fence)
                on mind.key = held.key and mind.fence = held.fence
            where thinking is not null order by mind.key for update of mind"#,
            &keys,
            &fences
        )
        .fetch_all(&mut *transaction)
        .await?;
        let world = Arc::new(world);
        let mut tally = Tally::default();
        let mut made = Vec::with_capacity(rows.len());
        let mut minds = Vec::with_capacity(rows.len());
        let mut done = Vec::with_capacity(rows.len());
        let mut called = Vec::new();
        for (mut thought, conclusion) in concluded {
            let row = rows.iter().find(|row| row.key == thought.scene.key);
            let Some(row) = row.filter(|_| thought.epoch == world.epoch) else {
                tally.add("decisions:refused", 1);
                continue;
            };
            thought.scene.mind = serde_json::from_str(&row.mind)?;
            thought.scene.world = Arc::clone(&world);
            let (mind, effects) = carried_out(&thought, &conclusion.decision);
            minds.push(serde_json::to_string(&mind)?);
            done.push(row.key);
            if row.called {
                called.push(row.key);
            }
            made.push(of(thought, conclusion, effects));
        }
        sqlx::query!(
            "update characters_minds as mind
            set mind = new.mind::json, version = version + 1, thinking = null, lease_until = null
            from unnest($1::uuid[], $2::text[]) as new (key, mind) where mind.key = new.key",
            &done,
            &minds
        )
        .execute(&mut *transaction)
        .await?;
        let announced =
            commit::write(&mut transaction, &world, made, &mut tally, Vec::new()).await?;
        tally.write(&mut transaction, self.source).await?;
        transaction.commit().await?;
        commit::announce(&self.store.queue, &announced);
        for key in called {
            self.store.queue.arm::<React>(key, Duration::ZERO);
        }
        Ok(())
    }
}

/// What memories are looked for: an event's words, or whatever is on the mind.
fn about(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Event { event, .. } => {
            let words = [
                Some(&event.kind),
                event.source.as_ref(),
                event.target.as_ref(),
            ];
            let words: Vec<&str> = words.into_iter().flatten().map(String::as_str).collect();
            words.join(" ").replace('_', " ")
        }
        Trigger::FastTick | Trigger::SlowTick => String::new(),
    }
}

fn carried_out(thought: &Thought, decision: &Decision) -> (Mind, Effects) {
    turn::carry_out(&thought.scene.percept(&thought.trigger), &decision.action)
}

fn of(thought: Thought, conclusion: Conclusion, effects: Effects) -> Made {
    Made {
        key: thought.scene.key,
        character_id: thought.scene.persona.id,
        player_id: thought.scene.player_id,
        trigger: thought.trigger,
        decision: conclusion.decision,
        effects,
        provider: conclusion.provider,
        context_tokens: conclusion.context_tokens,
        response_tokens: conclusion.response_tokens,
        duration: conclusion.duration,
        variant: conclusion.variant,
    }
}
