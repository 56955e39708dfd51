//! The analysis "Nash Equilibrium": choosing a method, and wording what it brought back.

use serde_json::{Map, Value, json};

use super::nash_item::{Behaviour, item};
use super::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, Progress, STRATEGIC, Solver,
    nash_components, nash_numeric, nash_sequence, nash_supports, options, strategic,
};
use crate::game::{Game, NormalGame};
use crate::solve::nplayer::Solution;
use crate::solve::{Found, Known, Search, capacity, lemke_howson, pure};

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "Nash Equilibrium",
    description: "Finds Nash equilibria in exact arithmetic: all extreme ones of a two-player game, all isolated ones of a larger game, or quickly one, or the pure ones",
    applicable_to: STRATEGIC,
    continuous: true,
    options: &[
        &options::SOLVER,
        &options::MAX_EQUILIBRIA,
        &options::MAX_REGRET,
        &options::SEED,
    ],
    run,
    fit: nash_sequence::fit,
    check: nash_sequence::check,
};

/// How the equilibria were looked for. The names are those of the contract, so that clients that show or compare them keep
/// working; `method` says what really ran.
#[derive(Clone, Copy)]
pub struct Method {
    pub solver: &'static str,
    pub method: &'static str,
    /// What the method cannot find.
    pub shortfall: Option<&'static str>,
}

const PURE: Method = Method {
    solver: "gambit-enumpure",
    method: "pure strategy enumeration, exact",
    shortfall: None,
};
const LEMKE_HOWSON: Method = Method {
    solver: "gambit-lcp",
    method: "Lemke-Howson, exact",
    shortfall: None,
};

/// How many equilibria a partial result shows.
const PARTIAL: usize = 100;

/// What a method is asked to solve.
pub struct Task<'a> {
    /// As it was given: a tree or a table.
    pub game: &'a Game,
    pub table: &'a NormalGame,
    pub config: &'a Config,
    pub control: &'a Control<'a>,
}

/// What a method brought back.
pub struct Brought {
    pub method: Method,
    pub solutions: Vec<Solution>,
    /// Whether it is proved that there are no others of the kind looked for.
    pub complete: bool,
    pub note: Option<String>,
    /// Further keys of the details.
    pub more: Map<String, Value>,
}

fn run(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    if nash_sequence::takes(game, config) {
        return nash_sequence::run(game, config, control);
    }
    let table = strategic(game)?;
    let task = Task {
        game,
        table: &table,
        config,
        control,
    };
    let brought = choose(&task)?;
    task.result(brought)
}

/// The one place where a solver's name and the number of players become a method.
fn choose(task: &Task<'_>) -> Result<Brought, AnalysisError> {
    let most = task.config.max_equilibria();
    let quickly = Some(most.unwrap_or(1));
    let players = task.table.players().len();
    match (task.config.solver(), players) {
        // The mixtures of a single player's optima are spanned by the pure ones.
        (Solver::Pure, _) | (Solver::Exhaustive, 1) => Ok(task.search(PURE, most, pure)),
        (Solver::Quick, 1) => Ok(task.search(PURE, quickly, pure)),
        (Solver::Exhaustive, 2) => Ok(nash_components::extreme(task, most)),
        (Solver::Lp, _) => nash_sequence::matrix_program(task),
        (Solver::Quick, 2) | (Solver::Lcp, _) => {
            Ok(task.search(LEMKE_HOWSON, quickly, lemke_howson))
        }
        (Solver::Exhaustive, _) => nash_supports::supports(task, most),
        (Solver::Quick, _) => nash_supports::supports(task, quickly),
        (Solver::Logit, _) => nash_numeric::logit(task),
        (Solver::Approximate, _) => nash_numeric::approximate(task),
        (Solver::Liap, _) => nash_numeric::lyapunov(task),
    }
}

/// Tells that the run goes on, with nothing new to show.
pub fn working(control: &Control<'_>, fraction: Option<f64>, message: String) {
    (control.progress)(Progress {
        fraction,
        message,
        partial: None,
    });
}

/// Proof that nothing is missing from a list; without it `exhaustive` is false.
struct Complete;

impl Brought {
    pub fn nothing(method: Method) -> Brought {
        Brought {
            method,
            solutions: Vec::new(),
            complete: false,
            note: None,
            more: Map::new(),
        }
    }
}

impl Task<'_> {
    /// The stopping rule of methods that approach an equilibrium, relative to the range of the payoffs.
    pub fn most_regret(&self) -> f64 {
        self.config.number(&options::MAX_REGRET).unwrap_or(1e-6)
    }

    /// Runs a search of the payoff table whose equilibria are exact.
    pub fn search(
        &self,
        method: Method,
        most: Option<usize>,
        run: fn(&NormalGame, &Search<'_>) -> Found,
    ) -> Brought {
        let progress = |known: Known<'_>| {
            let first = &known.equilibria[..known.equilibria.len().min(PARTIAL)];
            (self.control.progress)(Progress {
                fraction: known.fraction,
                message: known.message,
                partial: self.partial(
                    method,
                    &first.iter().cloned().map(exact).collect::<Vec<_>>(),
                ),
            });
        };
        let search = Search {
            stop: self.control.stop,
            most,
            progress: &progress,
            threads: self.control.threads,
            keeper: self.control.keeper,
        };
        let found = run(self.table, &search);
        Brought {
            complete: found.complete,
            solutions: found.equilibria.into_iter().map(exact).collect(),
            ..Brought::nothing(method)
        }
    }

    /// The details as they would be if the run stopped now.
    pub fn partial(&self, method: Method, found: &[Solution]) -> Option<Value> {
        let first = &found[..found.len().min(PARTIAL)];
        (!first.is_empty()).then(|| Value::Object(self.details(method, first, None)))
    }

    /// Withholds a result that does not pass its own check, however it came about.
    fn result(&self, brought: Brought) -> Result<AnalysisResult, AnalysisError> {
        let wrong = |solution: &&Solution| {
            brought.complete && solution.enclosure.is_none() && !solution.profile.regret.is_zero()
        };
        if let Some(wrong) = brought.solutions.iter().find(wrong) {
            return Err(AnalysisError::Uncertified(format!(
                "a profile has regret {}",
                wrong.profile.regret
            )));
        }
        let method = brought.method;
        let complete = (brought.complete && method.shortfall.is_none()).then_some(Complete);
        let suffix = if complete.is_some() { "" } else { "+" };
        let summary = match brought.solutions.len() {
            0 => "No Nash equilibria found".to_owned(),
            1 => format!("1 Nash equilibrium{suffix}"),
            count => format!("{count} Nash equilibria{suffix}"),
        };
        let mut details = self.details(method, &brought.solutions, complete);
        if let Some(note) = brought.note {
            details.insert("note".to_owned(), json!(note));
        }
        details.extend(brought.more);
        Ok(AnalysisResult { summary, details })
    }

    fn details(
        &self,
        method: Method,
        solutions: &[Solution],
        complete: Option<Complete>,
    ) -> Map<String, Value> {
        let behaviour = Behaviour::of(self.game);
        let items = solutions
            .iter()
            .map(|solution| item(self.table, solution, behaviour.as_ref()));
        let mut details = Map::from_iter([
            ("equilibria".to_owned(), items.collect()),
            ("solver".to_owned(), json!(method.solver)),
            ("method".to_owned(), json!(method.method)),
            ("exhaustive".to_owned(), json!(complete.is_some())),
        ]);
        if let Some(shortfall) = method.shortfall {
            details.insert("note".to_owned(), json!(shortfall));
        } else if solutions.len() >= capacity(self.table) {
            details.insert(
                "note".to_owned(),
                json!(format!(
                    "the list is cut after {} equilibria",
                    solutions.len()
                )),
            );
        }
        details
    }
}

fn exact(profile: crate::solve::Equilibrium) -> Solution {
    Solution {
        profile,
        enclosure: None,
    }
}
