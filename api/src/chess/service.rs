//! For other services: `/health`, and events of ended games once more.

use poem::http::StatusCode;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use rookery_shared::chess::Chess as Games;
use serde_json::Value;

use super::Tag;
use super::refusals::{Conflicting, GameMissing, missing, parse_id};
use crate::errors::{Fail, Problem};

pub struct Service {
    games: Games,
}

/// That the service answers.
#[derive(Object)]
#[oai(rename = "LiveHealth", example)]
struct Health {
    /// Always `ok`.
    status: String,
    /// Always `live-game-api`.
    service: String,
}

#[OpenApi]
impl Service {
    pub(super) fn new(games: Games) -> Self {
        Self { games }
    }

    /// Say that the service answers
    #[oai(
        path = "/health",
        method = "get",
        tag = "Tag::Service",
        operation_id = "get_chess_health"
    )]
    async fn health(&self) -> Json<Health> {
        Json(Health::example())
    }

    /// Tell an ended game again
    ///
    /// Puts the game's `GameEnded` event on the Redis stream `events:game_ended` once more, under the same `event_id`, for consumers
    /// that missed it. Answers with the event.
    #[oai(
        path = "/internal/games/:game_id/finalize",
        method = "post",
        tag = "Tag::Service",
        operation_id = "finalize_chess_game"
    )]
    async fn finalize(
        &self,
        /// The game's id.
        game_id: Path<String>,
    ) -> Result<Json<Value>, Fail<(GameMissing, Conflicting)>> {
        let id = parse_id(&game_id)?;
        let found = self.games.game(id).await?;
        let game = found.ok_or_else(|| missing(&game_id))?;
        match self.games.tell_again(game.row.id).await? {
            Some(event) => Ok(Json(
                serde_json::from_str(&event).map_err(Problem::internal)?,
            )),
            None => Err(Problem {
                code: "game_not_ended".into(),
                ..Problem::new(StatusCode::CONFLICT, "The game has no ending to tell.")
            }
            .into()),
        }
    }
}

impl Example for Health {
    fn example() -> Self {
        Self {
            status: "ok".to_owned(),
            service: "live-game-api".to_owned(),
        }
    }
}
