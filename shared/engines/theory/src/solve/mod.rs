//! Solvers: from a payoff table to certified equilibria, in exact arithmetic.

mod bimatrix;
mod certify;
mod components;
mod crew;
mod dictionary;
pub mod dominance;
mod enumerate;
mod expand;
mod face;
mod half;
pub mod hierarchy;
mod kept;
mod labels;
mod leaf;
mod lemke_howson;
mod linear;
pub mod mixed_dominance;
mod node;
pub mod nplayer;
mod number;
mod polytope;
mod proof;
mod pure;
mod seen;
mod tableau;
pub mod values;
mod vertices;

use std::sync::atomic::{AtomicBool, Ordering};

pub use certify::certify;
pub use components::{Component, NashSubset, components};
pub use enumerate::enumerate;
pub use lemke_howson::lemke_howson;
pub use pure::pure;

use crate::analysis::{Control, Keeper};
use crate::game::NormalGame;
use crate::rational::Rational;

/// An equilibrium with its certificate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Equilibrium {
    /// For each player the probability of each strategy.
    pub strategies: Vec<Vec<Rational>>,
    /// Expected payoffs, one per player.
    pub payoffs: Vec<Rational>,
    /// The most that any player could gain by changing strategy alone, computed from the payoff table: zero in an equilibrium.
    pub regret: Rational,
}

/// What a search brought back.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub equilibria: Vec<Equilibrium>,
    /// Whether it is proved that there are no others of the kind looked for.
    pub complete: bool,
}

/// Most probabilities that the equilibria of one result may have together; some games have more equilibria than memory has bytes.
const MOST_PROBABILITIES: usize = 250_000;

/// How many equilibria of this game a result holds at most.
pub fn capacity(game: &NormalGame) -> usize {
    (MOST_PROBABILITIES / game.sizes().iter().sum::<usize>()).max(100)
}

/// How long to search, with what, and whom to tell. Made by [`Search::new`]; what it leaves quiet is set by struct update.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    pub stop: &'a AtomicBool,
    /// Stop after this many equilibria.
    pub most: Option<usize>,
    pub progress: &'a dyn Fn(Known<'_>),
    /// How many threads the search may use at this moment, itself included; at least 1.
    pub threads: &'a (dyn Fn() -> usize + Sync),
    pub keeper: &'a dyn Keeper,
}

/// What a search tells while it runs.
pub struct Known<'a> {
    /// Done share between 0 and 1, where it can be known.
    pub fraction: Option<f64>,
    /// For a reader.
    pub message: String,
    /// All found so far.
    pub equilibria: &'a [Equilibrium],
}

impl<'a> Search<'a> {
    /// For everything, telling nobody, on one thread, keeping nothing.
    pub fn new(stop: &'a AtomicBool) -> Search<'a> {
        let Control {
            threads, keeper, ..
        } = Control::new(stop);
        Search {
            stop,
            most: None,
            progress: &|_| {},
            threads,
            keeper,
        }
    }
}

impl Search<'_> {
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Whether as many equilibria are found as were asked for, or as a result may hold.
    pub fn enough(&self, game: &NormalGame, found: usize) -> bool {
        self.most.is_some_and(|most| found >= most) || found >= capacity(game)
    }
}
