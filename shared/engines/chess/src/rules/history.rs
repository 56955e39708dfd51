//! The positions since the last irreversible move: what repetition is judged by.

use shakmaty::zobrist::Zobrist128;
use shakmaty::{Chess, EnPassantMode, Position as _};

/// Keys of the positions since the last capture, pawn move or loss of a castling right, the present one last. A position where
/// en passant is written but not legal is the same as without (FIDE 9.2.3): hence `EnPassantMode::Legal`.
///
/// 128 bits, so that nobody meets a false repetition: two of 10¹² positions share a key with a chance of 10⁻¹⁵.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    keys: Vec<Zobrist128>,
}

/// The stored bytes are not the history of the position beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored history of positions does not belong to the position")]
pub struct BadHistory;

const KEY_BYTES: usize = size_of::<u128>();
/// Of a game under the 75-move rule: the position after the last capture or pawn move, and 150 half-moves.
const MOST_KEYS: usize = 151;

impl History {
    /// Of a game that begins with this position.
    pub fn starting(position: &Chess) -> Self {
        Self {
            keys: vec![key(position)],
        }
    }

    /// This history, continued by a reversible move that led to `position`.
    pub fn continued(&self, position: &Chess) -> Self {
        let mut keys = Vec::with_capacity(self.keys.len() + 1);
        keys.extend_from_slice(&self.keys);
        keys.push(key(position));
        Self { keys }
    }

    /// How often the present position has been on the board, now included.
    pub fn occurrences(&self) -> usize {
        match self.keys.split_last() {
            Some((present, before)) => 1 + before.iter().filter(|key| *key == present).count(),
            None => 0,
        }
    }

    /// The keys, the oldest first: what a search has to look for repetitions in.
    pub fn keys(&self) -> &[Zobrist128] {
        &self.keys
    }

    /// 16 bytes a key, big endian, the present position's last. shakmaty promises that its keys stay what they are.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.keys
            .iter()
            .flat_map(|key| key.0.to_be_bytes())
            .collect()
    }

    /// What [`History::to_bytes`] wrote when `present` was on the board.
    pub fn from_bytes(bytes: &[u8], present: &Chess) -> Result<Self, BadHistory> {
        let (chunks, rest) = bytes.as_chunks::<KEY_BYTES>();
        let keys: Vec<_> = chunks
            .iter()
            .map(|chunk| Zobrist128(u128::from_be_bytes(*chunk)))
            .collect();
        if !rest.is_empty() || keys.len() > MOST_KEYS || keys.last() != Some(&key(present)) {
            return Err(BadHistory);
        }
        Ok(Self { keys })
    }
}

fn key(position: &Chess) -> Zobrist128 {
    position.zobrist_hash(EnPassantMode::Legal)
}
