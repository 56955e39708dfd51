//! Conversations among characters: who speaks when, what was said, and what it leaves behind.

use chrono::{DateTime, Utc};
use rookery_characters::letter::Letter;
use rookery_queue::{Hint, NewTask, Task, TaskId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::chat::actor;
use super::recall::{Ask, Breadth};
use super::scene::{Scene, scenes};
use super::tallies::Tally;
use super::{CharacterError, Characters, World};
use crate::StoreError;

/// A conversation to be held.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Converse {
    pub conversation_id: String,
}

impl Task for Converse {
    const KIND: &'static str = "characters.conversation";
    type Output = Conversation;
}

/// A conversation, as far as it went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Conversation {
    pub id: String,
    pub participant_ids: Vec<String>,
    pub topic: String,
    pub turns: Vec<Line>,
    pub max_turns: i32,
    /// `active`, `completed` or `failed`.
    pub status: String,
    pub started_at: DateTime<Utc>,
    pub completed_at: Option<DateTime<Utc>>,
}

/// What somebody said in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    pub character_id: String,
    pub name: String,
    pub content: String,
    /// Milliseconds since 1970.
    pub timestamp: i64,
    pub provider: String,
}

/// A conversation to begin.
#[derive(Debug, Clone)]
pub struct NewConversation {
    pub participant_ids: Vec<String>,
    pub topic: String,
    pub max_turns: i32,
}

/// Memories that come to a speaker's mind.
const MEMORIES: usize = 3;

struct Row {
    id: String,
    participant_ids: Vec<String>,
    topic: String,
    turns: String,
    max_turns: i32,
    status: String,
    started_at: DateTime<Utc>,
    completed_at: Option<DateTime<Utc>>,
}

impl Row {
    fn conversation(self) -> Result<Conversation, StoreError> {
        Ok(Conversation {
            turns: serde_json::from_str(&self.turns)?,
            id: self.id,
            participant_ids: self.participant_ids,
            topic: self.topic,
            max_turns: self.max_turns,
            status: self.status,
            started_at: self.started_at,
            completed_at: self.completed_at,
        })
    }
}

impl Characters {
    /// Records the conversation with its task. Everybody in it must exist.
    pub async fn begin_conversation(
        &self,
        new: &NewConversation,
        order: impl FnOnce(NewTask) -> NewTask,
    ) -> Result<(Conversation, Beginning), CharacterError> {
        let id = format!("conv_{}", Uuid::now_v7().simple());
        let work = Converse {
            conversation_id: id.clone(),
        };
        let task = order(NewTask::of(&work).map_err(StoreError::from)?);
        let mut transaction = self.store.pool.begin().await?;
        let known = sqlx::query_scalar!(
            "select id from characters where id = any($1)",
            &new.participant_ids
        )
        .fetch_all(&mut *transaction)
        .await?;
        let unknown = new.participant_ids.iter().find(|id| !known.contains(id));
        if let Some(unknown) = unknown {
            return Err(CharacterError::NotFound(unknown.clone()));
        }
        let row = sqlx::query_as!(
            Row,
            r#"insert into characters_conversations (id, participant_ids, topic, max_turns, status, task_id)
            values ($1, $2, $3, $4, 'active', $5)
            returning id, participant_ids, topic, turns::text as "turns!", max_turns, status, started_at, completed_at"#,
            id,
            &new.participant_ids,
            new.topic,
            new.max_turns,
            task.id().0,
        )
        .fetch_one(&mut *transaction)
        .await?;
        let hint = task.hint();
        let queue = &self.store.queue;
        let recorded = queue
            .insert(&mut transaction, std::slice::from_ref(&task))
            .await;
        recorded.map_err(StoreError::from)?;
        transaction.commit().await?;
        Ok((
            row.conversation()?,
            Beginning {
                task: task.id(),
                hint,
            },
        ))
    }

    /// Lets a worker hold the conversation.
    pub fn hold_conversation(&self, beginning: Beginning) {
        self.store.queue.ring(vec![beginning.hint]);
    }

    pub async fn conversation(&self, id: &str) -> Result<Option<Conversation>, StoreError> {
        let row = sqlx::query_as!(
            Row,
            r#"select id, participant_ids, topic, turns::text as "turns!", max_turns, status, started_at, completed_at
            from characters_conversations where id = $1"#,
            id
        )
        .fetch_optional(&self.store.pool)
        .await?;
        row.map(Row::conversation).transpose()
    }

    /// The latest first.
    pub async fn conversations(
        &self,
        participant: Option<&str>,
        limit: i64,
    ) -> Result<Vec<Conversation>, StoreError> {
        let rows = sqlx::query_as!(
            Row,
            r#"select id, participant_ids, topic, turns::text as "turns!", max_turns, status, started_at, completed_at
            from characters_conversations where $1::text is null or $1 = any(participant_ids)
            order by started_at desc limit $2"#,
            participant,
            limit
        )
        .fetch_all(&self.store.pool)
        .await?;
        rows.into_iter().map(Row::conversation).collect()
    }

    /// The speaker of the next turn with what comes to its mind. None: it is gone, and its turn passes.
    pub async fn speaker(
        &self,
        conversation: &Conversation,
        id: &str,
    ) -> Result<Option<Scene>, StoreError> {
        let mut connection = self.store.pool.acquire().await?;
        let Some(actor) = actor(&mut connection, id).await? else {
            return Ok(None);
        };
        let world = World::read(&mut *connection).await?;
        let last = conversation.turns.last().map(|line| line.content.as_str());
        let ask = Ask {
            key: actor.key,
            about: format!("{} {}", conversation.topic, last.unwrap_or_default()),
            wanted: MEMORIES,
            breadth: Breadth::Associating,
        };
        let mut scenes = scenes(&mut connection, world, vec![actor], None).await?;
        let Some(mut scene) = scenes.pop() else {
            return Ok(None);
        };
        let recalled = self
            .recall(&mut connection, &[ask], scene.world.now)
            .await?;
        scene.memories = recalled.into_iter().flatten().collect();
        Ok(Some(scene))
    }

    /// Adds a line after so many others: once, however often it is said. The others hear it.
    pub async fn speak(&self, conversation: &Conversation, line: &Line) -> Result<(), StoreError> {
        let place = i32::try_from(conversation.turns.len()).unwrap_or(i32::MAX);
        let mut transaction = self.store.pool.begin().await?;
        let added = sqlx::query!(
            "update characters_conversations set turns = turns || $2::text::jsonb
            where id = $1 and jsonb_array_length(turns) = $3 and status = 'active'",
            conversation.id,
            serde_json::to_string(line)?,
            place,
        )
        .execute(&mut *transaction)
        .await?;
        if added.rows_affected() == 0 {
            return Ok(());
        }
        let letter = Letter::Said {
            from: line.character_id.clone(),
            name: line.name.clone(),
            text: line.content.clone(),
        };
        sqlx::query!(
            "insert into characters_mail (key, letter) select key, $2::text::json from characters
            where id = any($1) and id <> $3 order by key",
            &conversation.participant_ids,
            serde_json::to_string(&letter)?,
            line.character_id,
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Ends it, however it went.
    pub async fn end_conversation(
        &self,
        id: &str,
        status: &'static str,
    ) -> Result<Option<Conversation>, StoreError> {
        let mut transaction = self.store.pool.begin().await?;
        sqlx::query!(
            "update characters_conversations set status = $2, completed_at = clock_timestamp() where id = $1 and status = 'active'",
            id,
            status
        )
        .execute(&mut *transaction)
        .await?;
        let mut tally = Tally::default();
        tally.add(format!("conversations:{status}"), 1);
        tally.write(&mut transaction, self.source).await?;
        transaction.commit().await?;
        self.conversation(id).await
    }
}

/// The task of a conversation that was recorded and not yet rung for.
#[derive(Debug)]
pub struct Beginning {
    pub task: TaskId,
    hint: Hint,
}

/// Lines of a conversation for which nobody said how long it should be: the contract's example.
pub const USUAL_TURNS: i32 = 6;
