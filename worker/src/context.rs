//! What every job of this process has at hand.

use rookery_shared::Store;

/// Shared by all lanes.
pub struct Context {
    pub store: Store,
}

impl Context {
    pub fn new(store: Store) -> Self {
        Self { store }
    }
}
