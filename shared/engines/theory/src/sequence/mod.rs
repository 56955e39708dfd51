//! Two-player trees with perfect recall in sequence form: their size is that of the tree, not that of its normal form.

mod behaviour;
mod form;
mod lcp;
mod lemke;
mod zero_sum;

pub use behaviour::{BehaviourEquilibrium, BestResponse, plan_of};
pub use form::{PairPayoff, Sequence, SequenceForm, SetOfSequences, Side, is_constant_sum};
pub use lcp::solve_lcp;
pub use zero_sum::{estimate_value, solve_lp};

use std::sync::atomic::{AtomicBool, Ordering};

use crate::game::ExtensiveGame;

/// Why a tree cannot be solved in sequence form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsuited {
    #[error("the sequence form needs exactly 2 players (game has {0})")]
    Players(usize),
    #[error(
        "the sequence form needs perfect recall: player '{player}' has forgotten something at the information set of node '{node}'"
    )]
    ImperfectRecall { player: String, node: String },
    #[error(
        "linear programming needs a constant-sum game: the payoffs' sum differs between two ends"
    )]
    NotConstantSum,
}

impl Unsuited {
    /// Whether the tree has a sequence form; linear in the tree.
    pub fn check(game: &ExtensiveGame) -> Result<(), Unsuited> {
        if game.players().len() != 2 {
            return Err(Unsuited::Players(game.players().len()));
        }
        match game.forgetful_infosets().first() {
            None => Ok(()),
            Some(set) => Err(Unsuited::ImperfectRecall {
                player: game.players()[game.infoset(*set).player.index()].clone(),
                node: game.node(game.members(*set)[0]).id.to_string(),
            }),
        }
    }
}

/// Why there is no equilibrium to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsolved {
    #[error(transparent)]
    Unsuited(#[from] Unsuited),
    #[error("stopped before an equilibrium was found")]
    Stopped,
    /// The engine contradicted itself; there is no result to trust.
    #[error("no equilibrium was reached: {0}")]
    Failed(String),
}

impl BehaviourEquilibrium {
    /// The profile if its regret is zero; everything else is withheld.
    fn certified(self) -> Result<BehaviourEquilibrium, Unsolved> {
        if self.regret.is_zero() {
            return Ok(self);
        }
        Err(Unsolved::Failed(format!(
            "a profile has regret {}",
            self.regret
        )))
    }
}

fn look(stop: &AtomicBool) -> Result<(), Unsolved> {
    match stop.load(Ordering::Relaxed) {
        true => Err(Unsolved::Stopped),
        false => Ok(()),
    }
}
