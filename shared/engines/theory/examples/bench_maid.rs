//! Times the pure equilibria of small influence diagrams, from parsed game to shown result, in microseconds of one thread.

use std::sync::atomic::AtomicBool;
use std::time::Instant;

use rookery_theory::{Config, Control, Limits, analyze, examples, find, parse};

const ROUNDS: u32 = 200;

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock; the library does not"
)]
fn main() {
    let games = std::env::args().skip(1).map(|path| {
        let bytes = std::fs::read(&path).expect("a readable file");
        parse(&path, &bytes, &Limits::default()).expect("a game")
    });
    let own = examples()
        .into_iter()
        .filter(|game| game.id().ends_with("-maid"));
    let stop = AtomicBool::new(false);
    let control = Control::new(&stop);
    for game in own.chain(games) {
        for name in ["MAID Nash Equilibrium", "MAID Subgame Perfect Equilibrium"] {
            let info = find(name).expect("an analysis");
            let run = || analyze(&game, info, &Config::default(), &control).expect("it fits");
            let summary = run().summary;
            let start = Instant::now();
            for _ in 0..ROUNDS {
                run();
            }
            let each = start.elapsed() / ROUNDS;
            println!("{:30} {:28} {} us", game.title(), summary, each.as_micros());
        }
    }
}
