//! What falls due in chess. The truth is in the rows; a hint carries the row's id.

use rookery_queue::Due;

/// The flag of the side to move may have fallen: `chess_games.deadline_at`. One alarm a game; each move sets it anew.
pub struct ClockCheck;

impl Due for ClockCheck {
    const KIND: &'static str = "chess.clock";
}

/// A bot of some milliseconds' thought has to answer: `chess_games.bot_due_at`.
pub struct BotMove;

impl Due for BotMove {
    const KIND: &'static str = "chess.bot_move";
}

/// The same for the strong ones, on threads of their own: a beginner's move must not wait behind a master's.
pub struct BotThink;

impl Due for BotThink {
    const KIND: &'static str = "chess.bot_move.deep";
}

/// An ended game has to be told to other services: a row of `chess_outbox`.
pub struct GameEnded;

impl Due for GameEnded {
    const KIND: &'static str = "chess.game_ended";
}
