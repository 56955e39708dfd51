//! What every job of this process has at hand.

use rookery_chess::bot::Difficulty;
use rookery_shared::Store;
use rookery_shared::characters::Characters;
use rookery_shared::chess::Chess;

use crate::characters::Places;
use crate::characters::provider::Model;
use crate::chess::{Bots, Stockfish};

/// Shared by all lanes.
pub struct Context {
    pub store: Store,
    pub chess: Chess,
    pub bots: Bots,
    pub cast: Characters,
    /// Language models, for characters.
    pub model: Model,
    /// How many decisions they make here at once.
    pub thinking: Places,
    stockfish: Option<Stockfish>,
}

impl Context {
    pub fn new(store: Store, stockfish: Option<Stockfish>, model: Model) -> Self {
        Self {
            chess: Chess::new(store.clone()),
            bots: Bots::default(),
            cast: Characters::new(store.clone()),
            thinking: Places::default(),
            model,
            stockfish,
            store,
        }
    }

    /// What helps a bot of this difficulty, if there is something.
    pub fn stockfish_for(&self, difficulty: Difficulty) -> Option<&Stockfish> {
        let helps = difficulty == Difficulty::Master;
        self.stockfish.as_ref().filter(|_| helps)
    }
}
