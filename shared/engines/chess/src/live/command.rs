//! What may be done to a live game, and what that changes.

use shakmaty::{Color, Role, Square};
use uuid::Uuid;

use super::state::{Game, Seat};
use crate::rules::Adjudication;

/// One wish of one who sits at the board, or of the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// `coin` decides the colours when the creator has no preference: true gives the creator white.
    Join {
        account: Uuid,
        coin: bool,
    },
    /// The invited player declines the challenge, or the creator withdraws it (which ends it as aborted).
    Decline {
        account: Uuid,
    },
    Move {
        by: Seat,
        from: Square,
        to: Square,
        /// Ignored when the move promotes nothing.
        promotion: Option<Role>,
        /// The half-move that the player believes this to be, counted from 1.
        ply: Option<u32>,
    },
    Resign {
        by: Seat,
    },
    /// Before the second half-move.
    Abort {
        by: Seat,
    },
    OfferDraw {
        by: Seat,
    },
    AcceptDraw {
        by: Seat,
    },
    DeclineDraw {
        by: Seat,
    },
    /// Threefold repetition or fifty moves, in the position on the board, by either side: who has just brought it about would
    /// have claimed it with the move (FIDE 9.2.1, 9.3.1), who is to move claims it as it is (9.2.2, 9.3.2). Or a dead position
    /// (5.2.2).
    ClaimDraw {
        by: Seat,
    },
    /// The first POST offers, the other side's accepts.
    Takeback {
        by: Seat,
        /// The moves of the game so far, as UCI text: what remains is played again.
        moves: Vec<String>,
    },
    /// The time of the side to move is over: the store has seen it.
    Flag,
}

/// A game after a command, and what the store has to write beside it.
#[derive(Debug, Clone)]
pub struct Change {
    pub next: Game,
    pub clocks: Clocks,
    pub event: Event,
}

/// What happens to the clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clocks {
    /// White's begins to run.
    Start,
    /// The mover pays what the turn took and gets the increment; the other side's begins to run. A move that ends the game
    /// is a [`Clocks::Stop`]: there is no turn left to be given time for.
    Switch,
    /// The side to move pays what its turn took so far; the same or the other side's runs on from now (takeback).
    Restart,
    /// The side to move pays what its turn took so far; both stand still.
    Stop,
    /// The side to move has nothing left; the game ended at its deadline.
    Flag,
    /// Nothing: they run, or stand, as before.
    Keep,
}

/// What happened, for those who watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Joined,
    Moved(Played),
    DrawOffered(Color),
    DrawDeclined(Color),
    TakebackOffered(Color),
    /// So many half-moves were taken back.
    TakenBack {
        plies: u32,
    },
    /// No move was played, but the game is over.
    Ended,
    /// As [`Event::Ended`], by a flag; whether it lost was found out so.
    Flagged(Adjudication),
}

/// One half-move as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// From 1.
    pub ply: u32,
    pub color: Color,
    /// Castling as the king's own step: e1 to g1.
    pub from: Square,
    pub to: Square,
    pub promotion: Option<Role>,
    pub san: String,
    pub fen_after: String,
}
