//! A best-reply polytope in doubles, next to its exact matrix.

use dashu_int::IBig;

use super::face::Matrix;

/// How far an entry in doubles may be from the true one; entries are at most 1.
pub const SLIP: f64 = 1.0 / (1u64 << 51) as f64;

/// `{ z ≥ 0 : M·z ≤ 1 }` for a matrix of positive integers, with the variables scaled so that the entries in doubles are at most 1 and
/// the largest of each column is above a quarter.
///
/// Every variable and every row has a label: a strategy of the player who mixes, and one of the player who replies. The labels are
/// numbered alike in both polytopes of a game, so here they start at `first_label` and wrap around.
pub struct Polytope {
    pub variables: usize,
    pub rows: usize,
    pub exact: Matrix,
    first_label: usize,
    /// Row by row.
    entries: Vec<f64>,
    /// For each variable a number that it is below everywhere.
    bounds: Vec<f64>,
}

/// What a label stands for in one of the polytopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Tight when this variable is zero.
    Variable(usize),
    /// Tight when this row is one.
    Row(usize),
}

impl Polytope {
    pub fn new(exact: Matrix, first_label: usize) -> Polytope {
        let (variables, rows) = (exact.columns, exact.rows);
        let lengths: Vec<usize> = (0..variables)
            .map(|column| (0..rows).map(|row| length(exact.at(row, column))).max())
            .map(|longest| longest.unwrap_or(1))
            .collect();
        let entries = (0..rows * variables)
            .map(|entry| below_one(&exact.entries[entry], lengths[entry % variables]))
            .collect::<Vec<f64>>();
        let bounds = (0..variables)
            .map(|column| {
                let largest = (0..rows)
                    .map(|row| entries[row * variables + column])
                    .fold(0.0, f64::max);
                1.001 / largest
            })
            .collect();
        Polytope {
            variables,
            rows,
            exact,
            first_label,
            entries,
            bounds,
        }
    }

    pub fn labels(&self) -> usize {
        self.variables + self.rows
    }

    pub fn row(&self, row: usize) -> &[f64] {
        &self.entries[row * self.variables..(row + 1) * self.variables]
    }

    pub fn bound(&self, variable: usize) -> f64 {
        self.bounds[variable]
    }

    pub fn meaning(&self, label: usize) -> Meaning {
        let own = (label + self.labels() - self.first_label) % self.labels();
        if own < self.variables {
            Meaning::Variable(own)
        } else {
            Meaning::Row(own - self.variables)
        }
    }

    pub fn label_of(&self, meaning: Meaning) -> usize {
        let own = match meaning {
            Meaning::Variable(variable) => variable,
            Meaning::Row(row) => self.variables + row,
        };
        (own + self.first_label) % self.labels()
    }
}

fn length(entry: &IBig) -> usize {
    use dashu_int::ops::BitTest;
    entry.bit_len()
}

/// The entry divided by 2^length.
fn below_one(entry: &IBig, length: usize) -> f64 {
    /// Bits looked at: more than a double holds, fewer than it can count.
    const KEPT: usize = 120;
    let shift = length.saturating_sub(KEPT);
    (entry >> shift).to_f64().value() * 2f64.powi(-((length - shift) as i32))
}
