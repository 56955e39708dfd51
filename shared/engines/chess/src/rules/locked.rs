//! The proof that a locked position cannot be won: where each piece could ever stand, reckoned generously, leaves no square on
//! which the king could be mated.
//!
//! The idea, to compute a superset of all reachable squares as a fixed point, is that of the semi-static analysis in Ambrona
//! 2022, "A Practical Algorithm for Chess Unwinnability".

use shakmaty::{Bitboard, Chess, Color, Piece, Position as _, Role, Square, attacks};

/// Whether it is certain that `winner` can never mate here. Positions in which a pawn could promote are not looked into.
pub fn is_unwinnable(position: &Chess, winner: Color) -> bool {
    if position.maybe_ep_square().is_some() {
        return false;
    }
    let mut walkers: Vec<Walker> = position
        .board()
        .iter()
        .map(|(home, piece)| Walker {
            piece,
            home,
            reach: Bitboard::from_square(home),
            taken: false,
        })
        .collect();
    loop {
        let before = walkers.clone();
        for index in 0..walkers.len() {
            walk(&mut walkers, index);
            let Walker { piece, reach, .. } = walkers[index];
            if piece.role == Role::Pawn && (reach & Bitboard::BACKRANKS).any() {
                return false;
            }
        }
        if walkers == before {
            return !mate_is_thinkable(&walkers, winner);
        }
    }
}

/// A piece and what may become of it. Everything here only grows until nothing changes any more: no game leads further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Walker {
    piece: Piece,
    home: Square,
    /// Every square on which it may come to stand.
    reach: Bitboard,
    taken: bool,
}

impl Walker {
    /// It stands at home as long as the game lasts.
    fn is_fixed(&self) -> bool {
        !self.taken && self.reach == Bitboard::from_square(self.home)
    }
}

/// Squares of the pieces of this kind that never leave.
fn fixed(walkers: &[Walker], wanted: impl Fn(&Walker) -> bool) -> Bitboard {
    let fixed = walkers
        .iter()
        .filter(|walker| walker.is_fixed() && wanted(walker));
    fixed
        .map(|walker| Bitboard::from_square(walker.home))
        .fold(Bitboard::EMPTY, |all, home| all | home)
}

/// Squares on which pieces of this colour that can be taken may stand.
fn prey(walkers: &[Walker], color: Color) -> Bitboard {
    walkers
        .iter()
        .filter(|walker| walker.piece.color == color && walker.piece.role != Role::King)
        .fold(Bitboard::EMPTY, |all, walker| all | walker.reach)
}

/// Lets one piece go wherever it may from where it may stand.
fn walk(walkers: &mut [Walker], index: usize) {
    let Walker { piece, reach, .. } = walkers[index];
    let blocked = fixed(walkers, |_| true);
    let own_fixed = fixed(walkers, |other| other.piece.color == piece.color);
    let enemy_king = fixed(walkers, |other| other.piece == Role::King.of(!piece.color));
    let prey = prey(walkers, !piece.color);
    let mut reached = reach;
    // Where it may come to stand by taking, or without.
    let mut takes = Bitboard::EMPTY;
    for from in reach {
        match piece.role {
            Role::Pawn => {
                let strikes = attacks::pawn_attacks(piece.color, from);
                takes |= strikes & (prey | en_passant(walkers, piece.color, from));
                reached |= pushes(piece.color, from, blocked);
            }
            Role::King => takes |= attacks::king_attacks(from) & !guarded(walkers, !piece.color),
            _ => takes |= attacks::attacks(from, piece, blocked),
        }
    }
    let steps = takes & !own_fixed & !enemy_king;
    walkers[index].reach = reached | steps;
    for other in walkers.iter_mut() {
        let meets = |squares: Bitboard| (other.reach & squares).any();
        if other.piece.color != piece.color && other.piece.role != Role::King {
            let passed = piece.role == Role::Pawn
                && other.piece.role == Role::Pawn
                && meets(behind(steps, piece.color));
            other.taken |= meets(steps) || passed;
        }
    }
}

/// Squares that a pawn may be pushed to.
fn pushes(color: Color, from: Square, blocked: Bitboard) -> Bitboard {
    let ahead = |squares: Bitboard| behind(squares, !color) & !blocked;
    let once = ahead(Bitboard::from_square(from));
    if from.rank() == color.fold_wb(shakmaty::Rank::Second, shakmaty::Rank::Seventh) {
        once | ahead(once)
    } else {
        once
    }
}

/// The squares one rank nearer to this colour's own back rank.
fn behind(squares: Bitboard, color: Color) -> Bitboard {
    squares.shift(color.fold_wb(-8, 8))
}

/// Squares on which a pawn may take another one that has passed it.
fn en_passant(walkers: &[Walker], color: Color, from: Square) -> Bitboard {
    if from.rank() != color.fold_wb(shakmaty::Rank::Fifth, shakmaty::Rank::Fourth) {
        return Bitboard::EMPTY;
    }
    let passing = walkers.iter().filter(|other| {
        other.piece == Role::Pawn.of(!color)
            && other.home.rank() == color.fold_wb(shakmaty::Rank::Seventh, shakmaty::Rank::Second)
    });
    let beside = Bitboard::from_rank(from.rank());
    let passed = passing.fold(Bitboard::EMPTY, |all, other| all | (other.reach & beside));
    behind(passed, !color)
}

/// Squares that the pawns and knights of this colour that never leave guard for ever.
fn guarded(walkers: &[Walker], color: Color) -> Bitboard {
    walkers
        .iter()
        .filter(|walker| walker.piece.color == color && walker.is_fixed())
        .fold(Bitboard::EMPTY, |all, walker| {
            all | match walker.piece.role {
                Role::Pawn => attacks::pawn_attacks(color, walker.home),
                Role::Knight => attacks::knight_attacks(walker.home),
                _ => Bitboard::EMPTY,
            }
        })
}

/// Whether there is a square where the losing king could be in check and all squares around it attacked or filled by its own.
fn mate_is_thinkable(walkers: &[Walker], winner: Color) -> bool {
    let hunted = Role::King.of(!winner);
    // The hunted king does not shield what is behind it.
    let blocked = fixed(walkers, |walker| walker.piece != hunted);
    let attacked = |wanted: &dyn Fn(Role) -> bool| {
        walkers
            .iter()
            .filter(|walker| walker.piece.color == winner && wanted(walker.piece.role))
            .flat_map(|walker| {
                let from = walker.reach.into_iter();
                from.map(|from| attacks::attacks(from, walker.piece, blocked))
            })
            .fold(Bitboard::EMPTY, |all, squares| all | squares)
    };
    let checked = attacked(&|role| role != Role::King);
    let closed = checked | attacked(&|role| role == Role::King) | prey(walkers, !winner);
    let stands = walkers.iter().find(|walker| walker.piece == hunted);
    stands.is_some_and(|king| {
        let mut squares = (king.reach & checked).into_iter();
        squares.any(|square| attacks::king_attacks(square).is_subset(closed))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::notation;

    fn proven(fen: &str) -> [bool; 2] {
        let position = notation::position(fen).expect("a fine position");
        [Color::White, Color::Black].map(|winner| is_unwinnable(&position, winner))
    }

    #[test]
    fn kings_stay_behind_walls_of_pawns() {
        for (fen, expected) in [
            ("k7/8/8/p1p1p1p1/P1P1P1P1/8/8/7K w - - 0 1", [true, true]),
            // The wall has a door: no pawn guards h5 and h4.
            ("k7/8/8/p1p1p3/P1P1P3/8/8/7K w - - 0 1", [false, false]),
            // A pawn can still move, and promote.
            ("k7/7p/8/p1p1p1p1/P1P1P1P1/8/8/7K w - - 0 1", [false, false]),
            // Of the two bishops only White's gets to where the other king is (lichess ijyj0mHa).
            (
                "5b2/p7/Pp3k2/1Pp1pBp1/2P1P1P1/5K2/8/8 w - - 0 1",
                [false, true],
            ),
        ] {
            assert_eq!(proven(fen), expected, "{fen}");
        }
    }

    #[test]
    fn what_can_be_taken_is_no_wall() {
        // The same wall with a knight that takes what it likes.
        assert_eq!(
            proven("k6n/8/8/p1p1p1p1/P1P1P1P1/8/8/7K w - - 0 1"),
            [false, false]
        );
        // En passant opens it: after h2h4 Black's g-pawn takes.
        assert_eq!(
            proven("k7/8/8/p1p1p3/P1P1P1p1/6P1/7P/7K w - - 0 1"),
            [false, false]
        );
    }
}
