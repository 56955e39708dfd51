//! What the tuning tools see of the evaluation: the features of a position and the weights in use.

use shakmaty::{Chess, Position as _};

use super::features::COUNT;
use super::sink::Counts;
use super::weights::WEIGHTS;
use super::{FULL_PHASE, apart_from_structure, endgame, pawns, phase};

/// A position as the tuning sees it.
pub struct Sample {
    /// Features that occur, with how many more of each white has.
    pub features: Vec<(u16, i16)>,
    /// 1: all pieces are there, 0: none.
    pub phase: f32,
    /// What is left of white's value, and of black's, after the endgame's corrections.
    pub chances: [f32; 2],
}

pub fn sample(position: &Chess) -> Sample {
    let board = position.board();
    let mut counts = Counts([0; COUNT]);
    let passed = pawns::structure(board, &mut counts);
    apart_from_structure(position, passed, &mut counts);
    let features = (0..)
        .zip(counts.0)
        .filter(|(_, count)| *count != 0)
        .map(|(feature, count)| (feature, count as i16))
        .collect();
    Sample {
        features,
        phase: phase(board) as f32 / FULL_PHASE as f32,
        chances: [6_400, -6_400].map(|value| endgame::adjust(board, value) as f32 / value as f32),
    }
}

/// Middlegame and endgame weight of each feature.
pub fn weights() -> Vec<[i32; 2]> {
    WEIGHTS
        .iter()
        .map(|weight| [weight.middlegame(), weight.endgame()])
        .collect()
}
