//! Linear programs as they are stated: maximise a linear function under equations and inequalities with exact coefficients.

use crate::rational::Rational;

/// Maximise Σ cost·x under the rows, where each x is not negative or free.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    pub(super) rows: Vec<(Relation, Rational)>,
    pub(super) columns: Vec<Column>,
}

/// How the left side of a row compares with its right side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    AtMost,
    Equal,
}

/// Which values a variable may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    NotNegative,
    Free,
    /// Zero only: the slack of an equation.
    Zero,
}

#[derive(Clone, Debug)]
pub(super) struct Column {
    pub range: Range,
    pub cost: Rational,
    pub entries: Vec<(u32, Rational)>,
}

/// A variable of the problem, or the slack of one of its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basic {
    Variable(usize),
    Slack(usize),
}

impl Problem {
    /// Adds a row without entries and returns its number.
    pub fn add_row(&mut self, relation: Relation, right: Rational) -> usize {
        self.rows.push((relation, right));
        self.rows.len() - 1
    }

    /// Adds a variable with its entries, in rows that exist and each at most once; returns its number.
    pub fn add_variable(
        &mut self,
        range: Range,
        cost: Rational,
        entries: Vec<(u32, Rational)>,
    ) -> usize {
        self.columns.push(Column {
            range,
            cost,
            entries,
        });
        self.columns.len() - 1
    }

    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    pub fn variables(&self) -> usize {
        self.columns.len()
    }

    /// Variables first, then slacks.
    pub(super) fn number(&self, basic: Basic) -> usize {
        match basic {
            Basic::Variable(number) => number,
            Basic::Slack(row) => self.columns.len() + row,
        }
    }

    /// The range of a variable or slack by its number.
    pub(super) fn range(&self, number: usize) -> Range {
        match self.columns.get(number) {
            Some(column) => column.range,
            None => match self.rows[number - self.columns.len()].0 {
                Relation::AtMost => Range::NotNegative,
                Relation::Equal => Range::Zero,
            },
        }
    }
}
