//! Strategies that no pure strategy dominates strictly, but a mixture does.

use std::sync::atomic::{AtomicBool, Ordering};

use super::dominance::{Stopped, View};
use super::{Search, lemke_howson};
use crate::game::{Meta, NormalGame, NormalParts};
use crate::rational::Rational;

/// A mixture of a player's other strategies that is better than one of them whatever the others do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mixture {
    /// Strategies and their probabilities, all positive.
    pub weights: Vec<(usize, Rational)>,
    /// How much better it is at least; the mixture makes this as large as can be.
    pub margin: Rational,
}

/// Most payoff entries of the difference game of one strategy: beyond that it is not looked for a mixture.
pub const MOST_ENTRIES: usize = 1_000;

/// The mixture of `rivals` that beats the strategy by most, if any beats it everywhere.
///
/// The margin is the value of the zero-sum game in which this player picks a rival, the others pick their profile, and the payoff
/// is what the rival earns more than the strategy (the linear program of Pearce 1984, lemma 3, read as a game).
pub fn mixed_dominator(
    view: &View<'_>,
    strategy: usize,
    rivals: &[usize],
    stop: &AtomicBool,
) -> Result<Option<Mixture>, Stopped> {
    // A best reply to something pure is not dominated.
    let columns = 0..view.columns();
    let is_best = |column: usize| {
        let here = view.payoff(strategy, column);
        rivals
            .iter()
            .all(|rival| view.payoff(*rival, column) <= here)
    };
    for column in columns.clone() {
        if stop.load(Ordering::Relaxed) {
            return Err(Stopped);
        }
        if is_best(column) {
            return Ok(None);
        }
    }
    let differences = rivals.iter().flat_map(|rival| {
        columns
            .clone()
            .map(|column| view.payoff(*rival, column) - view.payoff(strategy, column))
    });
    let search = Search {
        most: Some(1),
        ..Search::new(stop)
    };
    let found = lemke_howson(
        &zero_sum(rivals.len(), view.columns(), differences),
        &search,
    );
    let Some(solution) = found.equilibria.first() else {
        return Err(Stopped);
    };
    let margin = solution.payoffs[0].clone();
    if !margin.is_positive() || !solution.regret.is_zero() {
        return Ok(None);
    }
    let weights = rivals
        .iter()
        .copied()
        .zip(solution.strategies[0].iter().cloned())
        .filter(|(_, weight)| !weight.is_zero())
        .collect();
    Ok(Some(Mixture { weights, margin }))
}

fn zero_sum(rows: usize, columns: usize, payoffs: impl Iterator<Item = Rational>) -> NormalGame {
    let labels = |count: usize| (0..count).map(|number| number.to_string()).collect();
    NormalGame::try_from(NormalParts {
        meta: Meta::default(),
        players: vec!["0".to_owned(), "1".to_owned()],
        strategies: vec![labels(rows), labels(columns)],
        payoffs: payoffs
            .flat_map(|payoff| [payoff.clone(), -payoff])
            .collect(),
        maid_decision_to_player: Vec::new(),
    })
    .expect("numbers are distinct labels, and there is a payoff pair for each pair of them")
}
