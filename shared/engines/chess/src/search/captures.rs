//! Captures, promotions to a queen and quiet checks when not in check: all that the quiescence search looks at, without
//! the cost of generating the rest.

use shakmaty::{Bitboard, Chess, Move, Position as _, Role, Square, attacks};

use super::node::pinned;

/// Calls with each legal one.
pub(super) fn for_each_capture(position: &Chess, mut found: impl FnMut(Move)) {
    let board = position.board();
    let us = position.us();
    let Some(king) = (board.kings() & us).first() else {
        return;
    };
    let them = position.them();
    let occupied = board.occupied();
    let pinned = pinned(position);
    let mut emit = |m: Move, from: Square| {
        if !pinned.contains(from) || attacks::aligned(from, m.to(), king) {
            found(m);
        }
    };

    let last_ranks = Bitboard::BACKRANKS;
    let forward = position.turn().fold_wb(8, -8);
    for from in board.pawns() & us {
        for to in attacks::pawn_attacks(position.turn(), from) & them {
            let m = Move::Normal {
                role: Role::Pawn,
                from,
                capture: board.role_at(to),
                to,
                promotion: last_ranks.contains(to).then_some(Role::Queen),
            };
            emit(m, from);
        }
        let ahead = from.offset(forward);
        if let Some(to) = ahead.filter(|to| last_ranks.contains(*to) && !occupied.contains(*to)) {
            let m = Move::Normal {
                role: Role::Pawn,
                from,
                capture: None,
                to,
                promotion: Some(Role::Queen),
            };
            emit(m, from);
        }
    }
    for role in [Role::Knight, Role::Bishop, Role::Rook, Role::Queen] {
        for from in board.by_role(role) & us {
            for to in reached(role, from, occupied) & them {
                let m = Move::Normal {
                    role,
                    from,
                    capture: board.role_at(to),
                    to,
                    promotion: None,
                };
                emit(m, from);
            }
        }
    }
    for to in attacks::king_attacks(king) & them {
        if board
            .attacks_to(to, !position.turn(), occupied.without(king))
            .is_empty()
        {
            found(Move::Normal {
                role: Role::King,
                from: king,
                capture: board.role_at(to),
                to,
                promotion: None,
            });
        }
    }
    if position.maybe_ep_square().is_some() {
        position.en_passant_moves().into_iter().for_each(found);
    }
}

/// Calls with each legal quiet move of a piece that gives check itself; checks that another piece discovers are left out.
pub(super) fn for_each_quiet_check(position: &Chess, mut found: impl FnMut(Move)) {
    let board = position.board();
    let us = position.us();
    let (Some(king), Some(target)) = (
        (board.kings() & us).first(),
        (board.kings() & position.them()).first(),
    ) else {
        return;
    };
    let occupied = board.occupied();
    let straight = attacks::rook_attacks(target, occupied);
    let oblique = attacks::bishop_attacks(target, occupied);
    let pinned = pinned(position);
    for (role, checking) in [
        (Role::Knight, attacks::knight_attacks(target)),
        (Role::Bishop, oblique),
        (Role::Rook, straight),
        (Role::Queen, straight | oblique),
    ] {
        for from in board.by_role(role) & us {
            for to in reached(role, from, occupied) & checking & !occupied {
                if !pinned.contains(from) || attacks::aligned(from, to, king) {
                    found(Move::Normal {
                        role,
                        from,
                        capture: None,
                        to,
                        promotion: None,
                    });
                }
            }
        }
    }
}

fn reached(role: Role, from: Square, occupied: Bitboard) -> Bitboard {
    match role {
        Role::Knight => attacks::knight_attacks(from),
        Role::Bishop => attacks::bishop_attacks(from, occupied),
        Role::Rook => attacks::rook_attacks(from, occupied),
        _ => attacks::queen_attacks(from, occupied),
    }
}
