//! The integers of exact tableaux: 128 bits while they suffice, any size after that.

use std::cmp::Ordering;

use dashu_int::IBig;

/// A 128-bit computation left its range; the caller starts again with [`IBig`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow;

/// What a fraction-free tableau needs of its entries.
pub trait Exact: Clone {
    fn from_integer(value: &IBig) -> Result<Self, Overflow>;
    fn to_integer(&self) -> IBig;
    fn one() -> Self;
    fn zero() -> Self;
    /// Compared with zero.
    fn sign(&self) -> Ordering;
    fn negate(&mut self);
    /// `(a·b − c·d) / e`, where the division is known to leave no remainder.
    fn cross(a: &Self, b: &Self, c: &Self, d: &Self, e: &Self) -> Result<Self, Overflow>;
    /// `a·b` compared with `c·d`.
    fn compare_products(a: &Self, b: &Self, c: &Self, d: &Self) -> Result<Ordering, Overflow>;
}

impl Exact for i128 {
    fn from_integer(value: &IBig) -> Result<i128, Overflow> {
        i128::try_from(value).map_err(|_| Overflow)
    }

    fn to_integer(&self) -> IBig {
        IBig::from(*self)
    }

    fn one() -> i128 {
        1
    }

    fn zero() -> i128 {
        0
    }

    fn sign(&self) -> Ordering {
        self.cmp(&0)
    }

    fn negate(&mut self) {
        // No entry is i128::MIN: it would have to come out of a checked difference divided exactly.
        *self = self.wrapping_neg();
    }

    fn cross(a: &i128, b: &i128, c: &i128, d: &i128, e: &i128) -> Result<i128, Overflow> {
        let difference = product(*a, *b)?
            .checked_sub(product(*c, *d)?)
            .ok_or(Overflow)?;
        if *e == 1 {
            return Ok(difference);
        }
        // The hardware divides 64-bit numbers an order of magnitude faster.
        if let (Ok(above), Ok(below)) = (i64::try_from(difference), i64::try_from(*e)) {
            return Ok(i128::from(above.wrapping_div(below)));
        }
        Ok(difference / e)
    }

    fn compare_products(a: &i128, b: &i128, c: &i128, d: &i128) -> Result<Ordering, Overflow> {
        Ok(product(*a, *b)?.cmp(&product(*c, *d)?))
    }
}

fn product(a: i128, b: i128) -> Result<i128, Overflow> {
    if let (Ok(a), Ok(b)) = (i64::try_from(a), i64::try_from(b)) {
        return Ok(i128::from(a) * i128::from(b));
    }
    a.checked_mul(b).ok_or(Overflow)
}

impl Exact for IBig {
    fn from_integer(value: &IBig) -> Result<IBig, Overflow> {
        Ok(value.clone())
    }

    fn to_integer(&self) -> IBig {
        self.clone()
    }

    fn one() -> IBig {
        IBig::ONE
    }

    fn zero() -> IBig {
        IBig::ZERO
    }

    fn sign(&self) -> Ordering {
        self.cmp(&IBig::ZERO)
    }

    fn negate(&mut self) {
        *self = -std::mem::take(self);
    }

    fn cross(a: &IBig, b: &IBig, c: &IBig, d: &IBig, e: &IBig) -> Result<IBig, Overflow> {
        let difference = a * b - c * d;
        Ok(if e.is_one() {
            difference
        } else {
            difference / e
        })
    }

    fn compare_products(a: &IBig, b: &IBig, c: &IBig, d: &IBig) -> Result<Ordering, Overflow> {
        Ok((a * b).cmp(&(c * d)))
    }
}
