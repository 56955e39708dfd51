//! `characters.tick`, `characters.tick.slow`, `characters.tick.dormant`, `characters.react`: characters take their turns, many at once.
//!
//! Reads minds, mail, neighbours, closeness and facts; writes minds, decisions, memories, mail and relationships in the transaction that
//! locks the minds. Running it twice is harmless: who has had the turn is not due any more.

use std::time::{Duration, Instant};

use rookery_characters::decision::Trigger;
use rookery_characters::letter::Letter;
use rookery_characters::{gate, offline, turn};
use rookery_queue::worker::{Chore, DueContext, JobError, Stop, Workload};
use rookery_shared::StoreError;
use rookery_shared::characters::{
    Decided, Next, Outcome, React, Tick, TickDormant, TickSlowly, Turn,
};
use uuid::Uuid;

use crate::context::Context;

const TIMEOUT: Duration = Duration::from_secs(20);
/// A transaction's length: some ten milliseconds.
const BATCH: usize = 128;

impl Chore<Context> for Tick {
    const TIMEOUT: Duration = TIMEOUT;
    const CONCURRENCY: usize = 3;
    const BATCH: usize = BATCH;
    const WORKLOAD: Workload = Workload::Moment;

    async fn overdue(context: &Context, limit: usize) -> anyhow::Result<Vec<Uuid>> {
        Ok(context.cast.overdue_ticks(2, at_most(limit)).await?)
    }

    async fn run(ids: Vec<Uuid>, context: DueContext<Context>, stop: Stop) -> Result<(), JobError> {
        take_turns(&ids, &context, &stop).await
    }
}

impl Chore<Context> for TickSlowly {
    const TIMEOUT: Duration = TIMEOUT;
    const CONCURRENCY: usize = 1;
    const BATCH: usize = BATCH;
    const WORKLOAD: Workload = Workload::Moment;

    async fn overdue(context: &Context, limit: usize) -> anyhow::Result<Vec<Uuid>> {
        Ok(context.cast.overdue_ticks(1, at_most(limit)).await?)
    }

    async fn run(ids: Vec<Uuid>, context: DueContext<Context>, stop: Stop) -> Result<(), JobError> {
        take_turns(&ids, &context, &stop).await
    }
}

impl Chore<Context> for React {
    const TIMEOUT: Duration = TIMEOUT;
    const CONCURRENCY: usize = 2;
    const BATCH: usize = BATCH;
    const WORKLOAD: Workload = Workload::Moment;

    async fn overdue(context: &Context, limit: usize) -> anyhow::Result<Vec<Uuid>> {
        Ok(context.cast.overdue_calls(at_most(limit)).await?)
    }

    async fn run(ids: Vec<Uuid>, context: DueContext<Context>, stop: Stop) -> Result<(), JobError> {
        take_turns(&ids, &context, &stop).await
    }
}

impl Chore<Context> for TickDormant {
    const TIMEOUT: Duration = TIMEOUT;
    const CONCURRENCY: usize = 1;
    const WORKLOAD: Workload = Workload::Moment;

    /// The sweep is this kind's only alarm: nothing is armed for those who sleep.
    async fn overdue(context: &Context, _: usize) -> anyhow::Result<Vec<Uuid>> {
        Ok(match context.cast.dormant_are_due().await? {
            true => vec![Uuid::nil()],
            false => Vec::new(),
        })
    }

    async fn run(_: Vec<Uuid>, context: DueContext<Context>, stop: Stop) -> Result<(), JobError> {
        let ids = context.app.cast.next_dormant().await.map_err(retry)?;
        take_turns(&ids, &context, &stop).await
    }
}

async fn take_turns(
    ids: &[Uuid],
    context: &DueContext<Context>,
    stop: &Stop,
) -> Result<(), JobError> {
    let cast = &context.app.cast;
    let mut taken = cast.take_turns(ids).await.map_err(retry)?;
    let asks = !context.app.model.is_offline();
    let decided = context.compute(stop, move |_| {
        let turns = taken.turns.iter_mut();
        let outcomes = turns.map(|turn| outcome(turn, asks)).collect();
        (taken, outcomes)
    });
    let (taken, outcomes) = decided.await;
    taken.finish(cast, outcomes).await.map_err(retry)
}

/// Takes in what came and decides, unless a language model should.
fn outcome(turn: &mut Turn, asks: bool) -> Outcome {
    let started = Instant::now();
    let scene = &mut turn.scene;
    let memories = turn::take_in(
        &scene.persona,
        &mut scene.mind,
        &turn.letters,
        scene.world.now,
    );
    let trigger = trigger(turn);
    let percept = turn.scene.percept(&trigger);
    if asks && gate::worth(&percept, turn.scene.player_seen_ms).is_some() {
        return Outcome {
            mind: turn.scene.mind.clone(),
            memories,
            next: Next::Ask(trigger),
        };
    }
    let decision = offline::decide(&percept);
    let (mind, effects) = turn::carry_out(&percept, &decision.action);
    Outcome {
        mind,
        memories,
        next: Next::Decided(Box::new(Decided {
            trigger,
            decision,
            effects,
            duration: started.elapsed(),
            // Where models are asked, only what they decide tells anything of their prompts.
            variant: match asks {
                true => None,
                false => turn.scene.variant().map(|(name, _)| name.to_owned()),
            },
        })),
    }
}

/// An event of less importance is taken in, and is no reason to act.
const REACTED_TO: f64 = 5.0;

/// The most important event that came in, else the tick.
fn trigger(turn: &Turn) -> Trigger {
    let events = turn.letters.iter().filter_map(|letter| match letter {
        Letter::Event { event, importance } if *importance >= REACTED_TO => {
            Some((event, *importance))
        }
        _ => None,
    });
    match events.max_by(|a, b| a.1.total_cmp(&b.1)) {
        Some((event, importance)) => Trigger::Event {
            event: event.clone(),
            importance,
        },
        None => turn.tick(),
    }
}

pub(super) fn at_most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

pub(super) fn retry(error: StoreError) -> JobError {
    JobError::Retry(error.into())
}
