//! The analyses "MAID Nash Equilibrium" and "MAID Subgame Perfect Equilibrium": equilibria of influence diagrams in decision rules.

use std::sync::atomic::AtomicBool;

use serde_json::{Map, Value, json};

use super::maid_input::{diagram, has_rules};
use super::maid_item::item;
use super::options::{MAID_SOLVER, MAX_EQUILIBRIA, OptionInfo};
use super::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, Progress, nothing_to_check,
};
use crate::game::{Format, Game, MaidGame};
use crate::maid::{
    Diagram, Halt, Kind, Known, Rules, Search, Size, Solutions, nash, subgame_perfect,
};

pub const NASH: AnalysisInfo = AnalysisInfo {
    name: "MAID Nash Equilibrium",
    description: "Finds the Nash equilibria of a multi-agent influence diagram in exact arithmetic: all in pure decision rules, or the extreme mixed ones",
    applicable_to: &[Format::Maid],
    continuous: true,
    options: OPTIONS,
    run: run_nash,
    fit: has_rules,
    check: nothing_to_check,
};

pub const SUBGAME_PERFECT: AnalysisInfo = AnalysisInfo {
    name: "MAID Subgame Perfect Equilibrium",
    description: "Finds the equilibria of a multi-agent influence diagram that are equilibria in every subgame, along its relevance graph",
    applicable_to: &[Format::Maid],
    continuous: true,
    options: OPTIONS,
    run: run_subgame_perfect,
    fit: has_rules,
    check: nothing_to_check,
};

const OPTIONS: &[&OptionInfo] = &[&MAID_SOLVER, &MAX_EQUILIBRIA];

/// How many equilibria a partial result shows.
const PARTIAL: usize = 100;

/// Most entries of rules that the equilibria of one result may have together.
const MOST_ENTRIES: usize = 250_000;

/// How many equilibria are still made ready to show after a stop, and of how large a diagram: a few milliseconds' work.
const AFTER_STOP: usize = 10;
const SMALL: usize = 1 << 12;

/// How the two analyses word what they found. The names of the solvers are the contract's; `method` says what really ran.
struct Wording {
    solver: &'static str,
    method: &'static str,
    /// In the singular.
    what: &'static str,
    exhaustive: bool,
    shortfall: Option<&'static str>,
}

fn run_nash(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let (solver, method, what) = match kind(config) {
        Kind::Pure => (
            "pycid-enumpure",
            "search over decision rules, exact",
            "pure Nash",
        ),
        Kind::Mixed => (
            "pycid-enummixed",
            "vertex enumeration of the reduced normal form, exact",
            "Nash",
        ),
    };
    let wording = Wording {
        solver,
        method,
        what,
        exhaustive: true,
        shortfall: None,
    };
    run(game, config, control, (wording, nash))
}

fn run_subgame_perfect(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let (solver, method) = match kind(config) {
        Kind::Pure => (
            "enumpure",
            "components of the relevance graph, pure rules, exact",
        ),
        Kind::Mixed => (
            "enummixed",
            "components of the relevance graph, extreme equilibria of each, exact",
        ),
    };
    let wording = Wording {
        solver,
        method,
        what: "subgame perfect",
        exhaustive: true,
        shortfall: None,
    };
    run(game, config, control, (wording, subgame_perfect))
}

/// Every solver but `mixed` means pure rules: that is what the contract's analyses compute.
fn kind(config: &Config) -> Kind {
    match config.text(&MAID_SOLVER) {
        Some("mixed") => Kind::Mixed,
        _ => Kind::Pure,
    }
}

type Solve = fn(&Diagram, Kind, &Search<'_>) -> Result<Solutions, Halt>;

fn run(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
    (mut wording, solve): (Wording, Solve),
) -> Result<AnalysisResult, AnalysisError> {
    let (game, diagram) = diagram(game)?;
    let report = Report {
        game,
        diagram: &diagram,
        control,
    };
    wording.exhaustive = false;
    let progress = |known: Known<'_>| {
        let profiles = known.profiles.map(|profiles| profiles());
        let partial = profiles
            .filter(|profiles| !profiles.is_empty())
            .and_then(|profiles| {
                let first = &profiles[..profiles.len().min(PARTIAL)];
                report.result(first, &wording).ok()
            });
        (control.progress)(Progress {
            fraction: known.fraction,
            message: known.message,
            partial: partial.map(|result| Value::Object(result.details)),
        });
    };
    let search = Search {
        stop: control.stop,
        most: config
            .max_equilibria()
            .unwrap_or(usize::MAX)
            .min(capacity(&diagram)),
        progress: &progress,
    };
    let found = solve(&diagram, kind(config), &search)?;
    wording.exhaustive = found.complete;
    wording.shortfall = found.shortfall;
    report.result(&found.profiles, &wording)
}

/// How many equilibria a result holds at most.
fn capacity(diagram: &Diagram) -> usize {
    let entries = diagram.decisions().into_iter().map(|decision| {
        diagram
            .configurations(decision)
            .saturating_mul(diagram.sizes()[decision])
    });
    (MOST_ENTRIES / entries.fold(1, usize::saturating_add)).max(10)
}

struct Report<'a> {
    game: &'a MaidGame,
    diagram: &'a Diagram,
    control: &'a Control<'a>,
}

impl Report<'_> {
    fn result(
        &self,
        profiles: &[Rules],
        wording: &Wording,
    ) -> Result<AnalysisResult, AnalysisError> {
        let mut equilibria = Vec::with_capacity(profiles.len());
        let mut exhaustive = wording.exhaustive;
        let late = AtomicBool::new(false);
        let (stop, most) = match self.control.stopped() {
            false => (self.control.stop, usize::MAX),
            true if Size::of(self.diagram).ends <= SMALL => (&late, AFTER_STOP),
            true => return Err(AnalysisError::Stopped),
        };
        exhaustive &= profiles.len() <= most;
        for profile in profiles.iter().take(most) {
            match item(self.game, self.diagram, profile, stop) {
                Ok((shown, regret)) if regret.is_zero() => equilibria.push(shown),
                Ok((shown, regret)) => {
                    let what = format!("regret {regret} in {}", shown["description"]);
                    return Err(AnalysisError::Uncertified(what));
                }
                Err(Halt::Stopped) => {
                    exhaustive = false;
                    break;
                }
                Err(halt) => return Err(halt.into()),
            }
        }
        let plus = if exhaustive { "" } else { "+" };
        let summary = match equilibria.len() {
            0 => format!("No {} equilibria found", wording.what),
            1 => format!("1 {} equilibrium{plus}", wording.what),
            count => format!("{count} {} equilibria{plus}", wording.what),
        };
        let mut details = Map::from_iter([
            ("equilibria".to_owned(), Value::Array(equilibria)),
            ("solver".to_owned(), json!(wording.solver)),
            ("method".to_owned(), json!(wording.method)),
            ("exhaustive".to_owned(), json!(exhaustive)),
        ]);
        if let Some(shortfall) = wording.shortfall {
            details.insert("note".to_owned(), json!(shortfall));
        }
        Ok(AnalysisResult { summary, details })
    }
}
