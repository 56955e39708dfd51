//! A game as clients see it.

use chrono::{DateTime, Utc};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use rookery_shared::chess::{Game, GameRow, PlayedMove, letter};
use serde::{Deserialize, Serialize};
use shakmaty::Color;
use uuid::Uuid;

/// A live game, its clocks as they are at `server_time`.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "LiveGame", example)]
pub(super) struct GameView {
    id: Uuid,
    /// `waiting_for_opponent`, `in_progress` or `ended`.
    status: String,
    rated: bool,
    /// Always `standard`.
    variant_code: String,
    creator_account_id: Uuid,
    /// Who alone may join; null: anyone but the creator.
    opponent_account_id: Option<Uuid>,
    /// What the creator wished: `white`, `black` or `random`.
    color_preference: String,
    time_control: TimeControlView,
    white: PlayerView,
    black: PlayerView,
    /// Null before the join, and for a bot.
    white_account_id: Option<Uuid>,
    /// Null before the join, and for a bot.
    black_account_id: Option<Uuid>,
    /// The same as `white.remaining_ms`.
    white_clock_ms: i32,
    /// The same as `black.remaining_ms`.
    black_clock_ms: i32,
    /// `w` or `b`.
    side_to_move: String,
    /// The position; the en-passant square only where such a capture is legal.
    fen: String,
    /// Half-moves played.
    ply: i32,
    /// All moves, in order, or the last ones if `moves=n` asks for that; absent in lists.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    moves: Option<Vec<MoveView>>,
    /// `1-0`, `0-1`, `1/2-1/2`; null while it is played, and for one that was aborted or declined.
    result: Option<String>,
    /// `checkmate`, `resignation`, `timeout`, `timeout_vs_insufficient_material`, `stalemate`, `insufficient_material`, `draw_agreed`,
    /// `threefold_repetition`, `fivefold_repetition`, `fifty_moves`, `seventy_five_moves`, `dead_position`, `aborted`, `declined`.
    end_reason: Option<String>,
    /// How a fallen flag was judged: `exact` (whether any sequence of legal moves still mates), or `static` (by the material).
    adjudication: Option<String>,
    /// When draws come by themselves: `fide`, `lichess` or `chesscom`.
    draw_policy: String,
    /// Whose draw offer stands: `w` or `b`.
    draw_offer: Option<String>,
    /// Who wants to take back: `w` or `b`.
    takeback_offer: Option<String>,
    /// For example `bot-hard-1600`.
    bot_id: Option<String>,
    /// `w` or `b`.
    bot_color: Option<String>,
    /// What the bot's character and chance follow from: with it the same game can be played again.
    bot_seed: Option<i64>,
    /// Who wants a rematch: `w` or `b`.
    rematch_offer: Option<String>,
    /// The rematch.
    rematch_id: Option<Uuid>,
    /// The game that this one is a rematch of.
    rematch_of: Option<Uuid>,
    /// Raised by every change.
    version: i64,
    turn_started_at: Option<DateTime<Utc>>,
    /// When the flag of the side to move falls.
    deadline_at: Option<DateTime<Utc>>,
    server_time: DateTime<Utc>,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    /// Of a game that ended on time: the deadline itself.
    ended_at: Option<DateTime<Utc>>,
}

/// Seconds on each clock at the start, and gained by each move.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "LiveTimeControl")]
pub(super) struct TimeControlView {
    initial_seconds: i32,
    increment_seconds: i32,
}

/// One side.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "LivePlayer")]
pub(super) struct PlayerView {
    /// Null before the join, and for a bot.
    account_id: Option<Uuid>,
    /// At `server_time`.
    remaining_ms: i32,
}

/// One half-move.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "LiveMove")]
pub(super) struct MoveView {
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
    played_at: DateTime<Utc>,
    /// What it took, in milliseconds.
    elapsed_ms: i32,
    /// The mover's clock after it, increment included.
    clock_ms: i32,
}

/// Where a game stands.
#[derive(Enum, Clone, Copy)]
#[oai(rename = "LiveGameStatus", rename_all = "snake_case")]
pub(super) enum StatusFilter {
    WaitingForOpponent,
    InProgress,
    Ended,
}

impl StatusFilter {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::WaitingForOpponent => "waiting_for_opponent",
            Self::InProgress => "in_progress",
            Self::Ended => "ended",
        }
    }
}

impl GameView {
    pub(super) fn id(&self) -> Uuid {
        self.id
    }

    pub(super) fn of(game: &Game) -> Self {
        Self {
            moves: Some(
                game.moves
                    .iter()
                    .map(|played| MoveView::of(played))
                    .collect(),
            ),
            ..Self::without_moves(&game.row)
        }
    }

    /// With the last so many moves.
    pub(super) fn with_last_moves(game: &Game, most: usize) -> Self {
        let skipped = game.moves.len().saturating_sub(most);
        let last = game.moves.iter().skip(skipped);
        Self {
            moves: Some(last.map(|played| MoveView::of(played)).collect()),
            ..Self::without_moves(&game.row)
        }
    }

    pub(super) fn without_moves(row: &GameRow) -> Self {
        let white_clock_ms = row.remaining_ms(Color::White);
        let black_clock_ms = row.remaining_ms(Color::Black);
        Self {
            id: row.id,
            status: row.status.clone(),
            rated: row.rated,
            variant_code: row.variant_code.clone(),
            creator_account_id: row.creator_account_id,
            opponent_account_id: row.opponent_account_id,
            color_preference: row.color_preference.clone(),
            time_control: TimeControlView {
                initial_seconds: row.time_initial_ms / 1000,
                increment_seconds: row.time_increment_ms / 1000,
            },
            white: PlayerView {
                account_id: row.white_account_id,
                remaining_ms: white_clock_ms,
            },
            black: PlayerView {
                account_id: row.black_account_id,
                remaining_ms: black_clock_ms,
            },
            white_account_id: row.white_account_id,
            black_account_id: row.black_account_id,
            white_clock_ms,
            black_clock_ms,
            side_to_move: row.side_to_move.clone(),
            fen: row.fen.clone(),
            ply: row.ply,
            moves: None,
            result: row.result.clone(),
            end_reason: row.end_reason.clone(),
            adjudication: row.adjudication.clone(),
            draw_policy: row.draw_policy.clone(),
            draw_offer: row.draw_offer.clone(),
            takeback_offer: row.takeback_offer.clone(),
            bot_id: row.bot_id.clone(),
            bot_color: row.bot_color.clone(),
            bot_seed: row.bot_seed,
            rematch_offer: row.rematch_offer.clone(),
            rematch_id: row.rematch_id,
            rematch_of: row.rematch_of,
            version: row.version,
            turn_started_at: row.turn_started_at,
            deadline_at: row.deadline_at,
            server_time: row.now,
            created_at: row.created_at,
            started_at: row.started_at,
            ended_at: row.ended_at,
        }
    }
}

impl GameView {
    pub(super) fn without_its_moves(self) -> Self {
        Self {
            moves: None,
            ..self
        }
    }
}

impl TimeControlView {
    pub(super) fn of(initial_seconds: i32, increment_seconds: i32) -> Self {
        Self {
            initial_seconds,
            increment_seconds,
        }
    }
}

impl MoveView {
    fn of(played: &PlayedMove) -> Self {
        Self {
            ply: played.ply,
            move_number: played.move_number(),
            color: letter(played.color()).to_owned(),
            from: played.from.to_string(),
            to: played.to.to_string(),
            promotion: played.promotion.map(|role| role.char().to_string()),
            san: played.san.to_string(),
            played_at: played.played_at,
            elapsed_ms: played.elapsed_ms,
            clock_ms: played.clock_ms,
        }
    }
}

impl Example for GameView {
    fn example() -> Self {
        let began = DateTime::from_timestamp(1_763_028_000, 0).unwrap_or_default();
        let played = DateTime::from_timestamp(1_763_028_005, 0).unwrap_or_default();
        let white = Uuid::from_u128(0x6f1c_6a54_5f0b_4a2e_9d54_0f6f_6a3c_1d2e);
        let black = Uuid::from_u128(0x2b7e_1516_28ae_4d2a_abf7_1588_09cf_4f3c);
        let player = |account_id, remaining_ms| PlayerView {
            account_id: Some(account_id),
            remaining_ms,
        };
        Self {
            id: Uuid::from_u128(0x0193_2b8e_5f5e_7c3a_9d54_0f6f_6a3c_1d2e),
            status: "in_progress".to_owned(),
            rated: true,
            variant_code: "standard".to_owned(),
            creator_account_id: white,
            opponent_account_id: Some(black),
            color_preference: "white".to_owned(),
            time_control: TimeControlView {
                initial_seconds: 300,
                increment_seconds: 0,
            },
            white: player(white, 295_000),
            black: player(black, 300_000),
            white_account_id: Some(white),
            black_account_id: Some(black),
            white_clock_ms: 295_000,
            black_clock_ms: 300_000,
            side_to_move: "b".to_owned(),
            fen: "rnbqkbnr/pppppppp/8/8/4P3/8/PPPP1PPP/RNBQKBNR b KQkq - 0 1".to_owned(),
            ply: 1,
            moves: Some(vec![MoveView {
                ply: 1,
                move_number: 1,
                color: "w".to_owned(),
                from: "e2".to_owned(),
                to: "e4".to_owned(),
                promotion: None,
                san: "e4".to_owned(),
                played_at: played,
                elapsed_ms: 5000,
                clock_ms: 295_000,
            }]),
            result: None,
            end_reason: None,
            adjudication: None,
            draw_policy: "fide".to_owned(),
            draw_offer: None,
            takeback_offer: None,
            bot_id: None,
            bot_color: None,
            bot_seed: None,
            rematch_offer: None,
            rematch_id: None,
            rematch_of: None,
            version: 3,
            turn_started_at: Some(played),
            deadline_at: DateTime::from_timestamp(1_763_028_305, 0),
            server_time: played,
            created_at: began,
            started_at: Some(began),
            ended_at: None,
        }
    }
}
