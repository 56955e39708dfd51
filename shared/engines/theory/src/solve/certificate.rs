//! The proof that a basis is feasible: error bounds on a solution in doubles, exact arithmetic where they do not decide.
//!
//! For the k×k system `G·x = b` with approximate inverse `R`: if ‖I − R·G‖ < 1, `G` is regular and
//! |x − x̃| ≤ ‖|R|·|b − G·x̃|‖ / (1 − ‖I − R·G‖) (Rump 1983). Every rounding error made while computing these is added to them.

use std::cmp::Ordering;

use dashu_int::IBig;

use super::dictionary::Dictionary;
use super::face::Matrix;
use super::number::{Exact, Overflow};
use super::tableau::{Polytope, Tableau};

/// What is known about a basis.
pub enum Certificate<'c> {
    /// Feasible, and without the increases of the right-hand sides all basic variables are still positive.
    Simple {
        support: &'c [usize],
        tight: &'c [usize],
    },
    /// Feasible, and without the increases some basic variables are exactly zero.
    Degenerate {
        support: Vec<usize>,
        tight: Vec<usize>,
    },
    /// Nothing.
    None,
}

/// Buffers for one certificate after the other.
pub struct Certifier<'p> {
    polytope: &'p Polytope,
    /// Positive variables and the rows of the tableau where they are.
    support: Vec<usize>,
    support_rows: Vec<usize>,
    /// Tight rows of the matrix and the columns of the tableau where their slacks are.
    tight: Vec<usize>,
    tight_columns: Vec<usize>,
    inverse: Vec<f64>,
    system: Vec<f64>,
    solution: Vec<f64>,
}

/// A bound for the relative rounding error of a sum of `terms` products, with a margin.
pub fn rounding(terms: usize) -> f64 {
    4.0 * (terms + 2) as f64 * f64::EPSILON
}

impl<'p> Certifier<'p> {
    pub fn new(polytope: &'p Polytope) -> Certifier<'p> {
        let empty = Vec::new;
        Certifier {
            polytope,
            support: empty(),
            support_rows: empty(),
            tight: empty(),
            tight_columns: empty(),
            inverse: Vec::new(),
            system: Vec::new(),
            solution: Vec::new(),
        }
    }

    /// `matrix` is the polytope's, in integers.
    pub fn certify(&mut self, tableau: &Tableau, matrix: &Matrix) -> Certificate<'_> {
        self.load(tableau);
        let size = self.support.len();
        let Some(defect) = self.defect() else {
            return Certificate::None;
        };
        self.solution.clear();
        self.solution
            .extend(self.support_rows.iter().map(|row| tableau.right(*row)));
        if !self.is_positive(&self.polytope.right, defect) {
            return Certificate::None;
        }
        self.solution.clear();
        self.solution.extend(
            self.inverse
                .chunks_exact(size.max(1))
                .map(|row| row.iter().sum::<f64>()),
        );
        if self.is_positive(&vec![1.0; self.polytope.rows], defect) {
            return Certificate::Simple {
                support: &self.support,
                tight: &self.tight,
            };
        }
        let exact = self
            .exact::<i128>(matrix)
            .or_else(|Overflow| self.exact::<IBig>(matrix));
        exact.expect("integers of any size do not overflow")
    }

    fn load(&mut self, tableau: &Tableau) {
        let variables = self.polytope.variables;
        self.support.clear();
        self.support_rows.clear();
        self.tight.clear();
        self.tight_columns.clear();
        for (row, label) in tableau
            .basic
            .iter()
            .enumerate()
            .filter(|(_, label)| **label < variables)
        {
            self.support.push(*label);
            self.support_rows.push(row);
        }
        for (column, label) in tableau
            .nonbasic
            .iter()
            .enumerate()
            .filter(|(_, label)| **label >= variables)
        {
            self.tight.push(*label - variables);
            self.tight_columns.push(column);
        }
        self.inverse.clear();
        for row in &self.support_rows {
            self.inverse.extend(
                self.tight_columns
                    .iter()
                    .map(|column| tableau.at(*row, *column)),
            );
        }
        self.system.clear();
        for row in &self.tight {
            self.system.extend(
                self.support
                    .iter()
                    .map(|variable| self.polytope.row(*row)[*variable]),
            );
        }
    }

    /// An upper bound of ‖I − R·G‖, if it is below 1/2.
    fn defect(&self) -> Option<f64> {
        let size = self.support.len();
        let mut worst = 0.0f64;
        let mut product = vec![0.0f64; size];
        for (position, row) in self.inverse.chunks_exact(size.max(1)).enumerate() {
            product.fill(0.0);
            product[position] = -1.0;
            let mut magnitude = 1.0;
            for (factor, line) in row.iter().zip(self.system.chunks_exact(size)) {
                magnitude += factor.abs();
                for (sum, entry) in product.iter_mut().zip(line) {
                    *sum += factor * entry;
                }
            }
            let norm: f64 = product.iter().map(|entry| entry.abs()).sum();
            worst = worst.max(norm + size as f64 * rounding(size) * magnitude);
        }
        (worst < 0.5).then_some(worst * 1.01)
    }

    /// Whether the basic variables for these right-hand sides are all surely positive, given `solution` near them.
    fn is_positive(&self, right: &[f64], defect: f64) -> bool {
        let size = self.support.len();
        // Entries of the matrix are at most 1, so the terms of a row sum to at most this.
        let magnitude = 1.1 + self.solution.iter().map(|value| value.abs()).sum::<f64>();
        let slip = rounding(size) * magnitude;
        let residual = |row: usize, line: &[f64]| {
            right[row]
                - line
                    .iter()
                    .zip(&self.solution)
                    .map(|(entry, value)| entry * value)
                    .sum::<f64>()
        };
        let residuals: Vec<f64> = self
            .tight
            .iter()
            .zip(self.system.chunks_exact(size.max(1)))
            .map(|(row, line)| residual(*row, line).abs() + slip)
            .collect();
        let spread = |row: &[f64]| {
            row.iter()
                .zip(&residuals)
                .map(|(factor, residual)| factor.abs() * residual)
                .sum::<f64>()
        };
        let worst = self
            .inverse
            .chunks_exact(size.max(1))
            .map(spread)
            .fold(0.0, f64::max);
        let error = worst / (1.0 - defect) * 1.01;
        if self
            .solution
            .iter()
            .any(|value| value.is_nan() || *value <= error)
        {
            return false;
        }
        let mut is_tight = 0u128;
        for row in &self.tight {
            is_tight |= 1 << row;
        }
        (0..self.polytope.rows)
            .filter(|row| is_tight >> row & 1 == 0)
            .all(|row| {
                let line = self.polytope.row(row);
                let mut slack = right[row];
                let mut weight = 0.0;
                for (variable, value) in self.support.iter().zip(&self.solution) {
                    slack -= line[*variable] * value;
                    weight += line[*variable];
                }
                slack > (error * weight + slip) * 1.01
            })
    }

    /// The basis in integers, without the increases.
    fn exact<N: Exact>(&self, matrix: &Matrix) -> Result<Certificate<'static>, Overflow> {
        let size = self.support.len();
        let mut dictionary = Dictionary::<N>::new(matrix.rows, size, |row, column| {
            matrix.at(row, self.support[column])
        })?;
        for tight in &self.tight {
            let Some(row) = dictionary.row_of(size + tight) else {
                return Ok(Certificate::None);
            };
            let entering = |column: &usize| {
                dictionary.nonbasic()[*column] < size
                    && dictionary.entry(row, *column).sign() != Ordering::Equal
            };
            let Some(column) = (0..size).find(entering) else {
                return Ok(Certificate::None);
            };
            dictionary.pivot(row, column)?;
        }
        if (0..dictionary.rows()).any(|row| dictionary.right(row).sign() == Ordering::Less) {
            return Ok(Certificate::None);
        }
        let support = (0..size)
            .filter(|position| !dictionary.is_zero(*position))
            .map(|position| self.support[position])
            .collect();
        let tight = (0..matrix.rows)
            .filter(|row| dictionary.is_zero(size + row))
            .collect();
        Ok(Certificate::Degenerate { support, tight })
    }
}
