//! Why a chess request changes nothing, in the area's codes; a conflict comes with the game as it is.

use std::borrow::Cow;

use poem::http::StatusCode;
use poem_openapi::types::ToJSON;
use rookery_chess::live::{Fault, Refusal};
use rookery_shared::chess::{CommandError, Game, RematchError};
use uuid::Uuid;

use super::game_view::GameView;
use crate::areas::Area;
use crate::auth::Caller;
use crate::errors::{Case, Problem, invalid};

pub(super) struct GameMissing;

impl Case for GameMissing {
    const STATUS: u16 = 404;
    const WHEN: &'static str = "No game has this id.";
    const EXAMPLE: &'static str = "Game not found: 01932b8e-5f5e-7c3a-9d54-0f6f6a3c1d2e";
    const CODE: &'static str = "game_not_found";
}

pub(super) struct Foreign;

impl Case for Foreign {
    const STATUS: u16 = 403;
    const WHEN: &'static str = "The token's account does not sit at this board.";
    const EXAMPLE: &'static str = "You are not a player of this game.";
    const CODE: &'static str = "not_a_player";
}

pub(super) struct BadMove;

impl Case for BadMove {
    const STATUS: u16 = 400;
    const WHEN: &'static str = "The move is not legal (`illegal_move`), lacks its promotion (`promotion_required`), or the body makes no sense (`invalid_request`).";
    const EXAMPLE: &'static str = "Move e2e5 is not legal from current position.";
    const CODE: &'static str = "illegal_move";
}

pub(super) struct BadRequest;

impl Case for BadRequest {
    const STATUS: u16 = 400;
    const WHEN: &'static str = "A field is missing, of the wrong type, or out of its bounds.";
    const EXAMPLE: &'static str = "body field `time_control`: initial and increment are both 0";
    const CODE: &'static str = "invalid_request";
}

pub(super) struct Conflicting;

impl Case for Conflicting {
    const STATUS: u16 = 409;
    const WHEN: &'static str = "The game is not in the state for this: `not_your_turn`, `ply_conflict`, `game_ended`, `game_not_started`, `game_started`, `no_draw_offer`, `already_offered`, `nothing_to_claim`, `too_late_to_abort`, `nothing_to_take_back`, `rated_game`, `game_not_ended`; or others changed it again and again meanwhile: `version_conflict`. `game` is the game as it is.";
    const EXAMPLE: &'static str = "It is not your turn.";
    const CODE: &'static str = "not_your_turn";
}

/// The id in a path; text that can be no id names no game.
pub(super) fn parse_id(text: &str) -> Result<Uuid, Problem> {
    text.parse().map_err(|_| missing(text))
}

pub(super) fn missing(id: &str) -> Problem {
    coded(
        StatusCode::NOT_FOUND,
        GameMissing::CODE,
        format!("Game not found: {id}"),
    )
}

/// A field that the framework cannot judge.
pub(super) fn bad_field(name: &str, reason: &str) -> Problem {
    invalid(Area::Chess, &["body", name], reason)
}

/// Who asks. The edge lets nobody else in.
pub(super) fn account(caller: &Caller) -> Result<Uuid, Problem> {
    match caller {
        Caller::Account(account) => Ok(*account),
        Caller::Anonymous | Caller::Key(_) => Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            crate::auth::TOKEN_REQUIRED,
        )),
    }
}

impl From<CommandError> for Problem {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::NotFound => coded(
                StatusCode::NOT_FOUND,
                GameMissing::CODE,
                "Game not found".to_owned(),
            ),
            CommandError::Refused(refusal, game) => refused(&refusal, Some(&game)),
            CommandError::Impossible(refusal) => refused(&refusal, None),
            CommandError::Contended(game) => conflict(
                Refusal::VersionConflict.code(),
                Refusal::VersionConflict.to_string(),
                &game,
            ),
            CommandError::Store(error) => error.into(),
        }
    }
}

impl From<RematchError> for Problem {
    fn from(error: RematchError) -> Self {
        match error {
            RematchError::NotEnded => {
                coded(StatusCode::CONFLICT, "game_not_ended", error.to_string())
            }
            RematchError::Command(error) => error.into(),
        }
    }
}

fn refused(refusal: &Refusal, game: Option<&Game>) -> Problem {
    let text = refusal.to_string();
    match (refusal.fault(), game) {
        (Fault::BadRequest, _) => coded(StatusCode::BAD_REQUEST, refusal.code(), text),
        (Fault::Forbidden, _) => coded(StatusCode::FORBIDDEN, refusal.code(), text),
        (Fault::Conflict, Some(game)) => conflict(refusal.code(), text, game),
        (Fault::Conflict, None) => coded(StatusCode::CONFLICT, refusal.code(), text),
    }
}

fn conflict(code: &'static str, text: String, game: &Game) -> Problem {
    let game = GameView::of(game).to_json();
    Problem {
        detail: Some(serde_json::json!({ "game": game })),
        ..coded(StatusCode::CONFLICT, code, text)
    }
}

fn coded(status: StatusCode, code: &'static str, text: String) -> Problem {
    Problem {
        code: Cow::Borrowed(code),
        ..Problem::new(status, text)
    }
}
