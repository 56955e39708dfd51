//! The analysis "Nash Equilibrium": choosing a method, and wording what it found.

use serde_json::{Map, Value, json};

use super::nash_item::item;
use super::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, Progress, STRATEGIC, Solver,
    has_normal_form, nothing_to_check, options, strategic,
};
use crate::game::{Game, NormalGame};
use crate::solve::{Equilibrium, Found, Known, Search, capacity, enumerate, lemke_howson, pure};

/// How the equilibria were looked for. The names are those of the contract, so that clients that show or compare them keep
/// working; `method` says what really ran.
struct Method {
    solver: &'static str,
    method: &'static str,
    /// What the method cannot find.
    shortfall: Option<&'static str>,
}

const PURE: Method = Method {
    solver: "gambit-enumpure",
    method: "pure strategy enumeration, exact",
    shortfall: None,
};
const MANY_PLAYERS: &str =
    "no complete method for more than two players yet: only pure equilibria were looked for";

/// How many equilibria a partial result shows.
const PARTIAL: usize = 100;

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "Nash Equilibrium",
    description: "Finds Nash equilibria in exact arithmetic: all extreme ones of a two-player game, or quickly one, or the pure ones",
    applicable_to: STRATEGIC,
    continuous: true,
    options: &[&options::SOLVER, &options::MAX_EQUILIBRIA],
    run,
    fit: has_normal_form,
    check: nothing_to_check,
};

fn run(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let table = strategic(game)?;
    let players = table.players().len();
    let solver = config.solver();
    let (method, most) = match solver {
        Solver::Pure => (PURE, config.max_equilibria()),
        Solver::Exhaustive if players == 2 => (
            Method {
                solver: "gambit-enummixed",
                method: "vertex enumeration, exact",
                shortfall: None,
            },
            config.max_equilibria(),
        ),
        Solver::Quick if players == 2 => (
            Method {
                solver: "gambit-lcp",
                method: "Lemke-Howson, exact",
                shortfall: None,
            },
            Some(config.max_equilibria().unwrap_or(1)),
        ),
        // The mixtures of a single player's optima are spanned by the pure ones.
        Solver::Exhaustive if players == 1 => (PURE, config.max_equilibria()),
        Solver::Exhaustive => (
            Method {
                shortfall: Some(MANY_PLAYERS),
                ..PURE
            },
            config.max_equilibria(),
        ),
        Solver::Quick => (
            Method {
                shortfall: (players > 2).then_some(MANY_PLAYERS),
                ..PURE
            },
            Some(config.max_equilibria().unwrap_or(1)),
        ),
    };
    let report = Report {
        table: &table,
        method,
    };
    let progress = |known: Known<'_>| {
        let first = &known.equilibria[..known.equilibria.len().min(PARTIAL)];
        let partial = (!first.is_empty()).then(|| Value::Object(report.details(first, None)));
        (control.progress)(Progress {
            fraction: known.fraction,
            message: known.message,
            partial,
        });
    };
    let search = Search {
        stop: control.stop,
        most,
        progress: &progress,
        threads: control.threads,
        keeper: control.keeper,
    };
    let found = match (solver, players) {
        (Solver::Exhaustive, 2) => enumerate(&table, &search),
        (Solver::Quick, 2) => lemke_howson(&table, &search),
        _ => pure(&table, &search),
    };
    report.result(&found)
}

struct Report<'a> {
    table: &'a NormalGame,
    method: Method,
}

/// Proof that nothing is missing from a list; without it `exhaustive` is false.
struct Complete;

impl Report<'_> {
    /// Withholds a result that does not pass its own check, however it came about.
    fn result(&self, found: &Found) -> Result<AnalysisResult, AnalysisError> {
        if let Some(wrong) = found
            .equilibria
            .iter()
            .find(|equilibrium| !equilibrium.regret.is_zero())
        {
            return Err(AnalysisError::Uncertified(format!(
                "a profile has regret {}",
                wrong.regret
            )));
        }
        let complete = (found.complete && self.method.shortfall.is_none()).then_some(Complete);
        let suffix = if complete.is_some() { "" } else { "+" };
        let summary = match found.equilibria.len() {
            0 => "No Nash equilibria found".to_owned(),
            1 => format!("1 Nash equilibrium{suffix}"),
            count => format!("{count} Nash equilibria{suffix}"),
        };
        Ok(AnalysisResult {
            summary,
            details: self.details(&found.equilibria, complete),
        })
    }

    fn details(
        &self,
        equilibria: &[Equilibrium],
        complete: Option<Complete>,
    ) -> Map<String, Value> {
        let mut details = Map::from_iter([
            (
                "equilibria".to_owned(),
                equilibria
                    .iter()
                    .map(|equilibrium| item(self.table, equilibrium))
                    .collect(),
            ),
            ("solver".to_owned(), json!(self.method.solver)),
            ("method".to_owned(), json!(self.method.method)),
            ("exhaustive".to_owned(), json!(complete.is_some())),
        ]);
        if let Some(shortfall) = self.method.shortfall {
            details.insert("note".to_owned(), json!(shortfall));
        } else if equilibria.len() >= capacity(self.table) {
            details.insert(
                "note".to_owned(),
                json!(format!(
                    "the list is cut after {} equilibria",
                    equilibria.len()
                )),
            );
        }
        details
    }
}
