//! The analysis "Value of Control": what an agent gains by deciding a variable itself.

use serde_json::{Map, json};

use super::gain::Gain;
use super::held_fixed::HeldFixed;
use super::maid_input::{decision, diagram, has_rules, maid, node, wrong};
use super::options::{DECISION, PROFILE, VARIABLE};
use super::{AnalysisError, AnalysisInfo, AnalysisResult, Config, ConfigError, Control};
use crate::game::{Format, Game, MaidGame, MaidKind, PlayerId};
use crate::maid::best_reply;

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "Value of Control",
    description: "Computes how much controlling a variable benefits the agent of a decision, the rules of the other agents held fixed",
    applicable_to: &[Format::Maid],
    continuous: false,
    options: &[&DECISION, &VARIABLE, &PROFILE],
    run,
    fit: has_rules,
    check,
};

fn check(game: &Game, config: &Config) -> Result<(), ConfigError> {
    question(maid(game), config)?;
    HeldFixed::check(maid(game), config).map(|_| ())
}

/// Whose control, of which node: a chance node, or another agent's decision.
fn question(game: &MaidGame, config: &Config) -> Result<(usize, PlayerId, usize), ConfigError> {
    let (decision, agent) = decision(game, DECISION.name, config.text(&DECISION))?;
    let variable = node(game, VARIABLE.name, config.text(&VARIABLE))?;
    let id = &game.nodes()[variable].id;
    let what = match game.nodes()[variable].kind {
        MaidKind::Utility(_) => format!("`{id}` is a utility node, which nobody controls"),
        MaidKind::Decision(owner) if owner == agent => format!(
            "`{id}` is under the control of `{}` already",
            game.agents()[agent.index()]
        ),
        _ => return Ok((decision, agent, variable)),
    };
    Err(wrong(VARIABLE.name, what))
}

/// The agent's best expected utility when it also sets the variable, knowing the variable's parents, less that in the diagram as it
/// is (pycid's quantitative value of control, for any number of decisions and agents).
fn run(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let (game, diagram) = diagram(game)?;
    let (decision, agent, variable) = question(game, config)?;
    let held = HeldFixed::of(&diagram, agent, HeldFixed::check(game, config)?)?;
    let single = diagram.fixed(&held.rules);
    let controlled = single.controlled(variable, agent);
    let with = best_reply(&controlled, agent, control.stop)?.value;
    let without = best_reply(&single, agent, control.stop)?.value;
    let gain = Gain::of(with, without);
    let (decision_id, variable_id) = (&game.nodes()[decision].id, &game.nodes()[variable].id);
    let summary = if gain.value.is_positive() {
        format!(
            "VOC({variable_id} @ {decision_id}) = {:.4}",
            gain.value.to_f64()
        )
    } else {
        format!("No value from controlling {variable_id} at {decision_id}")
    };
    let mut details = Map::from_iter([
        ("decision".to_owned(), json!(decision_id)),
        ("variable".to_owned(), json!(variable_id)),
        ("agent".to_owned(), json!(game.agents()[agent.index()])),
        ("held_fixed".to_owned(), held.shown(game)),
    ]);
    details.extend(gain.shown("value_of_control"));
    Ok(AnalysisResult { summary, details })
}
