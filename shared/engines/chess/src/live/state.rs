//! What a live game is between two changes.

use shakmaty::{Chess, Color};
use uuid::Uuid;

use crate::rules::History;

/// Everything that decides what a command does. The clocks are not in it.
#[derive(Debug, Clone)]
pub struct Game {
    pub status: Status,
    pub rated: bool,
    pub policy: DrawPolicy,
    pub creator: Uuid,
    /// Who alone may join; nobody: anyone but the creator.
    pub invited: Option<Uuid>,
    pub preference: ColorPreference,
    /// Empty until the game is joined.
    pub seats: Option<Seats>,
    pub position: Chess,
    /// What repetition is judged by.
    pub history: History,
    /// Half-moves played.
    pub ply: u32,
    pub offers: Offers,
    pub ending: Option<Ending>,
}

/// Where a game stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    WaitingForOpponent,
    InProgress,
    Ended,
}

/// The colour that the creator wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColorPreference {
    White,
    Black,
    Random,
}

/// Who sits at one side of the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    Account(Uuid),
    Bot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seats {
    pub white: Seat,
    pub black: Seat,
}

impl Seats {
    pub fn new(creators: Color, creator: Seat, opponent: Seat) -> Self {
        match creators {
            Color::White => Self {
                white: creator,
                black: opponent,
            },
            Color::Black => Self {
                white: opponent,
                black: creator,
            },
        }
    }

    pub fn of(&self, color: Color) -> Seat {
        match color {
            Color::White => self.white,
            Color::Black => self.black,
        }
    }

    pub fn color_of(&self, seat: Seat) -> Option<Color> {
        Color::ALL.into_iter().find(|color| self.of(*color) == seat)
    }
}

/// When a game is drawn without being asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DrawPolicy {
    /// Threefold and fifty moves by claim, fivefold and 75 moves by rule (FIDE Laws 9.2, 9.3, 9.6).
    #[default]
    Fide,
    /// Threefold by claim; fivefold and fifty moves by rule.
    Lichess,
    /// Threefold and fifty moves by rule.
    Chesscom,
}

/// What one side has offered and the other has not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offers {
    pub draw: Option<Color>,
    pub takeback: Option<Color>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// None: aborted or declined, nobody won.
    pub result: Option<GameResult>,
    pub reason: EndReason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GameResult {
    WhiteWins,
    BlackWins,
    Draw,
}

impl GameResult {
    pub const fn won_by(winner: Color) -> Self {
        match winner {
            Color::White => Self::WhiteWins,
            Color::Black => Self::BlackWins,
        }
    }
}

impl Ending {
    pub const fn won(winner: Color, reason: EndReason) -> Self {
        Self {
            result: Some(GameResult::won_by(winner)),
            reason,
        }
    }

    /// Nobody won, nobody drew.
    pub const fn unplayed(reason: EndReason) -> Self {
        Self {
            result: None,
            reason,
        }
    }

    pub const fn drawn(reason: EndReason) -> Self {
        Self {
            result: Some(GameResult::Draw),
            reason,
        }
    }
}

/// Stored as `chess_games.end_reason`: never renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    Checkmate,
    Resignation,
    Timeout,
    /// A flag fell, but no sequence of legal moves mates the one who overstepped (FIDE 6.9).
    TimeoutVsInsufficientMaterial,
    Stalemate,
    InsufficientMaterial,
    /// By claim: nobody can mate by any sequence of legal moves (FIDE 5.2.2), though the material would do.
    DeadPosition,
    DrawAgreed,
    ThreefoldRepetition,
    FivefoldRepetition,
    FiftyMoves,
    SeventyFiveMoves,
    /// Before its second half-move, or withdrawn by its creator before it was joined.
    Aborted,
    Declined,
}
