//! The analysis "CFR Convergence": how fast regret minimisation approaches equilibrium.

use std::cell::RefCell;
use std::sync::atomic::AtomicBool;

use serde_json::{Map, Value, json};

use super::cfr::{algorithm, iterations, seed};
use super::learning::{Run, is_zero_sum, tree};
use super::options::{ALGORITHM, ITERATIONS, SEED};
use super::{AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, nothing_to_check};
use crate::cfr::{Behaviour, Flat, Learner, distance};
use crate::game::{Format, Game};

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "CFR Convergence",
    description: "Runs counterfactual regret minimisation on a two-player zero-sum game and follows its exploitability",
    applicable_to: &[Format::Extensive],
    continuous: false,
    options: &[&ITERATIONS, &ALGORITHM, &SEED],
    run,
    fit: is_zero_sum,
    check: nothing_to_check,
};

/// After how many iterations exploitability is recorded, the last of all aside.
const CHECKPOINTS: [u64; 5] = [10, 50, 100, 500, 1_000];

/// Below this play counts as converged, as clients know it.
const CONVERGED: f64 = 1e-3;

fn run(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let game = tree(game)?;
    let algorithm = algorithm(config);
    let flat = Flat::new(game, control.stop)?;
    let run = Run {
        game,
        flat: &flat,
        algorithm: algorithm.name(),
        iterations: iterations(config),
        control,
    };
    let inner = algorithm.start(&flat, seed(config));
    let history = RefCell::new(Vec::new());
    let mut tracked = Tracked {
        flat: &flat,
        inner,
        history: &history,
    };
    run.drive(&mut tracked, &|learner: &dyn Learner| {
        details(&run, learner, &history.borrow())
    })?;
    let done = tracked.iterations();
    let reached = run
        .reached(&tracked)
        .map(|reached| reached.exploitability());
    let summary = match reached {
        Some(reached) if reached < CONVERGED => {
            format!("Converged to Nash (exploitability: {reached:.6})")
        }
        Some(reached) => format!("Exploitability after {done} iterations: {reached:.4}"),
        None => format!("Stopped after {done} iterations"),
    };
    Ok(AnalysisResult {
        summary,
        details: details(&run, &tracked, &history.borrow()),
    })
}

fn details(run: &Run<'_>, learner: &dyn Learner, history: &[Point]) -> Map<String, Value> {
    let mut history: Vec<Value> = history
        .iter()
        .map(|point| json!({"iteration": point.iteration, "exploitability": point.exploitability}))
        .collect();
    let mut details = Map::from_iter([
        ("iterations".to_owned(), json!(learner.iterations())),
        ("algorithm".to_owned(), json!(run.algorithm)),
    ]);
    if let Some(reached) = run.reached(learner) {
        let exploitability = reached.exploitability();
        details.insert("final_exploitability".to_owned(), json!(exploitability));
        details.insert("nash_conv".to_owned(), json!(reached.nash_conv()));
        if !CHECKPOINTS.contains(&learner.iterations()) {
            history
                .push(json!({"iteration": learner.iterations(), "exploitability": exploitability}));
        }
    }
    details.insert("convergence_history".to_owned(), json!(history));
    details
}

#[derive(Clone, Copy)]
struct Point {
    iteration: u64,
    exploitability: f64,
}

/// A learner whose exploitability is recorded at the checkpoints.
struct Tracked<'f> {
    flat: &'f Flat,
    inner: Box<dyn Learner + 'f>,
    /// Shared with those who report while it runs.
    history: &'f RefCell<Vec<Point>>,
}

impl Learner for Tracked<'_> {
    fn iterate(&mut self, stop: &AtomicBool) {
        let before = self.iterations();
        self.inner.iterate(stop);
        if self.iterations() > before && CHECKPOINTS.contains(&self.iterations()) {
            self.history.borrow_mut().push(Point {
                iteration: self.iterations(),
                exploitability: distance(self.flat, &self.average()).exploitability(),
            });
        }
    }

    fn iterations(&self) -> u64 {
        self.inner.iterations()
    }

    fn average(&self) -> Behaviour {
        self.inner.average()
    }

    fn work(&self) -> u64 {
        self.inner.work()
    }

    /// The inner state, the history behind it, and the history's length at the end.
    fn state(&self) -> Vec<u8> {
        let mut state = self.inner.state();
        let history = self.history.borrow();
        for point in history.iter() {
            state.extend(point.iteration.to_le_bytes());
            state.extend(point.exploitability.to_le_bytes());
        }
        state.extend((history.len() as u64).to_le_bytes());
        state
    }

    fn resume(&mut self, state: &[u8]) -> Option<()> {
        let (rest, points) = state.split_last_chunk::<8>()?;
        let points = usize::try_from(u64::from_le_bytes(*points)).ok()?;
        let (inner, history) =
            rest.split_at_checked(rest.len().checked_sub(points.checked_mul(16)?)?)?;
        let mut read = Vec::new();
        for point in history.chunks(16) {
            let (iteration, exploitability) = point.split_first_chunk::<8>()?;
            read.push(Point {
                iteration: u64::from_le_bytes(*iteration),
                exploitability: f64::from_le_bytes(exploitability.try_into().ok()?),
            });
        }
        self.inner.resume(inner)?;
        self.history.replace(read);
        Some(())
    }
}
