//! The analysis "Verify Profile": whether a given strategy profile is a Nash equilibrium, and what deviations would gain.

use serde_json::{Map, Value, json};

use super::backward_induction::key;
use super::profile::{Profile, read};
use super::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, ConfigError, Control, STRATEGIC, Unfit,
    has_normal_form, options, strategic,
};
use crate::game::{ExtensiveGame, Game, NormalGame, PlayerId, number};
use crate::rational::Rational;
use crate::solve::dominance::Stopped;
use crate::solve::values::Opponents;
use crate::tree::{Behaviour, Replies, is_affordable};

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "Verify Profile",
    description: "Checks whether a given strategy profile is a Nash equilibrium",
    applicable_to: STRATEGIC,
    continuous: false,
    options: &[&options::PROFILE],
    run,
    fit,
    check: suits,
};

/// Most choices whose losses are listed: a table may have hundreds of thousands of strategies.
const MOST_LISTED: usize = 50_000;

fn suits(game: &Game, config: &Config) -> Result<(), ConfigError> {
    match (read(game, config)?, game) {
        (Profile::Behaviour(behaviour), Game::Extensive(tree))
            if !is_affordable(tree, &behaviour) =>
        {
            Err(ConfigError {
                option: Some(options::PROFILE.name.to_owned()),
                what: "the exact probabilities with which this profile plays would not fit into memory: paths of play are too long for so much mixing".to_owned(),
            })
        }
        _ => Ok(()),
    }
}

/// Regrets below this count as none, as in the contract; the exact ones are in the details.
const TOLERANCE: &str = "1e-6";

/// Behaviour profiles need no normal form, but perfect recall.
fn fit(game: &Game) -> Result<(), Unfit> {
    match game {
        Game::Extensive(tree) if tree.forgetful_infosets().is_empty() => Ok(()),
        _ => has_normal_form(game),
    }
}

fn run(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let stopped = |_: Stopped| AnalysisError::Stopped;
    let mut standings = match (read(game, config)?, game) {
        (Profile::Behaviour(behaviour), Game::Extensive(tree)) => {
            of_behaviour(tree, &behaviour, control).map_err(stopped)?
        }
        (Profile::Behaviour(_), _) => {
            return Err(Unfit("behaviour profiles are of trees".to_owned()).into());
        }
        (Profile::Mixed(mixtures), _) => {
            of_mixtures(&*strategic(game)?, &mixtures, control).map_err(stopped)?
        }
    };
    let all: usize = standings
        .iter()
        .map(|standing| standing.losses.choices())
        .sum();
    let mut room = MOST_LISTED;
    for standing in &mut standings {
        standing.losses.keep_first(&mut room);
    }
    let mut result = result(game.players(), &standings);
    if all > MOST_LISTED {
        let note = format!("strategy_regrets lists at most {MOST_LISTED} of {all} choices");
        result.details.insert("note".to_owned(), json!(note));
    }
    Ok(result)
}

/// How one player stands in the profile.
struct Standing {
    payoff: Rational,
    regret: Rational,
    /// What each choice loses against the best one; in behaviour profiles by information set.
    losses: Losses,
}

enum Losses {
    Strategies(Vec<(String, Rational)>),
    Actions(Vec<(String, Vec<(String, Rational)>)>),
}

impl Losses {
    fn choices(&self) -> usize {
        match self {
            Losses::Strategies(choices) => choices.len(),
            Losses::Actions(sets) => sets.iter().map(|(_, choices)| choices.len()).sum(),
        }
    }

    /// Drops what there is no room for.
    fn keep_first(&mut self, room: &mut usize) {
        match self {
            Losses::Strategies(choices) => choices.truncate(*room),
            Losses::Actions(sets) => {
                let mut listed = 0;
                sets.retain(|(_, choices)| {
                    listed += choices.len();
                    listed <= *room
                });
            }
        }
        *room -= self.choices();
    }
}

fn of_mixtures(
    table: &NormalGame,
    mixtures: &[Vec<Rational>],
    control: &Control<'_>,
) -> Result<Vec<Standing>, Stopped> {
    let mut standings = Vec::with_capacity(mixtures.len());
    for (player, mixture) in mixtures.iter().enumerate() {
        let opponents = Opponents::of(table, player, mixtures, control.stop)?;
        let payoff = |profile: usize| &table.payoffs_at(profile)[player];
        let values = (0..mixture.len())
            .map(|strategy| opponents.value(strategy, payoff, control.stop))
            .collect::<Result<Vec<Rational>, Stopped>>()?;
        let expected = values
            .iter()
            .zip(mixture)
            .fold(Rational::ZERO, |sum, (value, weight)| {
                &sum + &(value * weight)
            });
        let best = values.iter().max().cloned().unwrap_or_default();
        let labels = table.strategies()[player].iter().cloned();
        standings.push(Standing {
            regret: &best - &expected,
            payoff: expected,
            losses: Losses::Strategies(
                labels
                    .zip(values.iter().map(|value| &best - value))
                    .collect(),
            ),
        });
    }
    Ok(standings)
}

fn of_behaviour(
    tree: &ExtensiveGame,
    behaviour: &Behaviour,
    control: &Control<'_>,
) -> Result<Vec<Standing>, Stopped> {
    let replies = Replies::of(tree);
    (0..tree.players().len())
        .map(|player| {
            let standing = replies.standing(PlayerId::new(player), behaviour, control.stop)?;
            let actions = standing.losses.into_iter().map(|(set, losses)| {
                let labels = tree
                    .actions(set)
                    .iter()
                    .map(|action| action.label.to_string());
                (key(tree, set), labels.zip(losses).collect())
            });
            Ok(Standing {
                regret: &standing.best - &standing.payoff,
                losses: Losses::Actions(actions.collect()),
                payoff: standing.payoff,
            })
        })
        .collect()
}

fn result(players: &[String], standings: &[Standing]) -> AnalysisResult {
    let regret = standings
        .iter()
        .map(|standing| standing.regret.clone())
        .max()
        .unwrap_or_default();
    let is_equilibrium = Rational::parse(TOLERANCE).is_ok_and(|tolerance| regret < tolerance);
    let summary = if is_equilibrium {
        "Profile is a Nash equilibrium".to_owned()
    } else {
        format!("Not an equilibrium (max regret: {:.4})", regret.to_f64())
    };
    let mut details = Map::from_iter([("is_equilibrium".to_owned(), json!(is_equilibrium))]);
    details.append(&mut figures(players, standings, &regret, number));
    let exact = figures(players, standings, &regret, |value| {
        json!(value.to_string())
    });
    details.insert("exact".to_owned(), Value::Object(exact));
    AnalysisResult { summary, details }
}

fn figures(
    players: &[String],
    standings: &[Standing],
    regret: &Rational,
    show: fn(&Rational) -> Value,
) -> Map<String, Value> {
    let by_player = |value: &dyn Fn(&Standing) -> Value| -> Value {
        let pairs = players.iter().cloned().zip(standings.iter().map(value));
        Value::Object(pairs.collect())
    };
    Map::from_iter([
        ("max_regret".to_owned(), show(regret)),
        (
            "player_regrets".to_owned(),
            by_player(&|standing| show(&standing.regret)),
        ),
        (
            "strategy_regrets".to_owned(),
            by_player(&|standing| losses(&standing.losses, show)),
        ),
        (
            "payoffs".to_owned(),
            by_player(&|standing| show(&standing.payoff)),
        ),
    ])
}

fn losses(losses: &Losses, show: fn(&Rational) -> Value) -> Value {
    let by_choice = |choices: &[(String, Rational)]| -> Value {
        let shown = choices
            .iter()
            .map(|(label, loss)| (label.clone(), show(loss)));
        Value::Object(shown.collect())
    };
    match losses {
        Losses::Strategies(choices) => by_choice(choices),
        Losses::Actions(sets) => Value::Object(
            sets.iter()
                .map(|(set, choices)| (set.clone(), by_choice(choices)))
                .collect(),
        ),
    }
}
