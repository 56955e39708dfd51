//! The analyses by name: what each takes, and running one.

mod config;
mod iesds;
mod nash;
mod nash_item;
mod validation;

use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;
use serde_json::{Map, Value};

pub use config::{Config, ConfigError, Solver};

use crate::convert::{Plans, Reduction, TooLarge, normal_form};
use crate::game::{Format, Game, NormalGame};

/// Most payoff entries (profiles × players) of the normal form that an analysis builds of a tree.
pub const MOST_CELLS: usize = 1_000_000;

/// An analysis as clients see it listed.
#[derive(Clone, Copy, Debug)]
pub struct AnalysisInfo {
    pub name: &'static str,
    pub description: &'static str,
    /// The forms it takes.
    pub applicable_to: &'static [Format],
    /// Quick enough to run whenever a game is looked at.
    pub continuous: bool,
    run: fn(&Game, &Config, &Control<'_>) -> Result<AnalysisResult, AnalysisError>,
    fit: fn(&Game) -> Result<(), Unfit>,
}

static ANALYSES: [AnalysisInfo; 3] = [
    AnalysisInfo {
        name: "Nash Equilibrium",
        description: "Finds Nash equilibria in exact arithmetic: all extreme ones of a two-player game, or quickly one, or the pure ones",
        applicable_to: &Format::ALL,
        continuous: true,
        run: nash::run,
        fit: has_normal_form,
    },
    AnalysisInfo {
        name: "IESDS",
        description: "Iterated elimination of strictly dominated strategies",
        applicable_to: &Format::ALL,
        continuous: true,
        run: iesds::run,
        fit: has_normal_form,
    },
    AnalysisInfo {
        name: "Validation",
        description: "Checks the structure of a game for errors and warnings",
        applicable_to: &Format::ALL,
        continuous: true,
        run: validation::run,
        fit: |_| Ok(()),
    },
];

/// All analyses, in the order in which clients list them.
pub fn analyses() -> &'static [AnalysisInfo] {
    &ANALYSES
}

/// The analysis of exactly this name.
pub fn find(name: &str) -> Option<&'static AnalysisInfo> {
    ANALYSES.iter().find(|info| info.name == name)
}

/// Why an analysis cannot take a game.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unfit(pub String);

/// Whether the analysis can take the game, in its own form or a conversion of it; counts, but solves nothing.
pub fn fit(game: &Game, info: &AnalysisInfo) -> Result<(), Unfit> {
    if !info.applicable_to.contains(&game.format()) {
        return Err(Unfit(format!(
            "{} does not take games in {} form",
            info.name,
            game.format()
        )));
    }
    (info.fit)(game)
}

/// How a running analysis is stopped, and whom it tells how far it is.
pub struct Control<'a> {
    pub stop: &'a AtomicBool,
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

impl Control<'_> {
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// How far a running analysis is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Progress {
    /// Done share between 0 and 1, where it can be known.
    pub fraction: Option<f64>,
    pub message: String,
    /// The details as they would be if the run stopped now.
    pub partial: Option<Value>,
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
    /// The engine contradicted itself; the result is withheld.
    #[error("the result failed its own check: {0}")]
    Uncertified(String),
}

impl AnalysisError {
    /// The code that a failed task's `error` starts with.
    pub fn code(&self) -> &'static str {
        match self {
            AnalysisError::Unfit(_) | AnalysisError::TooLarge(_) => "UNSUPPORTED_ANALYSIS",
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
    fit(game, info)?;
    (info.run)(game, config, control)
}

fn has_normal_form(game: &Game) -> Result<(), Unfit> {
    let Game::Extensive(tree) = game else {
        return Ok(());
    };
    let profiles = Plans::count_profiles(tree, Reduction::Reduced);
    if profiles.saturating_mul(tree.players().len() as u128) > MOST_CELLS as u128 {
        return Err(Unfit(
            TooLarge {
                profiles,
                most: MOST_CELLS,
            }
            .to_string(),
        ));
    }
    Ok(())
}

/// The game's normal form: its own, or that of its reduced strategies.
fn strategic(game: &Game) -> Result<std::borrow::Cow<'_, NormalGame>, TooLarge> {
    use std::borrow::Cow;
    match game {
        Game::Normal(table) => Ok(Cow::Borrowed(table)),
        Game::Extensive(tree) => Ok(Cow::Owned(normal_form(
            tree,
            tree.meta().clone(),
            Reduction::Reduced,
            MOST_CELLS,
        )?)),
    }
}
