//! The analysis "Value of Information": what an agent gains by observing a node before a decision.

use serde_json::{Map, json};

use super::gain::Gain;
use super::held_fixed::HeldFixed;
use super::maid_input::{decision, diagram, has_rules, maid, node, wrong};
use super::options::{DECISION, OBSERVATION, PROFILE};
use super::{AnalysisError, AnalysisInfo, AnalysisResult, Config, ConfigError, Control};
use crate::game::{Format, Game, MaidGame, MaidKind, PlayerId};
use crate::maid::{Diagram, best_reply};

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "Value of Information",
    description: "Computes how much observing a variable benefits a decision, the rules of the other agents held fixed",
    applicable_to: &[Format::Maid],
    continuous: false,
    options: &[&DECISION, &OBSERVATION, &PROFILE],
    run,
    fit: has_rules,
    check,
};

fn check(game: &Game, config: &Config) -> Result<(), ConfigError> {
    question(maid(game), config)?;
    HeldFixed::check(maid(game), config).map(|_| ())
}

/// Which decision, whose, and which node.
fn question(game: &MaidGame, config: &Config) -> Result<(usize, PlayerId, usize), ConfigError> {
    let (decision, agent) = decision(game, DECISION.name, config.text(&DECISION))?;
    let observed = node(game, OBSERVATION.name, config.text(&OBSERVATION))?;
    let id = &game.nodes()[observed].id;
    if matches!(game.nodes()[observed].kind, MaidKind::Utility(_)) {
        let what = format!("`{id}` is a utility node, which nobody observes");
        return Err(wrong(OBSERVATION.name, what));
    }
    if Diagram::graph(game).descendants(decision)[observed] {
        let what = format!(
            "`{id}` is not settled before `{}`, so it cannot be observed there",
            game.nodes()[decision].id
        );
        return Err(wrong(OBSERVATION.name, what));
    }
    Ok((decision, agent, observed))
}

/// The agent's best expected utility with the edge from the observation to the decision, less that without it, all its decisions
/// optimised both times (pycid's quantitative value of information, for any number of decisions and agents).
fn run(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let (game, diagram) = diagram(game)?;
    let (decision, agent, observed) = question(game, config)?;
    let held = HeldFixed::of(&diagram, agent, HeldFixed::check(game, config)?)?;
    let single = diagram.fixed(&held.rules);
    let seeing = single
        .with_observation(observed, decision)
        .ok_or(AnalysisError::Uncertified(
            "a cycle of observations".to_owned(),
        ))?;
    let blind = single.without_observation(observed, decision);
    let with = best_reply(&seeing, agent, control.stop)?.value;
    let without = best_reply(&blind, agent, control.stop)?.value;
    let gain = Gain::of(with, without);
    let (decision_id, observed_id) = (&game.nodes()[decision].id, &game.nodes()[observed].id);
    let summary = if gain.value.is_positive() {
        format!(
            "VOI({observed_id} -> {decision_id}) = {:.4}",
            gain.value.to_f64()
        )
    } else {
        format!("No value from observing {observed_id} before {decision_id}")
    };
    let mut details = Map::from_iter([
        ("decision".to_owned(), json!(decision_id)),
        ("observation".to_owned(), json!(observed_id)),
        ("agent".to_owned(), json!(game.agents()[agent.index()])),
        ("held_fixed".to_owned(), held.shown(game)),
    ]);
    details.extend(gain.shown("value_of_information"));
    Ok(AnalysisResult { summary, details })
}
