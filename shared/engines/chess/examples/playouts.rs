//! Prints random games as PGN, for another program to replay: `playouts [games]`. The event names the draw policy and the reason
//! of the end.

#[path = "../tests/playout/mod.rs"]
mod playout;

use rookery_chess::live::DrawPolicy;
use rookery_chess::pgn::{Annotated, Pgn};

fn main() {
    let games: u64 = std::env::args()
        .nth(1)
        .map_or(100, |games| games.parse().expect("a number of games"));
    for seed in 0..games {
        let policy = DrawPolicy::ALL[(seed % 3) as usize];
        let played = playout::play(seed, policy);
        let ending = played.game.ending.expect("it was played to its end");
        let pgn = Pgn {
            event: &format!("{policy} {}", ending.reason),
            site: "?",
            date: "????.??.??",
            white: "random",
            black: "random",
            initial_seconds: 600,
            increment_seconds: 0,
            ending: Some(ending),
            moves: played
                .moves
                .iter()
                .map(|(played, _)| Annotated {
                    san: &played.san,
                    clock_ms: Some(600_000 - u64::from(played.ply) * 100),
                })
                .collect(),
        };
        println!("{}", pgn.write());
    }
}
