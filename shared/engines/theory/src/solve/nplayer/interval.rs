//! Intervals of doubles that surely hold what they stand for: every operation rounds outwards.

/// All numbers from `lo` to `hi`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    pub lo: f64,
    pub hi: f64,
}

/// Added to every rounding step, so that results near zero round outwards too without becoming subnormal, which is slow.
const TINY: f64 = 1e-300;

/// Below `x` by at least the rounding error of the operation that gave `x`: half an ulp, and an ulp is at most `x · EPSILON`.
pub fn down(x: f64) -> f64 {
    x - (x.abs() * f64::EPSILON + TINY)
}

/// Above `x` by at least the rounding error of the operation that gave `x`.
pub fn up(x: f64) -> f64 {
    x + (x.abs() * f64::EPSILON + TINY)
}

impl Interval {
    pub const ZERO: Interval = Interval { lo: 0.0, hi: 0.0 };
    pub const UNIT: Interval = Interval { lo: 0.0, hi: 1.0 };

    pub fn point(x: f64) -> Interval {
        Interval { lo: x, hi: x }
    }

    /// What lies within `radius` of `x`.
    pub fn around(x: f64, radius: f64) -> Interval {
        Interval {
            lo: down(x - radius),
            hi: up(x + radius),
        }
    }

    pub fn plus(self, other: Interval) -> Interval {
        Interval {
            lo: down(self.lo + other.lo),
            hi: up(self.hi + other.hi),
        }
    }

    pub fn minus(self, other: Interval) -> Interval {
        Interval {
            lo: down(self.lo - other.hi),
            hi: up(self.hi - other.lo),
        }
    }

    pub fn times(self, other: Interval) -> Interval {
        let products = [
            self.lo * other.lo,
            self.lo * other.hi,
            self.hi * other.lo,
            self.hi * other.hi,
        ];
        Interval {
            lo: down(products.iter().copied().fold(f64::INFINITY, f64::min)),
            hi: up(products.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
        }
    }

    pub fn scaled(self, factor: f64) -> Interval {
        self.times(Interval::point(factor))
    }

    /// What both hold; `None` when that is nothing.
    pub fn meet(self, other: Interval) -> Option<Interval> {
        let met = Interval {
            lo: self.lo.max(other.lo),
            hi: self.hi.min(other.hi),
        };
        (met.lo <= met.hi).then_some(met)
    }

    pub fn width(self) -> f64 {
        self.hi - self.lo
    }

    pub fn middle(self) -> f64 {
        self.lo + (self.hi - self.lo) / 2.0
    }

    /// The largest absolute value.
    pub fn magnitude(self) -> f64 {
        self.lo.abs().max(self.hi.abs())
    }

    pub fn holds(self, x: f64) -> bool {
        self.lo <= x && x <= self.hi
    }

    /// Whether the other one lies in it.
    pub fn covers(self, other: Interval) -> bool {
        self.lo <= other.lo && other.hi <= self.hi
    }

    /// Whether the other one lies in its inside.
    pub fn surrounds(self, other: Interval) -> bool {
        self.lo < other.lo && other.hi < self.hi
    }
}
