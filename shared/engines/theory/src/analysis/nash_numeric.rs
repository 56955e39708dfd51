//! Nash equilibria by methods that approach one: the logit branch, and descent of the Lyapunov function.

use super::nash::{Brought, Method, Task, working};
use super::{AnalysisError, options};
use crate::solve::nplayer::logit::{Branch, End, MOST_STRATEGIES, Point, Until, branch};
use crate::solve::nplayer::{Payoffs, Profile, Solution, Table, liap, measured, polish};

/// How many starts a descent may take for each equilibrium that it is to find.
const STARTS: u64 = 60;

/// The limit of the principal branch, which is one equilibrium.
pub fn logit(task: &Task<'_>) -> Result<Brought, AnalysisError> {
    follow(
        task,
        Method {
            solver: "gambit-logit",
            method: "logit homotopy, then Newton's method with an interval certificate",
            shortfall: None,
        },
        Finish::Polished,
    )
}

/// The first profile on the principal branch whose regret is small enough, as it is.
pub fn approximate(task: &Task<'_>) -> Result<Brought, AnalysisError> {
    follow(
        task,
        Method {
            solver: "gambit-simpdiv",
            method: "logit homotopy until the regret is small enough",
            shortfall: None,
        },
        Finish::AsItIs,
    )
}

/// What becomes of the end of a branch.
#[derive(Clone, Copy, PartialEq)]
enum Finish {
    /// The equilibrium next to it, where it can be proved.
    Polished,
    AsItIs,
}

fn follow(task: &Task<'_>, method: Method, finish: Finish) -> Result<Brought, AnalysisError> {
    let stop = task.control.stop;
    let mut brought = Brought::nothing(method);
    let Ok(table) = Table::of(task.table, stop) else {
        return Ok(brought);
    };
    if table.strategies() > MOST_STRATEGIES {
        brought.note = Some(format!(
            "the branch is followed in games of at most {MOST_STRATEGIES} strategies together; this one has {}",
            table.strategies()
        ));
        return Ok(brought);
    }
    let most_regret = task.most_regret();
    let Branch { points, end } = branch(&table, Until::Regret(most_regret), stop, &mut |point| {
        working(task.control, None, format!("lambda {:.4}", point.lambda));
    });
    let Some(Point { profile, .. }) = points.last() else {
        return Ok(brought);
    };
    if end == End::Stopped {
        return Ok(brought);
    }
    if finish == Finish::Polished {
        let Ok(payoffs) = Payoffs::of(task.table, stop) else {
            return Ok(brought);
        };
        if let Some(solution) = polish(task.table, &payoffs, &table, profile) {
            brought.solutions.push(solution);
            return Ok(brought);
        }
    }
    match near(task, &table, profile) {
        Some(solution) => brought.solutions.push(solution),
        None => {
            brought.note =
                Some("the branch could not be followed to a regret this small".to_owned());
        }
    }
    Ok(brought)
}

/// The profile with its regret, if that is small enough.
fn near(task: &Task<'_>, table: &Table, profile: &Profile) -> Option<Solution> {
    let profile = measured(task.table, table, profile);
    let relative = (&profile.regret / &table.unit).to_f64();
    (relative <= task.most_regret()).then_some(Solution {
        profile,
        enclosure: None,
    })
}

/// Minima of the Lyapunov function from starts of increasing seeds, the first being the uniform profile.
pub fn lyapunov(task: &Task<'_>) -> Result<Brought, AnalysisError> {
    let stop = task.control.stop;
    let mut brought = Brought::nothing(Method {
        solver: "gambit-liap",
        method: "descent of the Lyapunov function, then Newton's method with an interval certificate",
        shortfall: None,
    });
    let Ok(table) = Table::of(task.table, stop) else {
        return Ok(brought);
    };
    let Ok(payoffs) = Payoffs::of(task.table, stop) else {
        return Ok(brought);
    };
    let most = task.config.max_equilibria().unwrap_or(1);
    let first = task.config.whole(&options::SEED).unwrap_or(0);
    let starts = STARTS.saturating_mul(most as u64).min(10_000);
    for number in 0..starts {
        if brought.solutions.len() >= most {
            break;
        }
        working(
            task.control,
            Some(number as f64 / starts as f64),
            format!(
                "descent {} of {starts}, {} found",
                number + 1,
                brought.solutions.len()
            ),
        );
        let start = match number {
            0 => table.centroid(),
            _ => liap::random_profile(&table, first.wrapping_add(number)),
        };
        let Ok(end) = liap::descend(&table, start, task.most_regret() / 2.0, stop) else {
            break;
        };
        let found = polish(task.table, &payoffs, &table, &end).or_else(|| near(task, &table, &end));
        if let Some(found) = found
            && !brought.solutions.contains(&found)
        {
            brought.solutions.push(found);
        }
    }
    Ok(brought)
}
