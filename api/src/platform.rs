//! The platform's own operations: what operators and load balancers ask, and the API's description of itself.

mod docs;
pub mod drain;
mod health;
mod state;

use poem_openapi::Tags;
use rookery_shared::Store;

pub use docs::Docs;
use drain::Drain;
pub use state::State;

/// Health, readiness and figures.
pub struct Platform {
    store: Store,
    drain: Drain,
}

#[derive(Tags)]
enum Tag {
    /// Health, readiness and figures, for operators and load balancers.
    Platform,
}

impl Platform {
    pub fn new(store: Store, drain: Drain) -> Self {
        Self { store, drain }
    }
}
