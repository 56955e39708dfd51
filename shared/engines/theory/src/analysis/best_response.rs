//! The analysis "Best Response": the most that one player can get against a profile, the uniform one unless another is given.

use serde_json::{Map, json};

use super::exploitability::{policy_type, suits};
use super::infostates::{Listing, given, in_doubles};
use super::learning::{remembers, tree};
use super::options::{PLAYER, PROFILE};
use super::{AnalysisError, AnalysisInfo, AnalysisResult, Config, ConfigError, Control};
use crate::cfr::{Flat, best_response, evaluate};
use crate::game::{Format, Game};

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "Best Response",
    description: "The best strategy of one player against a profile of the others (by default uniform play), and its value",
    applicable_to: &[Format::Extensive],
    continuous: false,
    options: &[&PLAYER, &PROFILE],
    run,
    fit: remembers,
    check,
};

fn check(game: &Game, config: &Config) -> Result<(), ConfigError> {
    let players = game.players().len();
    if player(config) >= players {
        return Err(ConfigError {
            option: Some(PLAYER.name.to_owned()),
            what: format!("player must be a number from 0 to {}", players - 1),
        });
    }
    suits(game, config)
}

fn player(config: &Config) -> usize {
    let player = config.whole(&PLAYER).expect("the option has a default");
    usize::try_from(player).unwrap_or(usize::MAX)
}

fn run(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let tree = tree(game)?;
    let player = player(config);
    let play = given(tree, config)?;
    let exact = evaluate(tree, &play, control.stop)?;
    let flat = Flat::new(tree, control.stop)?;
    let (approximate, reply) = best_response(&flat, player, &in_doubles(&flat, &play));
    let exact = exact.map(|exact| exact.best[player].clone());
    let value = exact
        .as_ref()
        .map_or(approximate, crate::rational::Rational::to_f64);
    let mut details = Map::from_iter([
        ("player".to_owned(), json!(player)),
        ("value".to_owned(), json!(value)),
        ("policy_type".to_owned(), json!(policy_type(config))),
    ]);
    Listing::new(tree, &flat, control).add_one(&mut details, player, &reply);
    if let Some(exact) = exact {
        details.insert("exact".to_owned(), json!({"value": exact.to_string()}));
    }
    Ok(AnalysisResult {
        summary: format!("Best response value: {value:.4}"),
        details,
    })
}
