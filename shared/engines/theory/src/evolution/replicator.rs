//! The replicator equation (Taylor, Jonker 1978), dxᵢ/dt = xᵢ·((Ax)ᵢ − x·Ax), by Euler's steps.

use std::sync::atomic::{AtomicBool, Ordering};

use super::Encounters;

/// How far to go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Simulation {
    pub steps: usize,
    pub dt: f64,
    /// Keep a state after each so many steps; at least 1. The first and the last are always kept.
    pub every: usize,
}

/// Where the population went.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The kept states and after how many steps they were reached.
    pub states: Vec<(usize, Vec<f64>)>,
    /// How fast the largest share changes at the end, per unit of time.
    pub velocity: f64,
    /// False when a stop ended it early.
    pub complete: bool,
}

/// How many multiplications are done between two looks at the stop flag.
const CHECK: usize = 1 << 20;

/// From shares that sum to one. Steps too long for the equation are cut at the border: shares stay non-negative and sum to one.
pub fn simulate(game: &Encounters, start: Vec<f64>, plan: &Simulation, stop: &AtomicBool) -> Path {
    let payoffs = game.differences();
    let check = (CHECK / payoffs.len().max(1)).max(1);
    let mut state = start;
    let mut states = vec![(0, state.clone())];
    let mut done = 0;
    while done < plan.steps {
        if done % check == 0 && stop.load(Ordering::Relaxed) {
            break;
        }
        let rates = rates(&payoffs, &state);
        for (share, rate) in state.iter_mut().zip(&rates) {
            *share = (*share + plan.dt * rate).max(0.0);
        }
        let total: f64 = state.iter().sum();
        for share in &mut state {
            *share /= total;
        }
        done += 1;
        if done % plan.every == 0 {
            states.push((done, state.clone()));
        }
    }
    if states.last().is_some_and(|(step, _)| *step != done) {
        states.push((done, state.clone()));
    }
    let rates = rates(&payoffs, &state);
    Path {
        states,
        velocity: rates.iter().fold(0.0, |most, rate| most.max(rate.abs())),
        complete: done == plan.steps,
    }
}

/// dx/dt.
fn rates(payoffs: &[f64], state: &[f64]) -> Vec<f64> {
    let fitness: Vec<f64> = payoffs
        .chunks_exact(state.len())
        .map(|row| dot(row, state))
        .collect();
    let average = dot(&fitness, state);
    state
        .iter()
        .zip(&fitness)
        .map(|(share, fitness)| share * (fitness - average))
        .collect()
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}
