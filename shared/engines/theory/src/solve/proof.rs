//! Proofs that a label is never, or always, tight on a face of a best-reply polytope.
//!
//! Write `s_l` for the slack or variable of label `l`. For any weights λ on the rows of `M`, Σ_j λ_j·(1 − M_j·z) = Σ_j λ_j·s_j gives a formula
//! for `s_l` in the other slacks and variables. With λ from a tableau its coefficients at all of them that are not fixed at zero are not negative,
//! so its constant bounds `s_l` from below. A bound from rounded weights is as good as any other when the coefficients are computed
//! anew from the matrix and what they lack is made up for by the variables' upper bounds (Neumaier and Shcherbina 2004).

use std::cmp::Ordering;

use dashu_int::IBig;

use super::labels::Labels;
use super::linear::solve;
use super::number::{Exact, Overflow};
use super::polytope::{Meaning, Polytope, SLIP};
use super::tableau::Tableau;

/// Whether `s_l` is surely positive on the face where the labels in `fixed` are tight, by the row of the tableau where the label is basic.
pub fn is_positive(polytope: &Polytope, tableau: &Tableau, fixed: &Labels, row: usize) -> bool {
    let label = tableau.basic()[row];
    let mut sums = vec![0.0; polytope.variables];
    let (mut bound, mut magnitude, mut terms) = (0.0, 1.0, 2);
    if let Meaning::Row(own) = polytope.meaning(label) {
        bound = 1.0;
        sums.copy_from_slice(polytope.row(own));
    }
    for (column, (weight, slack)) in tableau.row(row).iter().zip(tableau.nonbasic()).enumerate() {
        let Meaning::Row(line) = polytope.meaning(*slack) else {
            continue;
        };
        let weight = if column < tableau.free() {
            weight.min(0.0)
        } else {
            *weight
        };
        if weight == 0.0 {
            continue;
        }
        bound += weight;
        magnitude += weight.abs();
        terms += 1;
        for (sum, entry) in sums.iter_mut().zip(polytope.row(line)) {
            *sum += weight * entry;
        }
    }
    if let Meaning::Variable(own) = polytope.meaning(label) {
        sums[own] -= 1.0;
    }
    let error = (rounding(terms) + SLIP) * magnitude;
    let mut lost = error;
    for (variable, sum) in sums.iter().enumerate() {
        let lack = sum + error;
        if lack > 0.0 && !fixed.contains(polytope.label_of(Meaning::Variable(variable))) {
            lost += lack * polytope.bound(variable);
        }
    }
    bound > lost * (1.0 + rounding(polytope.variables))
}

/// A bound for the relative rounding error of a sum of `terms` products, with a margin.
fn rounding(terms: usize) -> f64 {
    4.0 * (terms + 2) as f64 * f64::EPSILON
}

/// Which way a label's slack or variable is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Below,
    Above,
}

/// The exact lower bound of `s_l` (or upper bound, then with its sign turned) that the present basis proves on the face, compared with zero; `None` if
/// it proves none.
pub fn exact_bound(
    polytope: &Polytope,
    tableau: &Tableau,
    fixed: &Labels,
    (label, side): (usize, Side),
) -> Option<Ordering> {
    let mut query = Query {
        polytope,
        fixed,
        label,
        side,
        support: Vec::new(),
        tight: Vec::new(),
    };
    let mut nonbasic = Labels::none(polytope.labels());
    for label in tableau.all_nonbasic() {
        nonbasic.insert(label);
        if let Meaning::Row(row) = polytope.meaning(label) {
            query.tight.push(row);
        }
    }
    query.support = (0..polytope.variables)
        .filter(|variable| !nonbasic.contains(polytope.label_of(Meaning::Variable(*variable))))
        .collect();
    if query.support.len() != query.tight.len() {
        return None;
    }
    query
        .answer::<i128>()
        .or_else(|Overflow| query.answer::<IBig>())
        .expect("integers of any size do not overflow")
}

struct Query<'a> {
    polytope: &'a Polytope,
    fixed: &'a Labels,
    label: usize,
    side: Side,
    support: Vec<usize>,
    tight: Vec<usize>,
}

impl Query<'_> {
    /// What the formula for `s_l` has at a variable before the weights: 1 at the label's own, minus the label's own row.
    fn start(&self, variable: usize) -> IBig {
        let value = match self.polytope.meaning(self.label) {
            Meaning::Variable(own) => IBig::from(u8::from(own == variable)),
            Meaning::Row(row) => -self.polytope.exact.at(row, variable),
        };
        match self.side {
            Side::Below => value,
            Side::Above => -value,
        }
    }

    fn answer<N: Exact>(&self) -> Result<Option<Ordering>, Overflow> {
        let matrix = &self.polytope.exact;
        let mut system = Vec::with_capacity(self.support.len());
        for variable in &self.support {
            let mut line = Vec::with_capacity(self.tight.len() + 1);
            for row in &self.tight {
                line.push(N::from_integer(matrix.at(*row, *variable))?);
            }
            line.push(N::from_integer(&self.start(*variable))?);
            system.push(line);
        }
        let Some(weights) = solve(system)? else {
            return Ok(None);
        };
        let denominator = weights.denominator.to_integer();
        let weights: Vec<IBig> = weights.numerators.iter().map(N::to_integer).collect();
        let is_fixed = |meaning| self.fixed.contains(self.polytope.label_of(meaning));
        let wrong_slack =
            |(row, weight): (&usize, &IBig)| *weight > IBig::ZERO && !is_fixed(Meaning::Row(*row));
        if self.tight.iter().zip(&weights).any(wrong_slack) {
            return Ok(None);
        }
        let wrong_variable = |variable: usize| {
            let taken = self.tight.iter().zip(&weights);
            let taken = taken.fold(IBig::ZERO, |sum, (row, weight)| {
                sum + matrix.at(*row, variable) * weight
            });
            self.start(variable) * &denominator < taken
        };
        let others = (0..self.polytope.variables)
            .filter(|variable| !self.support.contains(variable))
            .filter(|variable| !is_fixed(Meaning::Variable(*variable)));
        if others.into_iter().any(wrong_variable) {
            return Ok(None);
        }
        let own = match (self.polytope.meaning(self.label), self.side) {
            (Meaning::Variable(_), _) => IBig::ZERO,
            (Meaning::Row(_), Side::Below) => denominator.clone(),
            (Meaning::Row(_), Side::Above) => -denominator,
        };
        let bound = weights.iter().fold(own, |sum, weight| sum + weight);
        Ok(Some(bound.cmp(&IBig::ZERO)))
    }
}
