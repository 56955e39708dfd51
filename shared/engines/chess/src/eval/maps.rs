//! Who attacks what: gathered once per evaluation, used by all its parts.

use shakmaty::{Bitboard, Board, ByColor, ByRole, Color, Role, Square, attacks};

/// What one side attacks.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Side {
    pub by_role: ByRole<Bitboard>,
    pub all: Bitboard,
    /// Attacked at least twice.
    pub twice: Bitboard,
    /// The squares around the king, and those one further toward the enemy.
    pub zone: Bitboard,
    pub king: Option<Square>,
}

impl Side {
    pub(super) fn add(&mut self, role: Role, attacked: Bitboard) {
        self.twice |= self.all & attacked;
        self.all |= attacked;
        *self.by_role.get_mut(role) |= attacked;
    }
}

pub(super) type Maps = ByColor<Side>;

/// Pawns and kings; the pieces add theirs as they are looked at.
pub(super) fn begin(board: &Board) -> Maps {
    ByColor::new_with(|color| {
        let mut side = Side::default();
        let pawns = board.pawns() & board.by_color(color);
        let [left, right] = pawn_attacks(color, pawns);
        side.twice = left & right;
        side.all = left | right;
        side.by_role.pawn = side.all;
        if let Some(king) = board.king_of(color) {
            let around = attacks::king_attacks(king);
            side.king = Some(king);
            side.zone = around.with(king) | forward(color, around);
            side.add(Role::King, around);
        }
        side
    })
}

/// To the left and to the right.
pub(super) fn pawn_attacks(color: Color, pawns: Bitboard) -> [Bitboard; 2] {
    let not_a = !Bitboard::from_file(shakmaty::File::A);
    let not_h = !Bitboard::from_file(shakmaty::File::H);
    match color {
        Color::White => [(pawns & not_a).shift(7), (pawns & not_h).shift(9)],
        Color::Black => [(pawns & not_a).shift(-9), (pawns & not_h).shift(-7)],
    }
}

/// One rank toward the enemy.
pub(super) fn forward(color: Color, squares: Bitboard) -> Bitboard {
    squares.shift(color.fold_wb(8, -8))
}
