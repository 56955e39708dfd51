//! The analysis "CFR Equilibrium": approximate equilibria of trees by counterfactual regret minimisation.

use super::learning::{Run, remembers, tree};
use super::options::{ALGORITHM, ITERATIONS, SEED};
use super::{AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, nothing_to_check};
use crate::cfr::{Algorithm, Flat, Learner};
use crate::game::{Format, Game};

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "CFR Equilibrium",
    description: "Approximates a Nash equilibrium by counterfactual regret minimisation and says how far it is from one",
    applicable_to: &[Format::Extensive],
    continuous: false,
    options: &[&ITERATIONS, &ALGORITHM, &SEED],
    run,
    fit: remembers,
    check: nothing_to_check,
};

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
    let mut learner = algorithm.start(&flat, seed(config));
    run.drive(&mut *learner, &|learner: &dyn Learner| run.details(learner))?;
    Ok(AnalysisResult {
        summary: format!(
            "CFR equilibrium ({}, {} iterations)",
            algorithm.name(),
            learner.iterations()
        ),
        details: run.details(&*learner),
    })
}

/// The algorithm asked for.
pub(super) fn algorithm(config: &Config) -> Algorithm {
    config
        .text(&ALGORITHM)
        .and_then(Algorithm::from_name)
        .expect("the option takes names of algorithms and has a default")
}

/// How many iterations were asked for.
pub(super) fn iterations(config: &Config) -> u64 {
    config.whole(&ITERATIONS).expect("the option has a default")
}

/// What sampling starts from.
pub(super) fn seed(config: &Config) -> u64 {
    config.whole(&SEED).expect("the option has a default")
}
