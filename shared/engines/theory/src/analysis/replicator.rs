//! The analysis "Replicator Dynamics": how the shares of strategies change in an infinite population.

use serde_json::{Map, Value, json};

use super::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, ConfigError, Control, Unfit, options,
};
use crate::evolution::{Encounters, Path, Simulation, simulate};
use crate::game::{Format, Game, NormalGame};
use crate::rational::Rational;

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "Replicator Dynamics",
    description: "Simulates strategy evolution in an infinite population by the replicator equation",
    applicable_to: &[Format::Normal],
    continuous: false,
    options: &[
        &options::TIME_STEPS,
        &options::DT,
        &options::INITIAL_POPULATION,
    ],
    run,
    fit: |game| population(game, INFO.name).map(|_| ()),
    check,
};

/// Most numbers that the trajectory of one result may have; longer ones are thinned out.
const MOST_NUMBERS: usize = 200_000;

/// Payoffs further apart than this overflow doubles in the course of a simulation.
const MOST_DIGITS: &str = "1e100";

/// Shares from which on a strategy counts as present, as clients know it.
const PRESENT: f64 = 0.01;

/// Rates of change below which the population counts as at rest.
const REST: f64 = 1e-6;

/// The game as encounters in one population. `analysis` is named in what is said of games that describe none.
pub(super) fn population(game: &Game, analysis: &str) -> Result<Encounters, Unfit> {
    let unfit = |why: &dyn std::fmt::Display| Err(Unfit(format!("{analysis} {why}")));
    let Game::Normal(table) = game else {
        return unfit(&"needs a game in normal form");
    };
    let encounters = match Encounters::of(table) {
        Ok(encounters) => encounters,
        Err(why) => return unfit(&why),
    };
    if Rational::parse(MOST_DIGITS).is_ok_and(|most| encounters.range() > most) {
        return unfit(&format!(
            "needs payoffs that are at most {MOST_DIGITS} apart"
        ));
    }
    Ok(encounters)
}

/// The labels of the population's strategies, and a note when the second player's payoffs tell of something else.
pub(super) fn strategies(game: &Game) -> (&[String], Option<&'static str>) {
    let Game::Normal(table) = game else {
        return (&[], None);
    };
    let note = (!symmetric(table)).then_some(
        "the game is not symmetric: only the first player's payoffs are used, as if both players were drawn from one population",
    );
    (&table.strategies()[0], note)
}

fn symmetric(table: &NormalGame) -> bool {
    let size = table.strategies()[0].len();
    let payoffs = |row: usize, column: usize| table.payoffs_at(row * size + column);
    (0..table.profiles()).all(|profile| {
        let (row, column) = (profile / size, profile % size);
        payoffs(row, column)[0] == payoffs(column, row)[1]
    })
}

fn check(game: &Game, config: &Config) -> Result<(), ConfigError> {
    initial(strategies(game).0, config).map(|_| ())
}

/// The shares at the start: those given, scaled to sum to one, or equal ones.
fn initial(labels: &[String], config: &Config) -> Result<Vec<f64>, ConfigError> {
    let wrong = |what: String| {
        Err(ConfigError {
            option: Some(options::INITIAL_POPULATION.name.to_owned()),
            what,
        })
    };
    let mut shares = vec![0.0; labels.len()];
    let share = |value: &Value| value.as_f64().filter(|share| *share >= 0.0);
    match config.get(&options::INITIAL_POPULATION) {
        None => shares.fill(1.0),
        Some(Value::Array(given)) => {
            if given.len() != labels.len() {
                return wrong(format!(
                    "initial_population has {} entries for {} strategies",
                    given.len(),
                    labels.len()
                ));
            }
            for (place, value) in shares.iter_mut().zip(given) {
                match share(value) {
                    Some(share) => *place = share,
                    None => return wrong(format!("initial_population has the entry {value}")),
                }
            }
        }
        Some(given) => {
            for (label, value) in given.as_object().into_iter().flatten() {
                let Some(place) = labels.iter().position(|known| known == label) else {
                    return wrong(format!(
                        "initial_population names an unknown strategy: {label}"
                    ));
                };
                match share(value) {
                    Some(share) => shares[place] = share,
                    None => return wrong(format!("initial_population has the entry {value}")),
                }
            }
        }
    }
    let total: f64 = shares.iter().sum();
    if !(total > 0.0 && total.is_finite()) {
        return wrong("initial_population must have a positive, finite sum".to_owned());
    }
    Ok(shares.iter().map(|share| share / total).collect())
}

fn run(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let encounters = population(game, INFO.name)?;
    let (labels, note) = strategies(game);
    let start = initial(labels, config)?;
    let steps = config.whole(&options::TIME_STEPS).unwrap_or(100);
    let steps = usize::try_from(steps).unwrap_or(usize::MAX);
    let dt = config.number(&options::DT).unwrap_or(0.01);
    let room = (MOST_NUMBERS / labels.len()).max(1);
    let plan = Simulation {
        steps,
        dt,
        every: steps.div_ceil(room).max(1),
    };
    let path = simulate(&encounters, start.clone(), &plan, control.stop);
    let last = path
        .states
        .last()
        .map_or(start.as_slice(), |(_, state)| state);
    let mut details = Map::from_iter([
        (
            "trajectory".to_owned(),
            path.states.iter().map(|(_, state)| json!(state)).collect(),
        ),
        (
            "times".to_owned(),
            path.states
                .iter()
                .map(|(step, _)| json!(*step as f64 * dt))
                .collect(),
        ),
        ("strategy_labels".to_owned(), json!(labels)),
        ("initial_state".to_owned(), json!(start)),
        ("final_state".to_owned(), json!(last)),
        ("time_steps".to_owned(), json!(steps)),
        ("dt".to_owned(), json!(dt)),
        ("velocity".to_owned(), json!(path.velocity)),
        ("at_rest".to_owned(), json!(path.velocity < REST)),
    ]);
    if plan.every > 1 {
        details.insert("every".to_owned(), json!(plan.every));
    }
    if let Some(note) = note {
        details.insert("note".to_owned(), json!(note));
    }
    if !path.complete {
        details.insert("exhaustive".to_owned(), json!(false));
        details.insert("steps_done".to_owned(), json!(steps_done(&path)));
    }
    Ok(AnalysisResult {
        summary: summary(labels, last),
        details,
    })
}

fn steps_done(path: &Path) -> usize {
    path.states.last().map_or(0, |(step, _)| *step)
}

/// What is left at the end, in the words that clients know; whether it is at rest is among the details.
fn summary(labels: &[String], last: &[f64]) -> String {
    let present: Vec<&str> = labels
        .iter()
        .zip(last)
        .filter(|(_, share)| **share > PRESENT)
        .map(|(label, _)| label.as_str())
        .collect();
    match present.as_slice() {
        [only] => format!("Converges to {only}"),
        all if all.len() == labels.len() => "Mixed equilibrium reached".to_owned(),
        some => format!("Partial equilibrium: {}", some.join(", ")),
    }
}
