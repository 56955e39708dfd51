//! What a quiet position is worth: a sum of weighted features, blended between middlegame and endgame by the force that is
//! left. The weights are tuned on games of this engine against itself.

mod endgame;
mod features;
mod king;
mod maps;
mod pawns;
mod pieces;
mod sink;
#[cfg(test)]
mod tests;
mod threats;
mod tuning;
mod weights;

use shakmaty::{Bitboard, Board, Chess, Color, Position as _};

pub use features::{COUNT, GROUPS, Group};
pub use pawns::PawnCache;
use sink::{Packed, Sink, Sum};
pub use tuning::{Sample, sample, weights};

/// The force of both sides at the start, queens as four, rooks as two, minor pieces as one.
const FULL_PHASE: i32 = 24;

/// In centipawns, as the side to move sees it.
pub fn evaluate(position: &Chess, pawns: &mut PawnCache) -> i32 {
    let board = position.board();
    let mut sum = Sum::default();
    let structure = pawns.get(board);
    sum.0 += structure.sum;
    apart_from_structure(position, structure.passed, &mut sum);
    let white = blend(sum.0, phase(board));
    let white = endgame::adjust(board, white);
    position.turn().fold_wb(white, -white)
}

/// All features but the pawn structure's.
fn apart_from_structure(position: &Chess, passed: Bitboard, sink: &mut impl Sink) {
    let board = position.board();
    let mut maps = maps::begin(board);
    pieces::pieces(board, &mut maps, sink);
    king::kings(board, &maps, sink);
    threats::threats(board, &maps, sink);
    threats::passed_pawns(board, &maps, passed, sink);
    sink.add(features::TEMPO.at(0), position.turn().fold_wb(1, -1));
}

fn blend(sum: Packed, phase: i32) -> i32 {
    (sum.middlegame() * phase + sum.endgame() * (FULL_PHASE - phase)) / FULL_PHASE
}

fn phase(board: &Board) -> i32 {
    let minors = (board.knights() | board.bishops()).count();
    let phase = minors + 2 * board.rooks().count() + 4 * board.queens().count();
    (phase as i32).min(FULL_PHASE)
}

/// Pieces and pawns of a side, counted.
fn strength(board: &Board, color: Color) -> i32 {
    let own = board.by_color(color);
    let count = |of: Bitboard| (of & own).count() as i32;
    count(board.knights()) * 3
        + count(board.bishops()) * 3
        + count(board.rooks()) * 5
        + count(board.queens()) * 9
}
