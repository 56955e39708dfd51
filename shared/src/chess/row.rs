//! A game and its moves as Postgres has them, and the state machine's game in them.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use rookery_chess::live::{self, Offers, Seat, Seats};
use rookery_chess::rules::History;
use shakmaty::fen::Fen;
use shakmaty::{CastlingMode, Chess, Color, Role, Square};
use uuid::Uuid;

use super::create::TimeControl;
use crate::StoreError;

/// A row of `chess_games`, and when it was read.
#[derive(Debug, Clone)]
pub struct GameRow {
    pub id: Uuid,
    pub creator_account_id: Uuid,
    pub opponent_account_id: Option<Uuid>,
    pub color_preference: String,
    pub white_account_id: Option<Uuid>,
    pub black_account_id: Option<Uuid>,
    pub status: String,
    pub rated: bool,
    pub variant_code: String,
    pub draw_policy: String,
    pub time_initial_ms: i32,
    pub time_increment_ms: i32,
    /// What was left when the turn began.
    pub white_clock_ms: i32,
    pub black_clock_ms: i32,
    pub side_to_move: String,
    pub fen: String,
    pub history: Vec<u8>,
    pub ply: i32,
    pub draw_offer: Option<String>,
    pub takeback_offer: Option<String>,
    pub result: Option<String>,
    pub end_reason: Option<String>,
    pub adjudication: Option<String>,
    pub bot_id: Option<String>,
    pub bot_color: Option<String>,
    pub bot_seed: Option<i64>,
    pub bot_thinks: bool,
    pub bot_due_at: Option<DateTime<Utc>>,
    pub rematch_of: Option<Uuid>,
    pub rematch_id: Option<Uuid>,
    pub rematch_offer: Option<String>,
    pub version: i64,
    /// The version that ended it; later ones only speak of a rematch.
    pub ended_version: Option<i64>,
    pub turn_started_at: Option<DateTime<Utc>>,
    pub deadline_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub updated_at: DateTime<Utc>,
    /// Postgres' clock when this was read.
    pub now: DateTime<Utc>,
}

/// A half-move of `chess_game_moves`, kept small: thousands of games are remembered with all of theirs.
#[derive(Debug, Clone)]
pub struct PlayedMove {
    /// From 1.
    pub ply: i32,
    /// Of the game, after it.
    pub version: i64,
    pub from: Square,
    pub to: Square,
    pub promotion: Option<Role>,
    pub san: Box<str>,
    pub played_at: DateTime<Utc>,
    pub elapsed_ms: i32,
    /// The mover's, increment included.
    pub clock_ms: i32,
}

impl PlayedMove {
    pub fn color(&self) -> Color {
        Color::from_white(self.ply % 2 == 1)
    }

    pub fn move_number(&self) -> i32 {
        (self.ply + 1) / 2
    }

    pub fn uci(&self) -> String {
        let promotion = self.promotion.map(Role::char);
        let mut uci = format!("{}{}", self.from, self.to);
        uci.extend(promotion);
        uci
    }
}

impl GameRow {
    /// Whether the flag of the side to move has fallen.
    pub fn is_overdue(&self) -> bool {
        self.deadline_at
            .is_some_and(|deadline| deadline <= self.now)
    }

    /// What is left on a side's clock at `now`: the one that runs, less the turn so far.
    pub fn remaining_ms(&self, color: Color) -> i32 {
        let kept = match color {
            Color::White => self.white_clock_ms,
            Color::Black => self.black_clock_ms,
        };
        match self.turn_started_at {
            Some(since) if self.deadline_at.is_some() && self.side_to_move == letter(color) => {
                let spent = (self.now - since).num_milliseconds().max(0);
                i32::try_from(i64::from(kept) - spent).unwrap_or(0).max(0)
            }
            _ => kept,
        }
    }

    pub fn time(&self) -> TimeControl {
        TimeControl {
            initial_ms: self.time_initial_ms,
            increment_ms: self.time_increment_ms,
        }
    }

    /// The bot's side.
    pub fn bot(&self) -> Option<Color> {
        self.bot_color.as_deref().and_then(color)
    }

    pub(super) fn live(&self) -> Result<live::Game, StoreError> {
        let seats = match (self.seat(Color::White), self.seat(Color::Black)) {
            (Some(white), Some(black)) => Some(Seats { white, black }),
            _ => None,
        };
        let position: Chess = Fen::from_ascii(self.fen.as_bytes())
            .map_err(|error| unreadable(&self.fen, error))?
            .into_position(CastlingMode::Standard)
            .map_err(|error| unreadable(&self.fen, error))?;
        let ending = match &self.end_reason {
            Some(reason) => Some(live::Ending {
                result: self.result.as_deref().map(word).transpose()?,
                reason: word(reason)?,
            }),
            None => None,
        };
        Ok(live::Game {
            status: word(&self.status)?,
            rated: self.rated,
            policy: word(&self.draw_policy)?,
            creator: self.creator_account_id,
            invited: self.opponent_account_id,
            preference: word(&self.color_preference)?,
            seats,
            history: History::from_bytes(&self.history, &position)
                .map_err(|error| unreadable("history", error))?,
            position,
            ply: self.ply.cast_unsigned(),
            offers: Offers {
                draw: self.draw_offer.as_deref().and_then(color),
                takeback: self.takeback_offer.as_deref().and_then(color),
            },
            ending,
        })
    }

    fn seat(&self, side: Color) -> Option<Seat> {
        let account = match side {
            Color::White => self.white_account_id,
            Color::Black => self.black_account_id,
        };
        if self.bot() == Some(side) {
            return Some(Seat::Bot);
        }
        account.map(Seat::Account)
    }
}

/// `w` or `b`, as it is stored.
pub fn letter(color: Color) -> &'static str {
    match color {
        Color::White => "w",
        Color::Black => "b",
    }
}

fn color(letter: &str) -> Option<Color> {
    match letter {
        "w" => Some(Color::White),
        "b" => Some(Color::Black),
        _ => None,
    }
}

fn word<T: FromStr>(text: &str) -> Result<T, StoreError> {
    text.parse()
        .map_err(|_| unreadable(text, "is none of the words that this version knows"))
}

pub(super) fn unreadable(what: &str, why: impl std::fmt::Display) -> StoreError {
    StoreError::Unreadable(format!("{what}: {why}"))
}
