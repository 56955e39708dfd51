//! `characters.think`: a language model decides for characters whose turn was worth a call.
//!
//! Takes the lease of each, asks without any lock, and commits where the lease's number is still its own. A worker that dies leaves the
//! lease to run out; another then makes the decision, once.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use rookery_characters::decision::{Decision, Explanation};
use rookery_characters::prompt::{self, Variant};
use rookery_characters::{offline, reply};
use rookery_queue::worker::{Chore, DueContext, JobError, Stop, Workload};
use rookery_shared::characters::{Conclusion, LEASE, OFFLINE, Think, Thought};
use uuid::Uuid;

use super::hash::sha256;
use super::provider::{About, ModelError};
use super::turns::{at_most, retry};
use crate::context::Context;

impl Chore<Context> for Think {
    const TIMEOUT: Duration = Duration::from_secs(600);
    const CONCURRENCY: usize = 64;
    const BATCH: usize = 8;
    const WORKLOAD: Workload = Workload::Moment;

    async fn overdue(context: &Context, limit: usize) -> anyhow::Result<Vec<Uuid>> {
        Ok(context.cast.overdue_thoughts(at_most(limit)).await?)
    }

    async fn run(ids: Vec<Uuid>, context: DueContext<Context>, stop: Stop) -> Result<(), JobError> {
        let app = &context.app;
        let batch_size = app
            .cast
            .world()
            .await
            .map_err(retry)?
            .config
            .tick
            .batch_size;
        let places = app.thinking.places(batch_size, ids.len()).await;
        // Whoever is not taken now is nobody's: another worker may be free.
        let (taken, left) = ids.split_at(places.count().min(ids.len()));
        for id in left {
            app.store.queue.arm::<Self>(*id, Duration::ZERO);
        }
        let thoughts = app.cast.take_thoughts(taken).await.map_err(retry)?;
        let held: Vec<_> = thoughts
            .iter()
            .map(|one| (one.scene.key, one.fence))
            .collect();
        let asking: FuturesUnordered<_> = thoughts
            .into_iter()
            .map(|one| decided(app, one, &stop))
            .collect();
        tokio::select! {
            done = conclude(app, asking) => done,
            () = renew(app, held) => Err(JobError::Stopped),
        }
    }
}

/// Those that are ready together are written together.
async fn conclude(
    app: &Context,
    asking: FuturesUnordered<impl Future<Output = (Thought, Option<Conclusion>)>>,
) -> Result<(), JobError> {
    let mut ready = asking.ready_chunks(Think::BATCH);
    while let Some(group) = ready.next().await {
        let mut concluded = Vec::with_capacity(group.len());
        for (thought, conclusion) in group {
            match conclusion {
                Some(conclusion) => concluded.push((thought, conclusion)),
                None => app.cast.release_thought(&thought).await.map_err(retry)?,
            }
        }
        if !concluded.is_empty() {
            app.cast.conclude(concluded).await.map_err(retry)?;
        }
    }
    Ok(())
}

/// Returns when none of them is ours any more.
async fn renew(app: &Context, held: Vec<(Uuid, i64)>) {
    loop {
        tokio::time::sleep(LEASE / 3).await;
        match app.cast.renew_thoughts(&held).await {
            Ok(kept) if kept.is_empty() => {
                // The last of them may be on its way into the log: the commit knows what is still ours.
                std::future::pending::<()>().await;
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "leases of decisions were not renewed"),
        }
    }
}

/// None: the worker leaves, somebody else decides.
async fn decided(app: &Context, thought: Thought, stop: &Stop) -> (Thought, Option<Conclusion>) {
    let conclusion = tokio::select! {
        conclusion = by_model(app, &thought) => Some(conclusion),
        () = stop.raised() => None,
    };
    (thought, conclusion)
}

async fn by_model(app: &Context, thought: &Thought) -> Conclusion {
    let started = Instant::now();
    let percept = thought.scene.percept(&thought.trigger);
    let (variant, settings) = thought.scene.variant().unzip();
    let usual = Variant::default();
    let settings = settings.unwrap_or(&usual);
    let tier = prompt::inference_tier(&percept, settings);
    let prompt = prompt::decision(&percept, tier, settings);
    let about = About {
        character_id: Some(thought.scene.persona.id.clone()),
        player_id: Some(thought.scene.player_id.clone()),
        task_id: None,
    };
    let mut request = prompt.request.clone();
    let mut nudged = false;
    loop {
        let answer = match app.model.ask(&request, &about, None).await {
            Ok(answer) => answer,
            Err(error) => return by_itself(thought, started, &error),
        };
        let Ok(reading) = reply::decision(&answer.reply, &percept) else {
            return by_itself(thought, started, &ModelError::Failed);
        };
        if reading.narrated && !nudged {
            nudged = true;
            request.messages.push(reply::nudge());
            continue;
        }
        let memories = percept.memories.iter();
        let explanation = Explanation {
            because: format!("{} of {} said so", answer.model, answer.provider),
            scores: BTreeMap::new(),
            memories: memories.map(|memory| memory.id.clone()).collect(),
            hints: prompt
                .hints
                .iter()
                .map(|hint| hint.as_str().to_owned())
                .collect(),
            prompt_hash: Some(sha256(&prompt.text())),
        };
        let usage = answer.reply.usage;
        return Conclusion {
            decision: Decision {
                action: reading.action,
                inference_tier: tier,
                explanation,
            },
            provider: answer.provider.to_owned(),
            context_tokens: usage.prompt_tokens,
            response_tokens: usage.completion_tokens,
            duration: started.elapsed(),
            variant: variant.map(str::to_owned),
        };
    }
}

/// Nobody answered: the character goes on by itself.
fn by_itself(thought: &Thought, started: Instant, error: &ModelError) -> Conclusion {
    let percept = thought.scene.percept(&thought.trigger);
    let mut decision = offline::decide(&percept);
    let because = &decision.explanation.because;
    decision.explanation.because = format!("{because} ({error}: decided offline)");
    Conclusion {
        decision,
        provider: OFFLINE.to_owned(),
        context_tokens: 0,
        response_tokens: 0,
        duration: started.elapsed(),
        variant: None,
    }
}
