//! Order and arithmetic: in machine words where the operands are small, else in big integers.

use std::cmp::Ordering;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

use super::{Rational, Repr};

impl Ord for Rational {
    fn cmp(&self, other: &Rational) -> Ordering {
        match (self.small_parts(), other.small_parts()) {
            (Some((a, b)), Some((c, d))) => {
                (i128::from(a) * i128::from(d)).cmp(&(i128::from(c) * i128::from(b)))
            }
            _ => self.big().cmp(&other.big()),
        }
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Rational) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A reduced fraction of machine words.
type Parts = (i64, u32);

fn small_add((a, b): Parts, (c, d): Parts) -> Rational {
    if b == 1 && d == 1 {
        return coprime(i128::from(a) + i128::from(c), 1);
    }
    let numerator = i128::from(a) * i128::from(d) + i128::from(c) * i128::from(b);
    reduced(numerator, u64::from(b) * u64::from(d))
}

fn small_sub((a, b): Parts, (c, d): Parts) -> Rational {
    if b == 1 && d == 1 {
        return coprime(i128::from(a) - i128::from(c), 1);
    }
    let numerator = i128::from(a) * i128::from(d) - i128::from(c) * i128::from(b);
    reduced(numerator, u64::from(b) * u64::from(d))
}

fn small_mul((a, b): Parts, (c, d): Parts) -> Rational {
    if b == 1 && d == 1 {
        return coprime(i128::from(a) * i128::from(c), 1);
    }
    let left = gcd(a.unsigned_abs(), d.into());
    let right = gcd(c.unsigned_abs(), b.into());
    coprime(
        (i128::from(a) / i128::from(left)) * (i128::from(c) / i128::from(right)),
        u128::from(u64::from(b) / right) * u128::from(u64::from(d) / left),
    )
}

fn small_div((a, b): Parts, (c, d): Parts) -> Rational {
    let above = gcd(a.unsigned_abs(), c.unsigned_abs());
    let below = gcd(b.into(), d.into());
    let magnitude = i128::from(a) / i128::from(above) * i128::from(u64::from(d) / below);
    let denominator = u128::from(c.unsigned_abs() / above) * u128::from(u64::from(b) / below);
    coprime(if c < 0 { -magnitude } else { magnitude }, denominator)
}

macro_rules! operators {
    ($($trait:ident $method:ident $small:ident),*) => {$(
        impl $trait for Rational {
            type Output = Rational;
            fn $method(self, other: Rational) -> Rational {
                $trait::$method(&self, &other)
            }
        }
        impl $trait<&Rational> for &Rational {
            type Output = Rational;
            fn $method(self, other: &Rational) -> Rational {
                match (self.small_parts(), other.small_parts()) {
                    (Some(left), Some(right)) => $small(left, right),
                    _ => Rational::from_big($trait::$method(&*self.big(), &*other.big())),
                }
            }
        }
    )*};
}
operators!(Add add small_add, Sub sub small_sub, Mul mul small_mul);

impl Div<&Rational> for &Rational {
    type Output = Rational;
    /// Panics when `other` is zero, as integer division does.
    fn div(self, other: &Rational) -> Rational {
        match (self.small_parts(), other.small_parts()) {
            (Some(left), Some(right)) if right.0 != 0 => small_div(left, right),
            _ => Rational::from_big(&*self.big() / &*other.big()),
        }
    }
}

impl Div for Rational {
    type Output = Rational;
    fn div(self, other: Rational) -> Rational {
        &self / &other
    }
}

impl Neg for Rational {
    type Output = Rational;
    fn neg(self) -> Rational {
        match &self.0 {
            Repr::Small {
                numerator,
                denominator,
            } => coprime(-i128::from(*numerator), (*denominator).into()),
            Repr::Big(value) => Rational::from_big(-&**value),
        }
    }
}

impl AddAssign<&Rational> for Rational {
    fn add_assign(&mut self, other: &Rational) {
        *self = &*self + other;
    }
}

impl<'a> Sum<&'a Rational> for Rational {
    fn sum<I: Iterator<Item = &'a Rational>>(numbers: I) -> Rational {
        numbers.fold(Rational::ZERO, |total, number| &total + number)
    }
}

/// The fraction in lowest terms; the denominator is not zero.
pub(super) fn reduced(numerator: i128, denominator: u64) -> Rational {
    let rest = (numerator.unsigned_abs() % u128::from(denominator)) as u64;
    let common = gcd(rest, denominator);
    coprime(
        numerator / i128::from(common),
        u128::from(denominator / common),
    )
}

/// A fraction that is in lowest terms already.
fn coprime(numerator: i128, denominator: u128) -> Rational {
    match (i64::try_from(numerator), u32::try_from(denominator)) {
        (Ok(numerator), Ok(denominator)) => Rational(Repr::Small {
            numerator,
            denominator,
        }),
        _ => Rational(Repr::Big(Box::new(RBig::from_parts(
            IBig::from(numerator),
            UBig::from(denominator),
        )))),
    }
}

/// The binary algorithm (Stein 1967); `gcd(0, b) = b`.
fn gcd(mut a: u64, mut b: u64) -> u64 {
    if a == 0 || b == 0 {
        return a | b;
    }
    let twos = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    loop {
        b >>= b.trailing_zeros();
        (a, b) = (a.min(b), a.abs_diff(b));
        if b == 0 {
            return a << twos;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers on both sides of every boundary of the small form.
    fn samples() -> Vec<Rational> {
        let numerators = [
            0,
            1,
            -1,
            2,
            6,
            -35,
            i64::MAX,
            i64::MIN,
            i64::MIN + 1,
            1 << 32,
        ];
        let denominators = [1, 2, 3, 35, u64::from(u32::MAX), 1 << 32, u64::MAX];
        numerators
            .iter()
            .flat_map(|above| {
                denominators
                    .iter()
                    .map(|below| Rational::from_parts(IBig::from(*above), IBig::from(*below)))
            })
            .collect()
    }

    #[test]
    fn arithmetic_agrees_with_big_fractions() {
        for left in samples() {
            assert_eq!((-left.clone()).big().into_owned(), -left.big().into_owned());
            assert_eq!(left.to_f64(), left.big().to_f64().value(), "{left}");
            assert_eq!(Rational::parse(&left.to_string()), Ok(left.clone()));
            for right in samples() {
                let (a, b) = (left.big().into_owned(), right.big().into_owned());
                let agree = |small: Rational, big: RBig| {
                    assert_eq!(small, Rational::from_big(big), "{left} and {right}");
                };
                agree(&left + &right, &a + &b);
                agree(&left - &right, &a - &b);
                agree(&left * &right, &a * &b);
                if !right.is_zero() {
                    agree(&left / &right, &a / &b);
                }
                assert_eq!(left.cmp(&right), a.cmp(&b));
            }
        }
    }
}
