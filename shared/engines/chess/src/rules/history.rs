//! The positions since the last irreversible move: what repetition is judged by.

use shakmaty::zobrist::Zobrist128;
use shakmaty::{Chess, EnPassantMode, Position as _};

/// Keys of the positions since the last capture, pawn move or loss of a castling right, the present one last. A position where
/// en passant is written but not legal is the same as without (FIDE 9.2.3): hence `EnPassantMode::Legal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    keys: Vec<Zobrist128>,
}

impl History {
    /// Of a game that begins with this position.
    pub fn starting(position: &Chess) -> Self {
        Self {
            keys: vec![key(position)],
        }
    }
}

fn key(position: &Chess) -> Zobrist128 {
    position.zobrist_hash(EnPassantMode::Legal)
}
