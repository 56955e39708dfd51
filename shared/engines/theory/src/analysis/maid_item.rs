//! Decision rules and equilibria of influence diagrams as clients see them.

use std::sync::atomic::AtomicBool;

use serde_json::{Map, Value, json};

use super::nash_item::snapped;
use crate::game::{MaidGame, MaidKind, number};
use crate::maid::{Certificate, Diagram, Halt, Rule, Rules, certify, marginal};
use crate::rational::Rational;

/// Configurations up to which a description spells out a rule.
const FEW: usize = 4;

/// One equilibrium. `strategies` (also `behavior_profile`) holds by decision the probability of each action in play, averaged over what
/// the decision observes; `decision_rules` the whole rules; `exact` the same in fractions. With its regret.
pub fn item(
    game: &MaidGame,
    diagram: &Diagram,
    profile: &Rules,
    stop: &AtomicBool,
) -> Result<(Value, Rational), Halt> {
    let Certificate { utilities, regret } = certify(diagram, profile, stop)?;
    let fixed = diagram.fixed(profile);
    let mut played = Map::new();
    let mut exact_played = Map::new();
    for decision in profile.keys() {
        let shares = marginal(&fixed, &[*decision], stop)?;
        let id = &game.nodes()[*decision].id;
        played.insert(id.clone(), actions(game, *decision, &shares, snapped));
        exact_played.insert(id.clone(), actions(game, *decision, &shares, text));
    }
    let payoffs = by_agent(game, &utilities, snapped);
    let shown = json!({
        "description": description(game, profile),
        "strategies": played,
        "behavior_profile": played,
        "decision_rules": rules(game, profile, snapped),
        "payoffs": payoffs,
        "outcomes": payoffs,
        "exact": {
            "strategies": exact_played,
            "decision_rules": rules(game, profile, text),
            "payoffs": by_agent(game, &utilities, text),
        },
        "regret": number(&regret),
    });
    Ok((shown, regret))
}

pub fn text(value: &Rational) -> Value {
    json!(value.to_string())
}

/// Numbers by agent.
pub fn by_agent(game: &MaidGame, numbers: &[Rational], show: fn(&Rational) -> Value) -> Value {
    let agents = game.agents().iter().zip(numbers);
    Value::Object(
        agents
            .map(|(agent, value)| (agent.clone(), show(value)))
            .collect(),
    )
}

/// The actions that have a chance.
pub fn actions(
    game: &MaidGame,
    decision: usize,
    shares: &[Rational],
    show: fn(&Rational) -> Value,
) -> Value {
    let labels = game.nodes()[decision].domain.iter().zip(shares);
    Value::Object(
        labels
            .filter(|(_, share)| !share.is_zero())
            .map(|(label, share)| (label.to_string(), show(share)))
            .collect(),
    )
}

/// For each decision its rule: a list with an item for each configuration of what it observes.
pub fn rules(game: &MaidGame, profile: &Rules, show: fn(&Rational) -> Value) -> Value {
    let rule = |(decision, rule): (&usize, &Rule)| {
        let items = (0..rule.configurations()).map(|configuration| {
            json!({
                "given": given(game, *decision, configuration),
                "strategy": actions(game, *decision, rule.at(configuration), show),
            })
        });
        (game.nodes()[*decision].id.clone(), items.collect())
    };
    Value::Object(profile.iter().map(rule).collect())
}

/// A configuration of what a decision observes, as labels by parent.
pub fn given(game: &MaidGame, decision: usize, configuration: usize) -> Map<String, Value> {
    observed(game, decision, configuration)
        .into_iter()
        .map(|(parent, label)| (parent.to_owned(), json!(label)))
        .collect()
}

fn observed(game: &MaidGame, decision: usize, configuration: usize) -> Vec<(&str, String)> {
    let mut rest = configuration;
    let mut labels: Vec<(&str, String)> = Vec::new();
    for parent in game.parents(decision).iter().rev() {
        let node = &game.nodes()[*parent];
        labels.push((&node.id, node.domain[rest % node.domain.len()].to_string()));
        rest /= node.domain.len();
    }
    labels.reverse();
    labels
}

/// The label of an action.
pub fn action(game: &MaidGame, decision: usize, action: usize) -> String {
    game.nodes()[decision].domain[action].to_string()
}

/// `Pure: A plays X, B plays Y if D1=X, Z if D1=W`, or `Mixed: A mixes, B plays Y`.
fn description(game: &MaidGame, profile: &Rules) -> String {
    let part = |(decision, rule): (&usize, &Rule)| {
        let node = &game.nodes()[*decision];
        let agent = match node.kind {
            MaidKind::Decision(agent) => game.agents()[agent.index()].as_str(),
            _ => "nobody",
        };
        let choices: Option<Vec<usize>> = (0..rule.configurations())
            .map(|configuration| rule.choice(configuration))
            .collect();
        match choices {
            None => format!("{agent} mixes"),
            Some(choices) if choices.iter().all(|choice| *choice == choices[0]) => {
                format!("{agent} plays {}", action(game, *decision, choices[0]))
            }
            Some(choices) if choices.len() > FEW => {
                format!("{agent} plays by what is seen at {}", node.id)
            }
            Some(choices) => {
                let cases = choices.iter().enumerate().map(|(configuration, choice)| {
                    let seen: Vec<String> = observed(game, *decision, configuration)
                        .into_iter()
                        .map(|(parent, label)| format!("{parent}={label}"))
                        .collect();
                    format!(
                        "{} if {}",
                        action(game, *decision, *choice),
                        seen.join(" and ")
                    )
                });
                format!("{agent} plays {}", cases.collect::<Vec<_>>().join(", "))
            }
        }
    };
    let parts: Vec<String> = profile.iter().map(part).collect();
    let kind = if profile.values().all(Rule::is_pure) {
        "Pure"
    } else {
        "Mixed"
    };
    format!("{kind}: {}", parts.join(", "))
}
