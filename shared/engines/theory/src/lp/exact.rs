//! The exact simplex method on a proposed basis: mostly one look that finds it optimal, else exact pivots until one is.

use std::cmp::Ordering;
use std::sync::atomic::AtomicBool;

use dashu_int::IBig;

use super::integral::Integral;
use super::lift::{Fractions, Solver, Unsolved, solver, subtract_product};
use super::problem::Range;

/// A basis with its exact solution and multipliers, in the integral program's scales.
pub struct Vertex {
    pub basic: Vec<usize>,
    /// By places in the basis.
    pub values: Fractions,
    /// By rows.
    pub duals: Fractions,
    /// Exact pivots that the proposal needed.
    pub repairs: usize,
}

/// How an exact run ends.
pub enum Verdict {
    Optimal(Vertex),
    Infeasible,
    Unbounded,
}

/// Pivots from the basis until its exact solution is feasible and its exact multipliers prove it optimal.
///
/// What leaves the range is first driven back by its own objective. The variable with the largest gain enters, after a step of
/// length zero the first one that has a gain (Bland 1977), so the method ends.
pub fn optimise(
    program: &Integral,
    mut basic: Vec<usize>,
    stop: &AtomicBool,
) -> Result<Verdict, Unsolved> {
    let mut repairs = 0;
    let mut cautious = false;
    loop {
        let columns: Vec<&[(u32, IBig)]> = basic
            .iter()
            .map(|number| program.columns[*number].as_slice())
            .collect();
        let matrix = solver(&columns, stop)?;
        let values = matrix.solve(&program.right, stop)?;
        let shortfall: Vec<IBig> = basic
            .iter()
            .zip(&values.numerators)
            .map(|(number, value)| shortfall(program.ranges[*number], value))
            .collect();
        let feasible = shortfall.iter().all(IBig::is_zero);
        let (costs, objective): (Vec<IBig>, _) = if feasible {
            let costs = basic.iter().map(|number| program.costs[*number].clone());
            (costs.collect(), Some(program.costs.as_slice()))
        } else {
            (shortfall, None)
        };
        let duals = matrix.solve_transposed(&costs, stop)?;
        let Some((entering, direction)) = entering(program, &basic, &duals, objective, cautious)
        else {
            return Ok(match feasible {
                false => Verdict::Infeasible,
                true => Verdict::Optimal(Vertex {
                    basic,
                    values,
                    duals,
                    repairs,
                }),
            });
        };
        let place = leaving(
            program,
            matrix.as_ref(),
            &Edge {
                basic: &basic,
                values: &values,
                entering,
                direction,
            },
            stop,
        )?;
        let Some(place) = place else {
            return Ok(Verdict::Unbounded);
        };
        cautious = values.numerators[place].is_zero();
        basic[place] = entering;
        repairs += 1;
    }
}

/// Which way a value must go to come back into its range: 1 up, −1 down, 0 when it is there.
fn shortfall(range: Range, value: &IBig) -> IBig {
    let sign = value.cmp(&IBig::ZERO);
    match (range, sign) {
        (Range::NotNegative | Range::Zero, Ordering::Less) => IBig::ONE,
        (Range::Zero, Ordering::Greater) => IBig::NEG_ONE,
        _ => IBig::ZERO,
    }
}

/// A nonbasic variable by which the objective grows, and whether it should grow or (a free one) shrink.
fn entering(
    program: &Integral,
    basic: &[usize],
    duals: &Fractions,
    objective: Option<&[IBig]>,
    cautious: bool,
) -> Option<(usize, Ordering)> {
    let mut is_basic = vec![false; program.columns.len()];
    for number in basic {
        is_basic[*number] = true;
    }
    let mut best: Option<(usize, Ordering, IBig)> = None;
    for (number, column) in program.columns.iter().enumerate() {
        if is_basic[number] || program.ranges[number] == Range::Zero {
            continue;
        }
        let mut gain = objective.map_or(IBig::ZERO, |costs| &costs[number] * &duals.denominator);
        for (row, value) in column {
            subtract_product(&mut gain, value, &duals.numerators[*row as usize]);
        }
        let sign = gain.cmp(&IBig::ZERO);
        let enters = match program.ranges[number] {
            Range::NotNegative => sign == Ordering::Greater,
            Range::Free => sign != Ordering::Equal,
            Range::Zero => false,
        };
        if !enters {
            continue;
        }
        if cautious {
            return Some((number, sign));
        }
        if sign == Ordering::Less {
            gain = -gain;
        }
        if best.as_ref().is_none_or(|(_, _, most)| gain > *most) {
            best = Some((number, sign, gain));
        }
    }
    best.map(|(number, sign, _)| (number, sign))
}

/// A step along one edge of the polyhedron.
struct Edge<'a> {
    basic: &'a [usize],
    values: &'a Fractions,
    entering: usize,
    direction: Ordering,
}

/// The place whose variable first meets the bound that it moves to; of several the one with the smallest number.
fn leaving(
    program: &Integral,
    matrix: &dyn Solver,
    edge: &Edge<'_>,
    stop: &AtomicBool,
) -> Result<Option<usize>, Unsolved> {
    let mut right = vec![IBig::ZERO; program.rows()];
    for (row, value) in &program.columns[edge.entering] {
        right[*row as usize] = match edge.direction {
            Ordering::Less => -value,
            _ => value.clone(),
        };
    }
    let speeds = matrix.solve(&right, stop)?.numerators;
    let mut best: Option<usize> = None;
    for (place, speed) in speeds.iter().enumerate() {
        let value = &edge.values.numerators[place];
        let (sign, falls) = (value.cmp(&IBig::ZERO), speed.cmp(&IBig::ZERO));
        let limits = match program.ranges[edge.basic[place]] {
            Range::Free => false,
            Range::NotNegative => {
                falls != Ordering::Equal && (falls == Ordering::Less) == (sign == Ordering::Less)
            }
            Range::Zero => falls != Ordering::Equal && (sign == Ordering::Equal || sign == falls),
        };
        if !limits {
            continue;
        }
        let Some(other) = best else {
            best = Some(place);
            continue;
        };
        let (speed, other_speed) = (absolute(speed), absolute(&speeds[other]));
        let order = (absolute(value) * other_speed)
            .cmp(&(absolute(&edge.values.numerators[other]) * speed));
        if order == Ordering::Less
            || order == Ordering::Equal && edge.basic[place] < edge.basic[other]
        {
            best = Some(place);
        }
    }
    Ok(best)
}

fn absolute(value: &IBig) -> IBig {
    if *value < IBig::ZERO {
        -value
    } else {
        value.clone()
    }
}
