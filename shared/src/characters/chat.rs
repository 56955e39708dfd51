//! A player's talk with a character: what a reply starts from, and what it leaves behind.

use rookery_characters::inference::{Message, Role};
use rookery_characters::letter::Letter;
use rookery_characters::memory::Glimpse;
use rookery_characters::turn;
use rookery_queue::{Task, TaskId};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::boost::boost_in;
use super::change::change_mind_in;
use super::commit::inferred;
use super::recall::{Ask, Breadth};
use super::scene::{Actor, Scene, scenes};
use super::tallies::Tally;
use super::{Character, CharacterError, Characters, World, memories};
use crate::StoreError;

/// A message to be answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Chat {
    pub character_id: String,
    pub player_id: String,
    pub message: String,
    /// Whether somebody hears the reply while it is made.
    #[serde(default)]
    pub streamed: bool,
}

impl Task for Chat {
    const KIND: &'static str = "characters.chat";
    /// Whoever waits for an answer does not wait for a third try.
    const ATTEMPTS: u32 = 2;
    type Output = Said;
}

/// The answer, and where it comes from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Said {
    pub reply: String,
    /// `offline` or the provider's name.
    pub provider: String,
    pub model: Option<String>,
    pub explanation: Reasons,
    pub prompt_tokens: u32,
    pub completion_tokens: u32,
    pub duration_ms: f64,
}

/// Why a character answered as it did.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reasons {
    /// One sentence.
    pub because: String,
    pub mood: String,
    pub mood_intensity: f64,
    pub closeness: f64,
    /// What came to mind, best first.
    pub memories: Vec<rookery_characters::memory::Recalled>,
    /// Messages of the talk so far that were looked at.
    pub history: usize,
    /// SHA-256 of the prompt, when a model was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_hash: Option<String>,
}

/// What an answer starts from.
pub struct Talk {
    pub scene: Scene,
    /// The last messages, oldest first.
    pub history: Vec<Message>,
    epoch: i64,
}

/// Messages that are looked back upon.
const HISTORY: i64 = 6;
/// Memories that come to mind.
const MEMORIES: usize = 3;

/// What a player says weighs as much as dialogue in the table of the contract's engine.
const DIALOGUE: f64 = 5.0;

/// Where the pieces of a streamed reply are published.
pub fn reply_channel(task: TaskId) -> String {
    format!("characters:reply:{task}")
}

impl Characters {
    /// None: the character is gone.
    pub async fn talk(&self, chat: &Chat) -> Result<Option<Talk>, StoreError> {
        let mut connection = self.store.pool.acquire().await?;
        let world = World::read(&mut *connection).await?;
        let epoch = world.epoch;
        let Some(actor) = actor(&mut connection, &chat.character_id).await? else {
            return Ok(None);
        };
        let key = actor.key;
        let mut scenes = scenes(&mut connection, world, vec![actor], Some(&chat.player_id)).await?;
        let Some(mut scene) = scenes.pop() else {
            return Ok(None);
        };
        let rows = sqlx::query!(
            "select role, content from characters_messages where key = $1 and player_id = $2 order by id desc limit $3",
            key,
            chat.player_id,
            HISTORY
        )
        .fetch_all(&mut *connection)
        .await?;
        let history = rows.into_iter().rev().map(|row| Message {
            role: match row.role.as_str() {
                "assistant" => Role::Assistant,
                _ => Role::User,
            },
            content: row.content,
        });
        let history = history.collect();
        let ask = Ask {
            key,
            about: chat.message.clone(),
            wanted: MEMORIES,
            breadth: Breadth::Associating,
        };
        let recalled = self
            .recall(&mut connection, &[ask], scene.world.now)
            .await?;
        scene.memories = recalled.into_iter().flatten().collect();
        Ok(Some(Talk {
            scene,
            history,
            epoch,
        }))
    }

    /// Writes what was said and what it does to both, once, however often the task is tried. Refused when the world it was said in is no
    /// more; nothing when the character is gone.
    pub async fn said(
        &self,
        (chat, task): (&Chat, TaskId),
        talk: &Talk,
        said: &Said,
    ) -> Result<(), CharacterError> {
        let mut transaction = self.store.pool.begin().await?;
        let world = World::read(&mut *transaction).await?;
        let character = Character::read(&mut *transaction, &chat.character_id).await?;
        let character = character.filter(|_| world.epoch == talk.epoch);
        let character =
            character.ok_or_else(|| CharacterError::NotFound(chat.character_id.clone()))?;
        let written = sqlx::query!(
            "insert into characters_messages (key, player_id, role, content, task_id)
            values ($1, $2, 'user', $3, $5), ($1, $2, 'assistant', $4, $5)
            on conflict on constraint characters_messages_once do nothing",
            character.key,
            chat.player_id,
            chat.message,
            said.reply,
            task.0,
        )
        .execute(&mut *transaction)
        .await?;
        if written.rows_affected() == 0 {
            return Ok(());
        }
        let boost = world.config.proximity.chat_boost;
        boost_in(
            &mut transaction,
            &world,
            &character,
            (&chat.player_id, boost),
        )
        .await?;
        let letter = Letter::Said {
            from: chat.player_id.clone(),
            name: chat.player_id.clone(),
            text: chat.message.clone(),
        };
        let mut kept = change_mind_in(&mut transaction, &world, &chat.character_id, |subject| {
            let letters = [letter];
            let kept = turn::take_in(&character.persona, subject.mind, &letters, subject.now);
            subject.mind.glimpse(Glimpse {
                content: format!("{}: {}", character.persona.name, said.reply),
                at: subject.now.ms,
            });
            kept
        })
        .await?;
        for memory in &mut kept {
            memory.player_id = Some(chat.player_id.clone());
            memory.importance = memory.importance.max(DIALOGUE);
        }
        let kept: Vec<_> = kept
            .into_iter()
            .map(|memory| (character.key, memory))
            .collect();
        memories::insert(&mut transaction, &kept, &world).await?;
        let mut tally = Tally::default();
        tally.add("chats", 1);
        inferred(
            &mut tally,
            said.prompt_tokens + said.completion_tokens,
            said.duration_ms,
        );
        tally.write(&mut transaction, self.source).await?;
        transaction.commit().await?;
        self.wake(character.key).await?;
        Ok(())
    }

    /// What was said between them, the newest last.
    pub async fn messages(
        &self,
        character: &Character,
        player_id: &str,
        limit: i64,
    ) -> Result<Vec<PastMessage>, StoreError> {
        let mut messages = sqlx::query_as!(
            PastMessage,
            r#"select role, content, created_at from characters_messages where key = $1 and player_id = $2 order by id desc limit $3"#,
            character.key,
            player_id,
            limit
        )
        .fetch_all(&self.store.pool)
        .await?;
        messages.reverse();
        Ok(messages)
    }
}

/// A message of the past.
#[derive(Debug, Clone)]
pub struct PastMessage {
    /// `user` or `assistant`.
    pub role: String,
    pub content: String,
    pub created_at: chrono::DateTime<chrono::Utc>,
}

/// Without a lock: what is decided by it is applied to the mind as it is then.
pub(super) async fn actor(
    connection: &mut PgConnection,
    id: &str,
) -> Result<Option<Actor>, StoreError> {
    let actor = sqlx::query_as!(
        Actor,
        r#"select key, id, name, archetype, identity::text as "identity!", location, initial_closeness, mind::text as "mind!"
        from characters join characters_minds using (key) where id = $1"#,
        id
    )
    .fetch_optional(connection)
    .await?;
    Ok(actor)
}
