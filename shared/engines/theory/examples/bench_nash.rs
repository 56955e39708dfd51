//! Times all equilibria of random square games: `bench_nash [n] [seed] [highest payoff] [games] [threads]`.

use std::sync::atomic::AtomicBool;
use std::time::Instant;

use rookery_theory::{Config, Control, Limits, analyze, find, parse};

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock; the library does not"
)]
fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| {
        argument
            .parse::<u64>()
            .expect("arguments are whole numbers")
    });
    let size = arguments.next().unwrap_or(12) as usize;
    let seed = arguments.next().unwrap_or(1);
    let highest = arguments.next().unwrap_or(100);
    let games = arguments.next().unwrap_or(3);
    let threads = arguments.next().unwrap_or(1) as usize;
    let nash = find("Nash Equilibrium").expect("an analysis");
    let stop = AtomicBool::new(false);
    for seed in seed..seed + games {
        let file = random_game(size, seed, highest);
        let game = parse("random.nfg", file.as_bytes(), &Limits::default()).expect("well formed");
        let start = Instant::now();
        let control = Control {
            threads: &|| threads,
            ..Control::new(&stop)
        };
        let result = analyze(&game, nash, &Config::default(), &control).expect("two players");
        println!(
            "{size}x{size} seed {seed}: {} in {:.1} ms, exhaustive {}",
            result.summary,
            start.elapsed().as_secs_f64() * 1e3,
            result.details["exhaustive"]
        );
        if std::env::var_os("SHOW").is_some() {
            println!("{file}");
        }
    }
}

/// Payoffs uniform in 0..=highest, by xorshift64*.
fn random_game(size: usize, seed: u64, highest: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % (highest + 1)
    };
    let payoffs: Vec<String> = (0..2 * size * size).map(|_| next().to_string()).collect();
    format!(
        "NFG 1 R \"random {seed}\" {{ \"Row\" \"Column\" }} {{ {size} {size} }}\n\n{}\n",
        payoffs.join(" ")
    )
}
