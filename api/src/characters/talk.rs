//! `/api/chat`: a player talks to a character, and waits for the answer or hears it grow.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use poem::http::StatusCode;
use poem::web::Data;
use poem::web::sse::Event;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::{EventStream, Json};
use poem_openapi::types::{Example, ToJSON};
use poem_openapi::{ApiResponse, Object, OpenApi};
use rookery_shared::characters::{Characters as Cast, Chat, Said};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::Tag;
use super::errand::{Errand, errand};
use super::people::player;
use super::refusals::{self, CharacterMissing, Invalid, TooMany, Unanswered};
use super::view::{THEN_MS, ms};
use crate::edge::trace::TraceContext;
use crate::errors::{Fail, Problem};
use crate::strict::Strict;
use crate::tasks::TaskView;

pub struct Talk {
    cast: Cast,
    /// How long an answer may take.
    patience: Duration,
}

/// What a player says.
#[derive(Object)]
#[oai(rename = "ChatMessage", rename_all = "camelCase", example)]
struct Words {
    /// At most 20,000 bytes.
    message: String,
    /// Who says it: `default` unless said.
    player_id: Option<String>,
}

/// What the character answers.
#[derive(Object, Clone)]
#[oai(rename = "ChatReply", rename_all = "camelCase", example)]
struct ReplyView {
    reply: String,
    /// Who made the words: `offline` (the server itself) or the provider of the language model.
    provider: String,
    /// The language model.
    #[oai(skip_serializing_if_is_none)]
    model: Option<String>,
    /// Why it answered so, if that was asked: mood, closeness, the memories that came to mind, a sentence.
    #[oai(skip_serializing_if_is_none)]
    explanation: Option<Value>,
}

/// A part of an answer that is on its way, or all of it.
#[derive(Object, Clone)]
#[oai(rename = "ChatPiece", rename_all = "camelCase", example)]
struct Piece {
    /// The next words, in events of type `delta`.
    #[oai(skip_serializing_if_is_none)]
    delta: Option<String>,
    /// The whole answer, in the last event, of type `done`. It counts: pieces may be lost on the way.
    #[oai(skip_serializing_if_is_none)]
    answer: Option<ReplyView>,
    /// Why there is none, in the last event, of type `error`.
    #[oai(skip_serializing_if_is_none)]
    error: Option<String>,
    /// For programs, with `error`.
    #[oai(skip_serializing_if_is_none)]
    code: Option<String>,
}

/// What was said so far.
#[derive(Object)]
#[oai(rename = "ChatHistory", rename_all = "camelCase", example)]
struct History {
    character_id: String,
    player_id: String,
    /// Oldest first.
    messages: Vec<PastView>,
}

#[derive(Object)]
#[oai(rename = "ChatHistoryMessage", rename_all = "camelCase")]
struct PastView {
    /// `user` (the player) or `assistant` (the character).
    role: String,
    content: String,
    /// Milliseconds since 1970.
    created_at: i64,
}

#[derive(ApiResponse)]
#[expect(
    clippy::large_enum_variant,
    reason = "made once per request and at once turned into the answer"
)]
enum Answered {
    /// The character's answer.
    #[oai(status = 200)]
    Reply(Json<ReplyView>),
    /// It is being thought about (`Prefer: respond-async`): the task that will hold the answer.
    #[oai(status = 202)]
    Later(
        Json<TaskView>,
        /// The task's address.
        #[oai(header = "Location")]
        String,
    ),
}

#[derive(ApiResponse)]
enum Heard {
    /// The answer piece by piece: `delta` events, then `done` or `error`.
    #[oai(status = 200)]
    Stream(EventStream<BoxStream<'static, Piece>>),
}

const HEARTBEAT: Duration = Duration::from_secs(15);

#[OpenApi]
impl Talk {
    pub(super) fn new(cast: Cast, patience: Duration) -> Self {
        Self { cast, patience }
    }

    /// Talk to a character
    ///
    /// Needs a closeness of at least `chatMinCloseness` (40). The talk brings the two closer, and stays in memory. With `explain=true` the
    /// answer says why it came out so.
    #[oai(
        path = "/api/chat/:character_id",
        method = "post",
        tag = "Tag::Talk",
        operation_id = "chat_with_character"
    )]
    async fn talk(
        &self,
        /// The character's id.
        character_id: Path<String>,
        /// Whether to say why it answered so.
        explain: Query<Option<bool>>,
        /// `respond-async`: do not wait, answer with the task.
        #[oai(name = "Prefer")]
        prefer: Header<Option<String>>,
        body: Strict<Words>,
        trace: Data<&TraceContext>,
    ) -> Result<Answered, Fail<(CharacterMissing, Invalid, Unanswered, TooMany)>> {
        let chat = self.admitted(&character_id, body.0, Mode::Whole).await?;
        let errand = self.errand(&chat, &trace).await?;
        if wants_task(prefer.0.as_deref()) {
            let task = errand.send().await?;
            let location = format!("/api/tasks/{}", task.id);
            return Ok(Answered::Later(Json(TaskView::of(&task)), location));
        }
        let said: Said = errand.done(self.patience).await?;
        Ok(Answered::Reply(Json(ReplyView::of(
            said,
            explain.0.unwrap_or(false),
        ))))
    }

    /// Talk to a character and hear the answer grow
    ///
    /// The same as `POST /api/chat/{characterId}`, as server-sent events.
    #[oai(
        path = "/api/chat/:character_id/stream",
        method = "post",
        tag = "Tag::Talk",
        operation_id = "stream_chat"
    )]
    async fn stream(
        &self,
        /// The character's id.
        character_id: Path<String>,
        /// Whether to say why it answered so.
        explain: Query<Option<bool>>,
        body: Strict<Words>,
        trace: Data<&TraceContext>,
    ) -> Result<Heard, Fail<(CharacterMissing, Invalid)>> {
        let chat = self.admitted(&character_id, body.0, Mode::Streamed).await?;
        let errand = self.errand(&chat, &trace).await?;
        let explain = explain.0.unwrap_or(false);
        Ok(Heard::Stream(
            spoken(&self.cast, errand, self.patience, explain).await,
        ))
    }

    /// Read a talk
    ///
    /// The last messages between a player and a character.
    #[oai(
        path = "/api/chat/:character_id",
        method = "get",
        tag = "Tag::Talk",
        operation_id = "get_chat_history"
    )]
    async fn history(
        &self,
        /// The character's id.
        character_id: Path<String>,
        /// Whose talk: `default` unless said.
        #[oai(name = "playerId")]
        player_id: Query<Option<String>>,
        /// At most so many, up to 1,000; 50 unless said.
        #[oai(validator(minimum(value = "1"), maximum(value = "1000")))]
        limit: Query<Option<i64>>,
    ) -> Result<Json<History>, Fail<(CharacterMissing, Invalid)>> {
        let player_id = player(player_id.0)?;
        refusals::known(&character_id)?;
        let character = self.cast.get(&character_id).await.map_err(Problem::from)?;
        let limit = limit.0.unwrap_or(50);
        let messages = self.cast.messages(&character, &player_id, limit).await?;
        Ok(Json(History {
            character_id: character_id.0,
            player_id,
            messages: messages
                .into_iter()
                .map(|message| PastView {
                    role: message.role,
                    content: message.content,
                    created_at: ms(message.created_at),
                })
                .collect(),
        }))
    }

    /// Whether they may talk at all.
    async fn admitted(&self, id: &str, words: Words, mode: Mode) -> Result<Chat, Problem> {
        refusals::text("message", &words.message)?;
        if words.message.trim().is_empty() {
            return Err(refusals::bad_field("message", "must not be empty"));
        }
        let player_id = player(words.player_id)?;
        refusals::known(id)?;
        let character = self.cast.get(id).await.map_err(Problem::from)?;
        let world = self.cast.world().await?;
        let closeness = self.cast.closeness(&character, &player_id, &world).await?;
        if closeness.proximity.closeness < world.config.proximity.chat_min_closeness {
            return Err(refusals::too_far(id));
        }
        Ok(Chat {
            character_id: id.to_owned(),
            player_id,
            message: words.message,
            streamed: matches!(mode, Mode::Streamed),
        })
    }

    async fn errand(&self, chat: &Chat, trace: &TraceContext) -> Result<Errand, Problem> {
        errand(
            &self.cast,
            chat,
            (&chat.player_id, &chat.character_id),
            trace,
        )
        .await
    }
}

enum Mode {
    Whole,
    Streamed,
}

pub(super) fn wants_task(prefer: Option<&str>) -> bool {
    prefer.is_some_and(|prefer| {
        prefer
            .split(',')
            .any(|one| one.trim().eq_ignore_ascii_case("respond-async"))
    })
}

/// One client's place in one answer.
struct Hearing {
    errand: Errand,
    words: rookery_queue::Listener,
    deadline: Instant,
    explain: bool,
    over: bool,
}

async fn spoken(
    cast: &Cast,
    errand: Errand,
    patience: Duration,
    explain: bool,
) -> EventStream<BoxStream<'static, Piece>> {
    let channel = rookery_shared::characters::reply_channel(errand.id());
    let hearing = Hearing {
        // Before the task is sent, so that its first word is heard.
        words: cast.store().queue.listen(&channel).await,
        errand,
        deadline: Instant::now() + patience,
        explain,
        over: false,
    };
    let pieces = stream::unfold(hearing, async |mut hearing| {
        Some((hearing.next().await?, hearing))
    });
    let to_event = |piece: Piece| {
        let kind = match (&piece.delta, &piece.answer) {
            (Some(_), _) => "delta",
            (_, Some(_)) => "done",
            _ => "error",
        };
        Event::message(piece.to_json_string()).event_type(kind)
    };
    EventStream::new(pieces.boxed())
        .to_event(to_event)
        .keep_alive(HEARTBEAT)
}

impl Hearing {
    async fn next(&mut self) -> Option<Piece> {
        while !self.over {
            let answered = tokio::select! {
                biased;
                heard = self.words.recv() => match heard {
                    rookery_queue::Heard::Payload(words) => return Some(Piece::part(&words)),
                    rookery_queue::Heard::Missed => continue,
                },
                answered = self.errand.outcome::<Said>(self.deadline) => answered,
            };
            self.over = true;
            return Some(match answered {
                Ok(said) => Piece::whole(ReplyView::of(said, self.explain)),
                Err(problem) => Piece::failure(&problem),
            });
        }
        None
    }
}

impl Piece {
    fn part(words: &[u8]) -> Self {
        Self {
            delta: Some(String::from_utf8_lossy(words).into_owned()),
            answer: None,
            error: None,
            code: None,
        }
    }

    fn whole(answer: ReplyView) -> Self {
        Self {
            delta: None,
            answer: Some(answer),
            error: None,
            code: None,
        }
    }

    fn failure(problem: &Problem) -> Self {
        let hidden = problem.status == StatusCode::INTERNAL_SERVER_ERROR && problem.cause.is_some();
        let text = match hidden {
            true => "Internal server error".to_owned(),
            false => problem.text.clone(),
        };
        Self {
            delta: None,
            answer: None,
            error: Some(text),
            code: Some(problem.code.to_uppercase()),
        }
    }
}

impl ReplyView {
    fn of(said: Said, explain: bool) -> Self {
        let explanation = serde_json::to_value(&said.explanation).ok();
        Self {
            reply: said.reply,
            provider: said.provider,
            model: said.model,
            explanation: explanation.filter(|_| explain),
        }
    }
}

impl Example for Words {
    fn example() -> Self {
        Self {
            message: "What is the mood in the tavern tonight?".to_owned(),
            player_id: None,
        }
    }
}

impl Example for ReplyView {
    fn example() -> Self {
        Self {
            reply: "Welcome to the Rusty Flagon, dear! What can I get you?".to_owned(),
            provider: "offline".to_owned(),
            model: None,
            explanation: Some(
                json!({ "because": "Greta feels joy and is 65 of 100 close to default", "mood": "joy" }),
            ),
        }
    }
}

impl Example for Piece {
    fn example() -> Self {
        Self::part(b"Welcome to the ")
    }
}

impl Example for History {
    fn example() -> Self {
        Self {
            character_id: "barkeep".to_owned(),
            player_id: "default".to_owned(),
            messages: vec![PastView {
                role: "user".to_owned(),
                content: "What is the mood in the tavern tonight?".to_owned(),
                created_at: THEN_MS,
            }],
        }
    }
}
