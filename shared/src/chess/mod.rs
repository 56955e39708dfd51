//! Live chess: games in Postgres, changed by compare-and-set, from any process.
//!
//! A change goes one way: [`Chess::command`] reads the game (or remembers it), the state machine of `rookery_chess::live` decides,
//! `commit` writes where the version is still the same, `announce` rings clocks, bots and watchers. A human, a bot and a fallen flag
//! all end there.

mod announce;
mod bot_turn;
mod change;
mod clock;
mod commit;
mod committer;
mod create;
mod due;
pub mod events;
mod list;
mod load;
mod outbox;
mod pgn;
mod rematch;
mod row;
mod versions;

use std::sync::Arc;

use quick_cache::sync::Cache;
use rookery_queue::Loan;
use uuid::Uuid;

use crate::{Store, StoreError};

pub use announce::channel;
pub use bot_turn::{deep_bots, overdue_bots, quick_bots};
pub use change::CommandError;
pub use clock::overdue_clocks;
pub use create::{NewBotGame, NewGame, TimeControl};
pub use due::{BotMove, BotThink, ClockCheck, GameEnded};
pub use list::{Filter, Listed};
pub use load::Game;
pub use outbox::{RelayError, STREAM, overdue_endings};
pub use pgn::pgn;
pub use rematch::RematchError;
pub use row::{GameRow, PlayedMove, letter};

use committer::Committer;

/// A process' way to the games. Cheap to clone.
#[derive(Clone)]
pub struct Chess {
    store: Store,
    /// Games that this process saw last. Nothing in it is trusted: a change is made only where the version is still the same, and
    /// nobody is refused by it.
    recent: Arc<Cache<Uuid, Game>>,
    committer: Committer,
}

/// Some 10 KB each at the end of a long game.
const RECENT: usize = 20_000;

impl Chess {
    /// Must be called inside a tokio runtime.
    pub fn new(store: Store) -> Self {
        let committer = Committer::start(&store.pool);
        Self {
            store,
            recent: Arc::new(Cache::new(RECENT)),
            committer,
        }
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    /// For a statement of the caller's own, or its transaction.
    pub async fn connection(&self) -> Result<Loan, StoreError> {
        Ok(self.store.pool.acquire().await?)
    }
}
