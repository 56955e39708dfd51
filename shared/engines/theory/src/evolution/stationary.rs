//! How much time a population spends in each uniform state when mutations are rare.

use std::sync::atomic::{AtomicBool, Ordering};

/// The stationary distribution of the chain whose rate from one state to another has the given logarithm; `None` when stopped.
///
/// With rare mutations a population is almost always uniform, and moves from one strategy to another at a rate proportional to the
/// newcomer's fixation probability (Fudenberg, Imhof 2006). States are eliminated one by one without a subtraction (Grassmann,
/// Taksar, Heyman 1985), in logarithms: rates may lie hundreds of orders of magnitude apart.
pub fn stationary(log_rates: &[Vec<f64>], stop: &AtomicBool) -> Option<Vec<f64>> {
    let mut rates = log_rates.to_vec();
    for last in (1..rates.len()).rev() {
        let (kept, out) = rates.split_at_mut(last);
        let leaving = &out[0][..last];
        let total = log_sum(leaving);
        for (state, row) in kept.iter_mut().enumerate() {
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            row[last] -= total;
            let through = row[last];
            for (target, rate) in leaving.iter().enumerate() {
                if target != state {
                    row[target] = log_add(row[target], through + rate);
                }
            }
        }
    }
    let mut weights = vec![0.0];
    for state in 1..rates.len() {
        let arriving: Vec<f64> = weights
            .iter()
            .zip(&rates)
            .map(|(weight, row)| weight + row[state])
            .collect();
        weights.push(log_sum(&arriving));
    }
    let total = log_sum(&weights);
    Some(
        weights
            .iter()
            .map(|weight| (weight - total).exp())
            .collect(),
    )
}

fn log_add(one: f64, other: f64) -> f64 {
    let (more, less) = if one > other {
        (one, other)
    } else {
        (other, one)
    };
    if more == f64::NEG_INFINITY {
        more
    } else {
        more + (less - more).exp().ln_1p()
    }
}

fn log_sum(logarithms: &[f64]) -> f64 {
    let largest = logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        return largest;
    }
    let sum: f64 = logarithms.iter().map(|term| (term - largest).exp()).sum();
    largest + sum.ln()
}
