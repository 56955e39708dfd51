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

/// A Vegas program has neither id nor title: these are given.
const PROGRAM: (&str, &str, &str) = (
    "prisoners-dilemma-vegas",
    "Prisoner's Dilemma (Vegas)",
    include_str!("../games/prisoners-dilemma.vg"),
);

/// The example games, each with its stable id.
pub fn examples() -> Vec<Game> {
    let read = |name: &str, text: &str| {
        parse(name, text.as_bytes(), &Limits::default()).expect("the examples are tested")
    };
    let (id, title, text) = PROGRAM;
    let mut program = read("prisoners-dilemma.vg", text);
    program.set_id(id);
    title.clone_into(&mut program.meta_mut().title);
    let files = FILES.iter().map(|(name, text)| read(name, text));
    files.chain([program]).collect()
}
