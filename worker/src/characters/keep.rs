//! `characters.keep`: puts the memories of characters in order when they have changed.
//!
//! Reads and writes memories and minds, each character in a transaction of its own that takes its due time away: whoever comes second finds
//! nothing to do. Summaries are the engine's at once; where there is a language model it is asked for better ones afterwards, with no lock
//! held, and an answer that comes too late or to nothing changes nothing.

use std::time::Duration;

use rookery_characters::prompt::{self, Variant};
use rookery_characters::reply;
use rookery_queue::worker::{Chore, DueContext, JobError, Stop};
use rookery_shared::characters::{CharacterError, DueSummary, Keep};
use uuid::Uuid;

use super::provider::About;
use super::turns::{at_most, retry};
use crate::context::Context;

impl Chore<Context> for Keep {
    const TIMEOUT: Duration = Duration::from_secs(120);
    /// It can wait: turns and chats need the connections.
    const CONCURRENCY: usize = 1;
    const BATCH: usize = 32;

    async fn overdue(context: &Context, limit: usize) -> anyhow::Result<Vec<Uuid>> {
        Ok(context.cast.overdue_keeping(at_most(limit)).await?)
    }

    async fn run(ids: Vec<Uuid>, context: DueContext<Context>, stop: Stop) -> Result<(), JobError> {
        let app = &context.app;
        for id in ids {
            for due in app.cast.keep(id).await.map_err(retry)? {
                if app.model.is_offline() {
                    continue;
                }
                tokio::select! {
                    done = by_model(app, &due) => done?,
                    () = stop.raised() => return Ok(()),
                }
            }
        }
        Ok(())
    }
}

async fn by_model(app: &Context, due: &DueSummary) -> Result<(), JobError> {
    let character = match app.cast.get_by_key(due.key).await {
        Ok(character) => character,
        Err(CharacterError::Store(error)) => return Err(retry(error)),
        // It was removed meanwhile.
        Err(_) => return Ok(()),
    };
    let memories: Vec<&str> = due.memories.iter().map(String::as_str).collect();
    let material = prompt::Material {
        player_id: &due.player_id,
        known: due.before.as_ref(),
        memories: &memories,
    };
    let prompt = prompt::summary(&character.persona, &material, &Variant::default());
    let about = About {
        character_id: Some(character.persona.id),
        player_id: Some(due.player_id.clone()),
        task_id: None,
    };
    // Whoever fails here is in the ledger; the engine's own summary stands.
    let Ok(answer) = app.model.ask(&prompt.request, &about, None).await else {
        return Ok(());
    };
    match reply::summary(&answer.reply) {
        Ok(better) => app.cast.sum_up(due, better).await.map_err(retry),
        Err(_) => Ok(()),
    }
}
