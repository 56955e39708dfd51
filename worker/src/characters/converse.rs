//! `characters.conversation`: characters talk with each other, turn by turn.
//!
//! Each line is stored as it is said, at its place: a second try goes on where the first one stopped.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rookery_characters::decision::Trigger;
use rookery_characters::prompt::{self, Line as Heard, Talk, Variant};
use rookery_characters::{offline, reply};
use rookery_queue::worker::{Context as JobContext, Job, JobError, Stop, Workload};
use rookery_shared::characters::{Conversation, Converse, Line, OFFLINE, Scene};

use super::provider::{About, ModelError};
use super::turns::retry;
use crate::context::Context;

impl Job<Context> for Converse {
    const TIMEOUT: Duration = Duration::from_secs(1_800);
    const CONCURRENCY: usize = 16;
    const WORKLOAD: Workload = Workload::Moment;

    async fn run(self, context: JobContext<Context>, stop: Stop) -> Result<Conversation, JobError> {
        tokio::select! {
            held = hold(&self.conversation_id, &context) => held,
            () = stop.raised() => Err(JobError::Stopped),
        }
    }
}

async fn hold(id: &str, context: &JobContext<Context>) -> Result<Conversation, JobError> {
    let cast = &context.app.cast;
    let gone = || JobError::Refused(format!("NOT_FOUND: Conversation not found: {id}"));
    let mut passed = 0;
    loop {
        let found = cast.conversation(id).await.map_err(retry)?;
        let conversation = found.ok_or_else(gone)?;
        let said = conversation.turns.len();
        let over = said >= usize::try_from(conversation.max_turns).unwrap_or(0);
        let ids = &conversation.participant_ids;
        if over || conversation.status != "active" || passed >= ids.len() {
            let ended = cast
                .end_conversation(id, "completed")
                .await
                .map_err(retry)?;
            return ended.ok_or_else(gone);
        }
        // In turn; whoever is gone meanwhile is passed over.
        let next = &ids[(said + passed) % ids.len()];
        let Some(scene) = cast.speaker(&conversation, next).await.map_err(retry)? else {
            passed += 1;
            continue;
        };
        passed = 0;
        match line(context, &conversation, &scene).await {
            Ok(line) => cast.speak(&conversation, &line).await.map_err(retry)?,
            Err(error) => {
                cast.end_conversation(id, "failed").await.map_err(retry)?;
                return Err(JobError::Refused(format!("{}: {error}", error.code())));
            }
        }
    }
}

async fn line(
    context: &JobContext<Context>,
    conversation: &Conversation,
    scene: &Scene,
) -> Result<Line, ModelError> {
    let model = &context.app.model;
    let trigger = Trigger::FastTick;
    let percept = scene.percept(&trigger);
    let lines = conversation.turns.iter().map(|line| Heard {
        id: &line.character_id,
        name: &line.name,
        text: &line.content,
    });
    let lines: Vec<_> = lines.collect();
    let talk = Talk {
        topic: &conversation.topic,
        lines: &lines,
    };
    let alone = || (offline::converse(&percept, &talk), OFFLINE);
    let (content, provider) = if model.is_offline() {
        alone()
    } else {
        let prompt = prompt::conversation(&percept, &talk, &Variant::default());
        let about = About {
            character_id: Some(scene.persona.id.clone()),
            player_id: None,
            task_id: Some(context.id.0),
        };
        match model.ask(&prompt.request, &about, None).await {
            Ok(answer) => {
                let said = reply::speech(&answer.reply, &scene.persona);
                (said.map_err(|_| ModelError::Failed)?, answer.provider)
            }
            Err(ModelError::CapReached) => alone(),
            Err(error) => return Err(error),
        }
    };
    Ok(Line {
        character_id: scene.persona.id.clone(),
        name: scene.persona.name.clone(),
        content,
        timestamp: now_ms(),
        provider: provider.to_owned(),
    })
}

/// For people: nothing is decided by it.
fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}
