//! Simplex tableaux in doubles: rows in a flat array, bases as bit masks.

use super::face::Matrix;
use super::fast_walk::scaled;

/// Pivots smaller than this are not trusted; entries are at most 1.
const SMALLEST_PIVOT: f64 = 1e-9;

/// `{ x ≥ 0 : M·x ≤ right }` with the entries of `M` in (0, 1] and right-hand sides slightly above 1.
pub struct Polytope {
    pub variables: usize,
    pub rows: usize,
    /// Row by row.
    pub matrix: Vec<f64>,
    pub right: Vec<f64>,
}

impl Polytope {
    pub fn new(matrix: &Matrix, increase: f64) -> Option<Polytope> {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut right = || {
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            // Between half and all of the increase, so that no two rows agree.
            1.0 + increase * (0.5 + (state >> 44) as f64 / (1u64 << 21) as f64)
        };
        let right = (0..matrix.rows).map(|_| right()).collect();
        Some(Polytope {
            variables: matrix.columns,
            rows: matrix.rows,
            matrix: scaled(&matrix.entries)?,
            right,
        })
    }

    /// Variables, then one slack per row.
    pub fn labels(&self) -> usize {
        self.variables + self.rows
    }

    pub fn row(&self, row: usize) -> &[f64] {
        &self.matrix[row * self.variables..(row + 1) * self.variables]
    }
}

/// The system solved for the basic variables of one basis.
pub struct Tableau {
    variables: usize,
    /// Row by row, the right-hand side last.
    entries: Vec<f64>,
    pub basic: Vec<usize>,
    pub nonbasic: Vec<usize>,
    /// For each label its row or column.
    places: Vec<usize>,
    mask: u128,
    age: u32,
}

impl Tableau {
    pub fn origin(polytope: &Polytope) -> Tableau {
        let (variables, rows) = (polytope.variables, polytope.rows);
        let mut entries = Vec::with_capacity(rows * (variables + 1));
        for row in 0..rows {
            entries.extend_from_slice(polytope.row(row));
            entries.push(polytope.right[row]);
        }
        Tableau {
            variables,
            entries,
            basic: (variables..variables + rows).collect(),
            nonbasic: (0..variables).collect(),
            places: (0..variables).chain(0..rows).collect(),
            mask: if variables == 128 {
                u128::MAX
            } else {
                (1 << variables) - 1
            },
            age: 0,
        }
    }

    /// The tableau of the basis with these nonbasic labels, from the matrix, with the largest pivots first; `None` when one is too small.
    pub fn rebuilt(polytope: &Polytope, mask: u128) -> Option<Tableau> {
        let mut tableau = Tableau::origin(polytope);
        while tableau.mask != mask {
            let leaving = (0..polytope.rows).filter(|row| mask >> tableau.basic[*row] & 1 == 1);
            let mut best = (0.0, 0, 0);
            for row in leaving {
                for column in (0..polytope.variables)
                    .filter(|column| mask >> tableau.nonbasic[*column] & 1 == 0)
                {
                    let size = tableau.at(row, column).abs();
                    if size > best.0 {
                        best = (size, row, column);
                    }
                }
            }
            if best.0 < SMALLEST_PIVOT {
                return None;
            }
            tableau.pivot(best.1, best.2);
        }
        tableau.age = 0;
        Some(tableau)
    }

    /// The nonbasic labels.
    pub fn mask(&self) -> u128 {
        self.mask
    }

    /// Pivots since the tableau was computed from the matrix.
    pub fn age(&self) -> u32 {
        self.age
    }

    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.entries[row * (self.variables + 1) + column]
    }

    pub fn right(&self, row: usize) -> f64 {
        self.at(row, self.variables)
    }

    /// Pivots to a basis that differs in one label; `false`, and nothing done, if it differs in more or the pivot is small.
    pub fn step_to(&mut self, mask: u128) -> bool {
        let (entering, leaving) = (self.mask & !mask, mask & !self.mask);
        if entering.count_ones() != 1 || leaving.count_ones() != 1 {
            return false;
        }
        let row = self.places[leaving.trailing_zeros() as usize];
        let column = self.places[entering.trailing_zeros() as usize];
        if self.at(row, column).abs() < SMALLEST_PIVOT {
            return false;
        }
        self.pivot(row, column);
        true
    }

    /// The basis across each edge; `None` if a right-hand side is not positive or an edge has no end.
    pub fn neighbours(&self, masks: &mut Vec<u128>) -> Option<()> {
        let width = self.variables + 1;
        let mut steepest = [0.0f64; 128];
        let mut rows = [0usize; 128];
        let (steepest, rows) = (&mut steepest[..self.variables], &mut rows[..self.variables]);
        for (number, row) in self.entries.chunks_exact(width).enumerate() {
            let right = row[self.variables];
            if right <= 0.0 {
                return None;
            }
            let inverse = 1.0 / right;
            for ((entry, steepest), best) in
                row.iter().zip(steepest.iter_mut()).zip(rows.iter_mut())
            {
                let slope = entry * inverse;
                if slope > *steepest {
                    *steepest = slope;
                    *best = number;
                }
            }
        }
        masks.clear();
        for column in 0..self.variables {
            if steepest[column] <= 0.0 {
                return None;
            }
            masks.push(self.mask ^ (1 << self.nonbasic[column]) ^ (1 << self.basic[rows[column]]));
        }
        Some(())
    }

    fn pivot(&mut self, row: usize, column: usize) {
        let width = self.variables + 1;
        let inverse = 1.0 / self.at(row, column);
        let (before, rest) = self.entries.split_at_mut(row * width);
        let (pivot_row, after) = rest.split_at_mut(width);
        for entry in pivot_row.iter_mut() {
            *entry *= inverse;
        }
        pivot_row[column] = inverse;
        for other in before
            .chunks_exact_mut(width)
            .chain(after.chunks_exact_mut(width))
        {
            let factor = other[column];
            other[column] = 0.0;
            for (entry, pivot) in other.iter_mut().zip(pivot_row.iter()) {
                *entry -= factor * pivot;
            }
        }
        self.mask ^= 1 << self.basic[row] ^ 1 << self.nonbasic[column];
        std::mem::swap(&mut self.basic[row], &mut self.nonbasic[column]);
        self.places[self.basic[row]] = row;
        self.places[self.nonbasic[column]] = column;
        self.age += 1;
    }
}
