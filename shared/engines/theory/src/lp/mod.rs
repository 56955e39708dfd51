//! Linear programming: doubles propose an optimal basis, exact arithmetic proves it or puts it right.

pub(crate) mod basis;
mod exact;
pub(crate) mod field;
mod integral;
pub(crate) mod lift;
pub(crate) mod lu;
mod matrix_game;
mod problem;
mod ragged;
mod scaled;
mod simplex;

use std::sync::atomic::{AtomicBool, Ordering};

use dashu_int::IBig;

pub use matrix_game::{constant_sum, estimated_value, optimal_mixtures};
pub use problem::{Basic, Problem, Range, Relation};

use crate::rational::Rational;
use exact::{Verdict, Vertex};
use integral::Integral;
use lift::{Fractions, Unsolved};
use scaled::Scaled;

/// An optimal solution, proved: `values` satisfies the rows, `duals` satisfies the rows of the dual program, and both give `objective`.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    pub values: Vec<Rational>,
    /// What the objective would gain per unit of each row's right side.
    pub duals: Vec<Rational>,
    pub objective: Rational,
    /// Exact pivots that it took to put the proposed basis right.
    pub repairs: usize,
}

/// Why a program has no optimal solution to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsolvable {
    #[error("no values satisfy the rows")]
    Infeasible,
    #[error("the objective has no bound")]
    Unbounded,
    #[error("stopped before the optimum was found")]
    Stopped,
    /// The given start is no basis.
    #[error("the starting basis is singular")]
    Singular,
}

/// An optimum in doubles, not proved.
#[derive(Clone, Debug)]
pub struct Estimate {
    pub values: Vec<f64>,
    pub duals: Vec<f64>,
    pub objective: f64,
    /// Pivots taken.
    pub pivots: usize,
}

/// The exact optimum, starting from a basis (one variable or slack per row), or from the slacks.
pub fn solve(
    problem: &Problem,
    start: Option<&[Basic]>,
    stop: &AtomicBool,
) -> Result<Solution, Unsolvable> {
    let start = numbers(problem, start);
    // Numbers beyond doubles leave everything to the exact pivots.
    let basic = Scaled::new(problem)
        .and_then(|scaled| simplex::propose(&scaled, start.clone(), stop))
        .map_or_else(|| start.clone(), |proposal| proposal.basic);
    let going_on = || match stop.load(Ordering::Relaxed) {
        true => Err(Unsolvable::Stopped),
        false => Ok(()),
    };
    going_on()?;
    let program = Integral::new(problem);
    going_on()?;
    let verdict = match exact::optimise(&program, basic, stop) {
        // Doubles took a singular matrix for a basis.
        Err(Unsolved::Singular) => exact::optimise(&program, start, stop),
        other => other,
    };
    match verdict {
        Ok(Verdict::Optimal(vertex)) => Ok(solution(&program, &vertex)),
        Ok(Verdict::Infeasible) => Err(Unsolvable::Infeasible),
        Ok(Verdict::Unbounded) => Err(Unsolvable::Unbounded),
        Err(Unsolved::Stopped) => Err(Unsolvable::Stopped),
        Err(Unsolved::Singular) => going_on().and(Err(Unsolvable::Singular)),
    }
}

/// The optimum in doubles; `None` when the numbers are beyond them, the method did not settle, or it was stopped.
pub fn estimate(problem: &Problem, start: Option<&[Basic]>, stop: &AtomicBool) -> Option<Estimate> {
    let scaled = Scaled::new(problem)?;
    let proposal = simplex::propose(&scaled, numbers(problem, start), stop)?;
    proposal.settled.then_some(Estimate {
        values: proposal.values,
        duals: proposal.duals,
        objective: proposal.objective,
        pivots: proposal.pivots,
    })
}

fn numbers(problem: &Problem, start: Option<&[Basic]>) -> Vec<usize> {
    match start {
        Some(basics) => basics.iter().map(|basic| problem.number(*basic)).collect(),
        None => (0..problem.rows())
            .map(|row| problem.number(Basic::Slack(row)))
            .collect(),
    }
}

fn solution(program: &Integral, vertex: &Vertex) -> Solution {
    let mut values = vec![Rational::ZERO; program.variables];
    for (place, number) in vertex.basic.iter().enumerate() {
        if let Some(value) = values.get_mut(*number) {
            *value = fraction(&vertex.values, place);
        }
    }
    let cost_scale = IBig::from(program.cost_scale.clone());
    let duals = program.row_scales.iter().enumerate().map(|(row, scale)| {
        let numerator = &vertex.duals.numerators[row];
        if numerator.is_zero() {
            return Rational::ZERO;
        }
        Rational::from_parts(
            numerator * IBig::from(scale.clone()),
            &vertex.duals.denominator * &cost_scale,
        )
    });
    let mut objective = IBig::ZERO;
    for (number, value) in vertex.basic.iter().zip(&vertex.values.numerators) {
        objective += &program.costs[*number] * value;
    }
    Solution {
        values,
        duals: duals.collect(),
        objective: Rational::from_parts(objective, &vertex.values.denominator * cost_scale),
        repairs: vertex.repairs,
    }
}

fn fraction(fractions: &Fractions, place: usize) -> Rational {
    let numerator = &fractions.numerators[place];
    if numerator.is_zero() {
        return Rational::ZERO;
    }
    Rational::from_parts(numerator.clone(), fractions.denominator.clone())
}
