//! One equilibrium of any two-player tree: a path in doubles proposes the supports, exact arithmetic solves and certifies them.

use std::sync::atomic::AtomicBool;

use dashu_int::IBig;
use dashu_int::ops::Gcd;

use super::behaviour::BehaviourEquilibrium;
use super::form::SequenceForm;
use super::lemke::{Layout, Lost, Ordered, Setting, Units, walk};
use super::{Unsolved, look};
use crate::game::ExtensiveGame;
use crate::lp::lift::{self, solver};
use crate::rational::Rational;

/// Paths in doubles, each from another prior, before exact ones are tried.
const FLOAT_PATHS: u64 = 6;

/// Exact paths, each with a perturbation that is smaller by [`FINER`] bits.
const EXACT_PATHS: u64 = 4;
const FINER: u64 = 48;

/// One equilibrium of a two-player tree with perfect recall, exact.
///
/// The path starts where both players believe in a completely mixed prior; its end is a normal-form perfect equilibrium but for the
/// perturbation that keeps ties from misleading it.
pub fn solve_lcp(
    game: &ExtensiveGame,
    stop: &AtomicBool,
) -> Result<BehaviourEquilibrium, Unsolved> {
    let form = SequenceForm::new(game)?;
    look(stop)?;
    let mut last = Unsolved::Failed("no path came to an end".to_owned());
    for attempt in 0..FLOAT_PATHS + EXACT_PATHS {
        let basis = if attempt < FLOAT_PATHS {
            let Some(setting) = float_setting(&form, attempt) else {
                continue;
            };
            walk(&setting, stop)
        } else {
            walk(&exact_setting(&form, attempt - FLOAT_PATHS), stop)
        };
        match basis {
            Err(Lost::Stopped) => return Err(Unsolved::Stopped),
            Err(Lost::Astray) => {}
            Ok(basis) => match certify(&form, &basis, stop) {
                Err(Unsolved::Stopped) => return Err(Unsolved::Stopped),
                Err(error) => last = error,
                Ok(found) => return Ok(found),
            },
        }
    }
    Err(last)
}

/// The plans at the basis without any perturbation, if they are plans and an equilibrium.
fn certify(
    form: &SequenceForm,
    basis: &[usize],
    stop: &AtomicBool,
) -> Result<BehaviourEquilibrium, Unsolved> {
    let layout = Layout::of(form);
    let units = Units {
        one: IBig::ONE,
        minus_one: IBig::NEG_ONE,
        negate: |value: &IBig| -value,
    };
    let columns = layout.columns(form, &integer_payoffs(form), &units);
    let matrix: Vec<&[(u32, IBig)]> = basis
        .iter()
        .map(|variable| columns[*variable].as_slice())
        .collect();
    let mut right = vec![IBig::ZERO; layout.rows()];
    right[0] = IBig::ONE;
    right[layout.sets[0]] = IBig::ONE;
    let solved = solver(&matrix, stop).and_then(|matrix| matrix.solve(&right, stop));
    let solved = solved.map_err(|error| match error {
        lift::Unsolved::Stopped => Unsolved::Stopped,
        lift::Unsolved::Singular => Unsolved::Failed("the last basis is singular".to_owned()),
    })?;
    let mut plans = [0, 1].map(|player: usize| vec![Rational::ZERO; layout.sequences[player]]);
    for (variable, numerator) in basis.iter().zip(&solved.numerators) {
        if numerator.is_zero() {
            continue;
        }
        let value = || Rational::from_parts(numerator.clone(), solved.denominator.clone());
        for (player, plan) in plans.iter_mut().enumerate() {
            let first = layout.plan(player, 0);
            if (first..first + plan.len()).contains(variable) {
                plan[variable - first] = value();
            }
        }
    }
    if plans.iter().flatten().any(Rational::is_negative) {
        return Err(Unsolved::Failed("a plan is negative".to_owned()));
    }
    BehaviourEquilibrium::of(form, plans).certified()
}

/// Each player's payoffs times their common denominator: the multipliers of the equations scale along.
fn integer_payoffs(form: &SequenceForm) -> Vec<[IBig; 2]> {
    let common = [0, 1].map(|player: usize| {
        let denominators = form
            .payoffs
            .iter()
            .map(|entry| IBig::from(entry.payoffs[player].denominator()));
        denominators.fold(IBig::ONE, |common, denominator| {
            let shared = IBig::from((&common).gcd(&denominator));
            common / shared * denominator
        })
    });
    let scaled = |payoff: &Rational, common: &IBig| {
        payoff.numerator() * (common / IBig::from(payoff.denominator()))
    };
    form.payoffs
        .iter()
        .map(|entry| [0, 1].map(|player| scaled(&entry.payoffs[player], &common[player])))
        .collect()
}

/// Payoffs scaled to at most one; `None` if one is beyond doubles.
fn float_setting(form: &SequenceForm, attempt: u64) -> Option<Setting<'_, f64>> {
    let mut payoffs: Vec<[f64; 2]> = form
        .payoffs
        .iter()
        .map(|entry| [0, 1].map(|player: usize| entry.payoffs[player].to_f64()))
        .collect();
    for player in 0..2 {
        let largest = payoffs
            .iter()
            .fold(0.0f64, |most, payoff| most.max(payoff[player].abs()));
        if !largest.is_finite() {
            return None;
        }
        if largest > 0.0 {
            payoffs
                .iter_mut()
                .for_each(|payoff| payoff[player] /= largest);
        }
    }
    let mut draw = draws(attempt);
    // Coarser perturbations on later attempts.
    let size = 1e-7 * 4f64.powi(attempt as i32);
    Some(Setting {
        form,
        payoffs,
        prior: prior(form, attempt, |parts, total| parts as f64 / total as f64),
        costs: amounts(form, Amount::PerSequence, || size * share(draw())),
        gifts: amounts(form, Amount::PerSet, || size * share(draw())),
    })
}

fn share(draw: u32) -> f64 {
    (f64::from(draw) + 1.0) / f64::from(u32::MAX)
}

fn exact_setting(form: &SequenceForm, attempt: u64) -> Setting<'_, Rational> {
    let mut draw = draws(attempt);
    let scale = IBig::ONE << (32 + FINER * (attempt + 1)) as usize;
    let mut small = || Rational::from_parts(IBig::from(draw()) + IBig::ONE, scale.clone());
    Setting {
        form,
        payoffs: form
            .payoffs
            .iter()
            .map(|entry| entry.payoffs.clone())
            .collect(),
        prior: prior(form, attempt, |parts, total| {
            Rational::from_parts(parts.into(), total.into())
        }),
        costs: amounts(form, Amount::PerSequence, &mut small),
        gifts: amounts(form, Amount::PerSet, &mut small),
    }
}

#[derive(Clone, Copy)]
enum Amount {
    PerSequence,
    PerSet,
}

fn amounts<F>(form: &SequenceForm, amount: Amount, mut next: impl FnMut() -> F) -> [Vec<F>; 2] {
    [0, 1].map(|player: usize| {
        let side = &form.sides[player];
        let count = match amount {
            Amount::PerSequence => side.sequences,
            Amount::PerSet => side.sets.len(),
        };
        (0..count).map(|_| next()).collect()
    })
}

/// Uniform behaviour at the first attempt, random weights of one to eight parts later.
fn prior<F: Ordered>(
    form: &SequenceForm,
    attempt: u64,
    fraction: impl Fn(u32, u32) -> F,
) -> [Vec<F>; 2] {
    let mut draw = draws(attempt ^ 0x5555);
    [0, 1].map(|player: usize| {
        let side = &form.sides[player];
        let mut plan = vec![F::one(); side.sequences];
        for set in &side.sets {
            let parts: Vec<u32> = (0..set.actions)
                .map(|_| if attempt == 0 { 1 } else { 1 + draw() % 8 })
                .collect();
            let total: u32 = parts.iter().sum();
            for (sequence, parts) in set.sequences().zip(parts) {
                plan[sequence] = plan[set.parent].product(&fraction(parts, total));
            }
        }
        plan
    })
}

/// Numbers by xorshift64*: the same for the same attempt.
fn draws(seed: u64) -> impl FnMut() -> u32 {
    let mut state = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) as u32
    }
}

impl Ordered for f64 {
    fn smallest_pivot() -> f64 {
        1e-9
    }

    fn slack() -> f64 {
        1e-11
    }

    fn sum(&self, other: &f64) -> f64 {
        self + other
    }
}

impl Ordered for Rational {
    fn smallest_pivot() -> Rational {
        Rational::ZERO
    }

    fn slack() -> Rational {
        Rational::ZERO
    }

    fn sum(&self, other: &Rational) -> Rational {
        self + other
    }
}
