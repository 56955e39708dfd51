//! Games whose endings are known, in UCI notation: from the literature, or found with python-chess 1.11.2, which judged each of them.

/// The fool's mate.
pub const FOOLS_MATE: &str = "f2f3 e7e5 g2g4 d8h4";

/// White mates on f7 with the queen (the scholar's mate).
pub const SCHOLARS_MATE: &str = "e2e4 e7e5 f1c4 b8c6 d1h5 g8f6 h5f7";

/// The shortest known game to a stalemate (Sam Loyd, 1866; ten moves).
pub const STALEMATE: &str = "e2e3 a7a5 d1h5 a8a6 h5a5 h7h5 h2h4 a6h6 a5c7 f7f6 c7d7 e8f7 d7b7 d8d3 b7b8 d3h7 b8c8 f7g6 c8e6";

/// The knights go out and home again: the position before comes back after four half-moves.
pub const THERE_AND_BACK: &str = "g1f3 g8f6 f3g1 f6g8";

/// The kings are alone after the 51st half-move.
pub const BARE_KINGS: &str = "d2d4 b8c6 b1d2 c6d4 g1h3 d4e2 f1e2 a7a6 e2a6 a8a6 d2f3 a6a2 d1d7 c8d7 a1a2 d7h3 g2h3 g7g5 f3g5 f7f6 g5h7 h8h7 c1g5 f6g5 a2a7 h7h3 a7b7 h3h2 h1h2 g5g4 b7c7 d8c7 h2h1 c7c2 h1h5 c2b2 h5h8 b2f2 e1f2 f8g7 h8g8 e8f7 g8g7 f7g7 f2g3 e7e5 g3g4 e5e4 g4f5 g7h8 f5e4";

/// Black has nothing but the king, White nearly everything and the move. On the way a pawn promotes by a capture.
pub const BLACK_IS_BARE: &str = "f2f4 e7e5 f4e5 f7f6 e5f6 f8e7 f6e7 h7h6 e7d8q e8f7 d8d7 g8e7 d7c8 b8d7 c8h8 d7b8 h8g7 f7e6 g7e7 e6f5 e7c7 b8d7 c7d7 f5f6 d7b7 a7a6 b7a8 f6e5 a8a6 e5e4 a6h6 e4e5";

/// Four pawn moves, then knights and rooks: no position comes twice, nothing is taken. The 104th half-move completes fifty moves,
/// the 154th, which is the last, 75.
pub const QUIET: &str = "a2a3 h7h6 h2h3 a7a6 b1c3 h8h7 a1b1 h7h8 c3a4 h8h7 a4b6 b8c6 g1f3 c6d4 f3h4 h7h8 h4g6 a8a7 g6e5 d4c6 b6d5 c6d4 h1g1 d4e6 e5c6 g8f6 g1h1 e6c5 c6e5 c5e6 d5b4 e6c5 h1h2 h8h7 e5f3 c5e6 f3e5 e6f4 b4d5 f4h5 d5b6 a7a8 e5d3 h5f4 b6a4 a8a7 d3b4 f6d5 b1a1 a7a8 a1a2 a8b8 a4c3 h7h8 b4c6 b8a8 c6a7 h8g8 c3a4 g8h8 a7c6 d5b6 c6a7 h8h7 a2a1 b6c4 a4b6 h7h8 b6a4 f4h5 a4c3 h5f4 c3a2 f4d5 h2h1 d5c3 a2b4 c4e3 b4d3 c3d5 d3f4 e3c4 a1b1 d5e3 f4d3 a8b8 h1g1 e3g4 a7b5 g4f6 d3e5 h8g8 e5c6 f6e4 c6a5 e4c3 a5b3 c3a4 b1a1 b8a8 b3d4 c4e5 d4f3 e5g6 f3e5 a8b8 e5c6 a4b6 c6a5 g6h8 a5c6 b6d5 c6a7 d5f6 b5c3 f6d5 a1b1 d5b6 c3b5 b6a4 g1h1 a4c3 b1a1 c3b1 h1h2 h8g6 a7c6 g6f4 a1a2 b1c3 c6d4 f4h5 d4e6 c3e4 e6d4 e4g5 d4b3 g8h8 b5d4 h8g8 a2a1 b8a8 d4b5 g5h7 h2h1 g8h8 h1h2 a8b8 b5c3 h5f4 c3a4 f4e6 a4c3 e6g5";
