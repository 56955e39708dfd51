//! Solving influence diagrams without unfolding them first: who relies on whom, exact inference, equilibria part by part.
//!
//! The diagram's graph says which decisions must be solved together (`relevance`); expected utilities and best replies come from
//! eliminating variables (`factor`, `inference`, `reply`); only decisions that rely on each other are unfolded to a table of all their
//! courses of play (`frame`), which is searched for pure equilibria (`pure`) or handed on as a small game (`mixed`).

mod board;
mod diagram;
mod factor;
mod frame;
mod inference;
mod mixed;
mod pure;
mod relevance;
mod reply;
mod rule;
mod subgames;
mod tree;

use std::sync::atomic::{AtomicBool, Ordering};

pub use diagram::{Diagram, Role};
pub use frame::{Frame, Size};
pub use inference::{expected_utility, marginal};
pub use relevance::{components, relied_on, remembers, requisite};
pub use reply::{
    Certificate, MOST_PROBABILITIES, Reply, best_reply, certify, reply_to, uniform, values,
};
pub use rule::{Rule, Rules};
pub use subgames::{Kind, Solutions, nash, subgame_perfect};
pub use tree::{Names, Tree, tree};

/// Why a computation ended without its result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    #[error("stopped before there was a result")]
    Stopped,
    #[error("{0}")]
    TooLarge(String),
}

/// How long to search, and whom to tell.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    pub stop: &'a AtomicBool,
    /// Stop after this many equilibria.
    pub most: usize,
    pub progress: &'a dyn Fn(Known<'_>),
}

/// What a search tells while it runs.
pub struct Known<'k> {
    /// Done share between 0 and 1, where it can be known.
    pub fraction: Option<f64>,
    pub message: String,
    /// The equilibria found so far, where there are whole ones; made when asked for.
    pub profiles: Option<&'k dyn Fn() -> Vec<Rules>>,
}

fn look(stop: &AtomicBool) -> Result<(), Halt> {
    if stop.load(Ordering::Relaxed) {
        Err(Halt::Stopped)
    } else {
        Ok(())
    }
}
