//! The analysis "Fictitious Play": average play in which everybody always answered the others' average best.

use super::cfr::iterations;
use super::learning::{Run, is_zero_sum, tree};
use super::options::ITERATIONS;
use super::{AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, nothing_to_check};
use crate::cfr::{FictitiousPlay, Flat, Learner};
use crate::game::{Format, Game};

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "Fictitious Play",
    description: "Approximates a Nash equilibrium of a two-player zero-sum game: best responses to average play, mixed into it",
    applicable_to: &[Format::Extensive],
    continuous: false,
    options: &[&ITERATIONS],
    run,
    fit: is_zero_sum,
    check: nothing_to_check,
};

fn run(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let game = tree(game)?;
    let flat = Flat::new(game, control.stop)?;
    let run = Run {
        game,
        flat: &flat,
        algorithm: "fictitious_play",
        iterations: iterations(config),
        control,
    };
    let mut learner = FictitiousPlay::new(&flat);
    run.drive(&mut learner, &|learner: &dyn Learner| run.details(learner))?;
    Ok(AnalysisResult {
        summary: format!(
            "Fictitious Play equilibrium ({} iterations)",
            learner.iterations()
        ),
        details: run.details(&learner),
    })
}
