//! `GET /v1/games/{id}/ws`: a game over a WebSocket, in both directions.

use std::io;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use poem::web::Data;
use poem::web::websocket::{
    BoxWebSocketUpgraded, CloseCode, Message, WebSocket, WebSocketConfig, WebSocketStream,
};
use poem::{IntoResponse, Response};
use poem_openapi::param::{Path, Query};
use poem_openapi::registry::{MetaResponse, MetaResponses, Registry};
use poem_openapi::{ApiResponse, OpenApi};
use tokio::time::{Instant, interval_at, timeout};
use uuid::Uuid;

use super::Stand;
use super::follow::{Follow, Knows, Next};
use super::orders::{Desk, Pace};
use crate::auth::Caller;
use crate::chess::Tag;
use crate::chess::refusals::{GameMissing, account, missing, parse_id};
use crate::errors::{Case, Fail};

pub struct Socket {
    stand: Stand,
}

struct NoUpgrade;

impl Case for NoUpgrade {
    const STATUS: u16 = 400;
    const WHEN: &'static str =
        "The request does not ask for a WebSocket (RFC 6455), or a parameter cannot be read.";
    const EXAMPLE: &'static str = "This path speaks WebSocket";
    const CODE: &'static str = "invalid_request";
}

/// Keeps proxies from taking a quiet game for a dead connection, and finds out who is gone.
const PING: Duration = Duration::from_secs(12);
/// Who answers none of so many pings is gone.
const SILENCE: Duration = Duration::from_secs(40);
/// Who takes this long to take a message does not read.
const PATIENCE: Duration = Duration::from_secs(20);
/// For the other side to say goodbye.
const FAREWELL: Duration = Duration::from_secs(2);
/// What clients have to say is short.
const MAX_MESSAGE_BYTES: usize = 4096;
const READ_BUFFER_BYTES: usize = 1024;

#[OpenApi]
impl Socket {
    pub(super) fn new(stand: Stand) -> Self {
        Self { stand }
    }

    /// Watch and play a game
    ///
    /// A WebSocket. The server sends the game as it is, then every change as it happens, as `/events` does; `since` brings what was
    /// missed instead. It closes with 1000 after the game's end, with 1001 when the server is restarted: connect again. A player
    /// may send `{"type": "move", "from": "e2", "to": "e4"}`, with `promotion` and `ply` as in `POST /v1/games/{game_id}/moves`
    /// and an `id` of its own; the answer is `{"type": "ok", "id", "seq"}` or `{"type": "refused", "id", "error", "message"}`.
    /// `{"type": "ping"}` is answered with `{"type": "pong"}`. Messages have at most 4096 bytes, ten a second. Where headers cannot
    /// be set, the token may stand in the query as `access_token`.
    #[oai(
        path = "/v1/games/:game_id/ws",
        method = "get",
        tag = "Tag::Chess",
        operation_id = "open_chess_game_socket"
    )]
    async fn open(
        &self,
        /// The game's id.
        game_id: Path<String>,
        /// The last `seq` that was seen: what follows upon it is sent, without the game as it is.
        since: Query<Option<i64>>,
        caller: Data<&Caller>,
        socket: poem::Result<WebSocket>,
    ) -> Result<Opened, Fail<(GameMissing, NoUpgrade)>> {
        let player = account(&caller)?;
        let id = parse_id(&game_id)?;
        let knows = since.0.map_or(Knows::Nothing, Knows::UpTo);
        let follow = Follow::begin(&self.stand, id, knows).await?;
        let follow = follow.ok_or_else(|| missing(&game_id))?;
        let socket = socket.map_err(|_| Fail::case(NoUpgrade, NoUpgrade::EXAMPLE))?;
        let desk = Desk::new(self.stand.games.clone(), id, player);
        let upgraded = socket
            .config(config())
            .on_upgrade(move |socket| async move {
                let talk = Talk {
                    socket,
                    follow,
                    desk,
                    pace: Pace::new(Instant::now()),
                    heard: Instant::now(),
                };
                talk.hold(id).await;
            });
        Ok(Opened(upgraded.boxed()))
    }
}

/// Tungstenite's own defaults make room for messages of megabytes: 128 KiB on each of ten thousand idle sockets.
fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_message_size(Some(4 * MAX_MESSAGE_BYTES))
        .max_frame_size(Some(4 * MAX_MESSAGE_BYTES))
}

struct Opened(BoxWebSocketUpgraded);

impl IntoResponse for Opened {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl ApiResponse for Opened {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "The connection is a WebSocket from now on.",
                status: Some(101),
                status_range: None,
                content: Vec::new(),
                headers: Vec::new(),
            }],
        }
    }

    fn register(_: &mut Registry) {}
}

/// One open socket.
struct Talk {
    socket: WebSocketStream,
    follow: Follow,
    desk: Desk,
    pace: Pace,
    /// When the other side was last heard of.
    heard: Instant,
}

/// Why a talk ends.
enum End {
    /// We say so, and why.
    Close(CloseCode, &'static str),
    /// The other side is gone, or as good as gone.
    Gone,
}

impl Talk {
    async fn hold(mut self, game: Uuid) {
        let end = self.talk().await;
        if let End::Close(code, reason) = end {
            self.close(code, reason).await;
        }
        tracing::debug!(game.id = %game, "a watcher's socket is closed");
    }

    async fn talk(&mut self) -> End {
        let mut pings = interval_at(Instant::now() + PING, PING);
        loop {
            let done = tokio::select! {
                next = self.follow.next() => match next {
                    Next::Said(said) => self.send(Message::Text(said.text)).await,
                    Next::Over => Err(End::Close(CloseCode::Normal, "the game has ended")),
                    Next::Leaving => Err(End::Close(CloseCode::Away, "the server is leaving: connect again")),
                },
                message = self.socket.next() => self.hear(message).await,
                _ = pings.tick() => match self.heard.elapsed() > SILENCE {
                    true => Err(End::Gone),
                    false => self.send(Message::Ping(Vec::new())).await,
                },
            };
            if let Err(end) = done {
                return end;
            }
        }
    }

    async fn hear(&mut self, message: Option<io::Result<Message>>) -> Result<(), End> {
        self.heard = Instant::now();
        if !self.pace.allows(self.heard) {
            return Err(End::Close(CloseCode::Policy, "too many messages"));
        }
        match message {
            Some(Ok(Message::Text(text))) if text.len() > MAX_MESSAGE_BYTES => Err(End::Close(
                CloseCode::Size,
                "messages have at most 4096 bytes",
            )),
            Some(Ok(Message::Text(text))) => {
                // Boxed: hardly anybody of those who watch is playing at this moment.
                let answer = Box::pin(self.desk.answer(&text)).await;
                self.send(Message::Text(answer)).await
            }
            Some(Ok(Message::Binary(_))) => {
                Err(End::Close(CloseCode::Unsupported, "messages are text"))
            }
            // Tungstenite answers pings by itself.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Close(_))) | None => Err(End::Gone),
            // Anything but the line itself: the other side breaks the protocol, or says too much in one go.
            Some(Err(error)) if error.kind() == io::ErrorKind::Other => {
                Err(End::Close(CloseCode::Protocol, "this is not WebSocket"))
            }
            Some(Err(_)) => Err(End::Gone),
        }
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match timeout(PATIENCE, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }

    async fn close(&mut self, code: CloseCode, reason: &str) {
        let goodbye = async {
            let sent = self.socket.send(Message::close_with(code, reason)).await;
            // The other side answers with a close frame of its own; what it says before is too late.
            while sent.is_ok() && matches!(self.socket.next().await, Some(Ok(_))) {}
        };
        let _late = timeout(FAREWELL, goodbye).await;
    }
}
