//! Constant-sum trees by linear programming over realisation plans.

use std::sync::atomic::AtomicBool;

use super::behaviour::BehaviourEquilibrium;
use super::form::{SequenceForm, is_constant_sum};
use super::{Unsolved, Unsuited, look};
use crate::game::ExtensiveGame;
use crate::lp::{self, Basic, Problem, Range, Relation, Unsolvable};
use crate::rational::Rational;

/// One equilibrium of a constant-sum tree of two players, exact. Its payoffs are the value of the game.
pub fn solve_lp(game: &ExtensiveGame, stop: &AtomicBool) -> Result<BehaviourEquilibrium, Unsolved> {
    let form = constant_sum_form(game, stop)?;
    look(stop)?;
    let (problem, start) = program(&form);
    look(stop)?;
    let solution = lp::solve(&problem, Some(&start), stop).map_err(|error| match error {
        Unsolvable::Stopped => Unsolved::Stopped,
        error => Unsolved::Failed(error.to_string()),
    })?;
    let [first, second] = &form.sides;
    let plans = [
        solution.values[..first.sequences].to_vec(),
        solution.duals[first.sets.len() + 1..][..second.sequences].to_vec(),
    ];
    BehaviourEquilibrium::of(&form, plans).certified()
}

/// The value of a constant-sum tree to its first player, in doubles and not proved.
pub fn estimate_value(game: &ExtensiveGame, stop: &AtomicBool) -> Result<f64, Unsolved> {
    let form = constant_sum_form(game, stop)?;
    let (problem, start) = program(&form);
    match lp::estimate(&problem, Some(&start), stop) {
        Some(estimate) => Ok(estimate.objective),
        None => Err(Unsolved::Stopped),
    }
}

fn constant_sum_form(game: &ExtensiveGame, stop: &AtomicBool) -> Result<SequenceForm, Unsolved> {
    let form = SequenceForm::new(game)?;
    look(stop)?;
    if is_constant_sum(game) {
        Ok(form)
    } else {
        Err(Unsuited::NotConstantSum.into())
    }
}

/// The first player's program with a basis to start from: maximise `q_∅` under `E·x = e` and, for each of the second player's sequences,
/// `Fᵀ·q ≤ Aᵀ·x` with `q` free. The multipliers of the last rows are the second player's realisation plan.
fn program(form: &SequenceForm) -> (Problem, Vec<Basic>) {
    let [first, second] = &form.sides;
    let equations = first.sets.len() + 1;
    let mut problem = Problem::default();
    problem.add_row(Relation::Equal, Rational::ONE);
    for _ in &first.sets {
        problem.add_row(Relation::Equal, Rational::ZERO);
    }
    for _ in 0..second.sequences {
        problem.add_row(Relation::AtMost, Rational::ZERO);
    }
    let one = || Rational::ONE;
    let minus_one = || -Rational::ONE;
    let mut plans: Vec<Vec<(u32, Rational)>> = vec![Vec::new(); first.sequences];
    plans[0].push((0, one()));
    for (number, set) in first.sets.iter().enumerate() {
        plans[set.parent].push((number as u32 + 1, minus_one()));
        for sequence in set.sequences() {
            plans[sequence].push((number as u32 + 1, one()));
        }
    }
    for entry in &form.payoffs {
        if !entry.payoffs[0].is_zero() {
            let row = (equations + entry.pair[1]) as u32;
            plans[entry.pair[0]].push((row, -entry.payoffs[0].clone()));
        }
    }
    for entries in plans {
        problem.add_variable(Range::NotNegative, Rational::ZERO, entries);
    }
    let row_of = |sequence: usize| (equations + sequence) as u32;
    problem.add_variable(Range::Free, one(), vec![(row_of(0), one())]);
    for set in &second.sets {
        let own = set.sequences().map(|sequence| (row_of(sequence), one()));
        let parent = (row_of(set.parent), minus_one());
        problem.add_variable(Range::Free, Rational::ZERO, own.chain([parent]).collect());
    }
    let start = start(form);
    (problem, start)
}

/// The first player's pure reply to uniform play and the second player's pure reply to that, which is a feasible basis: at every set
/// of the first player one sequence is basic, at every set of the second one slack is not.
fn start(form: &SequenceForm) -> Vec<Basic> {
    let [first, second] = &form.sides;
    let mut uniform = vec![1.0; second.sequences];
    for set in &second.sets {
        for sequence in set.sequences() {
            uniform[sequence] = uniform[set.parent] / set.actions as f64;
        }
    }
    let entries: Vec<([usize; 2], f64)> = form
        .payoffs
        .iter()
        .map(|entry| (entry.pair, entry.payoffs[0].to_f64()))
        .collect();
    let mut values = vec![0.0; first.sequences];
    for (pair, payoff) in &entries {
        values[pair[0]] += payoff * uniform[pair[1]];
    }
    let mut chosen = Vec::with_capacity(first.sets.len());
    for set in first.sets.iter().rev() {
        let best = best(set.sequences(), |sequence| values[sequence]);
        values[set.parent] += values[best];
        chosen.push(best);
    }
    let mut plan = vec![0.0; first.sequences];
    plan[0] = 1.0;
    for (set, choice) in first.sets.iter().zip(chosen.iter().rev()) {
        plan[*choice] = plan[set.parent];
    }
    let mut values = vec![0.0; second.sequences];
    for (pair, payoff) in &entries {
        values[pair[1]] -= payoff * plan[pair[0]];
    }
    let mut tight = vec![false; second.sequences];
    tight[0] = true;
    for set in second.sets.iter().rev() {
        let best = best(set.sequences(), |sequence| values[sequence]);
        values[set.parent] += values[best];
        tight[best] = true;
    }
    let slacks = (0..second.sequences).filter(|sequence| !tight[*sequence]);
    [Basic::Variable(0)]
        .into_iter()
        .chain(chosen.into_iter().map(Basic::Variable))
        .chain((0..=second.sets.len()).map(|set| Basic::Variable(first.sequences + set)))
        .chain(slacks.map(|sequence| Basic::Slack(first.sets.len() + 1 + sequence)))
        .collect()
}

fn best(sequences: std::ops::Range<usize>, value: impl Fn(usize) -> f64) -> usize {
    let start = sequences.start;
    sequences.fold(start, |best, sequence| {
        if value(sequence) > value(best) {
            sequence
        } else {
            best
        }
    })
}
