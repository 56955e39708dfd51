//! Factorisation of sparse square matrices over any field, pivots chosen after Markowitz (1957).

use std::sync::atomic::{AtomicBool, Ordering};

use super::field::Field;
use super::ragged::Ragged;

/// A pivot must be at least this share of the largest entry of its row, as is usual for sparse factorisations of bases.
const THRESHOLD: f64 = 0.1;

/// How many rows or columns are looked at for a pivot once singletons have run out (Suhl and Suhl 1990).
const CANDIDATES: usize = 4;

/// Why there are no factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Singular;

/// `B = L·U` up to the order of rows and columns. Columns are numbered by their place in the basis.
pub struct Lu<F> {
    steps: Vec<Step<F>>,
    lower: Ragged<F>,
    /// The steps that changed other rows; those before and after them are triangular already.
    lower_steps: Vec<u32>,
    /// For each step the rest of its pivot row.
    rows: Ragged<F>,
    /// For each step the rest of its pivot column in `U`.
    columns: Ragged<F>,
}

struct Step<F> {
    row: usize,
    column: usize,
    inverse: F,
}

impl<F: Field> Lu<F> {
    /// Factorises the square matrix whose columns are given as (row, entry) lists, each row at most once. Stopped, it has no factors.
    pub fn new<'a>(
        columns: impl ExactSizeIterator<Item = &'a [(u32, F)]>,
        stop: &AtomicBool,
    ) -> Result<Lu<F>, Singular>
    where
        F: 'a,
    {
        let size = columns.len();
        let mut active = Active::new(size, columns);
        let mut lu = Lu {
            steps: Vec::with_capacity(size),
            lower: Ragged::with_capacity(size),
            lower_steps: Vec::new(),
            rows: Ragged::with_capacity(size),
            columns: Ragged::with_capacity(size),
        };
        for _ in 0..size {
            if stop.load(Ordering::Relaxed) {
                return Err(Singular);
            }
            let (row, column) = active.choose().ok_or(Singular)?;
            lu.steps.push(active.eliminate(row, column, &mut lu.lower));
            lu.rows.append(&mut active.rows[row]);
            lu.rows.close();
            lu.lower.close();
            if !lu.lower.list(lu.steps.len() - 1).is_empty() {
                lu.lower_steps.push(lu.steps.len() as u32 - 1);
            }
        }
        lu.transpose_upper();
        Ok(lu)
    }

    fn transpose_upper(&mut self) {
        let size = self.steps.len();
        let mut step_of = vec![0; size];
        for (number, step) in self.steps.iter().enumerate() {
            step_of[step.column] = number;
        }
        self.columns = self.rows.transposed(
            size,
            |column| step_of[column as usize],
            |step| self.steps[step].row as u32,
        );
    }

    /// Solves `B·x = v`: `v` by rows is used up, `x` by places in the basis is the answer.
    pub fn solve(&self, v: &mut [F], x: &mut [F]) {
        for number in self.lower_steps.iter().map(|number| *number as usize) {
            let step = &self.steps[number];
            if v[step.row].is_zero() {
                continue;
            }
            let value = v[step.row].clone();
            for (row, factor) in self.lower.list(number) {
                v[*row as usize].subtract_product(factor, &value);
            }
        }
        for (number, step) in self.steps.iter().enumerate().rev() {
            let here = std::mem::replace(&mut v[step.row], F::zero());
            if here.is_zero() {
                x[step.column] = F::zero();
                continue;
            }
            let value = here.product(&step.inverse);
            for (row, factor) in self.columns.list(number) {
                v[*row as usize].subtract_product(factor, &value);
            }
            x[step.column] = value;
        }
    }

    /// Solves `Bᵀ·y = v`: `v` by places in the basis is used up, `y` by rows is the answer.
    pub fn solve_transposed(&self, v: &mut [F], y: &mut [F]) {
        for (number, step) in self.steps.iter().enumerate() {
            let here = std::mem::replace(&mut v[step.column], F::zero());
            if here.is_zero() {
                y[step.row] = F::zero();
                continue;
            }
            let value = here.product(&step.inverse);
            for (column, factor) in self.rows.list(number) {
                v[*column as usize].subtract_product(factor, &value);
            }
            y[step.row] = value;
        }
        for number in self.lower_steps.iter().rev().map(|number| *number as usize) {
            let step = &self.steps[number];
            let mut value = y[step.row].clone();
            for (row, factor) in self.lower.list(number) {
                value.subtract_product(factor, &y[*row as usize]);
            }
            y[step.row] = value;
        }
    }

    /// How many entries the factors have.
    pub fn entries(&self) -> usize {
        self.steps.len() + self.lower.entries().len() + self.rows.entries().len()
    }
}

/// What is not eliminated yet.
struct Active<F> {
    rows: Vec<Vec<(u32, F)>>,
    /// For each column the rows that have an entry in it.
    columns: Vec<Vec<u32>>,
    /// Rows and columns by their number of entries; one that has another number by now, or is done, is passed over.
    rows_by_count: Vec<Vec<u32>>,
    columns_by_count: Vec<Vec<u32>>,
    row_is_done: Vec<bool>,
    column_is_done: Vec<bool>,
    /// While two rows are combined: for each column one more than its place in the row that changes.
    places: Vec<u32>,
}

impl<F: Field> Active<F> {
    fn new<'a>(size: usize, columns: impl Iterator<Item = &'a [(u32, F)]>) -> Active<F>
    where
        F: 'a,
    {
        let mut rows: Vec<Vec<(u32, F)>> = vec![Vec::new(); size];
        let mut patterns = Vec::with_capacity(size);
        for (number, column) in columns.enumerate() {
            let mut pattern = Vec::with_capacity(column.len());
            for (row, value) in column {
                if !value.is_zero() {
                    rows[*row as usize].push((number as u32, value.clone()));
                    pattern.push(*row);
                }
            }
            patterns.push(pattern);
        }
        let mut active = Active {
            rows_by_count: vec![Vec::new(); size + 1],
            columns_by_count: vec![Vec::new(); size + 1],
            row_is_done: vec![false; size],
            column_is_done: vec![false; size],
            places: vec![0; size],
            rows,
            columns: patterns,
        };
        for number in 0..size {
            active.rows_by_count[active.rows[number].len()].push(number as u32);
            active.columns_by_count[active.columns[number].len()].push(number as u32);
        }
        active
    }

    /// The entry with the smallest (row count − 1)·(column count − 1) among those of the shortest rows and columns.
    fn choose(&mut self) -> Option<(usize, usize)> {
        let mut best: Option<(usize, usize, usize)> = None;
        let mut looked = 0;
        for count in 1..self.rows_by_count.len() {
            let mut number = 0;
            while number < self.columns_by_count[count].len() {
                let column = self.columns_by_count[count][number] as usize;
                if self.column_is_done[column] || self.columns[column].len() != count {
                    self.columns_by_count[count].swap_remove(number);
                    continue;
                }
                number += 1;
                looked += 1;
                for row in &self.columns[column] {
                    let row = *row as usize;
                    let cost = (count - 1) * (self.rows[row].len() - 1);
                    if best.is_none_or(|(least, _, _)| cost < least)
                        && self.is_acceptable(row, column)
                    {
                        best = Some((cost, row, column));
                    }
                }
                if let Some((cost, row, column)) = best
                    && (looked >= CANDIDATES || cost <= (count - 1) * (count - 1))
                {
                    return Some((row, column));
                }
            }
            let mut number = 0;
            while number < self.rows_by_count[count].len() {
                let row = self.rows_by_count[count][number] as usize;
                if self.row_is_done[row] || self.rows[row].len() != count {
                    self.rows_by_count[count].swap_remove(number);
                    continue;
                }
                number += 1;
                looked += 1;
                let largest = self.largest(row);
                for (column, value) in &self.rows[row] {
                    let column = *column as usize;
                    let cost = (count - 1) * (self.columns[column].len() - 1);
                    if best.is_none_or(|(least, _, _)| cost < least)
                        && value.size() > 0.0
                        && value.size() >= THRESHOLD * largest
                    {
                        best = Some((cost, row, column));
                    }
                }
                if let Some((cost, row, column)) = best
                    && (looked >= CANDIDATES || cost <= (count - 1) * count)
                {
                    return Some((row, column));
                }
            }
        }
        best.map(|(_, row, column)| (row, column))
    }

    fn largest(&self, row: usize) -> f64 {
        self.rows[row]
            .iter()
            .map(|(_, value)| value.size())
            .fold(0.0, f64::max)
    }

    fn is_acceptable(&self, row: usize, column: usize) -> bool {
        let size = self.rows[row]
            .iter()
            .find(|(other, _)| *other as usize == column)
            .map_or(0.0, |(_, value)| value.size());
        size > 0.0 && size >= THRESHOLD * self.largest(row)
    }

    /// Takes row and column out, subtracting multiples of the row from the others; leaves the rest of the pivot row in `rows[row]`.
    fn eliminate(&mut self, row: usize, column: usize, lower: &mut Ragged<F>) -> Step<F> {
        self.row_is_done[row] = true;
        self.column_is_done[column] = true;
        let mut pivot_row = std::mem::take(&mut self.rows[row]);
        let place = pivot_row
            .iter()
            .position(|(other, _)| *other as usize == column)
            .expect("the pivot is an entry of its row");
        let inverse = pivot_row.swap_remove(place).1.inverse();
        for (other, _) in &pivot_row {
            self.forget(row, *other as usize);
        }
        for other in std::mem::take(&mut self.columns[column]) {
            let other = other as usize;
            if other == row {
                continue;
            }
            let place = self.rows[other]
                .iter()
                .position(|(entry, _)| *entry as usize == column)
                .expect("patterns of columns match the rows");
            let factor = self.rows[other].swap_remove(place).1.product(&inverse);
            self.subtract(other, &factor, &pivot_row);
            lower.push(other as u32, factor);
            self.rows_by_count[self.rows[other].len()].push(other as u32);
        }
        for (other, _) in &pivot_row {
            let other = *other as usize;
            self.columns_by_count[self.columns[other].len()].push(other as u32);
        }
        self.rows[row] = pivot_row;
        Step {
            row,
            column,
            inverse,
        }
    }

    fn forget(&mut self, row: usize, column: usize) {
        let pattern = &mut self.columns[column];
        if let Some(place) = pattern.iter().position(|other| *other as usize == row) {
            pattern.swap_remove(place);
        }
    }

    fn subtract(&mut self, row: usize, factor: &F, pivot_row: &[(u32, F)]) {
        if pivot_row.is_empty() {
            return;
        }
        for (place, (column, _)) in self.rows[row].iter().enumerate() {
            self.places[*column as usize] = place as u32 + 1;
        }
        for (column, value) in pivot_row {
            let place = self.places[*column as usize];
            if place > 0 {
                self.rows[row][place as usize - 1]
                    .1
                    .subtract_product(factor, value);
            } else {
                let mut filled = F::zero();
                filled.subtract_product(factor, value);
                self.rows[row].push((*column, filled));
                self.columns[*column as usize].push(row as u32);
            }
        }
        let mut place = 0;
        while place < self.rows[row].len() {
            let (column, value) = &self.rows[row][place];
            let column = *column as usize;
            self.places[column] = 0;
            if value.is_zero() {
                self.rows[row].swap_remove(place);
                self.forget(row, column);
            } else {
                place += 1;
            }
        }
    }
}
