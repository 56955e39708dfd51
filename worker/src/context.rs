//! What every job of this process has at hand.

use rookery_shared::Store;
use rookery_shared::chess::Chess;

/// Shared by all lanes.
pub struct Context {
    pub store: Store,
    pub chess: Chess,
}

impl Context {
    pub fn new(store: Store) -> Self {
        Self {
            chess: Chess::new(store.clone()),
            store,
        }
    }
}
