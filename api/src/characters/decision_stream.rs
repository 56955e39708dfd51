//! `/api/decisions/events`: what the characters do, as they do it.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use poem::web::sse::Event;
use poem_openapi::param::Query;
use poem_openapi::payload::EventStream;
use poem_openapi::types::{Example, ToJSON};
use poem_openapi::{ApiResponse, Object, OpenApi};
use rookery_queue::{Heard, Listener};
use rookery_shared::characters::{Announced, Characters as Cast, DECISIONS};
use serde_json::{Value, json};

use super::Tag;
use super::refusals::{self, Invalid};
use super::view::THEN_MS;
use crate::errors::Fail;
use crate::platform::drain::Drain;

pub struct DecisionStream {
    cast: Cast,
    drain: Drain,
}

/// A decision that was just made.
#[derive(Object, Clone)]
#[oai(rename = "LiveDecision", rename_all = "camelCase", example)]
struct LiveDecision {
    /// `GET /api/decisions/{id}` explains it.
    id: String,
    character_id: String,
    /// `fast_tick`, `slow_tick` or `event`.
    trigger_type: String,
    /// A tool's name, `dialogue` or `idle`.
    action: String,
    /// `tool_call`, `dialogue` or `idle`.
    action_type: String,
    /// A tool's arguments, or the words.
    detail: Value,
    /// `offline` or the provider of the language model.
    provider: String,
    /// Milliseconds since 1970.
    created_at: i64,
}

#[derive(ApiResponse)]
enum Followed {
    /// Events of type `decision`, as they are made. Whoever reads too slowly misses some: the log has them all.
    #[oai(status = 200)]
    Stream(EventStream<BoxStream<'static, LiveDecision>>),
}

const HEARTBEAT: Duration = Duration::from_secs(15);
/// A server that was told to leave ends its streams within this time.
const LOOK_AT_DRAIN: Duration = Duration::from_secs(1);

#[OpenApi]
impl DecisionStream {
    pub(super) fn new(cast: Cast, drain: Drain) -> Self {
        Self { cast, drain }
    }

    /// Watch the decisions
    ///
    /// As server-sent events, from all workers. A comment every 15 seconds keeps the connection open.
    #[oai(
        path = "/api/decisions/events",
        method = "get",
        tag = "Tag::Decisions",
        operation_id = "stream_decisions"
    )]
    async fn watch(
        &self,
        /// Only those of this character.
        #[oai(name = "characterId")]
        character_id: Query<Option<String>>,
    ) -> Result<Followed, Fail<Invalid>> {
        if let Some(id) = &character_id.0 {
            refusals::name("characterId", id)?;
        }
        let watching = Watching {
            heard: self.cast.store().queue.listen(DECISIONS).await,
            only: character_id.0,
            drain: self.drain.clone(),
        };
        let decisions = stream::unfold(watching, async |mut watching| {
            Some((watching.next().await?, watching))
        });
        let to_event = |decision: LiveDecision| {
            Event::message(decision.to_json_string())
                .id(decision.id.clone())
                .event_type("decision")
        };
        let stream = EventStream::new(decisions.flat_map(stream::iter).boxed());
        Ok(Followed::Stream(
            stream.to_event(to_event).keep_alive(HEARTBEAT),
        ))
    }
}

/// One client's place.
struct Watching {
    heard: Listener,
    only: Option<String>,
    drain: Drain,
}

impl Watching {
    /// Those of one payload that the client wants.
    async fn next(&mut self) -> Option<Vec<LiveDecision>> {
        while !self.drain.is_draining() {
            let heard = tokio::time::timeout(LOOK_AT_DRAIN, self.heard.recv()).await;
            let Ok(Heard::Payload(payload)) = heard else {
                continue;
            };
            let made: Vec<Announced> = match serde_json::from_slice(&payload) {
                Ok(made) => made,
                Err(error) => {
                    tracing::error!(%error, "what was announced is no list of decisions");
                    continue;
                }
            };
            let wanted = made.into_iter().filter(|one| {
                let only = self.only.as_ref();
                only.is_none_or(|id| *id == one.character_id)
            });
            return Some(wanted.map(LiveDecision::of).collect());
        }
        None
    }
}

impl LiveDecision {
    fn of(made: Announced) -> Self {
        Self {
            id: format!("d_{}", made.id),
            character_id: made.character_id,
            trigger_type: made.trigger_type,
            action: made.action,
            action_type: made.action_type,
            detail: made.detail,
            provider: made.provider,
            created_at: made.created_at,
        }
    }
}

impl Example for LiveDecision {
    fn example() -> Self {
        Self {
            id: "d_01932b8e-5f5e-7c3a-9d54-0f6f6a3c1d2e".to_owned(),
            character_id: "barkeep".to_owned(),
            trigger_type: "fast_tick".to_owned(),
            action: "serve_drink".to_owned(),
            action_type: "tool_call".to_owned(),
            detail: json!({ "customer": "guard" }),
            provider: "offline".to_owned(),
            created_at: THEN_MS,
        }
    }
}
