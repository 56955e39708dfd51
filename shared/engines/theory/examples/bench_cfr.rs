//! Times regret minimisation per iteration on Kuhn and Leduc poker: `bench_cfr [iterations] [algorithm]`.

#[path = "../tests/poker/mod.rs"]
mod poker;

use std::sync::atomic::AtomicBool;
use std::time::Instant;

use rookery_theory::Game;
use rookery_theory::cfr::{Algorithm, FictitiousPlay, Flat, Learner, distance};

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock; the library does not"
)]
fn main() {
    let iterations = std::env::args().nth(1).map_or(1_000, |argument| {
        argument.parse::<u64>().expect("a whole number")
    });
    let only = std::env::args().nth(2);
    let stop = AtomicBool::new(false);
    for (name, game) in [("kuhn", poker::kuhn()), ("leduc", poker::leduc())] {
        let Game::Extensive(tree) = &game else {
            unreachable!("poker is built as a tree")
        };
        let start = Instant::now();
        let flat = Flat::new(tree, &stop).expect("perfect recall");
        println!(
            "{name}: flattened in {:.2} ms",
            start.elapsed().as_secs_f64() * 1e3
        );
        let algorithms = Algorithm::ALL
            .iter()
            .map(|algorithm| (algorithm.name(), algorithm.start(&flat, 0)));
        let fictitious: Box<dyn Learner> = Box::new(FictitiousPlay::new(&flat));
        for (algorithm, mut learner) in algorithms.chain([("fictitious play", fictitious)]) {
            if only.as_ref().is_some_and(|only| only != algorithm) {
                continue;
            }
            let start = Instant::now();
            for _ in 0..iterations {
                learner.iterate(&stop);
            }
            let spent = start.elapsed().as_secs_f64() / iterations as f64;
            let reached = distance(&flat, &learner.average());
            println!(
                "  {algorithm:16} {:8.3} us per iteration; after {iterations}: exploitability {:.3e}, value {:.7}",
                spent * 1e6,
                reached.exploitability(),
                reached.values[0],
            );
        }
    }
}
