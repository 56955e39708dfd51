//! Square systems of linear equations in integers.

use std::cmp::Ordering;

use dashu_int::IBig;

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

/// The determinant of a square matrix, compared with zero.
pub fn sign_of_determinant<N: Exact>(matrix: &[Vec<IBig>]) -> Result<Ordering, Overflow> {
    let size = matrix.len();
    let mut rows = Vec::with_capacity(size);
    for row in matrix {
        let row: Result<Vec<N>, Overflow> = row.iter().map(N::from_integer).collect();
        rows.push(row?);
    }
    let mut divisor = N::one();
    let mut is_turned = false;
    for step in 0..size {
        let Some(pivot) = (step..size).find(|row| rows[*row][step].sign() != Ordering::Equal)
        else {
            return Ok(Ordering::Equal);
        };
        is_turned ^= pivot != step;
        rows.swap(step, pivot);
        let (above, below) = rows.split_at_mut(step + 1);
        let pivot_row = &above[step];
        for row in below {
            for column in step + 1..size {
                row[column] = N::cross(
                    &row[column],
                    &pivot_row[step],
                    &row[step],
                    &pivot_row[column],
                    &divisor,
                )?;
            }
        }
        divisor = pivot_row[step].clone();
    }
    let sign = divisor.sign();
    Ok(if is_turned { sign.reverse() } else { sign })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(numbers: &[i64]) -> Vec<IBig> {
        numbers.iter().map(|number| IBig::from(*number)).collect()
    }

    #[test]
    fn solves_and_tells_singular_systems() {
        // 2x + y = 3, x − y = 3 over a common denominator of 3: x = 6/3, y = −3/3.
        let system = vec![vec![2i128, 1, 3], vec![1, -1, 3]];
        let solution = solve(system).expect("small").expect("regular");
        assert_eq!(
            (solution.numerators, solution.denominator),
            (vec![6, -3], 3)
        );
        let singular = vec![vec![1i128, 2, 1], vec![2, 4, 1]];
        assert!(solve(singular).expect("small").is_none());
    }

    #[test]
    fn determinants_have_the_right_sign() {
        for (matrix, sign) in [
            ([[0, 1, 0], [1, 0, 0], [0, 0, 1]], Ordering::Less),
            ([[0, 1, 0], [0, 0, 1], [1, 0, 0]], Ordering::Greater),
            ([[1, 2, 3], [4, 5, 6], [7, 8, 9]], Ordering::Equal),
            ([[2, 0, 0], [0, -3, 5], [0, 0, 1]], Ordering::Less),
        ] {
            let matrix: Vec<Vec<IBig>> = matrix.iter().map(|row| whole(row)).collect();
            assert_eq!(sign_of_determinant::<i128>(&matrix), Ok(sign));
            assert_eq!(sign_of_determinant::<IBig>(&matrix), Ok(sign));
        }
    }
}
