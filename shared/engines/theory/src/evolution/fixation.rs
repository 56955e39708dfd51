//! Fixation probabilities of the pairwise comparison process (Traulsen, Nowak, Pacheco 2006).

use std::sync::atomic::{AtomicBool, Ordering};

use super::Encounters;
use crate::rational::Rational;

/// A population in which one individual after the other compares its payoff with another's and imitates it with the probability that
/// Fermi's function gives, 1/(1 + exp(−β·difference)). Payoffs are averages over all other individuals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Selection {
    /// Individuals, at least 2.
    pub population: u64,
    /// β.
    pub intensity: f64,
}

/// How many terms are summed between two looks at the stop flag.
const CHECK: u64 = 1 << 16;

/// The logarithm of the probability that the descendants of one mutant take over a population of residents; `None` when stopped.
///
/// ρ = 1 / (1 + Σₖ exp(−β·Σᵢ≤ₖ (π_mutant(i) − π_resident(i)))), k from 1 to N − 1. With i mutants the payoff difference is linear in
/// i, so the inner sum has a closed form; logarithms keep tiny probabilities of large populations apart.
pub fn log_fixation(
    game: &Encounters,
    (mutant, resident): (usize, usize),
    selection: &Selection,
    stop: &AtomicBool,
) -> Option<f64> {
    let population = selection.population;
    let (slope, start) = difference(game, (mutant, resident), population);
    if slope == 0.0 && start == 0.0 || selection.intensity == 0.0 {
        return Some(-(population as f64).ln());
    }
    let exponent = |mutants: u64| {
        let count = mutants as f64;
        -selection.intensity * count * (slope * (count + 1.0) / 2.0 + start)
    };
    // The exponent is a parabola in the number of mutants: its largest value is at an end or at the whole numbers beside its peak.
    let peak = (-start / slope - 0.5).clamp(1.0, (population - 1) as f64);
    let peak = if peak.is_nan() { 1 } else { peak as u64 };
    let places = [1, peak, (peak + 1).min(population - 1), population - 1];
    let largest = places.into_iter().map(exponent).fold(0.0, f64::max);
    let mut sum = (-largest).exp();
    for mutants in 1..population {
        if mutants % CHECK == 0 && stop.load(Ordering::Relaxed) {
            return None;
        }
        sum += (exponent(mutants) - largest).exp();
    }
    Some(-(largest + sum.ln()))
}

/// π_mutant − π_resident as `slope · mutants + start`, computed exactly before it is rounded.
fn difference(
    game: &Encounters,
    (mutant, resident): (usize, usize),
    population: u64,
) -> (f64, f64) {
    let both = game.payoff(mutant, mutant);
    let meets = game.payoff(mutant, resident);
    let met = game.payoff(resident, mutant);
    let neither = game.payoff(resident, resident);
    let count = Rational::from(i64::try_from(population).unwrap_or(i64::MAX));
    let others = &count - &Rational::ONE;
    let slope = &(&(both - met) - &(meets - neither)) / &others;
    let start = &(&(&(&count * meets) - both) - &(&others * neither)) / &others;
    (slope.to_f64(), start.to_f64())
}
