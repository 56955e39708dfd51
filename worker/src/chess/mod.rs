//! Chess: bots that answer, fallen flags, and the news of ended games. What falls due is in `rookery_shared::chess::due`.

mod bot_move;
mod bots;
mod clock;
mod endings;
mod stockfish;

pub use bots::Bots;
pub use stockfish::Stockfish;
