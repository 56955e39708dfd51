//! Static exchange evaluation: what a capture wins when both sides recapture with their least valuable piece and may stop
//! at any time (the swap algorithm, Slate and Atkin, Chess 4.5, 1977).

use shakmaty::{Bitboard, Board, Chess, Move, Position as _, Role, Square, attacks};

use super::node::exchange_value;

/// Whether the exchange that this move begins wins at least so much.
pub(super) fn wins(position: &Chess, m: Move, threshold: i32) -> bool {
    let target = m.to();
    let (from, role) = match m {
        Move::Normal { from, role, .. } => (from, m.promotion().unwrap_or(role)),
        Move::EnPassant { from, .. } => (from, Role::Pawn),
        // A castling move exchanges nothing.
        Move::Castle { .. } | Move::Put { .. } => return threshold <= 0,
    };
    let promoted = m
        .promotion()
        .map_or(0, |role| exchange_value(role) - exchange_value(Role::Pawn));
    let gain = m.capture().map_or(0, exchange_value) + promoted;

    // What is won if nobody takes back, then what is left if the moved piece is simply lost.
    let mut balance = gain - threshold;
    if balance < 0 {
        return false;
    }
    balance -= exchange_value(role);
    if balance >= 0 {
        return true;
    }

    let board = position.board();
    let mut occupied = board.occupied().without(from).with(target);
    if m.is_en_passant() {
        occupied.discard(Square::from_coords(target.file(), from.rank()));
    }
    let mut attackers = attackers(board, target, occupied) & occupied;
    let mut side = !position.turn();
    let us = position.turn();
    loop {
        let own = attackers & board.by_color(side);
        let Some((role, square)) = least_valuable(board, own) else {
            break;
        };
        // A king may not take what is still guarded.
        if role == Role::King && (attackers & board.by_color(!side)).any() {
            break;
        }
        occupied.discard(square);
        // Sliders that stood behind the one that took now look through.
        if matches!(role, Role::Pawn | Role::Bishop | Role::Queen) {
            attackers |= attacks::bishop_attacks(target, occupied) & board.bishops_and_queens();
        }
        if matches!(role, Role::Rook | Role::Queen) {
            attackers |= attacks::rook_attacks(target, occupied) & board.rooks_and_queens();
        }
        attackers &= occupied;
        side = !side;
        // From the other side's view, who now loses the piece that took.
        balance = -balance - 1 - exchange_value(role);
        if balance >= 0 {
            break;
        }
    }
    // The side that could not go on, or need not, has lost the exchange.
    side != us
}

fn attackers(board: &Board, square: Square, occupied: Bitboard) -> Bitboard {
    board.attacks_to(square, shakmaty::Color::White, occupied)
        | board.attacks_to(square, shakmaty::Color::Black, occupied)
}

fn least_valuable(board: &Board, own: Bitboard) -> Option<(Role, Square)> {
    Role::ALL.into_iter().find_map(|role| {
        (own & board.by_role(role))
            .first()
            .map(|square| (role, square))
    })
}
