//! A linear program in integers: every row, and the objective, times its common denominator.

use dashu_int::ops::Gcd;
use dashu_int::{IBig, UBig};

use super::problem::{Problem, Range};
use crate::rational::Rational;

/// The same program in integers. A slack is that of the original times the scale of its row, so it keeps its sign.
pub struct Integral {
    /// Variables, then slacks.
    pub columns: Vec<Vec<(u32, IBig)>>,
    pub ranges: Vec<Range>,
    pub costs: Vec<IBig>,
    pub right: Vec<IBig>,
    /// What each row was multiplied by.
    pub row_scales: Vec<UBig>,
    /// What the objective was multiplied by.
    pub cost_scale: UBig,
    pub variables: usize,
}

impl Integral {
    pub fn new(problem: &Problem) -> Integral {
        let (rows, variables) = (problem.rows(), problem.variables());
        let mut row_scales: Vec<UBig> = problem
            .rows
            .iter()
            .map(|(_, right)| right.denominator().clone())
            .collect();
        for column in &problem.columns {
            for (row, value) in &column.entries {
                include(&mut row_scales[*row as usize], value);
            }
        }
        let mut cost_scale = UBig::ONE;
        for column in &problem.columns {
            include(&mut cost_scale, &column.cost);
        }
        let scaled = |value: &Rational, scale: &UBig| {
            if value.is_integer() && scale.is_one() {
                return value.numerator();
            }
            value.numerator() * IBig::from(scale / value.denominator())
        };
        let variable = |entries: &Vec<(u32, Rational)>| {
            entries
                .iter()
                .filter(|(_, value)| !value.is_zero())
                .map(|(row, value)| (*row, scaled(value, &row_scales[*row as usize])))
                .collect()
        };
        let columns = problem.columns.iter();
        let slacks = (0..rows).map(|row| vec![(row as u32, IBig::ONE)]);
        let costs = problem.columns.iter();
        Integral {
            columns: columns
                .map(|column| variable(&column.entries))
                .chain(slacks)
                .collect(),
            ranges: (0..variables + rows)
                .map(|number| problem.range(number))
                .collect(),
            costs: costs
                .map(|column| scaled(&column.cost, &cost_scale))
                .chain(std::iter::repeat_n(IBig::ZERO, rows))
                .collect(),
            right: problem
                .rows
                .iter()
                .zip(&row_scales)
                .map(|((_, right), scale)| scaled(right, scale))
                .collect(),
            row_scales,
            cost_scale,
            variables,
        }
    }

    pub fn rows(&self) -> usize {
        self.right.len()
    }
}

/// Makes `common` a multiple of the number's denominator.
fn include(common: &mut UBig, value: &Rational) {
    let denominator = value.denominator();
    if denominator.is_one() {
        return;
    }
    let shared = (&*common).gcd(&denominator);
    *common *= denominator / shared;
}
