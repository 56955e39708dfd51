//! Pieces that are attacked by something cheaper, or hang; passed pawns on their way.

use shakmaty::{Bitboard, Board, Color, Role, attacks};

use super::features::*;
use super::maps::{Maps, forward, pawn_attacks};
use super::pawns::{front, front_ranks};
use super::sink::Sink;

pub(super) fn threats(board: &Board, maps: &Maps, sink: &mut impl Sink) {
    for color in Color::ALL {
        let sign = color.fold_wb(1, -1);
        let own = maps.get(color);
        let theirs = maps.get(!color);
        let targets = board.by_color(!color) & !board.kings();
        let pieces = targets & !board.pawns();
        let minors = own.by_role.knight | own.by_role.bishop;
        let weak = targets & !theirs.by_role.pawn & (!theirs.all | (own.twice & !theirs.twice));
        for role in [Role::Knight, Role::Bishop, Role::Rook, Role::Queen] {
            let group = board.by_role(role) & targets;
            let index = role as usize - 1;
            let count = |attackers: Bitboard| sign * (group & attackers).count() as i32;
            sink.add(PAWN_THREAT.at(index), count(own.by_role.pawn));
            sink.add(MINOR_THREAT.at(index), count(minors));
            sink.add(ROOK_THREAT.at(index), count(own.by_role.rook));
        }
        let pawns = targets & board.pawns() & weak;
        sink.add(MINOR_THREAT.at(0), sign * (pawns & minors).count() as i32);
        sink.add(
            ROOK_THREAT.at(0),
            sign * (pawns & own.by_role.rook).count() as i32,
        );
        sink.add(
            KING_THREAT.at(0),
            sign * (weak & own.by_role.king).count() as i32,
        );
        sink.add(HANGING.at(0), sign * (weak & own.all).count() as i32);

        // Pawns that can step forward safely and attack from there.
        let pawns = board.pawns() & board.by_color(color);
        let second_step = Bitboard::from_rank(color.relative_rank(shakmaty::Rank::Third));
        let empty = !board.occupied();
        let mut pushed = forward(color, pawns) & empty;
        pushed |= forward(color, pushed & second_step) & empty;
        let pushed = pushed & !theirs.by_role.pawn & (own.all | !theirs.all);
        let [left, right] = pawn_attacks(color, pushed);
        sink.add(
            PUSH_THREAT.at(0),
            sign * ((left | right) & pieces).count() as i32,
        );
    }
}

pub(super) fn passed_pawns(board: &Board, maps: &Maps, passed: Bitboard, sink: &mut impl Sink) {
    for color in Color::ALL {
        let sign = color.fold_wb(1, -1);
        let own = maps.get(color);
        let theirs = maps.get(!color);
        for square in passed & board.by_color(color) {
            let rank = color.relative_rank(square.rank()).to_usize();
            let Some(stop) = square.offset(color.fold_wb(8, -8)) else {
                continue;
            };
            let way = front(color, square);
            if board.occupied().contains(stop) {
                sink.add(PASSED_BLOCKED.at(rank), sign);
            } else if (way & (board.by_color(!color) | theirs.all)).is_empty() {
                sink.add(PASSED_FREE.at(rank), sign);
            }
            let beside =
                attacks::pawn_attacks(!color, square) | attacks::pawn_attacks(!color, stop);
            if (beside & board.pawns() & board.by_color(color)).any() {
                sink.add(PASSED_SUPPORTED.at(0), sign);
            }
            // Far from promotion the kings have time.
            if rank >= 3 {
                for (side, group) in [(own, PASSED_OWN_KING), (theirs, PASSED_THEIR_KING)] {
                    if let Some(king) = side.king {
                        sink.add(group.at(king.distance(stop) as usize), sign);
                    }
                }
            }
            let behind = Bitboard::from_file(square.file()) & front_ranks(!color, square.rank());
            let rooks = board.rooks() & board.by_color(color);
            if (behind & rooks & attacks::rook_attacks(square, board.occupied())).any() {
                sink.add(ROOK_BEHIND_PASSED.at(0), sign);
            }
        }
    }
}
