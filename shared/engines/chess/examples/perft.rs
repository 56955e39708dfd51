//! Counts the leaves below the six standard positions and says how fast: `perft [less]`, where `less` is by how many plies to
//! stay above the depths of about 10⁸ leaves.

mod cpu;
#[path = "../tests/perft_positions/mod.rs"]
mod perft_positions;

use rookery_chess::rules::notation;
use shakmaty::perft;

use perft_positions::POSITIONS;

fn main() {
    let less: usize = std::env::args()
        .nth(1)
        .map_or(0, |less| less.parse().expect("a number of plies"));
    let mut all = 0;
    let begun = cpu::spent();
    for (name, fen, counts) in POSITIONS {
        let depth = counts.len().saturating_sub(less).max(1);
        let position = notation::position(fen).expect("a FEN of the table");
        let before = cpu::spent();
        let nodes = perft(&position, u32::try_from(depth).expect("a small depth"));
        let seconds = (cpu::spent() - before).as_secs_f64();
        assert_eq!(nodes, counts[depth - 1], "{name} at depth {depth}");
        all += nodes;
        println!(
            "{name}: depth {depth}, {nodes} nodes, {:.1} M nodes/s",
            nodes as f64 / seconds / 1e6
        );
    }
    let seconds = (cpu::spent() - begun).as_secs_f64();
    println!(
        "all counts right: {all} nodes in {seconds:.2} s of CPU, {:.1} M nodes/s",
        all as f64 / seconds / 1e6
    );
}
