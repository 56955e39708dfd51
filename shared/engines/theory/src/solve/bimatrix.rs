//! A two-player game made small and whole: strictly dominated and duplicate strategies set aside, payoffs positive integers.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;

use dashu_int::ops::Gcd;
use dashu_int::{IBig, UBig};

use super::dominance::eliminate;
use super::face::Matrix;
use crate::game::NormalGame;
use crate::rational::Rational;

/// The game that is left to solve, and how to get back.
#[derive(Clone)]
pub struct Bimatrix {
    /// The row player's payoffs.
    pub first: Matrix,
    /// The column player's payoffs, rows and columns as in `first`.
    pub second: Matrix,
    /// The strategies of the original game that each row stands for.
    pub rows: Vec<Vec<usize>>,
    pub columns: Vec<Vec<usize>>,
}

impl Bimatrix {
    /// Strictly dominated strategies are in no equilibrium. Strategies with the same payoffs for *both* players can stand in for each
    /// other, and no extreme equilibrium mixes them. Positive affine changes of one player's payoffs change no equilibrium.
    pub fn of(game: &NormalGame, stop: &AtomicBool) -> Bimatrix {
        let surviving = eliminate(game, stop).surviving;
        let columns_of = game.sizes()[1];
        let payoffs = |row: usize, column: usize| game.payoffs_at(row * columns_of + column);
        let rows = classes(&surviving[0], |row| {
            surviving[1]
                .iter()
                .map(|column| payoffs(row, *column))
                .collect()
        });
        let columns = classes(&surviving[1], |column| {
            rows.iter().map(|row| payoffs(row[0], column)).collect()
        });
        let matrix = |player: usize| {
            let values: Vec<&Rational> = rows
                .iter()
                .flat_map(|row| {
                    columns
                        .iter()
                        .map(move |column| &payoffs(row[0], column[0])[player])
                })
                .collect();
            Matrix {
                rows: rows.len(),
                columns: columns.len(),
                entries: positive_integers(&values),
            }
        };
        Bimatrix {
            first: matrix(0),
            second: matrix(1),
            rows,
            columns,
        }
    }
}

/// Groups strategies with equal payoffs, in order of their first members.
fn classes<'a>(
    strategies: &[usize],
    payoffs: impl Fn(usize) -> Vec<&'a [Rational]>,
) -> Vec<Vec<usize>> {
    let mut known: HashMap<Vec<&[Rational]>, usize> = HashMap::new();
    let mut classes: Vec<Vec<usize>> = Vec::new();
    for strategy in strategies {
        let class = *known.entry(payoffs(*strategy)).or_insert(classes.len());
        match classes.get_mut(class) {
            Some(members) => members.push(*strategy),
            None => classes.push(vec![*strategy]),
        }
    }
    classes
}

/// The values shifted and scaled to integers ≥ 1 without a common divisor of their differences.
pub fn positive_integers(values: &[&Rational]) -> Vec<IBig> {
    let common = values.iter().fold(UBig::ONE, |common, value| {
        let shared = (&common).gcd(&value.denominator());
        common / shared * value.denominator()
    });
    let scaled: Vec<IBig> = values
        .iter()
        .map(|value| value.numerator() * IBig::from(&common / value.denominator()))
        .collect();
    let Some(smallest) = scaled.iter().min().cloned() else {
        return scaled;
    };
    let shifted: Vec<IBig> = scaled.into_iter().map(|value| value - &smallest).collect();
    let divisor = shifted.iter().fold(IBig::ZERO, |divisor, value| {
        match (divisor.is_zero(), value.is_zero()) {
            (_, true) => divisor,
            (true, false) => value.clone(),
            (false, false) => IBig::from(divisor.gcd(value)),
        }
    });
    shifted
        .into_iter()
        .map(|value| {
            if divisor.is_zero() {
                IBig::ONE
            } else {
                value / &divisor + IBig::ONE
            }
        })
        .collect()
}
