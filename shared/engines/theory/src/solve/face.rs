//! Best replies with given properties: the face of a best-reply polytope where some strategies are optimal and others unused.

use std::cmp::Ordering;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use dashu_int::IBig;

use super::dictionary::Dictionary;
use super::number::{Exact, Overflow};
use super::seen::Seen;
use super::vertices::{Walk, each_basis};
use crate::rational::Rational;

/// One side of a bimatrix game: `payoff[row][column]` for the player who chooses the row, positive integers.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    pub rows: usize,
    pub columns: usize,
    /// Row by row.
    pub entries: Vec<IBig>,
}

impl Matrix {
    pub fn at(&self, row: usize, column: usize) -> &IBig {
        &self.entries[row * self.columns + column]
    }

    pub fn transposed(&self) -> Matrix {
        let entries = (0..self.columns)
            .flat_map(|column| (0..self.rows).map(move |row| self.at(row, column).clone()))
            .collect();
        Matrix {
            rows: self.columns,
            columns: self.rows,
            entries,
        }
    }
}

/// Visits the vertices of `{ y ≥ 0 : M·y ≤ 1, (M·y)_i = 1 for i in optimal, y_j = 0 for j not in used }`. One may come again, in different
/// numbers, when 128 bits turn out too few on the way.
pub fn each_vertex(
    matrix: &Matrix,
    (optimal, used): (&[usize], &[usize]),
    stop: &AtomicBool,
    mut visit: impl FnMut(Point) -> ControlFlow<()>,
) -> Walk {
    let face = Faced {
        matrix,
        optimal,
        used,
        stop,
    };
    face.walk::<i128>(&mut visit)
        .or_else(|Overflow| face.walk::<IBig>(&mut visit))
        .expect("integers of any size do not overflow")
}

/// A vertex `numerators / denominator` of a best-reply polytope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    pub numerators: Vec<IBig>,
    /// Positive.
    pub denominator: IBig,
}

impl Point {
    pub fn is_origin(&self) -> bool {
        self.numerators.iter().all(IBig::is_zero)
    }

    /// Scaled to a sum of one; not of the origin.
    pub fn mixture(&self) -> Vec<Rational> {
        let total: IBig = self.numerators.iter().sum();
        let share = |numerator: &IBig| Rational::from_parts(numerator.clone(), total.clone());
        self.numerators.iter().map(share).collect()
    }
}

struct Faced<'a> {
    matrix: &'a Matrix,
    optimal: &'a [usize],
    used: &'a [usize],
    stop: &'a AtomicBool,
}

impl Faced<'_> {
    fn walk<N: Exact>(
        &self,
        visit: &mut impl FnMut(Point) -> ControlFlow<()>,
    ) -> Result<Walk, Overflow> {
        let Faced {
            matrix,
            optimal,
            used,
            stop,
        } = *self;
        if dominated_within(matrix, optimal, used) {
            return Ok(Walk::Complete);
        }
        let mut dictionary = Dictionary::<N>::new(matrix.rows, used.len(), |row, column| {
            matrix.at(row, used[column])
        })?;
        for row in optimal {
            if stop.load(std::sync::atomic::Ordering::Relaxed) {
                return Ok(Walk::Broken);
            }
            if !tighten(&mut dictionary, used.len() + row)? {
                return Ok(Walk::Complete);
            }
        }
        // Bases of the same vertex agree in what is zero there, and other vertices do not.
        let variables = dictionary.variables();
        let mut found = Seen::new(variables);
        each_basis(&mut dictionary, stop, |vertex| {
            if !found.insert((0..variables).filter(|variable| vertex.is_zero(*variable))) {
                return ControlFlow::Continue(());
            }
            let mut numerators = vec![IBig::ZERO; matrix.columns];
            for (variable, column) in used.iter().enumerate() {
                numerators[*column] = vertex.numerator(variable);
            }
            visit(Point {
                numerators,
                denominator: vertex.denominator(),
            })
        })
    }
}

/// Restricts the polytope to the face where this slack is zero; `false` if that is empty.
fn tighten<N: Exact>(dictionary: &mut Dictionary<N>, slack: usize) -> Result<bool, Overflow> {
    loop {
        if let Some(column) = dictionary.column_of(slack) {
            dictionary.drop_column(column);
            return Ok(true);
        }
        let Some(row) = dictionary.row_of(slack) else {
            return Ok(true);
        };
        let lowering = (0..dictionary.columns())
            .filter(|column| dictionary.entry(row, *column).sign() == Ordering::Greater);
        // The smallest variable, as in Bland's rule; with the lexicographic ratio test no basis comes twice.
        let Some(entering) = lowering.min_by_key(|column| dictionary.nonbasic()[*column]) else {
            if dictionary.right(row).sign() != Ordering::Equal {
                return Ok(false);
            }
            // The slack is zero and every nonbasic variable with an entry would raise it: those are zero on the whole face.
            while let Some(column) = (0..dictionary.columns())
                .find(|column| dictionary.entry(row, *column).sign() != Ordering::Equal)
            {
                dictionary.drop_column(column);
            }
            dictionary.drop_row(row);
            return Ok(true);
        };
        match dictionary.leaving(entering)? {
            Some(leaving) => dictionary.pivot(leaving, entering)?,
            None => return Ok(false),
        }
    }
}

/// Whether one of the rows that should be optimal is strictly worse than another row in every column that may be used.
fn dominated_within(matrix: &Matrix, optimal: &[usize], used: &[usize]) -> bool {
    let dominates = |rival: usize, row: usize| {
        used.iter()
            .all(|column| matrix.at(rival, *column) > matrix.at(row, *column))
    };
    optimal
        .iter()
        .any(|row| (0..matrix.rows).any(|rival| rival != *row && dominates(rival, *row)))
}
