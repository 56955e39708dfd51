//! Pawn structure: doubled, isolated, backward, connected and passed pawns.

use shakmaty::{Bitboard, Board, Color, File, Rank, Square, attacks};

use super::features::{BACKWARD, CONNECTED, DOUBLED, ISOLATED, PASSED};
use super::sink::{Packed, Sink, Sum};

/// What the pawns alone say.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Structure {
    pub sum: Packed,
    pub passed: Bitboard,
}

/// Structures seen before. Pawns seldom change; what is stored depends on them alone, so nothing has ever to be forgotten.
pub struct PawnCache {
    entries: Vec<([Bitboard; 2], Structure)>,
}

const ENTRIES: usize = 4096;

impl PawnCache {
    pub fn new() -> Self {
        Self {
            // No board has pawns of both colours everywhere: no false hit.
            entries: vec![([Bitboard::FULL; 2], Structure::default()); ENTRIES],
        }
    }

    pub(super) fn get(&mut self, board: &Board) -> Structure {
        let pawns = [board.pawns() & board.white(), board.pawns() & board.black()];
        // Fibonacci hashing (Knuth, The Art of Computer Programming 6.4).
        let mixed = (pawns[0].0 ^ pawns[1].0.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let entry = &mut self.entries[(mixed >> 52) as usize % ENTRIES];
        if entry.0 != pawns {
            let mut sum = Sum::default();
            let passed = structure(board, &mut sum);
            *entry = (pawns, Structure { sum: sum.0, passed });
        }
        entry.1
    }
}

impl Default for PawnCache {
    fn default() -> Self {
        Self::new()
    }
}

/// The structure's features; returns the passed pawns.
pub(super) fn structure(board: &Board, sink: &mut impl Sink) -> Bitboard {
    let mut passed = Bitboard::EMPTY;
    for color in Color::ALL {
        let sign = color.fold_wb(1, -1);
        let own = board.pawns() & board.by_color(color);
        let theirs = board.pawns() & board.by_color(!color);
        for square in own {
            let rank = color.relative_rank(square.rank()).to_usize();
            let ahead = front(color, square);
            let beside = neighbours(square.file());
            let open = (ahead & theirs).is_empty();

            if (ahead & own).any() {
                sink.add(DOUBLED.at(0), sign);
            } else if (front_span(color, square) & theirs).is_empty() {
                passed.add(square);
                sink.add(PASSED.at(rank), sign);
            }

            let support = attacks::pawn_attacks(!color, square) & own;
            let phalanx = beside & own & Bitboard::from_rank(square.rank());
            if (support | phalanx).any() {
                sink.add(CONNECTED.at(rank), sign);
            } else if (beside & own).is_empty() {
                sink.add(ISOLATED.at(usize::from(open)), sign);
            } else {
                // No neighbour can come to its help, and the square before it is theirs.
                let behind = beside & own & !front_ranks(color, square.rank());
                let stop = square.offset(color.fold_wb(8, -8));
                let held =
                    stop.is_some_and(|stop| (attacks::pawn_attacks(color, stop) & theirs).any());
                if behind.is_empty() && held {
                    sink.add(BACKWARD.at(usize::from(open)), sign);
                }
            }
        }
    }
    passed
}

/// The files beside this one.
pub(super) fn neighbours(file: File) -> Bitboard {
    [-1, 1]
        .into_iter()
        .filter_map(|delta| file.offset(delta))
        .fold(Bitboard::EMPTY, |files, file| {
            files | Bitboard::from_file(file)
        })
}

/// The ranks before this one, as the colour sees it.
pub(super) fn front_ranks(color: Color, rank: Rank) -> Bitboard {
    let rank = rank.to_u32();
    match color {
        // Two shifts: by 64 at once is not defined.
        Color::White => Bitboard((!0u64 << (8 * rank)) << 8),
        Color::Black => Bitboard(!(!0u64 << (8 * rank))),
    }
}

/// The squares before a pawn on its file.
pub(super) fn front(color: Color, square: Square) -> Bitboard {
    Bitboard::from_file(square.file()) & front_ranks(color, square.rank())
}

/// The squares from which an enemy pawn could stop or take this one on its way.
pub(super) fn front_span(color: Color, square: Square) -> Bitboard {
    (Bitboard::from_file(square.file()) | neighbours(square.file()))
        & front_ranks(color, square.rank())
}
