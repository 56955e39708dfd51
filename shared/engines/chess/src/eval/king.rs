//! The king's safety: pawns before it, open files beside it, and the force that is gathered against it.

use shakmaty::{Bitboard, Board, Color, File, Role, attacks};

use super::features::{DANGER, KING_HALF_OPEN_FILE, KING_OPEN_FILE, SHIELD, STORM};
use super::maps::{Maps, forward};
use super::sink::Sink;

pub(super) fn kings(board: &Board, maps: &Maps, sink: &mut impl Sink) {
    for color in Color::ALL {
        shelter(board, color, maps, sink);
        danger(board, color, maps, sink);
    }
}

fn shelter(board: &Board, color: Color, maps: &Maps, sink: &mut impl Sink) {
    let Some(king) = maps.get(color).king else {
        return;
    };
    let sign = color.fold_wb(1, -1);
    let own_pawns = board.pawns() & board.by_color(color);
    let their_pawns = board.pawns() & board.by_color(!color);
    // The three files that matter: at the edge those of the king beside it.
    let middle = match king.file() {
        File::A => File::B,
        File::H => File::G,
        file => file,
    };
    let mut row = Bitboard::from_rank(king.rank()) & around(middle);
    let mut enemies = row | forward(color, row);
    row = forward(color, row);
    sink.add(SHIELD.at(0), sign * (row & own_pawns).count() as i32);
    row = forward(color, row);
    sink.add(SHIELD.at(1), sign * (row & own_pawns).count() as i32);
    enemies |= row;
    sink.add(STORM.at(0), sign * (enemies & their_pawns).count() as i32);
    row = forward(color, row);
    sink.add(STORM.at(1), sign * (row & their_pawns).count() as i32);
    for delta in -1..=1 {
        let Some(file) = middle.offset(delta).map(Bitboard::from_file) else {
            continue;
        };
        if (file & board.pawns()).is_empty() {
            sink.add(KING_OPEN_FILE.at(0), sign);
        } else if (file & own_pawns).is_empty() {
            sink.add(KING_HALF_OPEN_FILE.at(0), sign);
        }
    }
}

fn around(file: File) -> Bitboard {
    Bitboard::from_file(file) | super::pawns::neighbours(file)
}

/// The more pieces press the more each counts: the sum of their force picks a place in a table (the idea: Fruit, Letouzey, 2005).
fn danger(board: &Board, color: Color, maps: &Maps, sink: &mut impl Sink) {
    let own = maps.get(color);
    let theirs = maps.get(!color);
    let Some(king) = own.king else {
        return;
    };
    let mut force = 0;
    let mut pressing = 0;
    for (role, weight) in [
        (Role::Knight, 2),
        (Role::Bishop, 2),
        (Role::Rook, 3),
        (Role::Queen, 4),
    ] {
        let pressed = *theirs.by_role.get(role) & own.zone;
        if pressed.any() {
            pressing += 1;
            force += weight + pressed.count() / 2;
        }
    }
    let has_queen = (board.queens() & board.by_color(!color)).any();
    if pressing == 0 || (pressing == 1 && !has_queen) {
        sink.add(DANGER.at(0), color.fold_wb(1, -1));
        return;
    }
    // Squares beside the king that nobody but it guards.
    let weak = theirs.all & attacks::king_attacks(king) & !own.twice;
    force += weak.count();
    // Checks from squares where the piece would not simply be lost.
    let safe = !board.by_color(!color) & (!own.all | (theirs.twice & weak));
    let straight = attacks::rook_attacks(king, board.occupied());
    let oblique = attacks::bishop_attacks(king, board.occupied());
    for (role, lines, weight) in [
        (Role::Knight, attacks::knight_attacks(king), 5),
        (Role::Bishop, oblique, 3),
        (Role::Rook, straight, 6),
        (Role::Queen, straight | oblique, 5),
    ] {
        if (*theirs.by_role.get(role) & lines & safe).any() {
            force += weight;
        }
    }
    if !has_queen {
        force /= 2;
    }
    sink.add(DANGER.at(force), color.fold_wb(1, -1));
}
