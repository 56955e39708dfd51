//! Square systems of linear equations in integers.

use std::cmp::Ordering;

use super::number::{Exact, Overflow};

/// The solution of a system, as numerators over one common denominator.
pub struct Solution<N> {
    pub numerators: Vec<N>,
    /// Positive.
    pub denominator: N,
}

/// Solves a system given row by row, the right-hand side last in each, without fractions (Bareiss 1968); `None` if it is singular.
pub fn solve<N: Exact>(mut system: Vec<Vec<N>>) -> Result<Option<Solution<N>>, Overflow> {
    let size = system.len();
    let mut denominator = N::one();
    for step in 0..size {
        let Some(pivot) = (step..size).find(|row| system[*row][step].sign() != Ordering::Equal)
        else {
            return Ok(None);
        };
        system.swap(step, pivot);
        let (above, rest) = system.split_at_mut(step);
        let Some((pivot_row, below)) = rest.split_first_mut() else {
            return Ok(None);
        };
        for row in above.iter_mut().chain(below) {
            for column in step + 1..=size {
                row[column] = N::cross(
                    &row[column],
                    &pivot_row[step],
                    &row[step],
                    &pivot_row[column],
                    &denominator,
                )?;
            }
        }
        denominator = pivot_row[step].clone();
    }
    let mut numerators: Vec<N> = system.iter().map(|row| row[size].clone()).collect();
    if denominator.sign() == Ordering::Less {
        denominator.negate();
        numerators.iter_mut().for_each(N::negate);
    }
    Ok(Some(Solution {
        numerators,
        denominator,
    }))
}
