//! Factors: tables of numbers over the configurations of a few variables, multiplied and summed over.

use std::sync::atomic::AtomicBool;

use super::{Halt, look};
use crate::rational::Rational;

/// Most products that one elimination step may add up.
const MOST_TERMS: usize = 1 << 24;

/// How many terms are added between two looks at the stop flag.
const CHECK: usize = 1 << 7;

/// Entries in row-major order of the scope: the last variable's value varies fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    pub scope: Vec<usize>,
    pub values: Vec<Rational>,
}

/// What sums and products need to know: how many values each variable has, and when to stop.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub sizes: &'a [usize],
    pub stop: &'a AtomicBool,
}

impl Context<'_> {
    fn size(&self, variables: &[usize]) -> usize {
        variables.iter().fold(1, |product: usize, variable| {
            product.saturating_mul(self.sizes[*variable])
        })
    }

    /// The product of the factors, summed over every variable that is not in `keep`, as a table over `keep`: variable elimination,
    /// each time the variable whose elimination makes the smallest table.
    pub fn eliminate(&self, mut factors: Vec<Factor>, keep: &[usize]) -> Result<Factor, Halt> {
        loop {
            let mut hidden: Vec<usize> = factors
                .iter()
                .flat_map(|factor| factor.scope.iter().copied())
                .filter(|variable| !keep.contains(variable))
                .collect();
            hidden.sort_unstable();
            hidden.dedup();
            let cheapest = hidden
                .into_iter()
                .map(|variable| (self.size(&neighbours(&factors, variable)), variable))
                .min();
            let Some((_, variable)) = cheapest else {
                return self.sum(&factors, keep, &[]);
            };
            let scope = neighbours(&factors, variable);
            let (touched, rest): (Vec<Factor>, Vec<Factor>) = factors
                .into_iter()
                .partition(|factor| factor.scope.contains(&variable));
            factors = rest;
            factors.push(self.sum(&touched, &scope, &[variable])?);
        }
    }

    /// The product of the factors as a table over `scope`, summed over the variables `over`.
    fn sum(&self, factors: &[Factor], scope: &[usize], over: &[usize]) -> Result<Factor, Halt> {
        let variables: Vec<usize> = scope.iter().chain(over).copied().collect();
        let terms = self.size(&variables);
        if terms > MOST_TERMS {
            return Err(Halt::TooLarge(format!(
                "exact inference would need a table of {terms} entries; at most {MOST_TERMS} are allowed"
            )));
        }
        let strides: Vec<Vec<usize>> = factors
            .iter()
            .map(|factor| self.strides(factor, &variables))
            .collect();
        let inner = self.size(over);
        let mut values = vec![Rational::ZERO; self.size(scope)];
        let mut digits = vec![0; variables.len()];
        let mut offsets = vec![0; factors.len()];
        for term in 0..terms {
            if term % CHECK == 0 {
                look(self.stop)?;
            }
            let mut entries = factors
                .iter()
                .zip(&offsets)
                .map(|(factor, offset)| &factor.values[*offset]);
            if let Some(product) = product(&mut entries) {
                values[term / inner] += &product;
            }
            for (position, variable) in variables.iter().enumerate().rev() {
                digits[position] += 1;
                let wraps = digits[position] == self.sizes[*variable];
                for (offset, strides) in offsets.iter_mut().zip(&strides) {
                    if wraps {
                        *offset -= strides[position] * (self.sizes[*variable] - 1);
                    } else {
                        *offset += strides[position];
                    }
                }
                if !wraps {
                    break;
                }
                digits[position] = 0;
            }
        }
        Ok(Factor {
            scope: scope.to_vec(),
            values,
        })
    }

    /// How far apart in the factor two neighbouring values of each variable lie; 0 for those that it does not have.
    fn strides(&self, factor: &Factor, variables: &[usize]) -> Vec<usize> {
        let stride = |variable: &usize| {
            let position = factor.scope.iter().position(|own| own == variable)?;
            Some(self.size(&factor.scope[position + 1..]))
        };
        variables
            .iter()
            .map(|variable| stride(variable).unwrap_or(0))
            .collect()
    }
}

/// The variables that share a factor with this one, without it.
fn neighbours(factors: &[Factor], variable: usize) -> Vec<usize> {
    let mut scope: Vec<usize> = factors
        .iter()
        .filter(|factor| factor.scope.contains(&variable))
        .flat_map(|factor| factor.scope.iter().copied())
        .filter(|other| *other != variable)
        .collect();
    scope.sort_unstable();
    scope.dedup();
    scope
}

/// The product, or `None` when it is zero.
fn product<'a>(entries: &mut impl Iterator<Item = &'a Rational>) -> Option<Rational> {
    let mut product = Rational::ONE;
    for entry in entries {
        if entry.is_zero() {
            return None;
        }
        if *entry != Rational::ONE {
            product = &product * entry;
        }
    }
    Some(product)
}
