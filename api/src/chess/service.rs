//! For other services: `/health`, and events of ended games once more.

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use poem::http::StatusCode;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::{Example, ParseFromJSON};
use poem_openapi::{Object, OpenApi};
use rookery_shared::chess::Chess as Games;
use uuid::Uuid;

use super::Tag;
use super::game_view::TimeControlView;
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

/// That a game has ended, as the stream `events:game_ended` has it in `payload`.
#[derive(Object)]
#[oai(rename = "LiveGameEnded", example)]
struct GameEnded {
    /// Always `GameEnded`.
    #[oai(rename = "type")]
    kind: String,
    /// The same each time that this ending is told: what was seen before can be dropped.
    event_id: Uuid,
    game_id: Uuid,
    /// Null for a bot.
    white_account_id: Option<Uuid>,
    /// Null for a bot.
    black_account_id: Option<Uuid>,
    /// `1-0`, `0-1`, `1/2-1/2`; null when the game was aborted.
    result: Option<String>,
    /// As in the game.
    end_reason: String,
    time_control: TimeControlView,
    rated: bool,
    bot_id: Option<String>,
    /// `w` or `b`.
    bot_color: Option<String>,
    /// Half-moves played.
    plies: i32,
    ended_at: DateTime<Utc>,
}

#[OpenApi]
impl Service {
    pub(super) fn new(games: Games) -> Self {
        Self { games }
    }

    /// Say that the service answers
    ///
    /// For load balancers of the original service; `/readyz` looks at Postgres and Redis too.
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
    ) -> Result<Json<GameEnded>, Fail<(GameMissing, Conflicting)>> {
        let id = parse_id(&game_id)?;
        let found = self.games.game(id).await?;
        let game = found.ok_or_else(|| missing(&game_id))?;
        match self.games.tell_again(game.row.id).await? {
            Some(event) => {
                let event = GameEnded::parse_from_json_string(&event);
                let event = event.map_err(|error| Problem::internal(anyhow!(error.into_message())));
                Ok(Json(event?))
            }
            None => Err(Problem {
                code: "game_not_ended".into(),
                ..Problem::new(StatusCode::CONFLICT, "The game has no ending to tell.")
            }
            .into()),
        }
    }
}

impl Example for GameEnded {
    fn example() -> Self {
        Self {
            kind: "GameEnded".to_owned(),
            event_id: Uuid::from_u128(0x0193_2b8e_9a10_7c3a_9d54_0f6f_6a3c_1d2e),
            game_id: Uuid::from_u128(0x0193_2b8e_5f5e_7c3a_9d54_0f6f_6a3c_1d2e),
            white_account_id: Some(Uuid::from_u128(0x6f1c_6a54_5f0b_4a2e_9d54_0f6f_6a3c_1d2e)),
            black_account_id: Some(Uuid::from_u128(0x2b7e_1516_28ae_4d2a_abf7_1588_09cf_4f3c)),
            result: Some("1-0".to_owned()),
            end_reason: "checkmate".to_owned(),
            time_control: TimeControlView::of(300, 0),
            rated: true,
            bot_id: None,
            bot_color: None,
            plies: 41,
            ended_at: DateTime::from_timestamp(1_763_028_305, 0).unwrap_or_default(),
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
