//! Equilibria in which only one player mixes, exactly: that player is indifferent for good, and the others' constraints are linear.

use std::sync::atomic::{AtomicBool, Ordering};

use dashu_int::IBig;

use super::payoffs::Payoffs;
use super::supports::{Stopped, Supports};
use super::system::{System, profiles};
use crate::rational::Rational;

/// The mixtures that are equilibria, as the polytope that they and their limits fill.
pub struct Extremes {
    /// The extreme points in which every strategy of the support is played.
    pub inner: Vec<Vec<Rational>>,
    /// Besides them there are further points in which every strategy is played.
    pub continuum: bool,
}

/// Most systems of linear equations that are tried.
const MOST_BASES: usize = 20_000;

/// `None` when more than one player mixes, or when there are too many candidates for an extreme point.
pub fn extremes(
    payoffs: &Payoffs,
    supports: &Supports,
    system: &System,
    stop: &AtomicBool,
) -> Result<Option<Extremes>, Stopped> {
    let [mixer] = system.mixers.as_slice() else {
        return Ok(None);
    };
    let size = mixer.size;
    // Each row times the mixture is at most zero: the others' gains, and less than nothing of a strategy.
    let mut rows: Vec<Vec<Rational>> = Vec::new();
    for form in &system.gains {
        let stride = payoffs.strides[form.player];
        let gain = |profile: &usize| -> IBig {
            let instead = profile + form.instead * stride;
            payoffs.difference(form.player, profile + form.strategy * stride, instead)
        };
        let profiles = profiles(payoffs, supports, form.player);
        let row: Vec<Rational> = profiles.iter().map(gain).map(Rational::from).collect();
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    for place in 0..size {
        let mut row = vec![Rational::ZERO; size];
        row[place] = -Rational::ONE;
        rows.push(row);
    }
    let mut points: Vec<Vec<Rational>> = Vec::new();
    let mut chosen: Vec<usize> = (0..size - 1).collect();
    let mut bases = 0;
    loop {
        if stop.load(Ordering::Relaxed) {
            return Err(Stopped);
        }
        bases += 1;
        if bases > MOST_BASES {
            return Ok(None);
        }
        let tight = chosen.iter().map(|row| rows[*row].clone()).collect();
        if let Some(point) = meeting(tight)
            && rows.iter().all(|row| !product(row, &point).is_positive())
            && !points.contains(&point)
        {
            points.push(point);
        }
        if !super::supports::advance(&mut chosen, rows.len()) {
            break;
        }
    }
    let played = |place: usize| points.iter().any(|point| point[place].is_positive());
    let continuum = points.len() > 1 && (0..size).all(played);
    points.retain(|point| point.iter().all(Rational::is_positive));
    Ok(Some(Extremes {
        inner: points,
        continuum,
    }))
}

/// The point of sum one at which all rows are zero; `None` when there is none, or more than one.
fn meeting(mut rows: Vec<Vec<Rational>>) -> Option<Vec<Rational>> {
    let size = rows.len() + 1;
    rows.push(vec![Rational::ONE; size]);
    let mut right = vec![Rational::ZERO; size];
    right[size - 1] = Rational::ONE;
    for column in 0..size {
        let pivot = (column..size).find(|row| !rows[*row][column].is_zero())?;
        rows.swap(pivot, column);
        right.swap(pivot, column);
        let (from, known) = (rows[column].clone(), right[column].clone());
        for (row, line) in rows.iter_mut().enumerate() {
            if row == column || line[column].is_zero() {
                continue;
            }
            let factor = &line[column] / &from[column];
            for (entry, above) in line.iter_mut().zip(&from).skip(column) {
                *entry = &*entry - &(&factor * above);
            }
            right[row] = &right[row] - &(&factor * &known);
        }
    }
    Some(
        (0..size)
            .map(|place| &right[place] / &rows[place][place])
            .collect(),
    )
}

fn product(row: &[Rational], point: &[Rational]) -> Rational {
    let terms = row.iter().zip(point).map(|(a, x)| a * x);
    terms.fold(Rational::ZERO, |sum, term| sum + term)
}
