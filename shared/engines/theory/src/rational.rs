//! Exact rational numbers: the only number that payoffs, probabilities and results are made of.

mod arithmetic;
mod decimal;

use std::borrow::Cow;
use std::fmt;

use dashu_int::ops::{BitTest, Gcd};
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;
use decimal::decimal;
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
