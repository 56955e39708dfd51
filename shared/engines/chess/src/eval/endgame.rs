//! Endgames in which the sum of features is wrong: too little force to win, and lone kings that must be driven somewhere.

use shakmaty::{Bitboard, Board, Color, Square};

use super::strength;

/// White's value, corrected by what this material can reach.
pub(super) fn adjust(board: &Board, white: i32) -> i32 {
    let winner = if white >= 0 {
        Color::White
    } else {
        Color::Black
    };
    let sign = winner.fold_wb(1, -1);
    let loser_pieces = board.by_color(!winner) & !board.kings();
    if loser_pieces.is_empty() && strength(board, winner) >= 5 && !is_two_knights(board) {
        return white + sign * drive(board, winner);
    }
    white * winning_chance(board, winner) / 64
}

/// How much of an advantage can be turned into a win, in 64ths.
fn winning_chance(board: &Board, winner: Color) -> i32 {
    let own = board.by_color(winner);
    let theirs = board.by_color(!winner);
    let own_strength = strength(board, winner);
    let ahead = own_strength - strength(board, !winner);
    if (own & board.pawns()).is_empty() {
        // A minor piece more without a pawn wins nothing as a rule (Fine, Basic Chess Endings, 1941).
        if ahead <= 3 || is_two_knights(board) {
            return if own_strength <= 6 { 4 } else { 14 };
        }
        return 64;
    }
    let pieces = board.occupied() & !board.pawns() & !board.kings();
    let bishops = board.bishops();
    let opposite = (own & bishops).count() == 1
        && (theirs & bishops).count() == 1
        && (bishops & Bitboard::LIGHT_SQUARES).count() == 1;
    if opposite {
        let pawns = (own & board.pawns()).count() as i32;
        return if pieces == bishops {
            (16 + 6 * pawns).min(50)
        } else {
            56
        };
    }
    if is_wrong_bishop(board, winner) {
        return 2;
    }
    // The fewer pawns are left the nearer the draw.
    let pawns = (own & board.pawns()).count() as i32;
    (46 + 6 * pawns).min(64)
}

fn is_two_knights(board: &Board) -> bool {
    let pieces = board.occupied() & !board.kings();
    pieces == board.knights() && pieces.count() == 2
}

/// A bishop and pawns on an edge file whose last square it does not reach, against a king that holds that corner.
fn is_wrong_bishop(board: &Board, winner: Color) -> bool {
    let own = board.by_color(winner) & !board.kings();
    let pawns = own & board.pawns();
    let Some(first) = pawns.first() else {
        return false;
    };
    let file = first.file();
    let Some(bishop) = (own & !pawns).single_square() else {
        return false;
    };
    let on_edge = file == shakmaty::File::A || file == shakmaty::File::H;
    let corner = Square::from_coords(file, winner.relative_rank(shakmaty::Rank::Eighth));
    on_edge
        && pawns.is_subset(Bitboard::from_file(file))
        && board.bishops().contains(bishop)
        && bishop.is_light() != corner.is_light()
        && board
            .king_of(!winner)
            .is_some_and(|king| king.distance(corner) <= 1)
}

/// A lone king belongs into a corner, of the bishop's colour if there is but a bishop and a knight; the other king near it.
fn drive(board: &Board, winner: Color) -> i32 {
    let (Some(king), Some(lone)) = (board.king_of(winner), board.king_of(!winner)) else {
        return 0;
    };
    let pieces = board.by_color(winner) & !board.kings();
    let bishop_and_knight = pieces.count() == 2
        && (pieces & board.bishops()).count() == 1
        && (pieces & board.knights()).count() == 1;
    let corner = if bishop_and_knight {
        let light = (pieces & Bitboard::LIGHT_SQUARES & board.bishops()).any();
        let corners = if light {
            [Square::A8, Square::H1]
        } else {
            [Square::A1, Square::H8]
        };
        7 - corners
            .into_iter()
            .map(|corner| steps(lone, corner))
            .min()
            .unwrap_or(7)
    } else {
        let from_middle = |at: u32| (2 * at as i32 - 7).abs() / 2;
        from_middle(lone.file().to_u32()) + from_middle(lone.rank().to_u32())
    };
    200 + 20 * corner + 8 * (7 - king.distance(lone) as i32)
}

/// Of a rook that goes one square at a time: finer than the king's own distance.
fn steps(from: Square, to: Square) -> i32 {
    (from.file().distance(to.file()) + from.rank().distance(to.rank())) as i32
}
