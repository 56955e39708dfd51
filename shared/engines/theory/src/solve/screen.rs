//! Ruling out, with proof, that a mixture belongs to an equilibrium: the usual case, decided in doubles.

use super::certificate::rounding;
use super::face::Matrix;
use super::fast_walk::scaled;

/// Pivots smaller than this leave the decision to exact arithmetic; entries are at most 1.
const SMALLEST_PIVOT: f64 = 1e-9;

/// The other player's side of the game, entries in (0, 1], with buffers.
pub struct Screen {
    rows: usize,
    columns: usize,
    matrix: Vec<f64>,
    /// The factors of the present system, below and above the diagonal.
    factors: Vec<f64>,
    system: Vec<f64>,
    /// The row of the system that each row of the factors is.
    order: Vec<usize>,
}

impl Screen {
    pub fn new(matrix: &Matrix) -> Option<Screen> {
        Some(Screen {
            rows: matrix.rows,
            columns: matrix.columns,
            matrix: scaled(&matrix.entries)?,
            factors: Vec::new(),
            system: Vec::new(),
            order: Vec::new(),
        })
    }

    /// Whether no `y ≥ 0` outside zero only on `tight` makes exactly the rows of `support` equal to one and no other row larger.
    ///
    /// Both lists have the same length, so `y` solves a square system `G·y = 1`. For any `z`, `Σz = zᵀG·y`. A `z` with zᵀG ≈ e_j and
    /// Σz < 0 proves y_j < 0; one with zᵀG ≈ (row i) and Σz > 1 proves that row i is larger than one. What is lost by the approximation is
    /// bounded through y_l ≤ 1 / (smallest entry of `G`), which holds as `G` is positive.
    pub fn rules_out(&mut self, support: &[usize], tight: &[usize]) -> bool {
        let size = support.len();
        size > 0
            && size == tight.len()
            && self.factorise(support, tight)
            && self.is_infeasible(support, tight)
    }

    fn is_infeasible(&self, support: &[usize], tight: &[usize]) -> bool {
        let size = support.len();
        let reply = self.solve(&vec![1.0; size]);
        let smallest = self.system.iter().copied().fold(f64::INFINITY, f64::min);
        let Some(lowest) = (0..size).min_by(|a, b| reply[*a].total_cmp(&reply[*b])) else {
            return false;
        };
        if reply[lowest] < 0.0 {
            let mut unit = vec![0.0; size];
            unit[lowest] = 1.0;
            let (sum, error) = self.weigh(&unit, smallest);
            if sum + error < 0.0 {
                return true;
            }
        }
        let values = |row: usize| {
            tight
                .iter()
                .map(move |column| row * self.columns + column)
                .map(|entry| self.matrix[entry])
        };
        let value = |row: usize| {
            values(row)
                .zip(&reply)
                .map(|(entry, reply)| entry * reply)
                .sum::<f64>()
        };
        let others = (0..self.rows).filter(|row| !support.contains(row));
        let Some(best) = others.max_by(|a, b| value(*a).total_cmp(&value(*b))) else {
            return false;
        };
        if value(best) > 1.0 {
            let target: Vec<f64> = values(best).collect();
            let (sum, error) = self.weigh(&target, smallest);
            return sum - error > 1.0;
        }
        false
    }

    /// `Σz` for a `z` with zᵀG ≈ target, and how far `target·y` can be from it for any feasible `y`.
    fn weigh(&self, target: &[f64], smallest: f64) -> (f64, f64) {
        let size = target.len();
        let weights = self.solve_transposed(target);
        let magnitude: f64 = weights.iter().map(|weight| weight.abs()).sum::<f64>() + 1.0;
        let mut defect = target.iter().map(|entry| -entry).collect::<Vec<f64>>();
        for (weight, line) in weights.iter().zip(self.system.chunks_exact(size)) {
            for (sum, entry) in defect.iter_mut().zip(line) {
                *sum += weight * entry;
            }
        }
        let slip = rounding(size) * magnitude;
        let lost: f64 = defect.iter().map(|entry| entry.abs() + slip).sum();
        (weights.iter().sum(), (lost / smallest + slip) * 1.01)
    }

    fn factorise(&mut self, support: &[usize], tight: &[usize]) -> bool {
        let size = support.len();
        self.system.clear();
        for row in support {
            self.system.extend(
                tight
                    .iter()
                    .map(|column| self.matrix[row * self.columns + column]),
            );
        }
        self.factors.clone_from(&self.system);
        self.order.clear();
        self.order.extend(0..size);
        for step in 0..size {
            let largest = (step..size).max_by(|a, b| {
                self.factors[a * size + step]
                    .abs()
                    .total_cmp(&self.factors[b * size + step].abs())
            });
            let Some(pivot) =
                largest.filter(|row| self.factors[row * size + step].abs() >= SMALLEST_PIVOT)
            else {
                return false;
            };
            self.order.swap(step, pivot);
            for column in 0..size {
                self.factors
                    .swap(step * size + column, pivot * size + column);
            }
            let (above, below) = self.factors.split_at_mut((step + 1) * size);
            let pivot_row = &above[step * size..];
            for row in below.chunks_exact_mut(size) {
                let factor = row[step] / pivot_row[step];
                row[step] = factor;
                for column in step + 1..size {
                    row[column] -= factor * pivot_row[column];
                }
            }
        }
        true
    }

    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let size = right.len();
        let mut solution: Vec<f64> = self.order.iter().map(|row| right[*row]).collect();
        for row in 0..size {
            for column in 0..row {
                solution[row] -= self.factors[row * size + column] * solution[column];
            }
        }
        for row in (0..size).rev() {
            for column in row + 1..size {
                solution[row] -= self.factors[row * size + column] * solution[column];
            }
            solution[row] /= self.factors[row * size + row];
        }
        solution
    }

    fn solve_transposed(&self, right: &[f64]) -> Vec<f64> {
        let size = right.len();
        let mut inner = right.to_vec();
        for row in 0..size {
            inner[row] /= self.factors[row * size + row];
            for column in row + 1..size {
                inner[column] -= self.factors[row * size + column] * inner[row];
            }
        }
        for row in (0..size).rev() {
            for column in 0..row {
                inner[column] -= self.factors[row * size + column] * inner[row];
            }
        }
        let mut solution = vec![0.0; size];
        for (value, row) in inner.iter().zip(&self.order) {
            solution[*row] = *value;
        }
        solution
    }
}
