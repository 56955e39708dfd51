//! A linear program in doubles, rows and columns scaled so that the entries lie around one.

use super::problem::{Problem, Range};
use super::ragged::Ragged;
use crate::rational::Rational;

/// Rounds of geometric scaling (Tomlin 1975); more change little.
const ROUNDS: usize = 2;

/// Scaling changes neither which bases are feasible nor which are optimal. Scales are powers of two, so that nothing is rounded.
pub struct Scaled {
    /// Of variables and slacks.
    pub ranges: Vec<Range>,
    pub costs: Vec<f64>,
    pub right: Vec<f64>,
    /// A variable's value is this times that in the scaled program.
    pub column_scales: Vec<f64>,
    /// A row's multiplier is this times that in the scaled program.
    pub row_scales: Vec<f64>,
    /// The objective is this times that of the scaled program.
    pub cost_scale: f64,
    variables: usize,
    columns: Ragged<f64>,
    by_row: Ragged<f64>,
}

impl Scaled {
    /// `None` if some number is beyond the range of doubles.
    pub fn new(problem: &Problem) -> Option<Scaled> {
        let (rows, variables) = (problem.rows(), problem.variables());
        let mut columns: Vec<Vec<(u32, f64)>> = Vec::with_capacity(variables);
        for column in &problem.columns {
            let entries = column.entries.iter();
            let entries: Vec<(u32, f64)> = entries
                .filter(|(_, value)| !value.is_zero())
                .map(|(row, value)| (*row, value.to_f64()))
                .collect();
            if entries.iter().any(|(_, value)| !usable(*value)) {
                return None;
            }
            columns.push(entries);
        }
        let (row_scales, column_scales) = scales(rows, &columns);
        let mut flat = Ragged::with_capacity(variables + rows);
        for (column, scale) in columns.iter().zip(&column_scales) {
            for (row, value) in column {
                flat.push(*row, value * row_scales[*row as usize] * scale);
            }
            flat.close();
        }
        for row in 0..rows {
            flat.push(row as u32, 1.0);
            flat.close();
        }
        let by_row = flat.transposed(rows, |row| row as usize, |number| number as u32);
        let right = problem.rows.iter().zip(&row_scales);
        let right: Vec<f64> = right
            .map(|((_, right), scale)| right.to_f64() * scale)
            .collect();
        let costs = problem.columns.iter().map(|column| &column.cost);
        let mut costs: Vec<f64> = costs
            .map(Rational::to_f64)
            .zip(&column_scales)
            .map(|(cost, scale)| cost * scale)
            .collect();
        let largest = costs.iter().fold(0.0f64, |most, cost| most.max(cost.abs()));
        let cost_scale = if largest > 0.0 && largest.is_finite() {
            power_of_two(largest)
        } else {
            1.0
        };
        for cost in &mut costs {
            *cost /= cost_scale;
        }
        costs.resize(variables + rows, 0.0);
        if right.iter().chain(&costs).any(|value| !value.is_finite()) {
            return None;
        }
        Some(Scaled {
            ranges: (0..variables + rows)
                .map(|number| problem.range(number))
                .collect(),
            costs,
            right,
            row_scales: row_scales.iter().map(|scale| scale * cost_scale).collect(),
            column_scales,
            cost_scale,
            variables,
            columns: flat,
            by_row,
        })
    }

    pub fn rows(&self) -> usize {
        self.right.len()
    }

    pub fn variables(&self) -> usize {
        self.variables
    }

    /// Variables and slacks.
    pub fn total(&self) -> usize {
        self.columns.lists()
    }

    pub fn column(&self, number: usize) -> &[(u32, f64)] {
        self.columns.list(number)
    }

    /// The entries of a row, slack included, by variable.
    pub fn row(&self, row: usize) -> &[(u32, f64)] {
        self.by_row.list(row)
    }

    /// A column times a vector over the rows.
    pub fn dot(&self, number: usize, by_row: &[f64]) -> f64 {
        self.columns
            .list(number)
            .iter()
            .map(|(row, value)| value * by_row[*row as usize])
            .sum()
    }
}

fn usable(value: f64) -> bool {
    value.is_finite() && value.abs() > f64::MIN_POSITIVE
}

fn power_of_two(value: f64) -> f64 {
    value.log2().round().exp2()
}

/// Scales for rows and columns from the geometric mean of their smallest and largest entries, in turn.
fn scales(rows: usize, columns: &[Vec<(u32, f64)>]) -> (Vec<f64>, Vec<f64>) {
    let (mut by_row, mut by_column) = (vec![1.0; rows], vec![1.0; columns.len()]);
    for _ in 0..ROUNDS {
        let mut extremes = vec![(f64::INFINITY, 0.0f64); rows];
        for (column, scale) in columns.iter().zip(&by_column) {
            for (row, value) in column {
                let size = value.abs() * scale;
                let (least, most) = &mut extremes[*row as usize];
                *least = least.min(size);
                *most = most.max(size);
            }
        }
        for (scale, (least, most)) in by_row.iter_mut().zip(&extremes) {
            *scale = mean(*least, *most);
        }
        for (column, scale) in columns.iter().zip(&mut by_column) {
            let sizes = column
                .iter()
                .map(|(row, value)| value.abs() * by_row[*row as usize]);
            let (least, most) = sizes.fold((f64::INFINITY, 0.0f64), |(least, most), size| {
                (least.min(size), most.max(size))
            });
            *scale = mean(least, most);
        }
    }
    (by_row, by_column)
}

fn mean(least: f64, most: f64) -> f64 {
    if most == 0.0 {
        return 1.0;
    }
    power_of_two(1.0 / (least.sqrt() * most.sqrt()))
}
