//! The analyses "Correlated Equilibrium" and "Coarse Correlated Equilibrium": the best one by a linear objective, exact.

use serde_json::{Map, Value, json};

use super::nash_item::snapped;
use super::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, ConfigError, Control, STRATEGIC, Unfit,
    has_normal_form, options, strategic,
};
use crate::convert::{Plans, Reduction};
use crate::game::{Game, NormalGame, PlayerId};
use crate::lp::{Problem, Range, Relation, Solution, Unsolvable, solve};
use crate::rational::Rational;

/// Aumann (1974): nobody gains by playing otherwise than recommended, whatever the recommendation is.
pub const CORRELATED: AnalysisInfo = AnalysisInfo {
    name: "Correlated Equilibrium",
    description: "Finds the correlated equilibrium with the highest welfare, or the highest payoff of one player, in exact arithmetic",
    applicable_to: STRATEGIC,
    continuous: false,
    options: &[&options::OBJECTIVE],
    run: |game, config, control| run(game, config, control, Concept::Correlated),
    fit: |game| fit(game, Concept::Correlated),
    check,
};

/// Moulin and Vial (1978): nobody gains by choosing one strategy before hearing the recommendation.
pub const COARSE: AnalysisInfo = AnalysisInfo {
    name: "Coarse Correlated Equilibrium",
    description: "Finds the coarse correlated equilibrium with the highest welfare, or the highest payoff of one player, in exact arithmetic",
    applicable_to: STRATEGIC,
    continuous: false,
    options: &[&options::OBJECTIVE],
    run: |game, config, control| run(game, config, control, Concept::Coarse),
    fit: |game| fit(game, Concept::Coarse),
    check,
};

/// Most coefficients of a program.
const MOST_ENTRIES: u128 = 1_000_000;

/// The objective that sums all players' payoffs.
const WELFARE: &str = "welfare";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Concept {
    Correlated,
    Coarse,
}

impl Concept {
    fn name(self) -> &'static str {
        match self {
            Concept::Correlated => "correlated equilibrium",
            Concept::Coarse => "coarse correlated equilibrium",
        }
    }
}

fn fit(game: &Game, concept: Concept) -> Result<(), Unfit> {
    has_normal_form(game)?;
    let sizes: Vec<u128> = match game {
        Game::Extensive(tree) => (0..tree.players().len())
            .map(|player| Plans::count(tree, PlayerId::new(player), Reduction::Reduced))
            .collect(),
        Game::Normal(table) => table.sizes().iter().map(|size| *size as u128).collect(),
        Game::Maid(_) | Game::Vegas(_) => {
            unreachable!("the analysis is applicable to trees and tables only")
        }
    };
    let profiles: u128 = sizes.iter().product();
    let deviations: u128 = sizes.iter().sum();
    let entries = profiles * deviations;
    if entries > MOST_ENTRIES {
        return Err(Unfit(format!(
            "the linear program of the {} of this game has {entries} coefficients; at most {MOST_ENTRIES} are allowed",
            concept.name()
        )));
    }
    Ok(())
}

fn check(game: &Game, config: &Config) -> Result<(), ConfigError> {
    match config.get(&options::OBJECTIVE).and_then(Value::as_str) {
        Some(name) if name != WELFARE && !game.players().iter().any(|player| player == name) => {
            Err(ConfigError {
                option: Some(options::OBJECTIVE.name.to_owned()),
                what: format!(
                    "objective must be `{WELFARE}` or the name of a player, not `{name}`"
                ),
            })
        }
        _ => Ok(()),
    }
}

/// One thing a player could do instead, and when.
struct Deviation {
    player: usize,
    /// The recommendation that is not followed; `None` stands for all.
    recommended: Option<usize>,
    chosen: usize,
}

fn run(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
    concept: Concept,
) -> Result<AnalysisResult, AnalysisError> {
    let table = strategic(game)?;
    let objective = config
        .get(&options::OBJECTIVE)
        .and_then(Value::as_str)
        .unwrap_or(WELFARE);
    // A player may be called like the objective; then the welfare is meant.
    let player = table
        .players()
        .iter()
        .position(|player| player == objective && objective != WELFARE);
    let deviations = Deviations::of(&table, concept);
    let problem = program(&table, &deviations, player, control)?;
    let solution = solve(&problem, None, control.stop).map_err(|error| match error {
        Unsolvable::Stopped => AnalysisError::Stopped,
        // Nash equilibria are among the solutions, so there is one.
        error => AnalysisError::Uncertified(error.to_string()),
    })?;
    verify(&table, &deviations, &solution)?;
    let details = details(&table, &deviations, &solution, objective);
    let support = details["distribution"].as_array().map_or(0, Vec::len);
    Ok(AnalysisResult {
        summary: format!(
            "1 {} on {support} profile{}, {objective} {}",
            concept.name(),
            if support == 1 { "" } else { "s" },
            details["objective_value"]
        ),
        details,
    })
}

/// All deviations, in the order of the program's rows.
struct Deviations {
    concept: Concept,
    list: Vec<Deviation>,
    /// Where each player's deviations start.
    starts: Vec<usize>,
    sizes: Vec<usize>,
    strides: Vec<usize>,
}

impl Deviations {
    fn of(table: &NormalGame, concept: Concept) -> Deviations {
        let sizes = table.sizes();
        let mut list = Vec::new();
        let mut starts = Vec::new();
        for (player, size) in sizes.iter().copied().enumerate() {
            starts.push(list.len());
            let everywhere = (0..size).map(|chosen| (None, chosen));
            let elsewhere = (0..size).flat_map(|recommended| {
                let others = (0..size).filter(move |chosen| *chosen != recommended);
                others.map(move |chosen| (Some(recommended), chosen))
            });
            let deviation = |(recommended, chosen)| Deviation {
                player,
                recommended,
                chosen,
            };
            match concept {
                Concept::Coarse => list.extend(everywhere.map(deviation)),
                Concept::Correlated => list.extend(elsewhere.map(deviation)),
            }
        }
        Deviations {
            concept,
            list,
            starts,
            sizes,
            strides: table.strides(),
        }
    }

    /// The row and the gain of every deviation that changes this profile.
    fn gains(&self, table: &NormalGame, profile: usize) -> Vec<(usize, Rational)> {
        let here = table.payoffs_at(profile);
        let mut gains = Vec::new();
        for (player, size) in self.sizes.iter().copied().enumerate() {
            let stride = self.strides[player];
            let played = profile / stride % size;
            for chosen in (0..size).filter(|chosen| *chosen != played) {
                let other = profile - played * stride + chosen * stride;
                let place = match self.concept {
                    Concept::Coarse => chosen,
                    Concept::Correlated => {
                        played * (size - 1) + chosen - usize::from(chosen > played)
                    }
                };
                let gain = &table.payoffs_at(other)[player] - &here[player];
                if !gain.is_zero() {
                    gains.push((self.starts[player] + place, gain));
                }
            }
        }
        gains
    }
}

/// Maximise the expected objective over distributions on profiles under "no deviation gains"; the last row makes it a distribution.
fn program(
    table: &NormalGame,
    deviations: &Deviations,
    player: Option<usize>,
    control: &Control<'_>,
) -> Result<Problem, AnalysisError> {
    let mut problem = Problem::default();
    for _ in &deviations.list {
        problem.add_row(Relation::AtMost, Rational::ZERO);
    }
    let total = problem.add_row(Relation::Equal, Rational::ONE) as u32;
    for profile in 0..table.profiles() {
        if control.stopped() {
            return Err(AnalysisError::Stopped);
        }
        let payoffs = table.payoffs_at(profile);
        let cost = match player {
            Some(player) => payoffs[player].clone(),
            None => payoffs.iter().sum(),
        };
        let gains = deviations.gains(table, profile).into_iter();
        let entries = gains
            .map(|(row, gain)| (row as u32, gain))
            .chain([(total, Rational::ONE)]);
        problem.add_variable(Range::NotNegative, cost, entries.collect());
    }
    Ok(problem)
}

/// The certificate, from the payoff table alone: a distribution from which no deviation gains.
fn verify(
    table: &NormalGame,
    deviations: &Deviations,
    solution: &Solution,
) -> Result<(), AnalysisError> {
    let refuse = |what: &str| Err(AnalysisError::Uncertified(what.to_owned()));
    if solution.values.iter().any(Rational::is_negative)
        || solution.values.iter().sum::<Rational>() != Rational::ONE
    {
        return refuse("the probabilities are no distribution");
    }
    let mut totals = vec![Rational::ZERO; deviations.list.len()];
    for (profile, probability) in solution.values.iter().enumerate() {
        if probability.is_zero() {
            continue;
        }
        for (row, gain) in deviations.gains(table, profile) {
            totals[row] += &(&gain * probability);
        }
    }
    if totals.iter().any(Rational::is_positive) {
        return refuse("a deviation gains");
    }
    Ok(())
}

fn details(
    table: &NormalGame,
    deviations: &Deviations,
    solution: &Solution,
    objective: &str,
) -> Map<String, Value> {
    let (players, strategies) = (table.players(), table.strategies());
    let (strides, sizes) = (&deviations.strides, &deviations.sizes);
    let mut expected = vec![Rational::ZERO; players.len()];
    let mut distribution = Vec::new();
    for (profile, probability) in solution.values.iter().enumerate() {
        if probability.is_zero() {
            continue;
        }
        for (sum, payoff) in expected.iter_mut().zip(table.payoffs_at(profile)) {
            *sum += &(payoff * probability);
        }
        let choices: Map<String, Value> = (0..players.len())
            .map(|player| {
                let played = profile / strides[player] % sizes[player];
                (players[player].clone(), json!(strategies[player][played]))
            })
            .collect();
        distribution.push(json!({
            "profile": choices,
            "probability": snapped(probability),
            "exact": probability.to_string(),
        }));
    }
    let by_player = |show: fn(&Rational) -> Value| -> Map<String, Value> {
        let payoffs = players.iter().zip(&expected);
        payoffs
            .map(|(player, payoff)| (player.clone(), show(payoff)))
            .collect()
    };
    let text = |value: &Rational| json!(value.to_string());
    let multipliers: Vec<Value> = deviations
        .list
        .iter()
        .zip(&solution.duals)
        .filter(|(_, multiplier)| !multiplier.is_zero())
        .map(|(deviation, multiplier)| {
            let labels = &strategies[deviation.player];
            json!({
                "player": players[deviation.player],
                "recommended": deviation.recommended.map(|recommended| &labels[recommended]),
                "deviation": labels[deviation.chosen],
                "multiplier": multiplier.to_string(),
            })
        })
        .collect();
    Map::from_iter([
        ("distribution".to_owned(), Value::Array(distribution)),
        ("payoffs".to_owned(), Value::Object(by_player(snapped))),
        ("objective".to_owned(), json!(objective)),
        ("objective_value".to_owned(), snapped(&solution.objective)),
        (
            "exact".to_owned(),
            json!({"payoffs": by_player(text), "objective_value": solution.objective.to_string()}),
        ),
        // By weak duality no distribution without gainful deviations has more than the bound.
        (
            "certificate".to_owned(),
            json!({
                "max_gain": "0",
                "bound": solution.duals[deviations.list.len()].to_string(),
                "multipliers": multipliers,
            }),
        ),
        ("solver".to_owned(), json!("linear programming, exact")),
    ])
}
