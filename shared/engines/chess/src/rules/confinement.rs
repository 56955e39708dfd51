//! How far a position seems from a mate with both sides helping: guesses that order the search and decide nothing.

use shakmaty::{Bitboard, Board, Chess, Color, Position as _, Square, attacks};

/// Greater distances are not told apart.
pub const FARTHEST: u32 = 255;
pub const GUESSES: usize = 3;
/// Added where the winner has nothing yet to mate with, so that getting it comes first.
const NOTHING_TO_MATE_WITH: u32 = 150;

/// To the mate of a king where it stands; of a king in a corner; and to the material that mates one there. The weights were
/// found by trial on positions in which flags fell.
pub fn distances(position: &Chess, winner: Color) -> [u32; GUESSES] {
    let board = position.board();
    let kings = (board.king_of(winner), board.king_of(!winner));
    let (Some(hunter), Some(hunted)) = kings else {
        return [FARTHEST; GUESSES];
    };
    let freedom = 3 * freedom(board, winner, hunted);
    let approach = hunter.distance(hunted).saturating_sub(2);
    let corner = corner_distance(board, winner, hunted);
    let cornered = 16 * corner + freedom + 2 * approach;
    [
        2 * corner + freedom + approach,
        cornered,
        material(board, winner, cornered),
    ]
}

/// Squares that the hunted king could step on if the piece that is to give mate guarded none: while it guards, it cannot check.
/// That piece is any queen or rook, or else one of the last two minor pieces; pawns first promote.
fn freedom(board: &Board, winner: Color, hunted: Square) -> u32 {
    let pieces = board.by_color(winner) & !board.kings();
    let heavy = pieces & board.rooks_and_queens();
    let steps = attacks::king_attacks(hunted) & !board.by_color(!winner);
    let without_king = board.occupied().without(hunted);
    let free = |mating: Bitboard| {
        let free = steps.into_iter().filter(|square| {
            (board.attacks_to(*square, winner, without_king) & !mating).is_empty()
        });
        free.fold(0, |count, _| count + 1)
    };
    if heavy.any() || (pieces & board.pawns()).any() || pieces.count() > 2 {
        free(heavy)
    } else {
        let mating = pieces.into_iter().map(Bitboard::from_square);
        mating.map(free).min().unwrap_or(FARTHEST)
    }
}

/// A bishop without heavier help mates in corners of its own colour.
fn corner_distance(board: &Board, winner: Color, hunted: Square) -> u32 {
    let pieces = board.by_color(winner);
    let others = pieces & !board.bishops() & !board.kings();
    let bishops = pieces & board.bishops();
    let corners = if others.any() || bishops.is_empty() {
        Bitboard::CORNERS
    } else if (bishops & Bitboard::LIGHT_SQUARES).any() {
        Bitboard::CORNERS & Bitboard::LIGHT_SQUARES
    } else {
        Bitboard::CORNERS & Bitboard::DARK_SQUARES
    };
    let distances = corners.into_iter().map(|corner| corner.distance(hunted));
    distances.min().unwrap_or(FARTHEST)
}

fn material(board: &Board, winner: Color, cornered: u32) -> u32 {
    let pieces = board.by_color(winner);
    let hunted = board.by_color(!winner);
    if (pieces & board.rooks_and_queens()).any() {
        // Whatever the other side has is in the way.
        return cornered + 6 * count(hunted);
    }
    if let Some(road) = shortest_road(board, winner) {
        return NOTHING_TO_MATE_WITH + road;
    }
    // A minor piece mates a king that is walled in by its own.
    let walls = hunted & walls(board, pieces);
    let minors = pieces & (board.knights() | board.bishops());
    match shortest_road(board, !winner) {
        Some(road) if walls.is_empty() && !minors.more_than_one() => NOTHING_TO_MATE_WITH + road,
        _ => 60 + cornered + 4 * count(hunted & !walls) - 4 * count(walls).min(4),
    }
}

/// What cannot step between a king in the corner and the winner's last minor piece.
fn walls(board: &Board, winners: Bitboard) -> Bitboard {
    let bishops = winners & board.bishops();
    if (winners & board.knights()).any() {
        board.knights() | board.bishops() | board.rooks()
    } else if (bishops & Bitboard::LIGHT_SQUARES).any() {
        board.knights() | (board.bishops() & Bitboard::DARK_SQUARES)
    } else {
        board.knights() | (board.bishops() & Bitboard::LIGHT_SQUARES)
    }
}

/// To the promotion of the most advanced pawn, what stands before it counted in.
fn shortest_road(board: &Board, color: Color) -> Option<u32> {
    let pawns = board.by_color(color) & board.pawns();
    let roads = pawns.into_iter().map(|pawn| {
        let last = Square::from_coords(pawn.file(), (!color).backrank());
        let road = attacks::between(pawn, last).with(last);
        4 * count(road) + 6 * count(road & board.occupied())
    });
    roads.min()
}

fn count(pieces: Bitboard) -> u32 {
    pieces.into_iter().fold(0, |count, _| count + 1)
}
