//! The analysis "Quantal Response Equilibrium": the logit branch from uniform play, to a precision or to its limit.

use serde_json::{Map, Value, json};

use super::nash_item::{by_player, by_strategy, snapped};
use super::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, STRATEGIC, Unfit,
    has_normal_form, nash::working, nothing_to_check, options, strategic,
};
use crate::game::{Game, NormalGame, number};
use crate::rational::Rational;
use crate::solve::Equilibrium;
use crate::solve::nplayer::logit::{End, MOST_STRATEGIES, Point, Until, branch};
use crate::solve::nplayer::{Table, measured};

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "Quantal Response Equilibrium",
    description: "Follows the logit quantal response equilibria from uniform play to a given precision, or to their limit, a Nash equilibrium",
    applicable_to: STRATEGIC,
    continuous: true,
    options: &[&options::LAMBDA],
    run,
    fit,
    check: nothing_to_check,
};

/// Without a precision the branch ends when no player gains more than this share of the payoffs' range by deviating.
const LIMIT: f64 = 1e-6;
/// How many points of the branch are shown.
const SHOWN: usize = 200;

fn fit(game: &Game) -> Result<(), Unfit> {
    has_normal_form(game)?;
    let strategies: u128 = match game {
        Game::Extensive(tree) => {
            use crate::convert::{Plans, Reduction};
            let players = (0..tree.players().len()).map(crate::game::PlayerId::new);
            players
                .map(|player| Plans::count(tree, player, Reduction::Reduced))
                .sum()
        }
        Game::Normal(table) => table.sizes().iter().sum::<usize>() as u128,
        Game::Maid(_) | Game::Vegas(_) => 0,
    };
    if strategies > MOST_STRATEGIES as u128 {
        return Err(Unfit(format!(
            "the logit branch is followed in games of at most {MOST_STRATEGIES} strategies together; this one has {strategies}"
        )));
    }
    Ok(())
}

fn run(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let game_table = strategic(game)?;
    let table = Table::of(&game_table, control.stop).map_err(|_| AnalysisError::Stopped)?;
    // Precision is per unit of payoff: the table's unit is larger or smaller than the game's.
    let unit = table.unit.to_f64();
    let lambda = config.number(&options::LAMBDA);
    let until = lambda.map_or(Until::Regret(LIMIT), |lambda| Until::Lambda(lambda * unit));
    let traced = branch(&table, until, control.stop, &mut |point| {
        working(control, None, format!("lambda {:.4}", point.lambda / unit));
    });
    let Some(last) = traced.points.last() else {
        return Err(AnalysisError::Stopped);
    };
    let reached = last.lambda / unit;
    let summary = match (traced.end, lambda) {
        (End::Reached, None) => "QRE computed (1 equilibrium at high rationality)".to_owned(),
        (End::Reached, Some(lambda)) => format!("QRE computed (lambda = {lambda})"),
        (End::Stuck | End::Stopped, _) => format!("QRE followed up to lambda = {reached:.6}"),
    };
    let profile = |point: &Point| measured(&game_table, &table, &point.profile);
    let path: Vec<Value> = thinned(&traced.points)
        .map(|point| {
            let lambda = json!(point.lambda / unit);
            json!({"lambda": lambda, "strategies": strategies(&game_table, &table, point)})
        })
        .collect();
    let mut details = Map::from_iter([
        (
            "equilibria".to_owned(),
            json!([item(&game_table, &profile(last), reached)]),
        ),
        ("path".to_owned(), json!(path)),
        ("solver".to_owned(), json!("gambit-logit")),
        ("method".to_owned(), json!("logit homotopy by arc length")),
        ("lambda".to_owned(), json!(reached)),
        ("complete".to_owned(), json!(traced.end == End::Reached)),
    ]);
    if matches!(game, Game::Extensive(_)) {
        let note = "quantal responses are among the reduced strategies of the whole tree, not among the actions at each node";
        details.insert("note".to_owned(), json!(note));
    }
    Ok(AnalysisResult { summary, details })
}

/// At most so many points as are shown, evenly taken, with the first and the last.
fn thinned(points: &[Point]) -> impl Iterator<Item = &Point> {
    let stride = points.len().div_ceil(SHOWN).max(1);
    let last = points.len().saturating_sub(1);
    points
        .iter()
        .enumerate()
        .filter(move |(place, _)| place % stride == 0 || *place == last)
        .map(|(_, point)| point)
}

fn strategies(game: &NormalGame, table: &Table, point: &Point) -> Value {
    let players = game.players().iter().zip(game.strategies()).enumerate();
    let shown: Map<String, Value> = players
        .map(|(number, (player, labels))| {
            let mixture = labels.iter().zip(table.part(&point.profile, number));
            let mixture: Map<String, Value> = mixture
                .map(|(label, p)| (label.clone(), json!((p * 1e6).round() / 1e6)))
                .collect();
            (player.clone(), Value::Object(mixture))
        })
        .collect();
    Value::Object(shown)
}

fn item(game: &NormalGame, profile: &Equilibrium, lambda: f64) -> Value {
    let strategies = by_strategy(game, profile, snapped);
    let payoffs = by_player(game, profile, snapped);
    let certain = |probability: &Rational| {
        let near = snapped(probability);
        near == json!(0.0) || near == json!(1.0)
    };
    let pure = profile.strategies.iter().flatten().all(certain);
    json!({
        "description": if pure { "Pure strategy QRE" } else { "Mixed strategy QRE" },
        "behavior_profile": strategies,
        "outcomes": payoffs,
        "strategies": strategies,
        "payoffs": payoffs,
        "lambda": lambda,
        "regret": number(&profile.regret),
    })
}
