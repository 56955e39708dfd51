//! Constant-sum games of two players in normal form, by the linear program of von Neumann and Dantzig (1951).

use std::sync::atomic::AtomicBool;

use super::{Basic, Problem, Range, Relation, Solution, Unsolvable, estimate, solve};
use crate::game::NormalGame;
use crate::rational::Rational;

/// The sum of the two players' payoffs if it is the same everywhere.
pub fn constant_sum(game: &NormalGame) -> Option<Rational> {
    if game.players().len() != 2 {
        return None;
    }
    let sum = |profile: usize| game.payoffs_at(profile).iter().sum::<Rational>();
    let first = sum(0);
    (1..game.profiles())
        .all(|profile| sum(profile) == first)
        .then_some(first)
}

/// One optimal mixture of each player of a constant-sum game; together an equilibrium.
pub fn optimal_mixtures(
    game: &NormalGame,
    stop: &AtomicBool,
) -> Result<[Vec<Rational>; 2], Unsolvable> {
    let (problem, start) = program(game);
    let Solution {
        mut values,
        mut duals,
        ..
    } = solve(&problem, Some(&start), stop)?;
    values.truncate(game.sizes()[0]);
    duals.remove(0);
    Ok([values, duals])
}

/// The first player's value of a constant-sum game in doubles, not proved.
pub fn estimated_value(game: &NormalGame, stop: &AtomicBool) -> Option<f64> {
    let (problem, start) = program(game);
    estimate(&problem, Some(&start), stop).map(|estimate| estimate.objective)
}

/// Maximise `v` under `Σx = 1` and, for each column `j`, `v − Σ a_ij·x_i ≤ 0`; the multipliers of these are the column player's mixture.
/// It starts with the first row and the column that is worst against it.
fn program(game: &NormalGame) -> (Problem, Vec<Basic>) {
    let [rows, columns] = [0, 1].map(|player: usize| game.sizes()[player]);
    let payoff = |row: usize, column: usize| &game.payoffs_at(row * columns + column)[0];
    let mut problem = Problem::default();
    problem.add_row(Relation::Equal, Rational::ONE);
    for _ in 0..columns {
        problem.add_row(Relation::AtMost, Rational::ZERO);
    }
    for row in 0..rows {
        let entries = (0..columns).map(|column| (column as u32 + 1, -payoff(row, column).clone()));
        let entries = [(0, Rational::ONE)].into_iter().chain(entries);
        problem.add_variable(Range::NotNegative, Rational::ZERO, entries.collect());
    }
    let ones = (0..columns).map(|column| (column as u32 + 1, Rational::ONE));
    problem.add_variable(Range::Free, Rational::ONE, ones.collect());
    let worst = (0..columns)
        .min_by_key(|column| payoff(0, *column))
        .expect("players have strategies");
    let slacks = (0..columns)
        .filter(|column| *column != worst)
        .map(|column| Basic::Slack(column + 1));
    let start = [Basic::Variable(0), Basic::Variable(rows)]
        .into_iter()
        .chain(slacks)
        .collect();
    (problem, start)
}
