//! Material, squares, mobility, and what each kind of piece likes.

use shakmaty::{Bitboard, Board, Color, Rank, Role, Square, attacks};

use super::features::*;
use super::maps::{Maps, forward};
use super::pawns::{front, front_ranks, neighbours};
use super::sink::Sink;

/// Also completes the maps by what the pieces attack.
pub(super) fn pieces(board: &Board, maps: &mut Maps, sink: &mut impl Sink) {
    for color in Color::ALL {
        let sign = color.fold_wb(1, -1);
        let own = board.by_color(color);
        for role in [Role::Pawn, Role::King] {
            for square in own & board.by_role(role) {
                sink.add(square_group(role).at(square_index(color, square)), sign);
                if role == Role::Pawn {
                    sink.add(MATERIAL.at(0), sign);
                }
            }
        }
        let kept_off = maps.get(!color).by_role.pawn | (own & (board.pawns() | board.kings()));
        for role in [Role::Knight, Role::Bishop, Role::Rook, Role::Queen] {
            for square in own & board.by_role(role) {
                let reached = reached(board, color, (role, square));
                maps.get_mut(color).add(role, reached);
                sink.add(MATERIAL.at(role as usize - 1), sign);
                sink.add(square_group(role).at(square_index(color, square)), sign);
                let mobility = (reached & !kept_off).count();
                sink.add(mobility_group(role).at(mobility), sign);
                match role {
                    Role::Knight | Role::Bishop => minor(board, color, (role, square), sink),
                    Role::Rook => rook(board, color, square, sink),
                    _ => {}
                }
            }
        }
        let bishops = own & board.bishops();
        if (bishops & Bitboard::LIGHT_SQUARES).any() && (bishops & Bitboard::DARK_SQUARES).any() {
            sink.add(BISHOP_PAIR.at(0), sign);
        }
    }
}

/// What a piece attacks; sliders see through their own queens and rooks, with which they press together.
fn reached(board: &Board, color: Color, piece: (Role, Square)) -> Bitboard {
    let (role, square) = piece;
    let own = board.by_color(color);
    match role {
        Role::Knight => attacks::knight_attacks(square),
        Role::Bishop => attacks::bishop_attacks(square, board.occupied() ^ (own & board.queens())),
        Role::Rook => {
            attacks::rook_attacks(square, board.occupied() ^ (own & board.rooks_and_queens()))
        }
        _ => attacks::queen_attacks(square, board.occupied()),
    }
}

fn minor(board: &Board, color: Color, piece: (Role, Square), sink: &mut impl Sink) {
    let (role, square) = piece;
    let sign = color.fold_wb(1, -1);
    let own_pawns = board.pawns() & board.by_color(color);
    let their_pawns = board.pawns() & board.by_color(!color);
    let rank = color.relative_rank(square.rank());
    // On their side, held by a pawn, and no pawn of theirs can ever drive it away.
    if rank >= Rank::Fourth
        && rank <= Rank::Sixth
        && (attacks::pawn_attacks(!color, square) & own_pawns).any()
        && (neighbours(square.file()) & front_ranks(color, square.rank()) & their_pawns).is_empty()
    {
        sink.add(OUTPOST.at(usize::from(role == Role::Bishop)), sign);
    }
    if (forward(color, square.into()) & board.pawns()).any() {
        sink.add(BEHIND_PAWN.at(0), sign);
    }
    if role == Role::Bishop {
        let same = if square.is_light() {
            Bitboard::LIGHT_SQUARES
        } else {
            Bitboard::DARK_SQUARES
        };
        let count = (same & own_pawns).count() as i32;
        sink.add(BISHOP_OWN_PAWNS.at(0), sign * count);
    }
}

fn rook(board: &Board, color: Color, square: Square, sink: &mut impl Sink) {
    let sign = color.fold_wb(1, -1);
    let file = Bitboard::from_file(square.file());
    if (file & board.pawns()).is_empty() {
        sink.add(ROOK_OPEN_FILE.at(0), sign);
    } else if (front(color, square) & board.pawns() & board.by_color(color)).is_empty() {
        sink.add(ROOK_HALF_OPEN_FILE.at(0), sign);
    }
    let seventh = Bitboard::from_rank(color.relative_rank(Rank::Seventh));
    let eighth = Bitboard::from_rank(color.relative_rank(Rank::Eighth));
    let their_king = board.kings() & board.by_color(!color);
    if seventh.contains(square) && (their_king & eighth | (board.pawns() & seventh)).any() {
        sink.add(ROOK_SEVENTH.at(0), sign);
    }
}

/// Own first rank first, edge file first.
fn square_index(color: Color, square: Square) -> usize {
    let rank = color.relative_rank(square.rank()).to_usize();
    let file = square.file().to_usize();
    rank * 4 + file.min(7 - file)
}

fn square_group(role: Role) -> Group {
    match role {
        Role::Pawn => PAWN_SQUARE,
        Role::Knight => KNIGHT_SQUARE,
        Role::Bishop => BISHOP_SQUARE,
        Role::Rook => ROOK_SQUARE,
        Role::Queen => QUEEN_SQUARE,
        Role::King => KING_SQUARE,
    }
}

fn mobility_group(role: Role) -> Group {
    match role {
        Role::Knight => KNIGHT_MOBILITY,
        Role::Bishop => BISHOP_MOBILITY,
        Role::Rook => ROOK_MOBILITY,
        _ => QUEEN_MOBILITY,
    }
}
