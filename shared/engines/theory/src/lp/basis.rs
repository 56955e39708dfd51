//! A factorised basis in any field that follows exchanges of columns by the product form of the inverse (Dantzig and Orchard-Hays 1954).

use std::ops::Range;
use std::sync::atomic::AtomicBool;

use super::field::Field;
use super::lu::{Lu, Singular};

/// Exchanges after which the factors are computed afresh.
const MOST_EXCHANGES: usize = 100;

/// The columns of one basis, solvable from both sides.
pub struct Basis<F> {
    lu: Lu<F>,
    exchanges: Vec<Exchange<F>>,
    /// The columns of the exchanges, end to end.
    entries: Vec<(u32, F)>,
}

struct Exchange<F> {
    place: usize,
    inverse: F,
    /// The rest of the entering column in terms of the basis, among the entries.
    column: Range<usize>,
}

impl<F: Field> Basis<F> {
    pub fn new<'a>(
        columns: impl ExactSizeIterator<Item = &'a [(u32, F)]>,
        stop: &AtomicBool,
    ) -> Result<Basis<F>, Singular>
    where
        F: 'a,
    {
        Ok(Basis {
            lu: Lu::new(columns, stop)?,
            exchanges: Vec::new(),
            entries: Vec::new(),
        })
    }

    /// Whether computing the factors afresh is cheaper, or more accurate, than going on.
    pub fn is_worn(&self) -> bool {
        self.exchanges.len() >= MOST_EXCHANGES || self.entries.len() > 3 * self.lu.entries()
    }

    /// Whether the factors are those of the columns themselves.
    pub fn is_fresh(&self) -> bool {
        self.exchanges.is_empty()
    }

    /// `B⁻¹·v` into `x`; `v` is used up.
    pub fn solve(&self, v: &mut [F], x: &mut [F]) {
        self.lu.solve(v, x);
        for exchange in &self.exchanges {
            if x[exchange.place].is_zero() {
                continue;
            }
            let value = x[exchange.place].product(&exchange.inverse);
            for (place, entry) in &self.entries[exchange.column.clone()] {
                x[*place as usize].subtract_product(entry, &value);
            }
            x[exchange.place] = value;
        }
    }

    /// `B⁻ᵀ·v` into `y`; `v` is used up.
    pub fn solve_transposed(&self, v: &mut [F], y: &mut [F]) {
        for exchange in self.exchanges.iter().rev() {
            let mut value = v[exchange.place].clone();
            for (place, entry) in &self.entries[exchange.column.clone()] {
                value.subtract_product(entry, &v[*place as usize]);
            }
            v[exchange.place] = value.product(&exchange.inverse);
        }
        self.lu.solve_transposed(v, y);
    }

    /// Puts a column, given in terms of the basis, in the place of another; `places` are those where the column is not zero.
    pub fn exchange(&mut self, place: usize, column: &[F], places: &[u32]) {
        let start = self.entries.len();
        let others = places.iter().filter(|other| **other as usize != place);
        self.entries
            .extend(others.map(|other| (*other, column[*other as usize].clone())));
        self.exchanges.push(Exchange {
            place,
            inverse: column[place].inverse(),
            column: start..self.entries.len(),
        });
    }
}
