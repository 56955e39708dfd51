//! Simplex tableaux in doubles that shrink as the face they describe does.

use super::polytope::{Meaning, Polytope};

/// Smaller pivots are not trusted; entries of the matrix are at most 1.
pub const SMALLEST_PIVOT: f64 = 1e-9;

/// Smaller values count as zero, where that is checked later.
pub const ZERO: f64 = 1e-10;

/// Why a computation in doubles ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// The doubles have gone astray, or cannot decide.
    Doubt,
    Stopped,
}

/// The slacks and variables of a polytope solved for those in a basis: `basic[i] + Σ_j entry[i][j] · nonbasic[j] = right[i]`.
///
/// Columns are in three parts: free ones, slacks that are fixed at zero (their coefficients are needed for proofs), and variables fixed
/// at zero, which are forgotten. Rows of labels that are positive on the whole face never limit a step and are forgotten too.
#[derive(Clone)]
pub struct Tableau {
    /// Row by row, `stride` apart.
    entries: Vec<f64>,
    stride: usize,
    right: Vec<f64>,
    /// The label of each row, and of each column still kept.
    basic: Vec<usize>,
    nonbasic: Vec<usize>,
    free: usize,
    places: Vec<Place>,
    /// Entries computed since this was last asked for.
    work: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Row(usize),
    Column(usize),
    /// Basic, and its row forgotten.
    Inside,
    /// Nonbasic, and its column forgotten.
    Outside,
}

impl Tableau {
    pub fn origin(polytope: &Polytope) -> Tableau {
        let (variables, rows) = (polytope.variables, polytope.rows);
        let nonbasic: Vec<usize> = (0..variables)
            .map(|variable| polytope.label_of(Meaning::Variable(variable)))
            .collect();
        let basic: Vec<usize> = (0..rows)
            .map(|row| polytope.label_of(Meaning::Row(row)))
            .collect();
        let mut places = vec![Place::Outside; polytope.labels()];
        for (column, label) in nonbasic.iter().enumerate() {
            places[*label] = Place::Column(column);
        }
        for (row, label) in basic.iter().enumerate() {
            places[*label] = Place::Row(row);
        }
        Tableau {
            entries: (0..rows)
                .flat_map(|row| polytope.row(row))
                .copied()
                .collect(),
            stride: variables,
            right: vec![1.0; rows],
            basic,
            nonbasic,
            free: variables,
            places,
            work: 0,
        }
    }

    /// The tableau whose nonbasic labels are these, nothing fixed, from the matrix with the largest pivots first.
    pub fn of_basis(polytope: &Polytope, nonbasic: &[usize]) -> Result<Tableau, Halt> {
        let mut wanted = vec![false; polytope.labels()];
        nonbasic.iter().for_each(|label| wanted[*label] = true);
        let mut tableau = Tableau::origin(polytope);
        loop {
            let mut best = (0.0, 0, 0);
            for row in (0..tableau.rows()).filter(|row| wanted[tableau.basic[*row]]) {
                for column in (0..tableau.free).filter(|column| !wanted[tableau.nonbasic[*column]])
                {
                    let size = tableau.at(row, column).abs();
                    if size > best.0 {
                        best = (size, row, column);
                    }
                }
            }
            if best.0 >= SMALLEST_PIVOT {
                tableau.pivot(best.1, best.2);
            } else if tableau.nonbasic.iter().all(|label| wanted[*label]) {
                return Ok(tableau);
            } else {
                return Err(Halt::Doubt);
            }
        }
    }

    /// About how much memory this takes.
    pub fn bytes(&self) -> usize {
        size_of::<f64>() * (self.entries.len() + 2 * self.places.len())
    }

    /// How many entries were computed since the last call.
    pub fn take_work(&mut self) -> u64 {
        std::mem::take(&mut self.work)
    }

    pub fn rows(&self) -> usize {
        self.basic.len()
    }

    /// How many columns are free: the dimension of the face, if no label is tight without being fixed.
    pub fn free(&self) -> usize {
        self.free
    }

    pub fn place(&self, label: usize) -> Place {
        self.places[label]
    }

    /// The labels of the rows.
    pub fn basic(&self) -> &[usize] {
        &self.basic
    }

    /// The labels of the columns: the free ones, then the fixed slacks.
    pub fn nonbasic(&self) -> &[usize] {
        &self.nonbasic
    }

    /// All nonbasic labels, forgotten ones too.
    pub fn all_nonbasic(&self) -> Vec<usize> {
        let is_nonbasic = |place: Place| matches!(place, Place::Column(_) | Place::Outside);
        (0..self.places.len())
            .filter(|label| is_nonbasic(self.places[*label]))
            .collect()
    }

    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.entries[row * self.stride + column]
    }

    /// The entries of the kept columns.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.entries[row * self.stride..][..self.nonbasic.len()]
    }

    pub fn right(&self, row: usize) -> f64 {
        self.right[row]
    }

    pub fn pivot(&mut self, row: usize, column: usize) {
        let kept = self.nonbasic.len();
        self.work += (self.rows() * kept) as u64;
        let inverse = 1.0 / self.at(row, column);
        let (before, rest) = self.entries.split_at_mut(row * self.stride);
        let (pivot_row, after) = rest.split_at_mut(self.stride);
        let pivot_row = &mut pivot_row[..kept];
        for entry in pivot_row.iter_mut() {
            *entry *= inverse;
        }
        pivot_row[column] = inverse;
        let pivot_right = self.right[row] * inverse;
        self.right[row] = pivot_right;
        let others = before
            .chunks_exact_mut(self.stride)
            .chain(after.chunks_exact_mut(self.stride));
        let (right_before, right_after) = self.right.split_at_mut(row);
        let rights = right_before.iter_mut().chain(&mut right_after[1..]);
        for (other, right) in others.zip(rights) {
            let other = &mut other[..kept];
            let factor = other[column];
            if factor == 0.0 {
                continue;
            }
            other[column] = 0.0;
            for (entry, pivot) in other.iter_mut().zip(pivot_row.iter()) {
                *entry -= factor * pivot;
            }
            *right -= factor * pivot_right;
        }
        std::mem::swap(&mut self.basic[row], &mut self.nonbasic[column]);
        self.places[self.basic[row]] = Place::Row(row);
        self.places[self.nonbasic[column]] = Place::Column(column);
    }

    /// Keeps the label of a free column at zero from now on.
    pub fn fix(&mut self, polytope: &Polytope, column: usize) {
        let last = self.free - 1;
        self.swap_columns(column, last);
        self.free = last;
        let label = self.nonbasic[last];
        if matches!(polytope.meaning(label), Meaning::Variable(_)) {
            self.swap_columns(last, self.nonbasic.len() - 1);
            self.nonbasic.pop();
            self.places[label] = Place::Outside;
        }
    }

    /// Forgets the row of a label that does not reach zero any more, or that is always zero.
    pub fn forget(&mut self, row: usize) {
        let last = self.rows() - 1;
        self.places[self.basic[row]] = Place::Inside;
        self.entries.copy_within(
            last * self.stride..(last + 1) * self.stride,
            row * self.stride,
        );
        self.entries.truncate(last * self.stride);
        self.right.swap_remove(row);
        self.basic.swap_remove(row);
        if row < last {
            self.places[self.basic[row]] = Place::Row(row);
        }
    }

    fn swap_columns(&mut self, a: usize, b: usize) {
        if a != b {
            for row in self.entries.chunks_exact_mut(self.stride) {
                row.swap(a, b);
            }
            self.nonbasic.swap(a, b);
            self.places[self.nonbasic[a]] = Place::Column(a);
            self.places[self.nonbasic[b]] = Place::Column(b);
        }
    }
}
