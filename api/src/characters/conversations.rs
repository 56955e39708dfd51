//! `/api/conversations`: characters talk with each other.

use std::time::Duration;

use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use rookery_queue::Priority;
use rookery_shared::characters::{
    Characters as Cast, Conversation, Line, NewConversation, USUAL_TURNS,
};

use super::Tag;
use super::errand::Errand;
use super::refusals::{self, CharacterMissing, Invalid, TooMany, Unanswered, missing};
use super::talk::wants_task;
use super::view::{THEN_MS, ms};
use crate::edge::trace::TraceContext;
use crate::errors::{Case, Fail, Problem};
use crate::strict::Strict;

pub struct Conversations {
    cast: Cast,
    /// How long one turn may take.
    patience: Duration,
}

/// A conversation to begin.
#[derive(Object)]
#[oai(rename = "NewConversation", rename_all = "camelCase", example)]
struct Wish {
    /// Characters' ids, two to sixteen: they speak in this order.
    participant_ids: Vec<String>,
    topic: String,
    /// Lines that are said at most, 1 to 50; 6 unless said.
    max_turns: Option<f64>,
}

/// A conversation.
#[derive(Object)]
#[oai(rename = "ConversationAnswer", example)]
struct Answer {
    conversation: ConversationView,
}

/// Conversations, the latest first.
#[derive(Object)]
#[oai(rename = "ConversationList", example)]
struct ConversationList {
    conversations: Vec<ConversationView>,
}

/// What was said, as far as it went.
#[derive(Object)]
#[oai(rename = "Conversation", rename_all = "camelCase", example)]
struct ConversationView {
    /// `conv_…`
    id: String,
    participant_ids: Vec<String>,
    topic: String,
    turns: Vec<LineView>,
    max_turns: i32,
    /// `active`, `completed` or `failed`.
    status: String,
    /// Milliseconds since 1970.
    started_at: i64,
    /// Milliseconds since 1970; null while it goes on.
    completed_at: Option<i64>,
}

/// What somebody said.
#[derive(Object)]
#[oai(rename = "ConversationTurn", rename_all = "camelCase")]
struct LineView {
    character_id: String,
    content: String,
    /// Milliseconds since 1970.
    timestamp: i64,
    /// Who made the words: `offline` or the provider of the language model.
    provider: String,
}

#[derive(ApiResponse)]
enum Begun {
    /// It was held to its end.
    #[oai(status = 201)]
    Held(Json<Answer>),
    /// It is being held (`Prefer: respond-async`).
    #[oai(status = 202)]
    Under(
        Json<Answer>,
        /// Where it can be followed.
        #[oai(header = "Location")]
        String,
    ),
}

struct ConversationMissing;

impl Case for ConversationMissing {
    const STATUS: u16 = 404;
    const WHEN: &'static str = "No conversation has this id.";
    const EXAMPLE: &'static str = "Conversation not found: conv_abc123";
    const CODE: &'static str = "NOT_FOUND";
}

const MOST_TURNS: f64 = 50.0;
const MOST_SPEAKERS: usize = 16;

#[OpenApi]
impl Conversations {
    pub(super) fn new(cast: Cast, patience: Duration) -> Self {
        Self { cast, patience }
    }

    /// Let characters talk
    ///
    /// They speak in turn until the last line is said; the answer holds all of it. With `Prefer: respond-async` it comes at once and the
    /// conversation is followed at its address.
    #[oai(
        path = "/api/conversations",
        method = "post",
        tag = "Tag::Talk",
        operation_id = "create_conversation"
    )]
    async fn begin(
        &self,
        /// `respond-async`: do not wait for the end.
        #[oai(name = "Prefer")]
        prefer: Header<Option<String>>,
        body: Strict<Wish>,
        trace: Data<&TraceContext>,
    ) -> Result<Begun, Fail<(CharacterMissing, Invalid, Unanswered, TooMany)>> {
        let new = body.0.checked()?;
        let subject = new.participant_ids.join(", ");
        let begun = self.cast.begin_conversation(&new, |task| {
            task.subject(subject)
                .priority(Priority::High)
                .trace_context(Some(trace.to_string()))
        });
        let (conversation, beginning) = begun.await.map_err(Problem::from)?;
        let errand = Errand::recorded(&self.cast, beginning.task).await;
        self.cast.hold_conversation(beginning);
        if wants_task(prefer.0.as_deref()) {
            let location = format!("/api/conversations/{}", conversation.id);
            let answer = Answer::of(conversation);
            return Ok(Begun::Under(Json(answer), location));
        }
        let turns = u32::try_from(new.max_turns).unwrap_or(1);
        let held: Conversation = errand.done(self.patience * turns).await?;
        Ok(Begun::Held(Json(Answer::of(held))))
    }

    /// List the conversations
    ///
    /// The latest first, with all that was said in them.
    #[oai(
        path = "/api/conversations",
        method = "get",
        tag = "Tag::Talk",
        operation_id = "list_conversations"
    )]
    async fn list(
        &self,
        /// Only those in which this character took part.
        #[oai(name = "characterId")]
        character_id: Query<Option<String>>,
        /// At most so many, up to 200; 50 unless said.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<i64>>,
    ) -> Result<Json<ConversationList>, Fail<Invalid>> {
        if let Some(id) = &character_id.0 {
            refusals::name("characterId", id)?;
        }
        let limit = limit.0.unwrap_or(50);
        let found = self
            .cast
            .conversations(character_id.0.as_deref(), limit)
            .await?;
        Ok(Json(ConversationList {
            conversations: found.into_iter().map(ConversationView::of).collect(),
        }))
    }

    /// Look at a conversation
    ///
    /// With all that was said so far.
    #[oai(
        path = "/api/conversations/:conversation_id",
        method = "get",
        tag = "Tag::Talk",
        operation_id = "get_conversation"
    )]
    async fn look(
        &self,
        /// The conversation's id.
        conversation_id: Path<String>,
    ) -> Result<Json<Answer>, Fail<ConversationMissing>> {
        let gone = || {
            missing(format!(
                "Conversation not found: {}",
                conversation_id.escape_default()
            ))
        };
        if conversation_id.contains('\0') {
            return Err(gone().into());
        }
        let found = self.cast.conversation(&conversation_id).await?;
        Ok(Json(Answer::of(found.ok_or_else(gone)?)))
    }
}

impl Wish {
    fn checked(self) -> Result<NewConversation, Problem> {
        refusals::text("topic", &self.topic)?;
        if self.topic.trim().is_empty() {
            return Err(refusals::bad_field("topic", "must not be empty"));
        }
        let mut ids: Vec<&String> = self.participant_ids.iter().collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.len() != self.participant_ids.len() || !(2..=MOST_SPEAKERS).contains(&ids.len()) {
            let reason = format!("must be 2 to {MOST_SPEAKERS} different characters");
            return Err(refusals::bad_field("participantIds", &reason));
        }
        for id in ids {
            refusals::name("participantIds", id)?;
        }
        let max_turns = self.max_turns.unwrap_or(f64::from(USUAL_TURNS));
        if !(1.0..=MOST_TURNS).contains(&max_turns) || max_turns.fract() != 0.0 {
            return Err(refusals::bad_field(
                "maxTurns",
                "must be a whole number from 1 to 50",
            ));
        }
        Ok(NewConversation {
            participant_ids: self.participant_ids,
            topic: self.topic,
            max_turns: max_turns as i32,
        })
    }
}

impl Answer {
    fn of(conversation: Conversation) -> Self {
        Self {
            conversation: ConversationView::of(conversation),
        }
    }
}

impl ConversationView {
    fn of(conversation: Conversation) -> Self {
        Self {
            id: conversation.id,
            participant_ids: conversation.participant_ids,
            topic: conversation.topic,
            turns: conversation.turns.into_iter().map(LineView::of).collect(),
            max_turns: conversation.max_turns,
            status: conversation.status,
            started_at: ms(conversation.started_at),
            completed_at: conversation.completed_at.map(ms),
        }
    }
}

impl LineView {
    fn of(line: Line) -> Self {
        Self {
            character_id: line.character_id,
            content: line.content,
            timestamp: line.timestamp,
            provider: line.provider,
        }
    }
}

impl Example for Wish {
    fn example() -> Self {
        Self {
            participant_ids: vec!["barkeep".to_owned(), "guard".to_owned()],
            topic: "The suspicious stranger".to_owned(),
            max_turns: Some(6.0),
        }
    }
}

impl Example for Answer {
    fn example() -> Self {
        Self {
            conversation: ConversationView::example(),
        }
    }
}

impl Example for ConversationList {
    fn example() -> Self {
        Self {
            conversations: vec![ConversationView::example()],
        }
    }
}

impl Example for ConversationView {
    fn example() -> Self {
        Self {
            id: "conv_abc123".to_owned(),
            participant_ids: vec!["barkeep".to_owned(), "guard".to_owned()],
            topic: "The suspicious stranger".to_owned(),
            turns: vec![LineView {
                character_id: "barkeep".to_owned(),
                content: "Did you see that cloaked figure?".to_owned(),
                timestamp: THEN_MS,
                provider: "offline".to_owned(),
            }],
            max_turns: 6,
            status: "completed".to_owned(),
            started_at: THEN_MS,
            completed_at: Some(THEN_MS + 6_000),
        }
    }
}
