//! The example games that ship with the product.

use crate::game::Game;
use crate::parse::{Limits, parse};

const FILES: [(&str, &str); 10] = [
    ("trust-game.json", include_str!("../games/trust-game.json")),
    (
        "matching-pennies.json",
        include_str!("../games/matching-pennies.json"),
    ),
    (
        "prisoners-dilemma.json",
        include_str!("../games/prisoners-dilemma.json"),
    ),
    (
        "battle-of-sexes.json",
        include_str!("../games/battle-of-sexes.json"),
    ),
    (
        "rock-paper-scissors.json",
        include_str!("../games/rock-paper-scissors.json"),
    ),
    ("stag-hunt.json", include_str!("../games/stag-hunt.json")),
    (
        "centipede-4.json",
        include_str!("../games/centipede-4.json"),
    ),
    (
        "signaling-game.json",
        include_str!("../games/signaling-game.json"),
    ),
    (
        "prisoners-dilemma-maid.json",
        include_str!("../games/prisoners-dilemma-maid.json"),
    ),
    (
        "signaling-game-maid.json",
        include_str!("../games/signaling-game-maid.json"),
    ),
];

/// The example games, each with its stable id.
pub fn examples() -> Vec<Game> {
    let read = |(name, text): &(&str, &str)| {
        parse(name, text.as_bytes(), &Limits::default()).expect("the examples are tested")
    };
    FILES.iter().map(read).collect()
}
