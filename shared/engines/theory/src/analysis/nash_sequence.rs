//! Nash equilibria by linear programming and in sequence form: one equilibrium, exact, of trees of any size too.

use serde_json::{Map, Value, json};

use super::nash::{Brought, Method, Task};
use super::nash_item::{item, set_name, snapped};
use super::{
    AnalysisError, AnalysisResult, Config, ConfigError, Control, Solver, Unfit, has_normal_form,
    options, strategic,
};
use crate::convert::{Plans, Reduction};
use crate::game::{ExtensiveGame, Game, NormalGame, PlayerId, number};
use crate::lp::{Unsolvable, constant_sum, optimal_mixtures};
use crate::rational::Rational;
use crate::sequence::{
    BehaviourEquilibrium, Unsolved, Unsuited, is_constant_sum, solve_lcp, solve_lp,
};
use crate::solve::{Equilibrium, certify, nplayer::Solution};

const NOT_CONSTANT_SUM: &str =
    "solver lp needs a constant-sum game of 2 players: the payoffs' sum differs between outcomes";

const MATRIX_PROGRAM: Method = Method {
    solver: "gambit-lp",
    method: "linear programming, exact",
    shortfall: Some("linear programming finds one equilibrium"),
};
const SEQUENCE_PROGRAM: Method = Method {
    solver: "gambit-lp",
    method: "linear programming on the sequence form, exact",
    shortfall: Some("linear programming finds one equilibrium"),
};
const SEQUENCE_PATH: Method = Method {
    solver: "gambit-lcp",
    method: "Lemke's path on the sequence form, exact",
    shortfall: Some("one path finds one equilibrium"),
};

/// A tree whose normal form is too large is taken all the same if it has a sequence form.
pub fn fit(game: &Game) -> Result<(), Unfit> {
    match (has_normal_form(game), game) {
        (Err(too_large), Game::Extensive(tree)) => {
            Unsuited::check(tree).map_err(|unsuited| Unfit(format!("{too_large}; {unsuited}")))
        }
        (fit, _) => fit,
    }
}

/// Whether the solver suits the game.
pub fn check(game: &Game, config: &Config) -> Result<(), ConfigError> {
    let refuse = |what: String| {
        Err(ConfigError {
            option: Some(options::SOLVER.name.to_owned()),
            what,
        })
    };
    let solver = config.solver();
    match (solver, game) {
        (Solver::Lp, Game::Extensive(tree)) => match Unsuited::check(tree) {
            Err(unsuited) => refuse(unsuited.to_string()),
            Ok(()) if !is_constant_sum(tree) => refuse(NOT_CONSTANT_SUM.to_owned()),
            Ok(()) => Ok(()),
        },
        (Solver::Lp, Game::Normal(table)) if constant_sum(table).is_none() => {
            refuse(NOT_CONSTANT_SUM.to_owned())
        }
        (Solver::Lcp, Game::Extensive(tree)) => {
            Unsuited::check(tree).or_else(|unsuited| refuse(unsuited.to_string()))
        }
        (Solver::Lcp, Game::Normal(table)) if table.players().len() != 2 => refuse(format!(
            "solver lcp needs exactly 2 players (game has {})",
            table.players().len()
        )),
        (Solver::Exhaustive | Solver::Quick | Solver::Lp | Solver::Lcp, _) => Ok(()),
        _ => has_normal_form(game).or_else(|too_large| {
            refuse(format!(
                "{too_large}: solver {} needs them, lp and lcp do not",
                solver.name()
            ))
        }),
    }
}

/// Which trees are solved here, and not by their normal form.
pub fn takes(game: &Game, config: &Config) -> bool {
    matches!(game, Game::Extensive(_))
        && (matches!(config.solver(), Solver::Lp | Solver::Lcp) || has_normal_form(game).is_err())
}

/// One equilibrium of a tree.
pub fn run(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let Game::Extensive(tree) = game else {
        unreachable!("only trees have a sequence form");
    };
    let by_program = match config.solver() {
        Solver::Lp => true,
        Solver::Lcp => false,
        _ => is_constant_sum(tree),
    };
    if control.stopped() {
        return Err(AnalysisError::Stopped);
    }
    let (method, found) = if by_program {
        (SEQUENCE_PROGRAM, solve_lp(tree, control.stop))
    } else {
        (SEQUENCE_PATH, solve_lcp(tree, control.stop))
    };
    let found = found.map_err(|error| match error {
        Unsolved::Unsuited(unsuited) => AnalysisError::Unfit(Unfit(unsuited.to_string())),
        Unsolved::Stopped => AnalysisError::Stopped,
        Unsolved::Failed(what) => AnalysisError::Uncertified(what),
    })?;
    let mut shown = if has_normal_form(game).is_ok() {
        let table = strategic(game)?;
        let profile = certified(certify(&table, mixtures(tree, &found)))?;
        item(
            &table,
            &Solution {
                profile,
                enclosure: None,
            },
            None,
        )
    } else {
        large(tree, &found)
    };
    shown["behavior"] = behaviour(tree, &found, snapped);
    shown["exact"]["behavior"] = behaviour(tree, &found, text);
    let details = Map::from_iter([
        ("equilibria".to_owned(), json!([shown])),
        ("solver".to_owned(), json!(method.solver)),
        ("method".to_owned(), json!(method.method)),
        ("exhaustive".to_owned(), json!(false)),
        ("note".to_owned(), json!(method.shortfall)),
    ]);
    Ok(AnalysisResult {
        summary: "1 Nash equilibrium+".to_owned(),
        details,
    })
}

/// One equilibrium of a constant-sum table.
pub fn matrix_program(task: &Task<'_>) -> Result<Brought, AnalysisError> {
    let profile = solved(task.table, task.control)?;
    Ok(Brought {
        solutions: vec![Solution {
            profile,
            enclosure: None,
        }],
        ..Brought::nothing(MATRIX_PROGRAM)
    })
}

fn solved(table: &NormalGame, control: &Control<'_>) -> Result<Equilibrium, AnalysisError> {
    match optimal_mixtures(table, control.stop) {
        Ok(mixtures) => certified(certify(table, mixtures.into())),
        Err(Unsolvable::Stopped) => Err(AnalysisError::Stopped),
        Err(error) => Err(AnalysisError::Uncertified(error.to_string())),
    }
}

/// The table's own word on the profile.
fn certified(profile: Equilibrium) -> Result<Equilibrium, AnalysisError> {
    if profile.regret.is_zero() {
        return Ok(profile);
    }
    Err(AnalysisError::Uncertified(format!(
        "a profile has regret {}",
        profile.regret
    )))
}

/// The behaviour strategies as mixtures of reduced plans (Kuhn 1953).
fn mixtures(tree: &ExtensiveGame, found: &BehaviourEquilibrium) -> Vec<Vec<Rational>> {
    let players = (0..tree.players().len()).map(PlayerId::new);
    players
        .map(|player| {
            let plans = Plans::of(tree, player, Reduction::Reduced);
            let probability = |plan: &Vec<Option<usize>>| {
                let mut product = Rational::ONE;
                for (set, action) in plans.sets.iter().zip(plan) {
                    let Some(action) = action else { continue };
                    let factor = &found.behaviour[set.index()][*action];
                    if factor.is_zero() {
                        return Rational::ZERO;
                    }
                    if *factor != Rational::ONE {
                        product = &product * factor;
                    }
                }
                product
            };
            plans.plans.iter().map(probability).collect()
        })
        .collect()
}

/// The item of an equilibrium that has too many plans to list: strategies are shown as `set: action`.
fn large(tree: &ExtensiveGame, found: &BehaviourEquilibrium) -> Value {
    let strategies = flat(tree, found, snapped);
    let payoffs = |show: fn(&Rational) -> Value| -> Value {
        let shown: Map<String, Value> = tree
            .players()
            .iter()
            .zip(&found.payoffs)
            .map(|(player, payoff)| (player.clone(), show(payoff)))
            .collect();
        Value::Object(shown)
    };
    let is_pure = found
        .behaviour
        .iter()
        .flatten()
        .all(|probability| probability.is_zero() || *probability == Rational::ONE);
    json!({
        "description": if is_pure { "Pure equilibrium in behavior strategies" } else { "Mixed equilibrium" },
        "behavior_profile": strategies,
        "outcomes": payoffs(snapped),
        "strategies": strategies,
        "payoffs": payoffs(snapped),
        "exact": {"strategies": flat(tree, found, text), "payoffs": payoffs(text)},
        "regret": number(&found.regret),
    })
}

fn text(value: &Rational) -> Value {
    json!(value.to_string())
}

/// `{player: {information set: {action: probability}}}`
fn behaviour(
    tree: &ExtensiveGame,
    found: &BehaviourEquilibrium,
    show: fn(&Rational) -> Value,
) -> Value {
    by_player(tree, |player| {
        let sets = tree.infosets_of(player).into_iter().map(|set| {
            let actions = tree.actions(set).iter().zip(&found.behaviour[set.index()]);
            let actions: Map<String, Value> = actions
                .map(|(action, probability)| (action.label.to_string(), show(probability)))
                .collect();
            (set_name(tree, set), Value::Object(actions))
        });
        sets.collect()
    })
}

/// `{player: {"information set: action": probability}}`
fn flat(tree: &ExtensiveGame, found: &BehaviourEquilibrium, show: fn(&Rational) -> Value) -> Value {
    by_player(tree, |player| {
        let mut entries = Map::new();
        for set in tree.infosets_of(player) {
            let name = set_name(tree, set);
            for (action, probability) in tree.actions(set).iter().zip(&found.behaviour[set.index()])
            {
                entries.insert(format!("{name}: {}", action.label), show(probability));
            }
        }
        entries
    })
}

fn by_player(tree: &ExtensiveGame, of: impl Fn(PlayerId) -> Map<String, Value>) -> Value {
    let players = tree.players().iter().enumerate();
    let shown: Map<String, Value> = players
        .map(|(number, player)| (player.clone(), Value::Object(of(PlayerId::new(number)))))
        .collect();
    Value::Object(shown)
}
