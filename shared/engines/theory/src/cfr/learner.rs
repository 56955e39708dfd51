//! Play that improves iteration by iteration: what all the algorithms have in common, and choosing one.

use std::sync::atomic::AtomicBool;

use super::flat::Flat;
use super::profile::Behaviour;
use super::regret::{RegretMinimizer, Sweep};
use super::sampling::ExternalSampling;

/// An algorithm whose average play approaches equilibrium in two-player zero-sum games.
pub trait Learner {
    /// Runs one more iteration. Stopped in its midst, between two players' turns, it does not count; average play stays play.
    fn iterate(&mut self, stop: &AtomicBool);

    /// How many iterations were run.
    fn iterations(&self) -> u64;

    /// Average play so far; uniform before the first iteration.
    fn average(&self) -> Behaviour;

    /// About how many elementary steps an iteration takes.
    fn work(&self) -> u64;

    /// All that it needs to go on from here.
    fn state(&self) -> Vec<u8>;

    /// Goes on from a state of the same algorithm in the same game; `None`, and nothing changes, when it is not one.
    fn resume(&mut self, state: &[u8]) -> Option<()>;
}

/// Kinds of regret minimisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    Swept(Sweep),
    /// External sampling (Lanctot, Waugh, Zinkevich, Bowling 2009).
    Sampled,
}

impl Algorithm {
    pub const ALL: [Algorithm; 5] = [
        Algorithm::Swept(Sweep::Cfr),
        Algorithm::Swept(Sweep::CfrPlus),
        Algorithm::Sampled,
        Algorithm::Swept(Sweep::Dcfr),
        Algorithm::Swept(Sweep::PcfrPlus),
    ];

    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Swept(sweep) => sweep.name(),
            Algorithm::Sampled => "mccfr",
        }
    }

    pub fn from_name(name: &str) -> Option<Algorithm> {
        Algorithm::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
    }

    /// A learner at its start; the seed matters to sampling only.
    pub fn start(self, flat: &Flat, seed: u64) -> Box<dyn Learner + '_> {
        match self {
            Algorithm::Swept(sweep) => Box::new(RegretMinimizer::new(flat, sweep)),
            Algorithm::Sampled => Box::new(ExternalSampling::new(flat, seed)),
        }
    }
}
