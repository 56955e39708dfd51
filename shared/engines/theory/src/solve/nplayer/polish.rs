//! From a profile near an equilibrium to the equilibrium itself, proved; or to exact fractions with their measured regret.

use super::dyadic::Dyadic;
use super::interval::Interval;
use super::isolate::Isolated;
use super::payoffs::Payoffs;
use super::settle::{Root, Solution, Verdict};
use super::supports::Supports;
use super::system::System;
use super::table::{Profile, Table};
use crate::game::NormalGame;
use crate::rational::Rational;
use crate::solve::Equilibrium;
use crate::solve::certify::certify;

/// Probabilities below these count as zero, one guess after another.
const THRESHOLDS: [f64; 4] = [1e-5, 1e-3, 1e-2, 5e-2];
/// How far the equilibrium may be from the profile.
const NEAR: f64 = 1e-2;
/// Binary places of a profile's probabilities.
const PLACES: usize = 62;

/// The regular equilibrium near the profile; `None` when there is none, or none that could be proved.
pub fn polish(
    game: &NormalGame,
    payoffs: &Payoffs,
    table: &Table,
    profile: &[f64],
) -> Option<Solution> {
    let mut tried: Vec<Supports> = Vec::new();
    for threshold in THRESHOLDS {
        let supports: Supports = (0..table.players())
            .map(|player| {
                let mixture = table.part(profile, player);
                (0..mixture.len())
                    .filter(|place| mixture[*place] > threshold)
                    .collect()
            })
            .collect();
        if supports.iter().any(Vec::is_empty) || tried.contains(&supports) {
            continue;
        }
        if let Some(solution) = on_supports(game, payoffs, table, profile, &supports) {
            return Some(solution);
        }
        tried.push(supports);
    }
    None
}

fn on_supports(
    game: &NormalGame,
    payoffs: &Payoffs,
    table: &Table,
    profile: &[f64],
    supports: &Supports,
) -> Option<Solution> {
    if supports.iter().all(|support| support.len() == 1) {
        let pure = certify(game, rounded(table, &pure(table, supports)));
        return pure.regret.is_zero().then_some(Solution {
            profile: pure,
            enclosure: None,
        });
    }
    let system = System::of(payoffs, supports)?;
    let mut point = Vec::with_capacity(system.free);
    for mixer in &system.mixers {
        let support = &supports[mixer.player];
        let mixture = table.part(profile, mixer.player);
        let sum: f64 = support.iter().map(|strategy| mixture[*strategy]).sum();
        point.extend(support[1..].iter().map(|strategy| mixture[*strategy] / sum));
    }
    let start = point.clone();
    for _ in 0..50 {
        let step = system.newton(&point)?;
        for (x, step) in point.iter_mut().zip(&step) {
            *x -= step;
        }
        if step.iter().all(|step| step.abs() < 1e-15) {
            break;
        }
    }
    let strayed = point.iter().zip(&start).any(|(x, start)| {
        let distance = (x - start).abs();
        distance.is_nan() || distance > NEAR
    });
    if strayed {
        return None;
    }
    let root = Root {
        game,
        payoffs,
        supports,
        system: &system,
    };
    [1e-6, 1e-9, 1e-12].into_iter().find_map(|radius| {
        let region = point.iter().map(|x| Interval::around(*x, radius)).collect();
        let isolated = Isolated::prove(&system, region)?;
        match root.settle(&isolated) {
            Verdict::Equilibrium(solution) => Some(solution),
            Verdict::Nothing | Verdict::Undecided => None,
        }
    })
}

fn pure(table: &Table, supports: &Supports) -> Profile {
    supports
        .iter()
        .zip(&table.sizes)
        .flat_map(|(support, size)| {
            (0..*size).map(|strategy| {
                if support.contains(&strategy) {
                    1.0
                } else {
                    0.0
                }
            })
        })
        .collect()
}

/// The profile in exact fractions, with its regret as it is.
pub fn measured(game: &NormalGame, table: &Table, profile: &[f64]) -> Equilibrium {
    certify(game, rounded(table, profile))
}

/// Rounded to binary fractions that sum to one: what rounding leaves over goes to the largest.
fn rounded(table: &Table, profile: &[f64]) -> Vec<Vec<Rational>> {
    let one = dashu_int::IBig::ONE << PLACES;
    (0..table.players())
        .map(|player| {
            let mixture = table.part(profile, player);
            let mut weights: Vec<dashu_int::IBig> = mixture
                .iter()
                .map(|probability| Dyadic::from_f64(probability.clamp(0.0, 1.0)).fixed(PLACES))
                .collect();
            let largest = (0..mixture.len())
                .max_by(|a, b| mixture[*a].total_cmp(&mixture[*b]))
                .unwrap_or(0);
            let sum: dashu_int::IBig = weights.iter().sum();
            weights[largest] += &one - sum;
            weights
                .into_iter()
                .map(|weight| Rational::from_parts(weight, one.clone()))
                .collect()
        })
        .collect()
}
