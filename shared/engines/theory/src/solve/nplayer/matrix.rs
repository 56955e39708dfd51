//! Small dense matrices of doubles, row by row.

use std::sync::atomic::{AtomicBool, Ordering};

use super::interval::Interval;
use super::supports::Stopped;

/// Pivots smaller than this, relative to the largest entry, count as zero.
const SINGULAR: f64 = 1e-11;

/// The same for equations whose unknowns differ by many orders of magnitude.
const TINY_PIVOT: f64 = 1e-200;

/// By Gauss-Jordan elimination with row exchanges; `None` when the matrix is singular or nearly so.
pub fn inverse(mut matrix: Vec<f64>, size: usize) -> Option<Vec<f64>> {
    let largest = matrix
        .iter()
        .fold(0.0f64, |largest, entry| largest.max(entry.abs()));
    let mut inverse = vec![0.0; size * size];
    for place in 0..size {
        inverse[place * size + place] = 1.0;
    }
    for column in 0..size {
        let pivot = (column..size)
            .max_by(|a, b| {
                let entry = |row: &usize| matrix[row * size + column].abs();
                entry(a).total_cmp(&entry(b))
            })
            .filter(|row| matrix[row * size + column].abs() > SINGULAR * largest)?;
        for place in 0..size {
            matrix.swap(pivot * size + place, column * size + place);
            inverse.swap(pivot * size + place, column * size + place);
        }
        let scale = 1.0 / matrix[column * size + column];
        for place in 0..size {
            matrix[column * size + place] *= scale;
            inverse[column * size + place] *= scale;
        }
        for row in (0..size).filter(|row| *row != column) {
            let factor = matrix[row * size + column];
            if factor != 0.0 {
                for place in 0..size {
                    matrix[row * size + place] -= factor * matrix[column * size + place];
                    inverse[row * size + place] -= factor * inverse[column * size + place];
                }
            }
        }
    }
    inverse
        .iter()
        .all(|entry| entry.is_finite())
        .then_some(inverse)
}

/// The solution of a linear system; `None` when the matrix is singular or nearly so.
pub fn solve(
    mut matrix: Vec<f64>,
    mut right: Vec<f64>,
    stop: &AtomicBool,
) -> Result<Option<Vec<f64>>, Stopped> {
    let size = right.len();
    // Rows may differ by many orders of magnitude: pivots are compared within a row's own scale.
    for row in 0..size {
        let line = &mut matrix[row * size..(row + 1) * size];
        let largest = line
            .iter()
            .fold(0.0f64, |largest, entry| largest.max(entry.abs()));
        if largest == 0.0 || !largest.is_finite() {
            return Ok(None);
        }
        line.iter_mut().for_each(|entry| *entry /= largest);
        right[row] /= largest;
    }
    for column in 0..size {
        if stop.load(Ordering::Relaxed) {
            return Err(Stopped);
        }
        let pivot = (column..size).max_by(|a, b| {
            let entry = |row: &usize| matrix[row * size + column].abs();
            entry(a).total_cmp(&entry(b))
        });
        let Some(pivot) = pivot.filter(|row| matrix[row * size + column].abs() > TINY_PIVOT) else {
            return Ok(None);
        };
        for place in column..size {
            matrix.swap(pivot * size + place, column * size + place);
        }
        right.swap(pivot, column);
        for row in column + 1..size {
            let factor = matrix[row * size + column] / matrix[column * size + column];
            if factor != 0.0 {
                for place in column..size {
                    matrix[row * size + place] -= factor * matrix[column * size + place];
                }
                right[row] -= factor * right[column];
            }
        }
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size)
            .map(|place| matrix[row * size + place] * right[place])
            .sum();
        right[row] = (right[row] - known) / matrix[row * size + row];
    }
    Ok(right.iter().all(|entry| entry.is_finite()).then_some(right))
}

/// `I − Y J`, surely.
pub fn preconditioned(y: &[f64], j: &[Interval], size: usize) -> Vec<Interval> {
    let mut rest = Vec::with_capacity(size * size);
    for row in 0..size {
        for column in 0..size {
            let mut entry = Interval::point(if row == column { 1.0 } else { 0.0 });
            for inner in 0..size {
                entry = entry.minus(j[inner * size + column].scaled(y[row * size + inner]));
            }
            rest.push(entry);
        }
    }
    rest
}
