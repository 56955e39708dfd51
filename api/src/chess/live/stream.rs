//! `GET /v1/games/{id}/events`: a game as server-sent events.

use std::time::Duration;

use futures_util::stream::{self, BoxStream};
use poem::http::StatusCode;
use poem::web::Data;
use poem::web::sse::{Event, SSE};
use poem::{IntoResponse, Response};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::{EventStream, Payload};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::{ApiResponse, OpenApi};

use super::Stand;
use super::follow::{Follow, Knows, Next};
use super::message::LiveEvent;
use crate::auth::Caller;
use crate::chess::Tag;
use crate::chess::refusals::{BadRequest, GameMissing, account, missing, parse_id};
use crate::errors::Fail;

pub struct Stream {
    stand: Stand,
}

/// Keeps proxies from taking a quiet game for a dead connection.
const HEARTBEAT: Duration = Duration::from_secs(12);

#[OpenApi]
impl Stream {
    pub(super) fn new(stand: Stand) -> Self {
        Self { stand }
    }

    /// Watch a game
    ///
    /// Sends the game as it is, then every change as it happens; each with the game's version as its `id`. After a break
    /// `Last-Event-ID` (or `since`) brings what was missed instead. A comment every 12 seconds keeps the connection open. The
    /// stream ends with the game. Where headers cannot be set, the token may stand in the query as `access_token`.
    #[oai(
        path = "/v1/games/:game_id/events",
        method = "get",
        tag = "Tag::Chess",
        operation_id = "stream_chess_game_events"
    )]
    async fn events(
        &self,
        /// The game's id.
        game_id: Path<String>,
        /// The last `seq` that was seen: what follows upon it is sent, without the game as it is.
        since: Query<Option<i64>>,
        /// The same; browsers send it when they reconnect, and it is the newer of the two.
        #[oai(name = "Last-Event-ID")]
        last_event_id: Header<Option<String>>,
        caller: Data<&Caller>,
    ) -> Result<Watched, Fail<(GameMissing, BadRequest)>> {
        account(&caller)?;
        let id = parse_id(&game_id)?;
        // Something that is no version was not sent by us.
        let last = last_event_id.0.and_then(|id| id.trim().parse().ok());
        let knows = last.or(since.0).map_or(Knows::Nothing, Knows::UpTo);
        let follow = Follow::begin(&self.stand, id, knows).await?;
        let follow = follow.ok_or_else(|| missing(&game_id))?;
        Ok(match follow.is_over() {
            true => Watched::Over,
            false => Watched::Stream(Box::new(follow)),
        })
    }
}

enum Watched {
    Stream(Box<Follow>),
    Over,
}

impl IntoResponse for Watched {
    fn into_response(self) -> Response {
        let Self::Stream(follow) = self else {
            return StatusCode::NO_CONTENT.into_response();
        };
        let events = stream::unfold(follow, async |mut follow| match follow.next().await {
            Next::Said(said) => {
                let event = Event::message(said.text).id(said.seq.to_string());
                Some((event, follow))
            }
            Next::Over | Next::Leaving => None,
        });
        SSE::new(events).keep_alive(HEARTBEAT).into_response()
    }
}

impl ApiResponse for Watched {
    fn meta() -> MetaResponses {
        type Told = EventStream<BoxStream<'static, LiveEvent>>;
        let response = |status: u16, description: &'static str| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content: Vec::new(),
            headers: Vec::new(),
        };
        let stream = MetaResponse {
            content: vec![MetaMediaType {
                content_type: Told::CONTENT_TYPE,
                schema: Told::schema_ref(),
            }],
            ..response(
                200,
                "Events without a name, whose `id` is the version and whose data is a message.",
            )
        };
        let over = response(
            204,
            "The game has ended and the client knows: an `EventSource` stops reconnecting.",
        );
        MetaResponses {
            responses: vec![stream, over],
        }
    }

    fn register(registry: &mut Registry) {
        <EventStream<BoxStream<'static, LiveEvent>> as Payload>::register(registry);
    }
}
