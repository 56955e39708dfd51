//! The analysis "Nash Equilibrium": choosing a method, and wording what it found.

use serde_json::{Map, Value, json};

use super::nash_item::item;
use super::{AnalysisError, AnalysisResult, Config, Control, Progress, Solver, strategic};
use crate::game::{Game, NormalGame};
use crate::solve::{Equilibrium, Found, Search, enumerate, lemke_howson, pure};

/// How the equilibria were looked for. The names are those of the contract, so that clients that show or compare them keep
/// working; `method` says what really ran.
struct Method {
    solver: &'static str,
    method: &'static str,
    note: Option<&'static str>,
}

const PURE: Method = Method {
    solver: "gambit-enumpure",
    method: "pure strategy enumeration, exact",
    note: None,
};
const MANY_PLAYERS: &str =
    "no complete method for more than two players yet: only pure equilibria were looked for";

pub fn run(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let table = strategic(game)?;
    let players = table.players().len();
    let solver = config.solver.unwrap_or(Solver::Exhaustive);
    let (method, most) = match solver {
        Solver::Pure => (PURE, config.max_equilibria),
        Solver::Exhaustive if players == 2 => (
            Method {
                solver: "gambit-enummixed",
                method: "vertex enumeration, exact",
                note: None,
            },
            config.max_equilibria,
        ),
        Solver::Quick if players == 2 => (
            Method {
                solver: "gambit-lcp",
                method: "Lemke-Howson, exact",
                note: None,
            },
            Some(config.max_equilibria.unwrap_or(1)),
        ),
        // The mixtures of a single player's optima are spanned by the pure ones.
        Solver::Exhaustive if players == 1 => (PURE, config.max_equilibria),
        Solver::Exhaustive => (
            Method {
                note: Some(MANY_PLAYERS),
                ..PURE
            },
            config.max_equilibria,
        ),
        Solver::Quick => (
            Method {
                note: (players > 2).then_some(MANY_PLAYERS),
                ..PURE
            },
            Some(config.max_equilibria.unwrap_or(1)),
        ),
    };
    let progress = |message: String, found: &[Equilibrium]| {
        let partial =
            (!found.is_empty()).then(|| Value::Object(details(&table, &method, found, false)));
        (control.progress)(Progress {
            fraction: None,
            message,
            partial,
        });
    };
    let search = Search {
        stop: control.stop,
        most,
        progress: &progress,
    };
    let found = match (solver, players) {
        (Solver::Exhaustive, 2) => enumerate(&table, &search),
        (Solver::Quick, 2) => lemke_howson(&table, &search),
        _ => pure(&table, &search),
    };
    finish(&table, &method, found)
}

/// Withholds a result that does not pass its own check, however it came about.
fn finish(
    table: &NormalGame,
    method: &Method,
    found: Found,
) -> Result<AnalysisResult, AnalysisError> {
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
    let exhaustive = found.complete && method.note.is_none();
    let suffix = if exhaustive { "" } else { "+" };
    let summary = match found.equilibria.len() {
        0 => "No Nash equilibria found".to_owned(),
        1 => format!("1 Nash equilibrium{suffix}"),
        count => format!("{count} Nash equilibria{suffix}"),
    };
    Ok(AnalysisResult {
        summary,
        details: details(table, method, &found.equilibria, exhaustive),
    })
}

fn details(
    table: &NormalGame,
    method: &Method,
    equilibria: &[Equilibrium],
    exhaustive: bool,
) -> Map<String, Value> {
    let mut details = Map::from_iter([
        (
            "equilibria".to_owned(),
            equilibria
                .iter()
                .map(|equilibrium| item(table, equilibrium))
                .collect(),
        ),
        ("solver".to_owned(), json!(method.solver)),
        ("method".to_owned(), json!(method.method)),
        ("exhaustive".to_owned(), json!(exhaustive)),
    ]);
    if let Some(note) = method.note {
        details.insert("note".to_owned(), json!(note));
    }
    details
}
