//! What a player says over the socket: moves, through the same function as those that are posted.

use std::time::{Duration, Instant};

use poem_openapi::types::ParseFromJSON;
use rookery_shared::chess::Chess as Games;
use serde_json::{Map, Value, json};
use tokio::time;
use uuid::Uuid;

use crate::areas::Area;
use crate::chess::play::MoveBody;
use crate::chess::refusals::bad_field;
use crate::errors::Problem;

/// Takes the orders of one account in one game.
pub(super) struct Desk {
    games: Games,
    game: Uuid,
    player: Uuid,
}

impl Desk {
    pub(super) fn new(games: Games, game: Uuid, player: Uuid) -> Self {
        Self {
            games,
            game,
            player,
        }
    }

    /// As JSON, with the order's `id` if it had one.
    pub(super) async fn answer(&self, text: &str) -> String {
        let arrived = Instant::now();
        let (id, answer) = match serde_json::from_str(text) {
            Ok(Value::Object(mut order)) => {
                (order.remove("id"), self.carry_out(order, arrived).await)
            }
            _ => (None, Err(bad_field("type", "is not in a JSON object"))),
        };
        let mut answer = answer.unwrap_or_else(|problem| refusal(&problem));
        if let Some(id) = id {
            answer["id"] = id;
        }
        answer.to_string()
    }

    async fn carry_out(
        &self,
        mut order: Map<String, Value>,
        arrived: Instant,
    ) -> Result<Value, Problem> {
        match order.remove("type").as_ref().and_then(Value::as_str) {
            Some("ping") => Ok(json!({ "type": "pong" })),
            Some("move") => {
                let body = MoveBody::parse_from_json(Some(Value::Object(order)));
                let body = body.map_err(|error| bad_field("move", &error.into_message()))?;
                let wish = body.read(self.player)?;
                let played = self
                    .games
                    .command(self.game, arrived, |_| wish.clone())
                    .await?;
                Ok(json!({ "type": "ok", "seq": played.row.version }))
            }
            _ => Err(bad_field("type", "is not `move` or `ping`")),
        }
    }
}

/// In the words of the area's envelope.
fn refusal(problem: &Problem) -> Value {
    if let Some(cause) = &problem.cause {
        tracing::error!(error = %format_args!("{cause:#}"), "an order over a socket failed");
    }
    let mut body = Area::Chess.envelope().body(problem, "");
    body["type"] = json!("refused");
    body
}

/// How often one may speak: a bucket that is filled steadily.
pub(super) struct Pace {
    /// When it will be full, if nothing is taken out.
    full_at: time::Instant,
}

/// Ten messages a second.
const INTERVAL: Duration = Duration::from_millis(100);
/// This many at once.
const BURST: u32 = 20;

impl Pace {
    pub(super) fn new(now: time::Instant) -> Self {
        Self { full_at: now }
    }

    pub(super) fn allows(&mut self, now: time::Instant) -> bool {
        let full_at = self.full_at.max(now) + INTERVAL;
        if full_at > now + INTERVAL * BURST {
            return false;
        }
        self.full_at = full_at;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_speaks_too_fast_is_told_so_and_may_speak_later() {
        let start = time::Instant::now();
        let mut pace = Pace::new(start);
        let said = (0..100).filter(|_| pace.allows(start)).count();
        assert_eq!(said, 20);
        assert!(!pace.allows(start + Duration::from_millis(50)));
        assert!(pace.allows(start + Duration::from_millis(100)));
        assert!((0..100).all(|second| pace.allows(start + Duration::from_secs(1 + second))));
    }
}
