//! Exact solutions of integer systems by lifting them digit by digit modulo powers of a prime (Dixon 1982).

use std::sync::atomic::{AtomicBool, Ordering};

use dashu_int::ops::{BitTest, UnsignedAbs};
use dashu_int::{IBig, UBig};

use super::field::{Field, Residue};
use super::lu::Lu;

/// Numbers over one positive denominator.
#[derive(Clone, Debug)]
pub struct Fractions {
    pub numerators: Vec<IBig>,
    pub denominator: IBig,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsolved {
    Singular,
    Stopped,
}

/// A square integer matrix that systems can be solved with.
pub trait Solver {
    /// `B⁻¹·right`.
    fn solve(&self, right: &[IBig], stop: &AtomicBool) -> Result<Fractions, Unsolved>;
    /// `B⁻ᵀ·right`.
    fn solve_transposed(&self, right: &[IBig], stop: &AtomicBool) -> Result<Fractions, Unsolved>;
}

/// The largest primes below 2^62, 2^61 and 2^60. A matrix that is singular modulo one of them is tried with the next; a regular one
/// that is singular modulo all three has a determinant with a factor of 183 bits that nobody meets by chance.
const PRIMES: [u64; 3] = [(1 << 62) - 57, (1 << 61) - 1, (1 << 60) - 93];

/// Factorises the matrix with these columns.
pub fn solver<'a>(
    columns: &[&'a [(u32, IBig)]],
    stop: &AtomicBool,
) -> Result<Box<dyn Solver + 'a>, Unsolved> {
    if let Some(solver) = Lifting::<'a, { PRIMES[0] }>::new(columns, stop) {
        return Ok(Box::new(solver));
    }
    if let Some(solver) = Lifting::<'a, { PRIMES[1] }>::new(columns, stop) {
        return Ok(Box::new(solver));
    }
    match Lifting::<'a, { PRIMES[2] }>::new(columns, stop) {
        Some(solver) => Ok(Box::new(solver)),
        None if stop.load(Ordering::Relaxed) => Err(Unsolved::Stopped),
        None => Err(Unsolved::Singular),
    }
}

struct Lifting<'a, const P: u64> {
    columns: Vec<&'a [(u32, IBig)]>,
    /// The same entries where all are below 2^40, so that a residual stays within 128 bits.
    small: Option<Vec<Vec<(u32, i64)>>>,
    lu: Lu<Residue<P>>,
    /// More digits than this no solution needs (Hadamard's bound).
    most_digits: usize,
}

#[derive(Clone, Copy)]
enum Side {
    Columns,
    Rows,
}

impl<'a, const P: u64> Lifting<'a, P> {
    fn new(columns: &[&'a [(u32, IBig)]], stop: &AtomicBool) -> Option<Lifting<'a, P>> {
        let residues: Vec<Vec<(u32, Residue<P>)>> = columns
            .iter()
            .map(|column| {
                let entries = column.iter();
                entries
                    .map(|(row, value)| (*row, Residue::from_integer(value)))
                    .collect()
            })
            .collect();
        let lu = Lu::new(residues.iter().map(Vec::as_slice), stop).ok()?;
        let bits: usize = columns.iter().map(|column| bits_of(column)).sum();
        Some(Lifting {
            small: small(columns),
            columns: columns.to_vec(),
            lu,
            most_digits: 2 * bits / 59 + 8,
        })
    }

    fn lift(&self, side: Side, right: &[IBig], stop: &AtomicBool) -> Result<Fractions, Unsolved> {
        let largest = right.iter().map(bit_length).max().unwrap_or(0);
        let most = self.most_digits + 2 * largest / 59;
        let mut residual = match &self.small {
            Some(_) if largest < 100 => Residual::Small(
                right
                    .iter()
                    .map(|value| i128::try_from(value).expect("it has fewer than 100 bits"))
                    .collect(),
            ),
            _ => Residual::Large(right.to_vec()),
        };
        let size = right.len();
        let (mut input, mut output) = (vec![Residue::zero(); size], vec![Residue::zero(); size]);
        let mut digits: Vec<u64> = Vec::new();
        let mut approximation = Approximation::new(size, P);
        let mut attempt = 1;
        loop {
            if stop.load(Ordering::Relaxed) {
                return Err(Unsolved::Stopped);
            }
            residual.residues(&mut input);
            match side {
                Side::Columns => self.lu.solve(&mut input, &mut output),
                Side::Rows => self.lu.solve_transposed(&mut input, &mut output),
            }
            let start = digits.len();
            digits.extend(output.iter().map(|residue| residue.digit()));
            self.advance(side, &mut residual, &digits[start..]);
            let count = digits.len() / size + approximation.digits;
            if count >= attempt {
                approximation.extend(&digits);
                digits.clear();
                if let Some(found) = approximation.reconstruct()
                    && self.holds(side, &found, right)
                {
                    return Ok(found);
                }
                if count > most {
                    return Err(Unsolved::Singular);
                }
                attempt = count + count / 2 + 1;
            }
        }
    }

    /// Takes the digits' share out of the residual and divides it by the prime.
    fn advance(&self, side: Side, residual: &mut Residual, digits: &[u64]) {
        match (residual, &self.small) {
            (Residual::Small(residual), Some(columns)) => {
                match side {
                    Side::Columns => {
                        for (column, digit) in columns.iter().zip(digits) {
                            if *digit != 0 {
                                for (row, value) in column {
                                    residual[*row as usize] -=
                                        i128::from(*value) * i128::from(*digit);
                                }
                            }
                        }
                    }
                    Side::Rows => {
                        for (residual, column) in residual.iter_mut().zip(columns) {
                            for (row, value) in column {
                                *residual -= i128::from(*value) * i128::from(digits[*row as usize]);
                            }
                        }
                    }
                }
                for value in residual {
                    let quotient = (*value as u64).wrapping_mul(Residue::<P>::INVERSE_OF_PRIME);
                    *value = i128::from(quotient as i64);
                }
            }
            (Residual::Large(residual), _) => {
                match side {
                    Side::Columns => {
                        for (column, digit) in self.columns.iter().zip(digits) {
                            for (row, value) in *column {
                                residual[*row as usize] -= value * IBig::from(*digit);
                            }
                        }
                    }
                    Side::Rows => {
                        for (residual, column) in residual.iter_mut().zip(&self.columns) {
                            for (row, value) in *column {
                                *residual -= value * IBig::from(digits[*row as usize]);
                            }
                        }
                    }
                }
                for value in residual {
                    *value /= IBig::from(P);
                }
            }
            (Residual::Small(_), None) => {
                unreachable!("small residuals are those of small columns")
            }
        }
    }

    /// Whether the fractions solve the system, by putting them in.
    fn holds(&self, side: Side, found: &Fractions, right: &[IBig]) -> bool {
        let mut defect: Vec<IBig> = right
            .iter()
            .map(|value| value * &found.denominator)
            .collect();
        match side {
            Side::Columns => {
                for (column, number) in self.columns.iter().zip(&found.numerators) {
                    if !number.is_zero() {
                        for (row, value) in *column {
                            subtract_product(&mut defect[*row as usize], value, number);
                        }
                    }
                }
            }
            Side::Rows => {
                for (defect, column) in defect.iter_mut().zip(&self.columns) {
                    for (row, value) in *column {
                        subtract_product(defect, value, &found.numerators[*row as usize]);
                    }
                }
            }
        }
        defect.iter().all(IBig::is_zero)
    }
}

impl<const P: u64> Solver for Lifting<'_, P> {
    fn solve(&self, right: &[IBig], stop: &AtomicBool) -> Result<Fractions, Unsolved> {
        self.lift(Side::Columns, right, stop)
    }

    fn solve_transposed(&self, right: &[IBig], stop: &AtomicBool) -> Result<Fractions, Unsolved> {
        self.lift(Side::Rows, right, stop)
    }
}

/// `total − value·number`, without a multiplication where the value is ±1, as most entries of sequence forms are.
pub fn subtract_product(total: &mut IBig, value: &IBig, number: &IBig) {
    if number.is_zero() {
        return;
    }
    if *value == IBig::ONE {
        *total -= number;
    } else if *value == IBig::NEG_ONE {
        *total += number;
    } else {
        *total -= value * number;
    }
}

enum Residual {
    Small(Vec<i128>),
    Large(Vec<IBig>),
}

impl Residual {
    fn residues<const P: u64>(&self, into: &mut [Residue<P>]) {
        match self {
            Residual::Small(values) => {
                for (residue, value) in into.iter_mut().zip(values) {
                    *residue = Residue::from_i128(*value);
                }
            }
            Residual::Large(values) => {
                for (residue, value) in into.iter_mut().zip(values) {
                    *residue = Residue::from_integer(value);
                }
            }
        }
    }
}

/// A solution modulo a power of the prime.
struct Approximation {
    prime: UBig,
    modulus: UBig,
    values: Vec<UBig>,
    digits: usize,
}

impl Approximation {
    fn new(size: usize, prime: u64) -> Approximation {
        Approximation {
            prime: UBig::from(prime),
            modulus: UBig::ONE,
            values: vec![UBig::ZERO; size],
            digits: 0,
        }
    }

    /// Appends blocks of one digit for each value.
    fn extend(&mut self, digits: &[u64]) {
        let size = self.values.len();
        let count = digits.len() / size.max(1);
        for (number, value) in self.values.iter_mut().enumerate() {
            let mut higher = UBig::ZERO;
            for block in (0..count).rev() {
                higher = higher * &self.prime + UBig::from(digits[block * size + number]);
            }
            if !higher.is_zero() {
                *value += higher * &self.modulus;
            }
        }
        self.modulus *= self.prime.pow(count);
        self.digits += count;
    }

    /// Fractions with a common denominator that agree with the values; `None` when more digits are needed.
    fn reconstruct(&self) -> Option<Fractions> {
        let half = self.modulus.bit_len() / 2;
        if half < 3 {
            return None;
        }
        let bound = (UBig::ONE << (half - 2)).into();
        let modulus = IBig::from(self.modulus.clone());
        let mut denominator = IBig::ONE;
        let mut numerators: Vec<IBig> = Vec::with_capacity(self.values.len());
        for value in &self.values {
            if value.is_zero() {
                numerators.push(IBig::ZERO);
                continue;
            }
            let value = if denominator.is_one() {
                value.clone()
            } else {
                value * denominator.clone().unsigned_abs() % &self.modulus
            };
            let symmetric = symmetric(value.clone(), &self.modulus);
            if below(&symmetric, &bound) {
                numerators.push(symmetric);
                continue;
            }
            let (above, below_line) = fraction(value.into(), &modulus, &bound)?;
            denominator *= &below_line;
            if !below(&denominator, &bound) {
                return None;
            }
            for numerator in &mut numerators {
                *numerator *= &below_line;
                if !below(numerator, &bound) {
                    return None;
                }
            }
            numerators.push(above);
        }
        Some(Fractions {
            numerators,
            denominator,
        })
    }
}

fn below(value: &IBig, bound: &IBig) -> bool {
    bit_length(value) < bit_length(bound)
}

fn symmetric(value: UBig, modulus: &UBig) -> IBig {
    if value.bit_len() + 1 < modulus.bit_len() || &value + &value <= *modulus {
        value.into()
    } else {
        IBig::from(value) - IBig::from(modulus.clone())
    }
}

/// The fraction within the bound that is the value modulo the modulus (Wang 1981); its denominator is positive.
fn fraction(value: IBig, modulus: &IBig, bound: &IBig) -> Option<(IBig, IBig)> {
    let (mut before, mut here) = (modulus.clone(), value);
    let (mut factor_before, mut factor) = (IBig::ZERO, IBig::ONE);
    while !below(&here, bound) {
        let quotient = &before / &here;
        let next = before - &quotient * &here;
        before = std::mem::replace(&mut here, next);
        let next = factor_before - &quotient * &factor;
        factor_before = std::mem::replace(&mut factor, next);
    }
    if !below(&factor, bound) || factor.is_zero() {
        return None;
    }
    if factor < IBig::ZERO {
        Some((-here, -factor))
    } else {
        Some((here, factor))
    }
}

fn bit_length(value: &IBig) -> usize {
    let (_, words) = value.as_sign_words();
    match words.last() {
        None => 0,
        Some(last) => words.len() * 64 - last.leading_zeros() as usize,
    }
}

/// A bound on the bits of a column's Euclidean length.
fn bits_of(column: &[(u32, IBig)]) -> usize {
    let largest = column.iter().map(|(_, value)| bit_length(value)).max();
    largest.unwrap_or(0) + (column.len().max(1).ilog2() as usize).div_ceil(2) + 1
}

fn small(columns: &[&[(u32, IBig)]]) -> Option<Vec<Vec<(u32, i64)>>> {
    if columns.len() > 1 << 16 {
        return None;
    }
    let entry = |(row, value): &(u32, IBig)| {
        let value = i64::try_from(value).ok()?;
        (value.unsigned_abs() < 1 << 40).then_some((*row, value))
    };
    columns
        .iter()
        .map(|column| column.iter().map(entry).collect())
        .collect()
}
