//! The move generator against the literature; `examples/perft.rs` counts two plies deeper.

mod perft_positions;

use rookery_chess::rules::notation;
use shakmaty::perft;

use perft_positions::POSITIONS;

#[test]
fn the_standard_positions_have_as_many_leaves_as_the_literature_says() {
    for (name, fen, counts) in POSITIONS {
        let position = notation::position(fen).expect("a FEN of the table");
        for (depth, leaves) in (1..).zip(&counts[..counts.len() - 2]) {
            assert_eq!(perft(&position, depth), *leaves, "{name} at depth {depth}");
        }
    }
}
