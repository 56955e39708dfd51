//! The analyses by name: what each takes, and running one.

mod backward_induction;
mod best_response;
mod cfr;
mod cfr_convergence;
mod cognitive_hierarchy;
mod config;
mod control;
mod correlated;
mod decision_relevance;
mod dominance;
mod evolutionary;
mod exploitability;
mod fictitious_play;
mod gain;
mod held_fixed;
mod iesds;
mod infostates;
mod learning;
mod maid_equilibria;
mod maid_input;
mod maid_item;
mod maid_profile;
mod maid_verify;
mod nash;
mod nash_components;
mod nash_item;
mod nash_numeric;
mod nash_sequence;
mod nash_supports;
pub mod options;
mod profile;
mod qre;
mod replicator;
mod support_enumeration;
mod validation;
mod value_of_control;
mod value_of_information;
mod verify_profile;

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value};

pub use config::{Config, ConfigError, Solver};
pub use control::{Control, Keeper, Progress};
use options::OptionInfo;

use crate::convert::{Reduction, TooLarge, conversion, convert, normal_form};
use crate::game::{Format, Game, NormalGame};

/// Most payoff entries (profiles × players) of the normal form that an analysis builds of a tree.
pub const MOST_CELLS: usize = 1_000_000;

/// An analysis as clients see it listed.
#[derive(Clone, Copy, Debug)]
pub struct AnalysisInfo {
    pub name: &'static str,
    pub description: &'static str,
    /// The forms it takes; games in others are converted to the first of these that can be made of them.
    pub applicable_to: &'static [Format],
    /// Quick enough to run whenever a game is looked at.
    pub continuous: bool,
    /// What it can be told.
    pub options: &'static [&'static OptionInfo],
    /// Gets a game in one of the forms of `applicable_to`.
    run: fn(&Game, &Config, &Control<'_>) -> Result<AnalysisResult, AnalysisError>,
    /// Why this game, in such a form, cannot be taken: counts, but solves nothing.
    fit: fn(&Game) -> Result<(), Unfit>,
    /// Which option does not suit this game.
    check: fn(&Game, &Config) -> Result<(), ConfigError>,
}

impl AnalysisInfo {
    /// Whether the analysis has all these options.
    ///
    /// # Errors
    /// Which one it has not.
    pub fn accepts(&self, config: &Config) -> Result<(), ConfigError> {
        config.accepted_by(self)
    }

    /// Whether only [`check`] can tell if options suit: they name players or nodes of the game.
    pub fn has_options_of_the_game(&self) -> bool {
        self.options
            .iter()
            .any(|option| option.speaks_of_the_game())
    }
}

/// In the order in which clients list them.
static ANALYSES: &[AnalysisInfo] = &[
    nash::INFO,
    iesds::INFO,
    iesds::WEAK,
    dominance::INFO,
    verify_profile::INFO,
    cognitive_hierarchy::INFO,
    qre::INFO,
    support_enumeration::INFO,
    backward_induction::INFO,
    replicator::INFO,
    evolutionary::INFO,
    cfr::INFO,
    cfr_convergence::INFO,
    exploitability::INFO,
    best_response::INFO,
    fictitious_play::INFO,
    maid_equilibria::NASH,
    maid_equilibria::SUBGAME_PERFECT,
    maid_verify::INFO,
    value_of_information::INFO,
    value_of_control::INFO,
    decision_relevance::INFO,
    correlated::CORRELATED,
    correlated::COARSE,
    validation::INFO,
];

pub fn analyses() -> &'static [AnalysisInfo] {
    ANALYSES
}

/// The analysis of exactly this name.
pub fn find(name: &str) -> Option<&'static AnalysisInfo> {
    ANALYSES.iter().find(|info| info.name == name)
}

/// Why an analysis cannot take a game.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unfit(pub String);

/// Whether the analysis can take the game, in its own form or a conversion of it; solves nothing.
pub fn fit(game: &Game, info: &AnalysisInfo) -> Result<(), Unfit> {
    (info.fit)(&*adapted(game, info)?)
}

/// [`fit`] of every analysis, in their order. Each conversion is made once: of a program or a diagram it may take a while.
pub fn fits(game: &Game) -> Vec<(&'static AnalysisInfo, Result<(), Unfit>)> {
    let mut forms = Forms {
        game,
        made: Vec::new(),
    };
    analyses()
        .iter()
        .map(|info| (info, forms.fit(info)))
        .collect()
}

/// A game in the forms that were asked for so far; `None` where it cannot be shown in one.
struct Forms<'g> {
    game: &'g Game,
    made: Vec<(Format, Option<Result<Game, Unfit>>)>,
}

impl Forms<'_> {
    fn fit(&mut self, info: &AnalysisInfo) -> Result<(), Unfit> {
        if info.applicable_to.contains(&self.game.format()) {
            return (info.fit)(self.game);
        }
        for target in info.applicable_to {
            match self.shown_as(*target) {
                None => {}
                Some(Ok(game)) => return (info.fit)(game),
                Some(Err(unfit)) => return Err(unfit.clone()),
            }
        }
        Err(takes_no(self.game, info))
    }

    fn shown_as(&mut self, target: Format) -> Option<&Result<Game, Unfit>> {
        let place = self.made.iter().position(|(format, _)| *format == target);
        let place = place.unwrap_or_else(|| {
            let possible = conversion(self.game, target).possible;
            let made = possible
                .then(|| convert(self.game, target).map_err(|error| Unfit(error.to_string())));
            self.made.push((target, made));
            self.made.len() - 1
        });
        self.made[place].1.as_ref()
    }
}

fn takes_no(game: &Game, info: &AnalysisInfo) -> Unfit {
    Unfit(format!(
        "{} does not take games in {} form",
        info.name,
        game.format()
    ))
}

/// Whether the options suit the analysis and the game.
pub fn check(game: &Game, info: &AnalysisInfo, config: &Config) -> Result<(), ConfigError> {
    config.accepted_by(info)?;
    match adapted(game, info) {
        Ok(game) => (info.check)(&game, config),
        // That it does not fit is said by `fit`.
        Err(Unfit(_)) => Ok(()),
    }
}

/// The game in a form that the analysis takes.
fn adapted<'g>(game: &'g Game, info: &AnalysisInfo) -> Result<Cow<'g, Game>, Unfit> {
    if info.applicable_to.contains(&game.format()) {
        return Ok(Cow::Borrowed(game));
    }
    let target = info
        .applicable_to
        .iter()
        .find(|target| conversion(game, **target).possible)
        .ok_or_else(|| takes_no(game, info))?;
    let converted = convert(game, *target).map_err(|error| Unfit(error.to_string()))?;
    Ok(Cow::Owned(converted))
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AnalysisResult {
    pub summary: String,
    pub details: Map<String, Value>,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AnalysisError {
    #[error(transparent)]
    Unfit(#[from] Unfit),
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    #[error(transparent)]
    Options(#[from] ConfigError),
    /// Stopped before there was anything to show.
    #[error("stopped before there was a result")]
    Stopped,
    /// The engine contradicted itself; the result is withheld.
    #[error("the result failed its own check: {0}")]
    Uncertified(String),
}

impl AnalysisError {
    /// The code that a failed task's `error` starts with.
    pub fn code(&self) -> &'static str {
        match self {
            AnalysisError::Unfit(_) | AnalysisError::TooLarge(_) => "UNSUPPORTED_ANALYSIS",
            AnalysisError::Options(_) => "REQUEST_ERROR",
            AnalysisError::Stopped => "TimeoutError",
            AnalysisError::Uncertified(_) => "INTERNAL",
        }
    }
}

/// Runs the analysis to its end or until it is stopped; a stopped run returns what it has found.
pub fn analyze(
    game: &Game,
    info: &AnalysisInfo,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let game = adapted(game, info)?;
    // A conversion takes time; an analysis that begins stopped still says what it has, little as that is.
    if matches!(game, Cow::Owned(_)) && control.stopped() {
        return Err(AnalysisError::Stopped);
    }
    (info.fit)(&game)?;
    config.accepted_by(info)?;
    (info.check)(&game, config)?;
    (info.run)(&game, config, control)
}

/// For analyses whose options do not speak of the game.
fn nothing_to_check(_: &Game, _: &Config) -> Result<(), ConfigError> {
    Ok(())
}

/// The forms that have strategies and payoffs for them.
const STRATEGIC: &[Format] = &[Format::Extensive, Format::Normal];

fn has_normal_form(game: &Game) -> Result<(), Unfit> {
    let Game::Extensive(tree) = game else {
        return Ok(());
    };
    TooLarge::check(tree, Reduction::Reduced, MOST_CELLS).map_err(|large| Unfit(large.to_string()))
}

/// The game's normal form: its own, or that of its reduced strategies.
fn strategic(game: &Game) -> Result<Cow<'_, NormalGame>, TooLarge> {
    match game {
        Game::Maid(_) | Game::Vegas(_) => {
            unreachable!("analyses of tables are applicable to trees and tables only")
        }
        Game::Normal(table) => Ok(Cow::Borrowed(table)),
        Game::Extensive(tree) => Ok(Cow::Owned(normal_form(
            tree,
            tree.meta().clone(),
            Reduction::Reduced,
            MOST_CELLS,
        )?)),
    }
}
