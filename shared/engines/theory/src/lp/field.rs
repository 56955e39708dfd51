//! The numbers that a factorisation can be made of: doubles, residues modulo a prime, exact rationals.

use dashu_int::IBig;
use dashu_int::ops::RemEuclid;

use crate::rational::Rational;

/// What [`super::lu::Lu`] needs of its entries.
pub trait Field: Clone {
    fn zero() -> Self;
    fn one() -> Self;
    fn from_integer(value: &IBig) -> Self;
    fn is_zero(&self) -> bool;
    /// `self − a·b`.
    fn subtract_product(&mut self, a: &Self, b: &Self);
    fn product(&self, other: &Self) -> Self;
    /// One over a number that is not zero.
    fn inverse(&self) -> Self;
    /// How trustworthy the number is as a pivot, compared with others of its row; zero if it must not be one.
    fn size(&self) -> f64;
}

/// Doubles below this are taken for zero in a factorisation of entries around one.
const NEGLIGIBLE: f64 = 1e-14;

/// The smallest double that may be a pivot.
const SMALLEST_PIVOT: f64 = 1e-10;

impl Field for f64 {
    fn zero() -> f64 {
        0.0
    }

    fn one() -> f64 {
        1.0
    }

    fn from_integer(value: &IBig) -> f64 {
        value.to_f64().value()
    }

    fn is_zero(&self) -> bool {
        self.abs() < NEGLIGIBLE
    }

    fn subtract_product(&mut self, a: &f64, b: &f64) {
        *self -= a * b;
    }

    fn product(&self, other: &f64) -> f64 {
        self * other
    }

    fn inverse(&self) -> f64 {
        1.0 / self
    }

    fn size(&self) -> f64 {
        let size = self.abs();
        if size < SMALLEST_PIVOT { 0.0 } else { size }
    }
}

impl Field for Rational {
    fn zero() -> Rational {
        Rational::ZERO
    }

    fn one() -> Rational {
        Rational::ONE
    }

    fn from_integer(value: &IBig) -> Rational {
        Rational::from(value.clone())
    }

    fn is_zero(&self) -> bool {
        Rational::is_zero(self)
    }

    fn subtract_product(&mut self, a: &Rational, b: &Rational) {
        *self = &*self - &(a * b);
    }

    fn product(&self, other: &Rational) -> Rational {
        self * other
    }

    fn inverse(&self) -> Rational {
        &Rational::ONE / self
    }

    fn size(&self) -> f64 {
        if self.is_zero() { 0.0 } else { 1.0 }
    }
}

/// A number modulo the prime `P` < 2^63, in Montgomery's (1985) form: it stands for itself times 2^64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Residue<const P: u64>(u64);

impl<const P: u64> Residue<P> {
    /// −1/P modulo 2^64, by Newton's iteration.
    const NEGATIVE_INVERSE: u64 = {
        let mut inverse = P;
        let mut round = 0;
        while round < 6 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(P.wrapping_mul(inverse)));
            round += 1;
        }
        inverse.wrapping_neg()
    };

    /// 2^128 modulo P.
    const SQUARE: u64 = {
        let radix = (u64::MAX % P + 1) % P;
        ((radix as u128 * radix as u128) % P as u128) as u64
    };

    /// 1/P modulo 2^64, which divides multiples of `P` exactly.
    pub const INVERSE_OF_PRIME: u64 = Self::NEGATIVE_INVERSE.wrapping_neg();

    fn reduce(value: u128) -> u64 {
        let factor = (value as u64).wrapping_mul(Self::NEGATIVE_INVERSE);
        let reduced = ((value + u128::from(factor) * u128::from(P)) >> 64) as u64;
        if reduced >= P { reduced - P } else { reduced }
    }

    /// Of a number below `P`.
    pub fn from_digit(digit: u64) -> Residue<P> {
        Residue(Self::reduce(u128::from(digit) * u128::from(Self::SQUARE)))
    }

    pub fn from_i128(value: i128) -> Residue<P> {
        let digit = match i64::try_from(value) {
            Ok(small) => small.rem_euclid(P as i64) as u64,
            Err(_) => value.rem_euclid(i128::from(P)) as u64,
        };
        Residue::from_digit(digit)
    }

    /// The representative in `0..P`.
    pub fn digit(self) -> u64 {
        Self::reduce(u128::from(self.0))
    }
}

impl<const P: u64> Field for Residue<P> {
    fn zero() -> Residue<P> {
        Residue(0)
    }

    fn one() -> Residue<P> {
        Residue::from_digit(1)
    }

    fn from_integer(value: &IBig) -> Residue<P> {
        if let Ok(small) = i64::try_from(value) {
            return Residue::from_i128(i128::from(small));
        }
        let digit = value.rem_euclid(&IBig::from(P));
        Residue::from_digit(u64::try_from(&digit).expect("it is smaller than the prime"))
    }

    fn is_zero(&self) -> bool {
        self.0 == 0
    }

    fn subtract_product(&mut self, a: &Residue<P>, b: &Residue<P>) {
        let product = Self::reduce(u128::from(a.0) * u128::from(b.0));
        self.0 = if self.0 >= product {
            self.0 - product
        } else {
            self.0 + (P - product)
        };
    }

    fn product(&self, other: &Residue<P>) -> Residue<P> {
        Residue(Self::reduce(u128::from(self.0) * u128::from(other.0)))
    }

    /// By Fermat: the power P − 2.
    fn inverse(&self) -> Residue<P> {
        let (mut base, mut power, mut result) = (*self, P - 2, Residue::one());
        while power > 0 {
            if power & 1 == 1 {
                result = result.product(&base);
            }
            base = base.product(&base);
            power >>= 1;
        }
        result
    }

    fn size(&self) -> f64 {
        if self.0 == 0 { 0.0 } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: u64 = (1 << 62) - 57;

    #[test]
    fn residues_obey_the_laws_of_a_field() {
        for value in [
            1i128,
            2,
            -1,
            57,
            i128::from(P) - 1,
            -(1 << 100),
            12345678901234567890,
        ] {
            let residue = Residue::<P>::from_i128(value);
            assert_eq!(i128::from(residue.digit()), value.rem_euclid(i128::from(P)));
            assert_eq!(residue.product(&residue.inverse()).digit(), 1);
            let mut zero = residue;
            zero.subtract_product(&residue, &Residue::one());
            assert!(zero.is_zero());
            assert_eq!(Residue::<P>::from_integer(&IBig::from(value)), residue);
        }
        assert_eq!(P.wrapping_mul(Residue::<P>::INVERSE_OF_PRIME), 1);
    }
}
