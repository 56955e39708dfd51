//! What watchers are told: the game as it is, then each change of it.

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use poem_openapi::types::ToJSON;
use rookery_shared::chess::Game;
use rookery_shared::chess::events::GameEvent;
use serde_json::{Value, json};
use uuid::Uuid;

use super::follow::Said;
use crate::chess::game_view::GameView;

/// One message to those who watch a game, over either kind of stream.
#[derive(Object)]
pub(super) struct LiveEvent {
    /// `snapshot`: the whole game, first and whenever changes were lost on the way. Then one message for each change: `joined`,
    /// `move`, `draw_offered`, `draw_declined`, `takeback_offered`, `takeback`, `rematch_offered`, `rematch`, `ended`.
    #[oai(rename = "type")]
    kind: String,
    /// The game's `version` after the change: without gaps, so that one who comes back can say what it knows.
    seq: i64,
    /// Of a `snapshot`: the game, as `GET /v1/games/{game_id}` shows it.
    #[oai(skip_serializing_if_is_none)]
    game: Option<GameView>,
    /// Of a change.
    #[oai(skip_serializing_if_is_none)]
    game_id: Option<Uuid>,
    /// When it happened.
    #[oai(skip_serializing_if_is_none)]
    at: Option<DateTime<Utc>>,
    /// Of a `move`.
    #[oai(rename = "move", skip_serializing_if_is_none)]
    played: Option<LivePlayed>,
    /// Of other changes: `color` of who offered or declined, `plies` taken back, `rematch_id`.
    #[oai(skip_serializing_if_is_none)]
    detail: Option<Value>,
    /// Of the change that ended the game, a move or another. The stream ends after it.
    #[oai(skip_serializing_if_is_none)]
    ending: Option<LiveEnding>,
}

/// A half-move, the position after it, and both clocks then.
#[derive(Object)]
struct LivePlayed {
    /// From 1.
    ply: i32,
    move_number: i32,
    /// `w` or `b`.
    color: String,
    from: String,
    /// Castling is the king's step: e1 to g1.
    to: String,
    /// `q`, `r`, `b` or `n`.
    promotion: Option<String>,
    san: String,
    /// The position after it.
    fen: String,
    /// What it took.
    elapsed_ms: i32,
    white_clock_ms: i32,
    black_clock_ms: i32,
}

/// How a game ended.
#[derive(Object)]
struct LiveEnding {
    /// `1-0`, `0-1`, `1/2-1/2`; null when it was aborted or declined.
    result: Option<String>,
    /// As the game's `end_reason`.
    end_reason: String,
    ended_at: DateTime<Utc>,
}

pub(super) fn snapshot(game: &Game) -> Said {
    let seq = game.row.version;
    let game = GameView::of(game).to_json();
    Said {
        seq,
        text: json!({ "type": "snapshot", "seq": seq, "game": game }).to_string(),
    }
}

/// The same text as is published.
pub(super) fn of_event(event: &GameEvent) -> Said {
    Said {
        seq: event.seq,
        text: serde_json::to_string(event).expect("an event is JSON: its keys are text"),
    }
}
