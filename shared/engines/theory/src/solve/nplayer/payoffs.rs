//! The payoffs of a game as its solvers need them: scaled to integers, as doubles with a known error, and as ranks.

use std::sync::atomic::{AtomicBool, Ordering};

use dashu_int::ops::Gcd;
use dashu_int::{IBig, UBig};

use super::interval::Interval;
use super::supports::Stopped;
use crate::game::NormalGame;
use crate::rational::Rational;

/// Per player a positive affine image of the payoffs, which changes no equilibrium.
pub struct Payoffs {
    pub sizes: Vec<usize>,
    pub strides: Vec<usize>,
    columns: Vec<Column>,
}

/// One player's payoffs by profile number.
struct Column {
    /// At least zero, without a common divisor.
    integers: Vec<IBig>,
    /// `integers / 2^bits`, all below 1.
    floats: Vec<f64>,
    /// What the difference of two floats may be off.
    error: f64,
    /// Equal payoffs have equal ranks; a higher payoff has a higher one.
    ranks: Vec<u32>,
    largest: IBig,
    bits: usize,
}

impl Payoffs {
    pub fn of(game: &NormalGame, stop: &AtomicBool) -> Result<Payoffs, Stopped> {
        let profiles = game.profiles();
        let going = || match stop.load(Ordering::Relaxed) {
            true => Err(Stopped),
            false => Ok(()),
        };
        let column = |player: usize| {
            going()?;
            let values = (0..profiles).map(|profile| &game.payoffs_at(profile)[player]);
            let integers = integers(&values.collect::<Vec<_>>());
            going()?;
            Ok(Column::of(integers))
        };
        Ok(Payoffs {
            sizes: game.sizes(),
            strides: game.strides(),
            columns: (0..game.players().len())
                .map(column)
                .collect::<Result<_, _>>()?,
        })
    }

    pub fn players(&self) -> usize {
        self.sizes.len()
    }

    pub fn rank(&self, player: usize, profile: usize) -> u32 {
        self.columns[player].ranks[profile]
    }

    /// The payoff as a double between 0 and 1.
    pub fn float(&self, player: usize, profile: usize) -> f64 {
        self.columns[player].floats[profile]
    }

    /// The payoff at the first profile less that at the second, in the player's integer units.
    pub fn difference(&self, player: usize, profile: usize, less: usize) -> IBig {
        let integers = &self.columns[player].integers;
        &integers[profile] - &integers[less]
    }

    /// The same in the player's float units; zero exactly when the payoffs are equal.
    pub fn enclosed_difference(&self, player: usize, profile: usize, less: usize) -> Interval {
        let column = &self.columns[player];
        if column.ranks[profile] == column.ranks[less] {
            return Interval::ZERO;
        }
        let difference = column.floats[profile] - column.floats[less];
        if column.error == 0.0 {
            // Both are multiples of the same power of two with at most 53 bits, and so is their difference.
            return Interval::point(difference);
        }
        Interval::around(difference, column.error)
    }

    /// How many times an integer unit was halved to make a float unit.
    pub fn bits(&self, player: usize) -> usize {
        self.columns[player].bits
    }

    /// The largest payoff in the player's integer units; the smallest is 0.
    pub fn largest(&self, player: usize) -> &IBig {
        &self.columns[player].largest
    }
}

impl Column {
    fn of(integers: Vec<IBig>) -> Column {
        let largest = integers.iter().max().cloned().unwrap_or(IBig::ZERO);
        let bits = dashu_int::ops::BitTest::bit_len(&largest);
        let dropped = bits.saturating_sub(53);
        let unit = 0.5f64.powi(i32::try_from(bits - dropped).unwrap_or(53));
        let floats = integers
            .iter()
            .map(|integer| (integer >> dropped).to_f64().value() * unit)
            .collect();
        let mut distinct: Vec<&IBig> = integers.iter().collect();
        distinct.sort_unstable();
        distinct.dedup();
        let rank = |integer: &IBig| distinct.partition_point(|smaller| *smaller < integer) as u32;
        let ranks = integers.iter().map(rank).collect();
        Column {
            // Two truncations of at most 2^-53 each.
            error: if dropped == 0 { 0.0 } else { f64::EPSILON },
            floats,
            ranks,
            largest,
            bits,
            integers,
        }
    }
}

/// The values shifted and scaled to integers ≥ 0 without a common divisor.
fn integers(values: &[&Rational]) -> Vec<IBig> {
    let common = values.iter().fold(UBig::ONE, |common, value| {
        let shared = (&common).gcd(value.denominator());
        common / shared * value.denominator()
    });
    let scaled: Vec<IBig> = values
        .iter()
        .map(|value| value.numerator() * IBig::from(&common / value.denominator()))
        .collect();
    let Some(smallest) = scaled.iter().min().cloned() else {
        return scaled;
    };
    let shifted: Vec<IBig> = scaled.into_iter().map(|value| value - &smallest).collect();
    let nonzero = shifted.iter().filter(|value| !value.is_zero());
    let divisor = nonzero.fold(IBig::ZERO, |divisor, value| {
        if divisor.is_zero() {
            value.clone()
        } else {
            IBig::from(divisor.gcd(value))
        }
    });
    if divisor.is_zero() {
        return shifted;
    }
    shifted.into_iter().map(|value| value / &divisor).collect()
}
