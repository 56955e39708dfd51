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

#[cfg(test)]
mod tests {
    use shakmaty::fen::Fen;
    use shakmaty::uci::UciMove;
    use shakmaty::{CastlingMode, Chess};

    use super::wins;

    /// Each exchange reckoned by hand with pawn 100, minor piece 325, rook 500, queen 975.
    const EXCHANGES: [(&str, &str, i32); 11] = [
        // A pawn that nobody guards.
        ("4k3/8/8/3p4/8/8/8/3RK3 w - - 0 1", "d1d5", 100),
        // The same, guarded by a pawn: 100 - 500.
        ("4k3/8/2p5/3p4/8/8/8/3RK3 w - - 0 1", "d1d5", -400),
        // The same with a second rook behind the first: 100 - 500 + 100.
        ("4k3/8/2p5/3p4/8/8/3R4/3RK3 w - - 0 1", "d2d5", -300),
        // Pawn takes knight, pawn takes pawn: 325 - 100.
        ("4k3/2p5/3n4/4P3/8/8/8/4K3 w - - 0 1", "e5d6", 225),
        // The recapture opens the way of a bishop behind the pawn: 325 - 100 + 100.
        ("4k3/2p5/3n4/4P3/5B2/8/8/4K3 w - - 0 1", "e5d6", 325),
        // Queen takes a guarded rook: 500 - 975.
        ("3rk3/8/8/8/8/8/8/3QK3 w - - 0 1", "d1d8", -475),
        // A king may not take what a bishop guards: 500.
        ("3rk3/8/8/6B1/8/8/8/3RK3 w - - 0 1", "d1d8", 500),
        // En passant: 100.
        ("4k3/8/8/3pP3/8/8/8/4K3 w - d6 0 1", "e5d6", 100),
        // Promotion on an unguarded square: queen for pawn.
        ("8/P3k3/8/8/8/8/8/4K3 w - - 0 1", "a7a8q", 875),
        // Promotion where a rook takes: 875 - 975.
        ("7r/P3k3/8/8/8/8/8/4K3 w - - 0 1", "a7a8q", -100),
        // A quiet move onto a square that a pawn guards.
        ("4k3/8/2p5/8/8/5B2/8/4K3 w - - 0 1", "f3d5", -325),
    ];

    #[test]
    fn exchanges_come_to_what_they_come_to() {
        for (fen, text, value) in EXCHANGES {
            let position: Chess = fen
                .parse::<Fen>()
                .expect("a FEN")
                .into_position(CastlingMode::Standard)
                .expect("a position");
            let uci: UciMove = text.parse().expect("a move");
            let m = uci.to_move(&position).expect("a legal move");
            assert!(wins(&position, m, value), "{fen} {text} is {value}");
            assert!(!wins(&position, m, value + 1), "{fen} {text} is {value}");
        }
    }
}
