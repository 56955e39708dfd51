//! Exact numbers of the form m·2^e: what doubles are, and what refined roots are rounded to.

use dashu_int::IBig;
use dashu_int::ops::BitTest;

use crate::rational::Rational;

/// `mantissa · 2^exponent`.
#[derive(Clone, Debug)]
pub struct Dyadic {
    pub mantissa: IBig,
    pub exponent: i64,
}

impl Dyadic {
    pub const ZERO: Dyadic = Dyadic {
        mantissa: IBig::ZERO,
        exponent: 0,
    };

    /// Exactly the double, which must be finite.
    pub fn from_f64(x: f64) -> Dyadic {
        let bits = x.to_bits();
        let biased = ((bits >> 52) & 0x7ff) as i64;
        let fraction = (bits & ((1 << 52) - 1)) as i64;
        let (magnitude, exponent) = if biased == 0 {
            (fraction, -1074)
        } else {
            (fraction | (1 << 52), biased - 1075)
        };
        Dyadic {
            mantissa: IBig::from(if x.is_sign_negative() {
                -magnitude
            } else {
                magnitude
            }),
            exponent,
        }
    }

    pub fn times(&self, other: &Dyadic) -> Dyadic {
        Dyadic {
            mantissa: &self.mantissa * &other.mantissa,
            exponent: self.exponent + other.exponent,
        }
    }

    pub fn plus(&self, other: &Dyadic) -> Dyadic {
        let exponent = self.exponent.min(other.exponent);
        Dyadic {
            mantissa: self.scaled_to(exponent) + other.scaled_to(exponent),
            exponent,
        }
    }

    /// In units of `2^exponent`, which must not be coarser than its own.
    fn scaled_to(&self, exponent: i64) -> IBig {
        &self.mantissa << usize::try_from(self.exponent - exponent).unwrap_or(0)
    }

    /// Rounded down to a whole number of units of `2^-places`, given as that number.
    pub fn fixed(&self, places: usize) -> IBig {
        let shift = self.exponent + places as i64;
        match usize::try_from(shift) {
            Ok(left) => &self.mantissa << left,
            Err(_) => &self.mantissa >> usize::try_from(-shift).unwrap_or(0),
        }
    }

    /// A double of at least its absolute value, and near it.
    pub fn magnitude_up(&self) -> f64 {
        if self.mantissa.is_zero() {
            return 0.0;
        }
        let bits = self.mantissa.bit_len();
        let dropped = bits.saturating_sub(53);
        let kept = (&self.mantissa >> dropped).to_f64().value().abs() + 1.0;
        let exponent = self.exponent + dropped as i64;
        match i32::try_from(exponent) {
            Ok(exponent) => super::interval::up(kept * 2f64.powi(exponent)),
            Err(_) if exponent < 0 => f64::MIN_POSITIVE,
            Err(_) => f64::INFINITY,
        }
    }
}

impl From<&Dyadic> for Rational {
    fn from(dyadic: &Dyadic) -> Rational {
        let shift = usize::try_from(dyadic.exponent.unsigned_abs()).unwrap_or(usize::MAX);
        if dyadic.exponent >= 0 {
            Rational::from(&dyadic.mantissa << shift)
        } else {
            Rational::from_parts(dyadic.mantissa.clone(), IBig::ONE << shift)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_come_over_exactly() {
        for (x, text) in [
            (0.75, "3/4"),
            (-3.0, "-3"),
            (0.0, "0"),
            (2f64.powi(60), "1152921504606846976"),
        ] {
            assert_eq!(Rational::from(&Dyadic::from_f64(x)).to_string(), text);
        }
    }

    #[test]
    fn sums_and_products_are_exact() {
        let (a, b) = (Dyadic::from_f64(0.5), Dyadic::from_f64(-3.0));
        assert_eq!(Rational::from(&a.plus(&b)).to_string(), "-5/2");
        assert_eq!(Rational::from(&a.times(&b)).to_string(), "-3/2");
        assert_eq!(a.plus(&b).fixed(4), IBig::from(-40));
        assert!((a.plus(&b).magnitude_up() - 2.5).abs() < 1e-9);
    }
}
