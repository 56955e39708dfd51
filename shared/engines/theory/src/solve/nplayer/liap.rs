//! Minima of the Lyapunov function of a game, which is zero exactly at its Nash equilibria.
//!
//! McKelvey, "A Liapunov function for Nash equilibria" (1991): the sum over all strategies of the squared gain from switching to
//! them. Descent by projected gradients with a step that grows while it serves and halves when it does not.

use std::sync::atomic::{AtomicBool, Ordering};

use super::supports::Stopped;
use super::table::{Profile, Table};

/// Most descents of one gradient each.
const DESCENTS: usize = 4_000;
/// A step shorter than this gets nowhere.
const SHORTEST: f64 = 1e-14;

/// Where the descent from this profile ends: at the first profile with at most that regret, or at a minimum that is no equilibrium.
pub fn descend(
    table: &Table,
    start: Profile,
    most_regret: f64,
    stop: &AtomicBool,
) -> Result<Profile, Stopped> {
    let mut profile = start;
    let mut values = table.values(&profile);
    let mut height = height(table, &profile, &values);
    let mut step = 0.1;
    for _ in 0..DESCENTS {
        if table.regret(&profile, &values) <= most_regret || step < SHORTEST {
            break;
        }
        let gradient = gradient(table, &profile, &values, stop)?;
        loop {
            if stop.load(Ordering::Relaxed) {
                return Err(Stopped);
            }
            let moved: Vec<f64> = profile
                .iter()
                .zip(&gradient)
                .map(|(p, g)| p - step * g)
                .collect();
            let next = projected(table, &moved);
            let next_values = table.values(&next);
            let next_height = self::height(table, &next, &next_values);
            if next_height < height {
                (profile, values, height) = (next, next_values, next_height);
                step *= 1.5;
                break;
            }
            step /= 2.0;
            if step < SHORTEST {
                break;
            }
        }
    }
    Ok(profile)
}

/// A profile drawn uniformly from the product of the simplices; the same seed gives the same profile.
pub fn random_profile(table: &Table, seed: u64) -> Profile {
    let mut state = seed;
    let mut profile = Vec::with_capacity(table.strategies());
    for size in &table.sizes {
        // Exponential variables over their sum.
        let drawn: Vec<f64> = (0..*size)
            .map(|_| -(1.0 - uniform(&mut state)).ln())
            .collect();
        let sum: f64 = drawn.iter().sum();
        profile.extend(drawn.iter().map(|x| {
            if sum > 0.0 {
                x / sum
            } else {
                1.0 / *size as f64
            }
        }));
    }
    profile
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014): SplitMix64, to 53 bits below 1.
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

/// For each strategy what switching to it would gain, or 0.
fn gains(table: &Table, profile: &[f64], values: &[f64]) -> Vec<f64> {
    let of = |player: usize| {
        let values = table.part(values, player);
        let mixture = table.part(profile, player);
        let mean: f64 = mixture.iter().zip(values).map(|(p, v)| p * v).sum();
        values
            .iter()
            .map(move |value| (value - mean).max(0.0))
            .collect::<Vec<_>>()
    };
    (0..table.players()).flat_map(of).collect()
}

fn height(table: &Table, profile: &[f64], values: &[f64]) -> f64 {
    gains(table, profile, values)
        .iter()
        .map(|gain| gain * gain)
        .sum()
}

fn gradient(
    table: &Table,
    profile: &[f64],
    values: &[f64],
    stop: &AtomicBool,
) -> Result<Vec<f64>, Stopped> {
    let gains = gains(table, profile, values);
    let mut gradient = vec![0.0; profile.len()];
    for player in 0..table.players() {
        let (start, size) = (table.starts[player], table.sizes[player]);
        let gains = &gains[start..start + size];
        let total: f64 = gains.iter().sum();
        if total == 0.0 {
            continue;
        }
        // The player's own probabilities change what the mixture earns.
        for place in start..start + size {
            gradient[place] -= 2.0 * total * values[place];
        }
        // What a unit of another's probability changes: each strategy's value, less that of the mixture.
        let weights: Vec<f64> = gains
            .iter()
            .zip(&profile[start..start + size])
            .map(|(gain, p)| 2.0 * (gain - total * p))
            .collect();
        for other in (0..table.players()).filter(|other| *other != player) {
            if stop.load(Ordering::Relaxed) {
                return Err(Stopped);
            }
            let met = table.meetings(player, other, profile);
            let (begin, width) = (table.starts[other], table.sizes[other]);
            for (row, weight) in met.chunks_exact(width).zip(&weights) {
                for (place, value) in row.iter().enumerate() {
                    gradient[begin + place] += weight * value;
                }
            }
        }
    }
    Ok(gradient)
}

/// The nearest profile: each part projected to its simplex (Held, Wolfe and Crowder 1974).
fn projected(table: &Table, moved: &[f64]) -> Profile {
    let mut profile = Vec::with_capacity(moved.len());
    for player in 0..table.players() {
        let part = table.part(moved, player);
        let mut sorted = part.to_vec();
        sorted.sort_unstable_by(|a, b| b.total_cmp(a));
        let mut sum = 0.0;
        let mut shift = 0.0;
        for (count, value) in sorted.iter().enumerate() {
            sum += value;
            let candidate = (sum - 1.0) / (count + 1) as f64;
            if value - candidate > 0.0 {
                shift = candidate;
            }
        }
        profile.extend(part.iter().map(|value| (value - shift).max(0.0)));
    }
    profile
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::{Limits, parse};

    fn table() -> Table {
        let file = br#"NFG 1 R "t" { "A" "B" } { 3 2 }  1 5  0 2  4 1  2 0  3 6  1 1"#;
        let crate::Game::Normal(game) =
            parse("t.nfg", file, &Limits::default()).expect("well formed")
        else {
            panic!("a table");
        };
        Table::of(&game, &AtomicBool::new(false)).expect("not stopped")
    }

    #[test]
    fn the_gradient_is_that_of_the_function() {
        let table = table();
        let stop = AtomicBool::new(false);
        let profile = random_profile(&table, 7);
        let at = |profile: &[f64]| height(&table, profile, &table.values(profile));
        let gradient = gradient(&table, &profile, &table.values(&profile), &stop).expect("runs");
        for place in 0..profile.len() {
            let shifted = |by: f64| {
                let mut shifted = profile.clone();
                shifted[place] += by;
                at(&shifted)
            };
            let slope = (shifted(1e-6) - shifted(-1e-6)) / 2e-6;
            assert!(
                (slope - gradient[place]).abs() < 1e-6,
                "{slope} {}",
                gradient[place]
            );
        }
    }

    #[test]
    fn projections_are_mixtures() {
        let table = table();
        let profile = projected(&table, &[2.0, -1.0, 0.5, 0.2, 0.2]);
        assert_eq!(profile, [1.0, 0.0, 0.0, 0.5, 0.5]);
    }
}
