//! `characters.chat`: a character answers a player.
//!
//! Reads mind, closeness, history and memories; writes the two messages, closeness, mind and memories in one transaction that a second
//! try finds done. A streamed reply is published piece by piece while it comes in.

use std::time::{Duration, Instant};

use rookery_characters::decision::Trigger;
use rookery_characters::prompt::{self, Variant};
use rookery_characters::{offline, reply};
use rookery_queue::worker::{Context as JobContext, Job, JobError, Stop, Workload};
use rookery_shared::characters::{
    CharacterError, Chat, OFFLINE, Reasons, Said, Talk, reply_channel,
};

use super::hash::sha256;
use super::provider::{About, ModelError};
use super::turns::retry;
use crate::context::Context;

impl Job<Context> for Chat {
    /// Above the longest that a provider may be given, retries included: the API gives up earlier.
    const TIMEOUT: Duration = Duration::from_secs(600);
    const CONCURRENCY: usize = 64;
    const WORKLOAD: Workload = Workload::Moment;

    async fn run(self, context: JobContext<Context>, stop: Stop) -> Result<Said, JobError> {
        let cast = &context.app.cast;
        let talk = cast.talk(&self).await.map_err(retry)?;
        let talk = talk.ok_or_else(|| gone(&self.character_id))?;
        let said = tokio::select! {
            said = answer(&context, &self, &talk) => said?,
            () = stop.raised() => return Err(JobError::Stopped),
        };
        match cast.said((&self, context.id), &talk, &said).await {
            Ok(()) => Ok(said),
            Err(CharacterError::Store(error)) => Err(retry(error)),
            Err(_) => Err(gone(&self.character_id)),
        }
    }
}

fn gone(id: &str) -> JobError {
    JobError::Refused(format!("NOT_FOUND: Character not found: {id}"))
}

async fn answer(context: &JobContext<Context>, chat: &Chat, talk: &Talk) -> Result<Said, JobError> {
    let app = &context.app;
    if app.model.is_offline() {
        return Ok(by_itself(context, chat, talk));
    }
    match by_model(context, chat, talk).await {
        Ok(said) => Ok(said),
        Err(ModelError::CapReached) => Ok(by_itself(context, chat, talk)),
        Err(error) => Err(JobError::Refused(format!("{}: {error}", error.code()))),
    }
}

fn by_itself(context: &JobContext<Context>, chat: &Chat, talk: &Talk) -> Said {
    let started = Instant::now();
    let trigger = Trigger::FastTick;
    let percept = talk.scene.percept(&trigger);
    let reply = offline::chat(&percept, &talk.history, &chat.message);
    if chat.streamed {
        let voice = Voice::new(context);
        offline::pieces(&reply).for_each(|piece| voice.say(piece));
    }
    Said {
        explanation: reasons(talk, None),
        provider: OFFLINE.to_owned(),
        model: None,
        prompt_tokens: 0,
        completion_tokens: rookery_characters::inference::estimated_tokens(&reply),
        reply,
        duration_ms: started.elapsed().as_secs_f64() * 1000.0,
    }
}

async fn by_model(
    context: &JobContext<Context>,
    chat: &Chat,
    talk: &Talk,
) -> Result<Said, ModelError> {
    let started = Instant::now();
    let trigger = Trigger::FastTick;
    let percept = talk.scene.percept(&trigger);
    let usual = Variant::default();
    let variant = talk.scene.variant().map_or(&usual, |(_, variant)| variant);
    let prompt = prompt::chat(&percept, &talk.history, &chat.message, variant);
    let about = About {
        character_id: Some(chat.character_id.clone()),
        player_id: Some(chat.player_id.clone()),
        task_id: Some(context.id.0),
    };
    let voice = Voice::new(context);
    let mut listener = |piece: &str| voice.say(piece);
    let listener: Option<&mut (dyn FnMut(&str) + Send)> = match chat.streamed {
        true => Some(&mut listener),
        false => None,
    };
    let answer = context
        .app
        .model
        .ask(&prompt.request, &about, listener)
        .await?;
    // What cannot be said is not remembered either: an empty reply in the history makes the next ones empty.
    let reply =
        reply::speech(&answer.reply, &talk.scene.persona).map_err(|_| ModelError::Failed)?;
    Ok(Said {
        reply,
        provider: answer.provider.to_owned(),
        model: Some(answer.model),
        explanation: reasons(talk, Some(sha256(&prompt.text()))),
        prompt_tokens: answer.reply.usage.prompt_tokens,
        completion_tokens: answer.reply.usage.completion_tokens,
        duration_ms: started.elapsed().as_secs_f64() * 1000.0,
    })
}

fn reasons(talk: &Talk, prompt_hash: Option<String>) -> Reasons {
    let scene = &talk.scene;
    let mood = scene.mind.feelings.mood_at(scene.world.now.fast);
    let remembered = match scene.memories.as_slice() {
        [] => "nothing of it came to mind".to_owned(),
        [one] => format!("it recalled \"{}\"", one.content),
        [first, rest @ ..] => format!("it recalled \"{}\" and {} more", first.content, rest.len()),
    };
    Reasons {
        because: format!(
            "{} feels {} and is {:.0} of 100 close to {}; {remembered}",
            scene.persona.name,
            mood.emotion.as_str(),
            scene.closeness,
            scene.player_id,
        ),
        mood: mood.emotion.as_str().to_owned(),
        mood_intensity: mood.intensity,
        closeness: scene.closeness,
        memories: scene.memories.clone(),
        history: talk.history.len(),
        prompt_hash,
    }
}

/// Says pieces of a reply to whoever listens for it.
struct Voice<'a> {
    context: &'a JobContext<Context>,
    channel: String,
}

impl<'a> Voice<'a> {
    fn new(context: &'a JobContext<Context>) -> Self {
        Self {
            context,
            channel: reply_channel(context.id),
        }
    }

    fn say(&self, piece: &str) {
        self.context.app.store.queue.publish(&self.channel, piece);
    }
}
