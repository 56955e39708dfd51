//! A position in the tree with what the search keeps beside it: key, checkers, how far back a repetition may lie.

use shakmaty::zobrist::{Zobrist64, ZobristValue as _};
use shakmaty::{
    Bitboard, CastlingSide, Chess, Color, EnPassantMode, File, Move, Position as _, Role, Square,
    attacks,
};

#[derive(Clone)]
pub(super) struct Node {
    pub position: Chess,
    pub key: Zobrist64,
    pub checkers: Bitboard,
    /// Moves since the last one that cannot be undone: no earlier position can come again.
    pub reversible: usize,
    /// The file that en passant has put into the key.
    en_passant: Option<File>,
}

impl Node {
    pub(super) fn new(position: &Chess) -> Self {
        Self {
            key: position.zobrist_hash(EnPassantMode::Legal),
            checkers: position.checkers(),
            reversible: position.halfmoves() as usize,
            en_passant: position.legal_ep_square().map(Square::file),
            position: position.clone(),
        }
    }

    pub(super) fn after(&self, m: Move) -> Self {
        let us = self.position.turn();
        let rights = self.position.castles().castling_rights();
        let mut position = self.position.clone();
        position.play_unchecked(m);

        let mut key = self.key;
        key ^= Zobrist64::zobrist_for_white_turn();
        for (square, piece) in moved(us, m).into_iter().flatten() {
            key ^= Zobrist64::zobrist_for_piece(square, piece);
        }
        if position.castles().castling_rights() != rights {
            for color in Color::ALL {
                for side in CastlingSide::ALL {
                    if self.position.castles().has(color, side)
                        && !position.castles().has(color, side)
                    {
                        key ^= Zobrist64::zobrist_for_castling_right(color, side);
                    }
                }
            }
        }
        if let Some(file) = self.en_passant {
            key ^= Zobrist64::zobrist_for_en_passant_file(file);
        }
        let en_passant = position.legal_ep_square().map(Square::file);
        if let Some(file) = en_passant {
            key ^= Zobrist64::zobrist_for_en_passant_file(file);
        }
        Self {
            key,
            checkers: position.checkers(),
            reversible: if m.is_zeroing() || m.is_castle() {
                0
            } else {
                self.reversible + 1
            },
            en_passant,
            position,
        }
    }

    /// The other side to move in the same position; none when nobody could stand still for it. shakmaty has no move that
    /// passes, so a piece steps onto its own square: not a rook with a castling right, which would lose it.
    pub(super) fn after_passing(&self) -> Option<Self> {
        let board = self.position.board();
        let rooks = board.rooks() & !self.position.castles().castling_rights();
        let stander = (self.position.us()
            & (board.knights() | board.bishops() | board.queens() | rooks))
            .first()?;
        let mut position = self.position.clone();
        position.play_unchecked(Move::Normal {
            role: board.role_at(stander)?,
            from: stander,
            capture: None,
            to: stander,
            promotion: None,
        });
        let mut key = self.key;
        key ^= Zobrist64::zobrist_for_white_turn();
        if let Some(file) = self.en_passant {
            key ^= Zobrist64::zobrist_for_en_passant_file(file);
        }
        Some(Self {
            position,
            key,
            checkers: Bitboard::EMPTY,
            reversible: 0,
            en_passant: None,
        })
    }

    pub(super) fn in_check(&self) -> bool {
        self.checkers.any()
    }
}

type Placed = (Square, shakmaty::Piece);

/// The squares that a move empties or fills, with what leaves or arrives.
fn moved(us: Color, m: Move) -> [Option<Placed>; 4] {
    match m {
        Move::Normal {
            role,
            from,
            capture,
            to,
            promotion,
        } => [
            Some((from, role.of(us))),
            Some((to, promotion.unwrap_or(role).of(us))),
            capture.map(|role| (to, role.of(!us))),
            None,
        ],
        Move::EnPassant { from, to } => [
            Some((from, us.pawn())),
            Some((to, us.pawn())),
            Some((Square::from_coords(to.file(), from.rank()), (!us).pawn())),
            None,
        ],
        Move::Castle { king, rook } => {
            let side = CastlingSide::from_king_side(king < rook);
            [
                Some((king, us.king())),
                Some((rook, us.rook())),
                Some((side.king_to(us), us.king())),
                Some((side.rook_to(us), us.rook())),
            ]
        }
        Move::Put { role, to } => [Some((to, role.of(us))), None, None, None],
    }
}

/// The pieces of the side to move that stand between their king and a slider.
pub(super) fn pinned(position: &Chess) -> Bitboard {
    let board = position.board();
    let us = position.us();
    let Some(king) = (board.kings() & us).first() else {
        return Bitboard::EMPTY;
    };
    let them = position.them();
    let snipers = them
        & ((attacks::rook_attacks(king, Bitboard::EMPTY) & board.rooks_and_queens())
            | (attacks::bishop_attacks(king, Bitboard::EMPTY) & board.bishops_and_queens()));
    let mut pinned = Bitboard::EMPTY;
    for sniper in snipers {
        let between = attacks::between(king, sniper) & board.occupied();
        if !between.more_than_one() {
            pinned |= between & us;
        }
    }
    pinned
}

/// Worth of a piece where only the order of exchanges matters (Kaufman, "The Evaluation of Material Imbalances", 1999,
/// with the minor pieces made equal).
pub(super) fn exchange_value(role: Role) -> i32 {
    match role {
        Role::Pawn => 100,
        Role::Knight | Role::Bishop => 325,
        Role::Rook => 500,
        Role::Queen => 975,
        Role::King => 20_000,
    }
}
