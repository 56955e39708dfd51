//! Times the reading of a large generated `.efg` file: `bench_parse [megabytes] [listed|terse]` prints one JSON line.
//!
//! `listed` repeats actions and payoffs at every node, as Gambit writes files; `terse` names information sets and outcomes only.

use std::fmt::Write;
use std::time::Instant;

use rookery_theory::{Limits, parse};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let megabytes: usize = arguments.next().map_or(50, |argument| {
        argument.parse().expect("the first argument is a number")
    });
    let style = arguments.next().unwrap_or_else(|| "listed".to_owned());
    let file = tree(megabytes * 1_000_000, style == "listed");
    let bytes = file.len();
    let before = peak_kilobytes();
    let limits = Limits {
        bytes: usize::MAX,
        nodes: usize::MAX,
        ..Limits::default()
    };
    let start = seconds();
    let game = parse("bench.efg", file.as_bytes(), &limits).expect("well formed");
    let took = seconds() - start;
    let peak = peak_kilobytes();
    let rookery_theory::Game::Extensive(tree) = &game else {
        unreachable!("an .efg file is a tree")
    };
    println!(
        "{{\"style\":\"{style}\",\"bytes\":{bytes},\"nodes\":{},\"outcomes\":{},\"cpu_s\":{took:.3},\"mb_per_s\":{:.0},\"peak_bytes\":{},\"peak_per_byte\":{:.2},\"of_it_file_and_generator\":{:.2}}}",
        tree.nodes().len(),
        tree.outcomes().len(),
        bytes as f64 / 1e6 / took,
        peak * 1024,
        (peak * 1024) as f64 / bytes as f64,
        (before * 1024) as f64 / bytes as f64,
    );
}

/// Processor time of this process, from `/proc`: the machine may be busy with other things.
fn seconds() -> f64 {
    let stat = std::fs::File::open("/proc/self/schedstat").and_then(std::io::read_to_string);
    let ran = stat
        .ok()
        .and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    ran.map_or_else(wall, |nanoseconds| nanoseconds / 1e9)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock; the library does not"
)]
fn wall() -> f64 {
    use std::sync::OnceLock;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

/// The most memory that this process has held at once; 0 where the system does not tell.
fn peak_kilobytes() -> usize {
    let status = std::fs::File::open("/proc/self/status").and_then(std::io::read_to_string);
    status.ok().map_or(0, |text| {
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok())
            .unwrap_or(0)
    })
}

/// A card game as solvers' test trees are: nature deals, two players bet in turn, sets of eight nodes, every end its own payoffs.
fn tree(bytes: usize, listed: bool) -> String {
    let mut text = String::with_capacity(bytes + 4_096);
    text.push_str("EFG 2 R \"generated\" { \"Player 1\" \"Player 2\" }\n\"\"\n");
    let deals = (bytes / if listed { 1_390 } else { 755 }).max(1);
    text.push_str("c \"\" 1 \"deal\" {");
    for deal in 0..deals {
        write!(text, " \"{deal}\" 1/{deals}").expect("a String takes everything");
    }
    text.push_str(" } 0\n");
    let (mut outcome, mut state) = (0, 0x9e37_79b9_7f4a_7c15u64);
    for deal in 0..deals {
        let mut pending = vec![0];
        while let Some(depth) = pending.pop() {
            if depth == 4 {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let payoff = (state % 2_001) as i64 - 1_000;
                outcome += 1;
                if listed {
                    writeln!(
                        text,
                        "t \"\" {outcome} \"Outcome {outcome}\" {{ {payoff}, {} }}",
                        -payoff
                    )
                } else {
                    writeln!(text, "t \"\" {} \"\" {{ {payoff} {} }}", outcome, -payoff)
                }
                .expect("a String takes everything");
                continue;
            }
            let set = (deal / 8) * 15 + pending.len() * 4 + depth + 1;
            let player = 1 + depth % 2;
            if listed || deal % 8 == 0 {
                writeln!(
                    text,
                    "p \"\" {player} {set} \"({player},{set})\" {{ \"bet\" \"fold\" }} 0"
                )
            } else {
                writeln!(text, "p \"\" {player} {set} 0")
            }
            .expect("a String takes everything");
            pending.extend([depth + 1, depth + 1]);
        }
    }
    text
}
