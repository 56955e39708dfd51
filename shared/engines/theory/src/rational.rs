//! Exact rational numbers: the only number that payoffs, probabilities and results are made of.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Most digits that one number of an input file may have: arithmetic on payoffs is quadratic in their length.
pub const MAX_DIGITS: usize = 1_000;

/// An exact fraction in lowest terms. Written `p/q`, or `p` when it is whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rational(RBig);

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
    pub const ZERO: Rational = Rational(RBig::ZERO);
    pub const ONE: Rational = Rational(RBig::ONE);

    /// `numerator / denominator`, reduced; the denominator must not be zero.
    pub fn from_parts(numerator: IBig, denominator: IBig) -> Rational {
        Rational(RBig::from_parts_signed(numerator, denominator))
    }

    pub fn numerator(&self) -> &IBig {
        self.0.numerator()
    }

    pub fn denominator(&self) -> &UBig {
        self.0.denominator()
    }

    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    pub fn is_positive(&self) -> bool {
        self.0 > RBig::ZERO
    }

    pub fn is_negative(&self) -> bool {
        self.0 < RBig::ZERO
    }

    pub fn is_integer(&self) -> bool {
        self.0.is_int()
    }

    /// The nearest double; infinite when the number is beyond its range.
    pub fn to_f64(&self) -> f64 {
        self.0.to_f64().value()
    }

    pub fn abs(&self) -> Rational {
        if self.is_negative() {
            -self.clone()
        } else {
            self.clone()
        }
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
    Ok(Rational(value))
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
        self.0.fmt(f)
    }
}

impl From<i64> for Rational {
    fn from(value: i64) -> Rational {
        Rational(RBig::from(value))
    }
}

impl From<IBig> for Rational {
    fn from(value: IBig) -> Rational {
        Rational(RBig::from(value))
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident),*) => {$(
        impl $trait for Rational {
            type Output = Rational;
            fn $method(self, other: Rational) -> Rational {
                Rational($trait::$method(self.0, other.0))
            }
        }
        impl $trait<&Rational> for &Rational {
            type Output = Rational;
            fn $method(self, other: &Rational) -> Rational {
                Rational($trait::$method(&self.0, &other.0))
            }
        }
    )*};
}
operators!(Add add, Sub sub, Mul mul, Div div);

impl Neg for Rational {
    type Output = Rational;
    fn neg(self) -> Rational {
        Rational(-self.0)
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
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
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
}
