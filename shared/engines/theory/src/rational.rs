//! Exact rational numbers: the only number that payoffs, probabilities and results are made of.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

use dashu_int::ops::{BitTest, Gcd};
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Most digits that one number of an input file may have: arithmetic on payoffs is quadratic in their length.
pub const MAX_DIGITS: usize = 1_000;

/// Most bits of a common denominator that readers compute: with thousands of unrelated denominators it has megabytes.
pub const MAX_COMMON_BITS: usize = 4_096;

/// An exact fraction in lowest terms. Written `p/q`, or `p` when it is whole.
///
/// Sixteen bytes: what fits is held in place, which covers almost every payoff and probability ever written down.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rational(Repr);

/// `Small` whenever the reduced fraction fits it, so that equal numbers are equal representations.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Repr {
    Small { numerator: i64, denominator: u32 },
    Big(Box<RBig>),
}

const _: () = assert!(size_of::<Option<Rational>>() == 16);

/// Why a text is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    #[error("is not a number")]
    Malformed,
    #[error("has more than {MAX_DIGITS} digits")]
    TooLong,
    #[error("has a zero denominator")]
    ZeroDenominator,
}

impl Rational {
    pub const ZERO: Rational = Rational::whole(0);
    pub const ONE: Rational = Rational::whole(1);

    const fn whole(value: i64) -> Rational {
        Rational(Repr::Small {
            numerator: value,
            denominator: 1,
        })
    }

    /// `numerator / denominator`, reduced; the denominator must not be zero.
    pub fn from_parts(numerator: IBig, denominator: IBig) -> Rational {
        Rational::from_big(RBig::from_parts_signed(numerator, denominator))
    }

    fn from_big(value: RBig) -> Rational {
        match (
            i64::try_from(value.numerator()),
            u32::try_from(value.denominator()),
        ) {
            (Ok(numerator), Ok(denominator)) => Rational(Repr::Small {
                numerator,
                denominator,
            }),
            _ => Rational(Repr::Big(Box::new(value))),
        }
    }

    fn big(&self) -> Cow<'_, RBig> {
        match &self.0 {
            Repr::Small {
                numerator,
                denominator,
            } => Cow::Owned(RBig::from_parts(
                IBig::from(*numerator),
                UBig::from(*denominator),
            )),
            Repr::Big(value) => Cow::Borrowed(value),
        }
    }

    pub fn numerator(&self) -> IBig {
        match &self.0 {
            Repr::Small { numerator, .. } => IBig::from(*numerator),
            Repr::Big(value) => value.numerator().clone(),
        }
    }

    pub fn denominator(&self) -> UBig {
        match &self.0 {
            Repr::Small { denominator, .. } => UBig::from(*denominator),
            Repr::Big(value) => value.denominator().clone(),
        }
    }

    /// Numerator and denominator where they fit: a way around big integers for those who have one.
    pub fn small_parts(&self) -> Option<(i64, u32)> {
        match self.0 {
            Repr::Small {
                numerator,
                denominator,
            } => Some((numerator, denominator)),
            Repr::Big(_) => None,
        }
    }

    pub fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Small { numerator: 0, .. })
    }

    pub fn is_positive(&self) -> bool {
        match &self.0 {
            Repr::Small { numerator, .. } => *numerator > 0,
            Repr::Big(value) => **value > RBig::ZERO,
        }
    }

    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small { numerator, .. } => *numerator < 0,
            Repr::Big(value) => **value < RBig::ZERO,
        }
    }

    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Small { denominator, .. } => *denominator == 1,
            Repr::Big(value) => value.is_int(),
        }
    }

    /// The nearest double; infinite when the number is beyond its range.
    pub fn to_f64(&self) -> f64 {
        const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;
        match &self.0 {
            Repr::Small {
                numerator,
                denominator: 1,
            } => *numerator as f64,
            // The quotient of two exact doubles is rounded once.
            Repr::Small {
                numerator,
                denominator,
            } if numerator.unsigned_abs() <= EXACT => *numerator as f64 / f64::from(*denominator),
            Repr::Small { .. } => self.big().to_f64().value(),
            Repr::Big(value) => value.to_f64().value(),
        }
    }

    pub fn abs(&self) -> Rational {
        if self.is_negative() {
            -self.clone()
        } else {
            self.clone()
        }
    }

    /// The sum, unless the common denominator has more than [`MAX_COMMON_BITS`]. Linear, where adding one after the other would
    /// reduce a long fraction each time.
    pub fn bounded_sum<'a>(
        numbers: impl Iterator<Item = &'a Rational> + Clone,
    ) -> Option<Rational> {
        let mut total = Some(Rational::ZERO);
        for number in numbers.clone() {
            total = total
                .map(|total| &total + number)
                .filter(|total| total.small_parts().is_some());
            if total.is_none() {
                break;
            }
        }
        if total.is_some() {
            return total;
        }
        let mut common = UBig::ONE;
        for number in numbers.clone() {
            let denominator = number.denominator();
            if !(&common % &denominator).is_zero() {
                common = &common / (&common).gcd(&denominator) * denominator;
                if common.bit_len() > MAX_COMMON_BITS {
                    return None;
                }
            }
        }
        let above = numbers.fold(IBig::ZERO, |sum, number| {
            sum + number.numerator() * IBig::from(&common / number.denominator())
        });
        Some(Rational::from_parts(above, common.into()))
    }

    /// Reads `3`, `-0.25`, `.5`, `1e-3`, `2/3` exactly; `1.5/2.5` too, as some exporters write it.
    ///
    /// The length is bounded by [`MAX_DIGITS`] *after* the exponent is applied, so `1e999999999` costs nothing.
    pub fn parse(text: &str) -> Result<Rational, NumberError> {
        match text.split_once('/') {
            None => decimal(text),
            Some((above, below)) => {
                let below = decimal(below)?;
                if below.is_zero() {
                    return Err(NumberError::ZeroDenominator);
                }
                Ok(decimal(above)? / below)
            }
        }
    }
}

fn decimal(text: &str) -> Result<Rational, NumberError> {
    if let Some(short) = short_decimal(text.as_bytes()) {
        return Ok(short);
    }
    let (negative, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        None => (unsigned, 0),
        Some((mantissa, exponent)) => (mantissa, small_exponent(exponent)?),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return Err(NumberError::Malformed);
    }
    let scale = exponent - fraction.len() as i64;
    if whole.len() + fraction.len() + scale.unsigned_abs() as usize > MAX_DIGITS {
        return Err(NumberError::TooLong);
    }
    let digits = format!("{whole}{fraction}");
    let magnitude = UBig::from_str_radix(&digits, 10).map_err(|_| NumberError::Malformed)?;
    let ten_to = UBig::from(10u8).pow(scale.unsigned_abs() as usize);
    let mut value = if scale < 0 {
        RBig::from_parts(IBig::from(magnitude), ten_to)
    } else {
        RBig::from(magnitude * ten_to)
    };
    if negative {
        value = -value;
    }
    Ok(Rational::from_big(value))
}

/// The usual spellings, up to 18 digits of which up to 9 after the point and no exponent, without a big integer.
fn short_decimal(text: &[u8]) -> Option<Rational> {
    let (negative, unsigned) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let (mut value, mut digits, mut fraction) = (0i64, 0, None);
    for byte in unsigned {
        match byte {
            b'0'..=b'9' if digits < 18 => {
                value = value * 10 + i64::from(byte - b'0');
                digits += 1;
                fraction = fraction.map(|places: u32| places + 1);
            }
            b'.' if fraction.is_none() => fraction = Some(0),
            _ => return None,
        }
    }
    if digits == 0 {
        return None;
    }
    let value = if negative { -value } else { value };
    match fraction.unwrap_or(0) {
        0 => Some(Rational::whole(value)),
        places @ 1..=9 => Some(reduced(value.into(), 10u64.pow(places))),
        _ => None,
    }
}

/// The fraction in lowest terms; the denominator is not zero.
fn reduced(numerator: i128, denominator: u64) -> Rational {
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

fn small_exponent(text: &str) -> Result<i64, NumberError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NumberError::Malformed);
    }
    let value: i64 = digits.parse().map_err(|_| NumberError::TooLong)?;
    if value > MAX_DIGITS as i64 {
        return Err(NumberError::TooLong);
    }
    Ok(if text.starts_with('-') { -value } else { value })
}

impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Small {
                numerator,
                denominator: 1,
            } => numerator.fmt(f),
            Repr::Small {
                numerator,
                denominator,
            } => write!(f, "{numerator}/{denominator}"),
            Repr::Big(value) => value.fmt(f),
        }
    }
}

impl Default for Rational {
    fn default() -> Rational {
        Rational::ZERO
    }
}

impl From<i64> for Rational {
    fn from(value: i64) -> Rational {
        Rational::whole(value)
    }
}

impl From<IBig> for Rational {
    fn from(value: IBig) -> Rational {
        match i64::try_from(&value) {
            Ok(small) => Rational::whole(small),
            Err(_) => Rational(Repr::Big(Box::new(RBig::from(value)))),
        }
    }
}

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

impl Serialize for Rational {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rational {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Rational, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        Rational::parse(&text)
            .map_err(|error| serde::de::Error::custom(format!("`{text}` {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        Rational::parse(text).map_or_else(
            |error| format!("error: {error}"),
            |number| number.to_string(),
        )
    }

    #[test]
    fn reads_every_spelling_exactly() {
        for (text, value) in [
            ("3", "3"),
            ("-0.25", "-1/4"),
            (".5", "1/2"),
            ("5.", "5"),
            ("1e-3", "1/1000"),
            ("2.5E+2", "250"),
            ("+4/6", "2/3"),
            ("-1/3", "-1/3"),
            ("0.1", "1/10"),
            ("10000000000000000000001", "10000000000000000000001"),
        ] {
            assert_eq!(read(text), value, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in [
            "", ".", "-", "e5", "1e", "nan", "NaN", "inf", "1/", "/2", "1_000", "0x10", "--1",
            "1e5.5", "١",
        ] {
            assert_eq!(read(text), "error: is not a number", "{text}");
        }
        assert_eq!(read("1/0"), "error: has a zero denominator");
        assert_eq!(
            read("1e999999999999999999999"),
            format!("error: has more than {MAX_DIGITS} digits")
        );
        assert_eq!(
            read(&"9".repeat(MAX_DIGITS + 1)),
            format!("error: has more than {MAX_DIGITS} digits")
        );
    }

    #[test]
    fn stored_text_reads_back_the_same() {
        let number = Rational::parse("-123456789012345678901/7").expect("a fraction");
        let text = serde_json::to_string(&number).expect("serialises");
        assert_eq!(text, "\"-123456789012345678901/7\"");
        assert_eq!(
            serde_json::from_str::<Rational>(&text).expect("reads back"),
            number
        );
    }

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

    #[test]
    fn a_sum_is_exact_or_none() {
        let sum = |texts: &[&str]| {
            let numbers: Vec<Rational> = texts
                .iter()
                .map(|text| Rational::parse(text).expect("a number"))
                .collect();
            Rational::bounded_sum(numbers.iter()).map(|sum| sum.to_string())
        };
        assert_eq!(sum(&[]), Some("0".to_owned()));
        assert_eq!(sum(&["1/2", "1/3", "1/6"]), Some("1".to_owned()));
        let long = "1/10000000000000000000000000000000000000000000001";
        let rest = "10000000000000000000000000000000000000000000000/10000000000000000000000000000000000000000000001";
        assert_eq!(sum(&[long, rest, "2"]), Some("3".to_owned()));
        let coprime: Vec<String> = (1..2_000).map(|n| format!("1/{}", 6 * n + 1)).collect();
        let coprime: Vec<&str> = coprime.iter().map(String::as_str).collect();
        assert_eq!(sum(&coprime), None);
    }
}
