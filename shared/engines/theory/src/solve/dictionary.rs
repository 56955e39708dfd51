//! Exact simplex dictionaries: fraction-free pivots and the lexicographic ratio test.

use std::cmp::Ordering;

use dashu_int::IBig;

use super::number::{Exact, Overflow};
use crate::rational::Rational;

/// A variable: structural ones are numbered from 0, then one slack per row.
pub type Variable = usize;

/// The system `slack = 1 − M·z`, all variables ≥ 0, solved for its basic variables:
/// `denominator · basic[i] = right[i] − Σ_j entry[i][j] · nonbasic[j]`.
///
/// All entries are integers (subdeterminants of `M`; Edmonds 1967, Bareiss 1968), so a pivot divides without remainder. Degenerate ties are
/// broken as if the right-hand sides of the rows of the reference basis were increased by ε, ε², … (Charnes 1952).
#[derive(Clone)]
pub struct Dictionary<N> {
    columns: usize,
    /// Row by row, the right-hand side last.
    entries: Vec<N>,
    denominator: N,
    basic: Vec<Variable>,
    nonbasic: Vec<Variable>,
    places: Vec<Place>,
    /// The variables whose rows carry the perturbation, in order.
    reference: Vec<Variable>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Row(usize),
    Column(usize),
    Gone,
}

impl<N: Exact> Dictionary<N> {
    /// The dictionary at the origin; `matrix` gives `M` row by row.
    pub fn new<'m>(
        rows: usize,
        columns: usize,
        matrix: impl Fn(usize, usize) -> &'m IBig,
    ) -> Result<Dictionary<N>, Overflow> {
        let mut entries = Vec::with_capacity(rows * (columns + 1));
        for row in 0..rows {
            for column in 0..columns {
                entries.push(N::from_integer(matrix(row, column))?);
            }
            entries.push(N::one());
        }
        let slacks: Vec<Variable> = (columns..columns + rows).collect();
        Ok(Dictionary {
            columns,
            entries,
            denominator: N::one(),
            basic: slacks.clone(),
            nonbasic: (0..columns).collect(),
            places: (0..columns)
                .map(Place::Column)
                .chain((0..rows).map(Place::Row))
                .collect(),
            reference: slacks,
        })
    }

    pub fn rows(&self) -> usize {
        self.basic.len()
    }

    /// How many variables there ever were.
    pub fn variables(&self) -> usize {
        self.places.len()
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    pub fn nonbasic(&self) -> &[Variable] {
        &self.nonbasic
    }

    pub fn basic(&self) -> &[Variable] {
        &self.basic
    }

    pub fn row_of(&self, variable: Variable) -> Option<usize> {
        match self.places[variable] {
            Place::Row(row) => Some(row),
            _ => None,
        }
    }

    pub fn column_of(&self, variable: Variable) -> Option<usize> {
        match self.places[variable] {
            Place::Column(column) => Some(column),
            _ => None,
        }
    }

    pub fn entry(&self, row: usize, column: usize) -> &N {
        &self.entries[row * (self.columns + 1) + column]
    }

    pub fn right(&self, row: usize) -> &N {
        self.entry(row, self.columns)
    }

    /// The variable's value at this vertex.
    pub fn value(&self, variable: Variable) -> Rational {
        match self.places[variable] {
            Place::Row(row) => {
                Rational::from_parts(self.right(row).to_integer(), self.denominator.to_integer())
            }
            _ => Rational::ZERO,
        }
    }

    /// The variable's value at this vertex, times [`denominator`](Self::denominator).
    pub fn numerator(&self, variable: Variable) -> IBig {
        match self.places[variable] {
            Place::Row(row) => self.right(row).to_integer(),
            _ => IBig::ZERO,
        }
    }

    pub fn denominator(&self) -> IBig {
        self.denominator.to_integer()
    }

    /// Whether the variable is zero at this vertex, basic or not.
    pub fn is_zero(&self, variable: Variable) -> bool {
        self.row_of(variable)
            .is_none_or(|row| self.right(row).sign() == Ordering::Equal)
    }

    /// Exchanges the basic variable of `row` with the nonbasic one of `column`. The same pivot again undoes it.
    pub fn pivot(&mut self, row: usize, column: usize) -> Result<(), Overflow> {
        let width = self.columns + 1;
        let pivot = self.entry(row, column).clone();
        let pivot_row: Vec<N> = self.entries[row * width..(row + 1) * width].to_vec();
        for (number, entries) in self.entries.chunks_mut(width).enumerate() {
            if number == row {
                continue;
            }
            let factor = entries[column].clone();
            if factor.sign() == Ordering::Equal
                && N::compare_products(&pivot, &N::one(), &self.denominator, &N::one())?
                    == Ordering::Equal
            {
                continue;
            }
            for (position, entry) in entries.iter_mut().enumerate() {
                if position != column {
                    *entry = N::cross(
                        entry,
                        &pivot,
                        &factor,
                        &pivot_row[position],
                        &self.denominator,
                    )?;
                }
            }
            let mut opposite = factor;
            opposite.negate();
            entries[column] = opposite;
        }
        self.entries[row * width + column] = std::mem::replace(&mut self.denominator, pivot);
        if self.denominator.sign() == Ordering::Less {
            self.denominator.negate();
            self.entries.iter_mut().for_each(N::negate);
        }
        std::mem::swap(&mut self.basic[row], &mut self.nonbasic[column]);
        self.places[self.basic[row]] = Place::Row(row);
        self.places[self.nonbasic[column]] = Place::Column(column);
        Ok(())
    }

    /// The row that leaves when `column` enters: the lexicographically smallest ratio. `None` if the edge is unbounded.
    pub fn leaving(&self, column: usize) -> Result<Option<usize>, Overflow> {
        let mut tied: Vec<usize> = (0..self.rows())
            .filter(|row| self.entry(*row, column).sign() == Ordering::Greater)
            .collect();
        self.keep_smallest(&mut tied, column, |row| self.right(row).clone())?;
        let mut reference = self.reference.iter();
        while tied.len() > 1 {
            let Some(variable) = reference.next() else {
                break;
            };
            match self.places[*variable] {
                Place::Gone => {}
                Place::Column(other) => {
                    self.keep_smallest(&mut tied, column, |row| self.entry(row, other).clone())?
                }
                Place::Row(unit) => self.keep_smallest(&mut tied, column, |row| {
                    if row == unit {
                        self.denominator.clone()
                    } else {
                        N::zero()
                    }
                })?,
            }
        }
        Ok(tied.first().copied())
    }

    /// Keeps the rows with the smallest ratio of `value` to the entry in `column`.
    fn keep_smallest(
        &self,
        rows: &mut Vec<usize>,
        column: usize,
        value: impl Fn(usize) -> N,
    ) -> Result<(), Overflow> {
        let mut kept: Vec<usize> = Vec::with_capacity(rows.len());
        let mut smallest: Option<(N, &N)> = None;
        for row in rows.iter().copied() {
            let (above, below) = (value(row), self.entry(row, column));
            let order = match &smallest {
                None => Ordering::Less,
                Some((best_above, best_below)) => {
                    N::compare_products(&above, best_below, best_above, below)?
                }
            };
            if order == Ordering::Less {
                kept.clear();
                smallest = Some((above, below));
            }
            if order != Ordering::Greater {
                kept.push(row);
            }
        }
        *rows = kept;
        Ok(())
    }

    /// Fixes a nonbasic variable at zero for good.
    pub fn drop_column(&mut self, column: usize) {
        let width = self.columns + 1;
        let mut position = 0;
        self.entries.retain(|_| {
            let keep = position % width != column;
            position += 1;
            keep
        });
        self.places[self.nonbasic.remove(column)] = Place::Gone;
        self.columns -= 1;
        for (column, variable) in self.nonbasic.iter().enumerate() {
            self.places[*variable] = Place::Column(column);
        }
        self.restart_perturbation();
    }

    /// Forgets a basic variable and its row.
    pub fn drop_row(&mut self, row: usize) {
        let width = self.columns + 1;
        self.entries.drain(row * width..(row + 1) * width);
        self.places[self.basic.remove(row)] = Place::Gone;
        for (row, variable) in self.basic.iter().enumerate() {
            self.places[*variable] = Place::Row(row);
        }
        self.restart_perturbation();
    }

    /// Makes the present basis the reference of the perturbation, which is valid as its right-hand sides are not negative.
    fn restart_perturbation(&mut self) {
        self.reference.clone_from(&self.basic);
    }
}
