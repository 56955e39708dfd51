//! How much is left out, and how much less deep late moves are searched. The figures are set by hand; matches of 200-300 games
//! at 3,000 nodes a move between them and their neighbours showed no difference beyond the noise (±40 Elo).

use std::sync::LazyLock;

/// Futility is asked up to this depth.
pub(super) const FUTILE_DEPTH: i32 = 7;
pub(super) const RAZOR_DEPTH: i32 = 2;
/// Exchanges are asked up to this depth.
pub(super) const EXCHANGE_DEPTH: i32 = 7;
pub(super) const SINGULAR_DEPTH: i32 = 7;
/// So much history is worth a ply of reduction.
pub(super) const HISTORY_PER_PLY: i32 = 8_000;
/// Quiet moves below minus this per ply are left out.
pub(super) const HISTORY_PRUNED: i32 = 4_000;

/// So far above beta that the opponent's best cannot come back to it (Heinz, 1998, from the other side).
pub(super) fn reverse_futility(depth: i32, improving: bool) -> i32 {
    75 * (depth - i32::from(improving))
}

/// So far below alpha that only a capture could help: then the captures are asked first (Birmingham and Kent, 1977).
pub(super) fn razor(depth: i32) -> i32 {
    150 + 150 * depth
}

/// Plies given up by looking at a pass (Donninger, 1993).
pub(super) fn null_move(depth: i32, margin: i32) -> i32 {
    4 + depth / 4 + (margin / 200).min(3)
}

/// What a quiet move may still gain at this depth (Heinz, "Extended Futility Pruning", 1998).
pub(super) fn futility(depth: i32) -> i32 {
    80 + 80 * depth
}

/// How many moves are tried before the quiet ones left are given up.
pub(super) fn late_moves(depth: i32, improving: bool) -> usize {
    let many = 3 + depth * depth;
    (if improving { many } else { many / 2 }).max(1) as usize
}

/// What a capture may lose.
pub(super) fn capture_loss(depth: i32) -> i32 {
    90 * depth
}

/// What a quiet move may leave hanging.
pub(super) fn quiet_loss(depth: i32) -> i32 {
    20 * depth * depth
}

/// Late move reduction: by the logarithms of depth and of the moves tried.
pub(super) fn late_move(depth: i32, tried: usize) -> i32 {
    static TABLE: LazyLock<[[i32; 64]; 64]> = LazyLock::new(|| {
        std::array::from_fn(|depth| {
            std::array::from_fn(|tried| {
                let product = (depth.max(1) as f64).ln() * (tried.max(1) as f64).ln();
                (0.6 + product / 2.3) as i32
            })
        })
    });
    TABLE[depth.clamp(0, 63) as usize][tried.min(63)]
}
