//! What happened to a game, for those who watch: one event a version, the same whether it is published or read again.

use chrono::{DateTime, Utc};
use rookery_chess::live::Event;
use serde::Serialize;
use serde_json::json;
use shakmaty::Color;
use uuid::Uuid;

use super::load::Game;
use super::row::{GameRow, PlayedMove, letter};
use crate::{Store, StoreError};

/// One change of a game, as watchers get it.
#[derive(Debug, Clone, Serialize)]
pub struct GameEvent {
    /// `joined`, `move`, `draw_offered`, `draw_declined`, `takeback_offered`, `takeback`, `rematch_offered`, `rematch`, `ended`.
    #[serde(rename = "type")]
    pub kind: String,
    pub game_id: Uuid,
    /// The game's version after it: without gaps, from 2 on.
    pub seq: i64,
    pub at: DateTime<Utc>,
    /// Of a `move`.
    #[serde(skip_serializing_if = "Option::is_none", rename = "move")]
    pub played: Option<Played>,
    /// What there is to say of another kind: `color`, `plies`, `rematch_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<serde_json::Value>,
    /// When this ended the game.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
}

/// A half-move, the position after it, and both clocks then.
#[derive(Debug, Clone, Serialize)]
pub struct Played {
    pub ply: i32,
    pub move_number: i32,
    pub color: String,
    pub from: String,
    pub to: String,
    pub promotion: Option<String>,
    pub san: String,
    pub fen: String,
    pub elapsed_ms: i32,
    pub white_clock_ms: i32,
    pub black_clock_ms: i32,
}

#[derive(Debug, Clone, Serialize)]
pub struct Ending {
    pub result: Option<String>,
    pub end_reason: String,
    pub ended_at: DateTime<Utc>,
}

/// What a watcher who knows the game up to some version has missed.
#[derive(Debug)]
pub enum Missed {
    /// All of it, in order.
    Events(Vec<GameEvent>),
    /// Moves were taken back meanwhile, or it is too much: look at the game instead.
    Snapshot,
}

/// More than this in one go is told as a snapshot.
const MOST: i64 = 1000;

/// What happened after version `seen`, up to the version of `game`.
pub async fn since(store: &Store, game: &Game, seen: i64) -> Result<Missed, StoreError> {
    let current = game.row.version;
    if seen >= current {
        return Ok(Missed::Events(Vec::new()));
    }
    if current - seen > MOST {
        return Ok(Missed::Snapshot);
    }
    let fens = sqlx::query!(
        "select version, fen_after from chess_game_moves where game_id = $1 and version > $2 and version <= $3",
        game.row.id,
        seen,
        current
    )
    .fetch_all(&store.pool)
    .await?;
    let rows = sqlx::query!(
        "select version, event_type, payload, created_at from chess_game_events
        where game_id = $1 and version > $2 and version <= $3",
        game.row.id,
        seen,
        current
    )
    .fetch_all(&store.pool)
    .await?;
    let mut events = Vec::with_capacity(fens.len() + rows.len());
    for row in fens {
        let played = game.moves.iter().rev();
        let mut played = played.filter(|played| played.version == row.version);
        // Missing: taken back meanwhile, which the count below notices.
        events.extend(
            played
                .next()
                .map(|played| of_move(game, played, row.fen_after)),
        );
    }
    events.extend(rows.into_iter().map(|row| GameEvent {
        kind: row.event_type,
        game_id: game.row.id,
        seq: row.version,
        at: row.created_at,
        played: None,
        detail: Some(row.payload).filter(|payload| !payload.is_null()),
        ending: ending(&game.row, row.version),
    }));
    events.sort_by_key(|event| event.seq);
    let whole = events.len() as u64 == (current - seen).unsigned_abs();
    Ok(match whole {
        true => Missed::Events(events),
        false => Missed::Snapshot,
    })
}

/// The event of the change that just brought the game to its version.
pub(super) fn latest(game: &Game, event: &Event) -> GameEvent {
    if let (Event::Moved(_), Some(played)) = (event, game.moves.last()) {
        return of_move(game, played, game.row.fen.clone());
    }
    let (kind, payload) = word(event);
    GameEvent {
        kind: kind.to_owned(),
        game_id: game.row.id,
        seq: game.row.version,
        at: game.row.updated_at,
        played: None,
        detail: Some(payload).filter(|payload| !payload.is_null()),
        ending: ending(&game.row, game.row.version),
    }
}

/// Of talk about another game, after this one has ended.
pub(super) fn of_rematch(game: &Game, kind: &str, detail: serde_json::Value) -> GameEvent {
    GameEvent {
        kind: kind.to_owned(),
        game_id: game.row.id,
        seq: game.row.version,
        at: game.row.updated_at,
        played: None,
        detail: Some(detail),
        ending: None,
    }
}

/// Type and payload of the row in `chess_game_events`; moves have a table of their own.
pub(super) fn stored(event: &Event) -> Option<(&'static str, String)> {
    match event {
        Event::Moved(_) => None,
        other => {
            let (kind, payload) = word(other);
            Some((kind, payload.to_string()))
        }
    }
}

fn word(event: &Event) -> (&'static str, serde_json::Value) {
    match event {
        Event::Joined => ("joined", serde_json::Value::Null),
        Event::Moved(played) => ("move", json!({ "ply": played.ply })),
        Event::DrawOffered(color) => ("draw_offered", json!({ "color": letter(*color) })),
        Event::DrawDeclined(color) => ("draw_declined", json!({ "color": letter(*color) })),
        Event::TakebackOffered(color) => ("takeback_offered", json!({ "color": letter(*color) })),
        Event::TakenBack { plies } => ("takeback", json!({ "plies": plies })),
        Event::Ended => ("ended", serde_json::Value::Null),
        Event::Flagged(adjudication) => ("ended", json!({ "adjudication": adjudication.as_str() })),
    }
}

fn of_move(game: &Game, played: &PlayedMove, fen: String) -> GameEvent {
    GameEvent {
        kind: "move".to_owned(),
        game_id: game.row.id,
        seq: played.version,
        at: played.played_at,
        played: Some(Played {
            ply: played.ply,
            move_number: played.move_number(),
            color: letter(played.color()).to_owned(),
            from: played.from.to_string(),
            to: played.to.to_string(),
            promotion: played.promotion.map(|role| role.char().to_string()),
            san: played.san.to_string(),
            fen,
            elapsed_ms: played.elapsed_ms,
            white_clock_ms: clock(game, played, Color::White),
            black_clock_ms: clock(game, played, Color::Black),
        }),
        detail: None,
        ending: ending(&game.row, played.version),
    }
}

/// A side's clock after a move: its own, or what its last move before had left.
fn clock(game: &Game, played: &PlayedMove, color: Color) -> i32 {
    let back = if played.color() == color { 1 } else { 2 };
    usize::try_from(played.ply - back)
        .ok()
        .and_then(|index| game.moves.get(index))
        .map_or(game.row.time().clock_at_start_ms(), |own| own.clock_ms)
}

fn ending(row: &GameRow, version: i64) -> Option<Ending> {
    let reason = row.end_reason.clone()?;
    (row.ended_version == Some(version)).then(|| Ending {
        result: row.result.clone(),
        end_reason: reason,
        ended_at: row.ended_at.unwrap_or(row.updated_at),
    })
}
