//! Legal games for those who only want to move: random ones, the same on every machine, none of which ends by itself.

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;
use shakmaty::uci::UciMove;
use shakmaty::{CastlingMode, Chess, Move, Position as _};

/// Bodies of the moves of one game, in order.
pub type Playout = Vec<String>;

pub const PLIES: usize = 80;

/// So many games of 80 half-moves.
pub fn playouts(count: usize) -> Vec<Playout> {
    let mut random = StdRng::seed_from_u64(4);
    std::iter::repeat_with(|| playout(&mut random))
        .filter(|playout| playout.len() == PLIES)
        .take(count)
        .collect()
}

/// Shorter than it should be where chance led to an end.
fn playout(random: &mut StdRng) -> Playout {
    let mut position = Chess::default();
    let mut bodies = Vec::with_capacity(PLIES);
    for ply in 1..=PLIES {
        let legal = position.legal_moves();
        let chosen = legal[random.random_range(0..legal.len())];
        bodies.push(body(chosen, ply));
        position.play_unchecked(chosen);
        // Random play hardly repeats itself five times: only what ends a game at once is looked for.
        if position.is_game_over() {
            break;
        }
    }
    bodies
}

/// What a client posts.
pub fn body(chosen: Move, ply: usize) -> String {
    let UciMove::Normal {
        from,
        to,
        promotion,
    } = chosen.to_uci(CastlingMode::Standard)
    else {
        unreachable!("standard chess drops no pieces");
    };
    let promotion = promotion.map(|role| role.char().to_string());
    json!({ "from": from.to_string(), "to": to.to_string(), "promotion": promotion, "ply": ply })
        .to_string()
}
