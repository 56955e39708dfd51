//! Decision rules as clients write them.
//!
//! A profile is `{agent: {decision: rule}}` or `{decision: rule}`. A rule is
//! - an action, taken whatever is observed;
//! - an object of probabilities, `{action: probability}`, the same whatever is observed;
//! - for a decision that observes something, an object with a rule for each configuration, `{"parent=value, parent=value": rule}`;
//! - a list with a rule for each configuration, the first parent's value most significant; its items may also be the objects
//!   `{"given": {parent: value}, "strategy": {action: probability}}` that results hold under `decision_rules`, in any order.
//!
//! Probabilities are numbers or texts such as `"1/3"`; a sum that is off by rounding is divided out.

use serde_json::{Map, Value};

use super::ConfigError;
use super::maid_input::wrong;
use super::options::PROFILE;
use crate::game::{MaidGame, MaidKind};
use crate::maid::{Rule, Rules};
use crate::parse::settle;
use crate::rational::Rational;

/// Reads the rules of a profile; decisions it says nothing about are absent.
pub fn read(game: &MaidGame, profile: &Value) -> Result<Rules, ConfigError> {
    let named = profile
        .as_object()
        .ok_or_else(|| refuse("the profile must be an object".to_owned()))?;
    let mut rules = Rules::new();
    for (name, given) in named {
        if game.agents().contains(name) {
            let own = given
                .as_object()
                .ok_or_else(|| refuse(format!("the rules of agent `{name}` must be an object")))?;
            for (decision, rule) in own {
                let node = decision_of(game, decision)?;
                let owner = match game.nodes()[node].kind {
                    MaidKind::Decision(agent) => &game.agents()[agent.index()],
                    _ => name,
                };
                if owner != name {
                    return Err(refuse(format!(
                        "decision `{decision}` is not `{name}`'s but `{owner}`'s"
                    )));
                }
                rules.insert(node, Reader::of(game, node).rule(rule)?);
            }
        } else {
            let node = decision_of(game, name)?;
            rules.insert(node, Reader::of(game, node).rule(given)?);
        }
    }
    Ok(rules)
}

/// The same, with a rule for every decision.
pub fn read_whole(game: &MaidGame, profile: &Value) -> Result<Rules, ConfigError> {
    let rules = read(game, profile)?;
    let missing = game
        .decisions()
        .into_iter()
        .find(|decision| !rules.contains_key(decision));
    match missing {
        None => Ok(rules),
        Some(decision) => Err(refuse(format!(
            "the profile says nothing about decision `{}`",
            game.nodes()[decision].id
        ))),
    }
}

fn refuse(what: String) -> ConfigError {
    wrong(PROFILE.name, what)
}

fn decision_of(game: &MaidGame, name: &str) -> Result<usize, ConfigError> {
    game.find(name)
        .filter(|node| matches!(game.nodes()[*node].kind, MaidKind::Decision(_)))
        .ok_or_else(|| refuse(format!("there is no agent and no decision `{name}`")))
}

struct Reader<'g> {
    game: &'g MaidGame,
    decision: usize,
    name: &'g str,
    actions: usize,
    configurations: usize,
}

impl<'g> Reader<'g> {
    fn of(game: &'g MaidGame, decision: usize) -> Reader<'g> {
        let size = |node: &usize| game.nodes()[*node].domain.len();
        Reader {
            game,
            decision,
            name: &game.nodes()[decision].id,
            actions: size(&decision),
            configurations: game
                .parents(decision)
                .iter()
                .fold(1, |product: usize, parent| {
                    product.saturating_mul(size(parent))
                }),
        }
    }

    fn rule(&self, given: &Value) -> Result<Rule, ConfigError> {
        let mut rows = match given {
            Value::Array(items) => self.listed(items)?,
            Value::Object(by)
                if !by.is_empty() && by.keys().all(|key| self.configuration(key).is_some()) =>
            {
                let mut rows = self.empty();
                for (key, given) in by {
                    if let Some(place) = self.configuration(key) {
                        rows[place] = Some(self.distribution(given)?);
                    }
                }
                rows
            }
            other => vec![Some(self.distribution(other)?); self.configurations],
        };
        let mut probabilities = Vec::with_capacity(self.actions * self.configurations);
        for (configuration, row) in rows.iter_mut().enumerate() {
            let row = row.take().ok_or_else(|| {
                refuse(format!(
                    "the rule of `{}` says nothing about configuration {} of what it observes",
                    self.name,
                    configuration + 1
                ))
            })?;
            probabilities.extend(row);
        }
        Ok(Rule::new(self.actions, probabilities))
    }

    fn empty(&self) -> Vec<Option<Vec<Rational>>> {
        vec![None; self.configurations]
    }

    fn listed(&self, items: &[Value]) -> Result<Vec<Option<Vec<Rational>>>, ConfigError> {
        if items.len() != self.configurations {
            return Err(refuse(format!(
                "the rule of `{}` has {} items for {} configurations of what it observes",
                self.name,
                items.len(),
                self.configurations
            )));
        }
        let mut rows = self.empty();
        for (place, item) in items.iter().enumerate() {
            let (place, given) = match (item.get("given"), item.get("strategy")) {
                (Some(Value::Object(given)), Some(strategy)) => (self.given(given)?, strategy),
                _ => (place, item),
            };
            rows[place] = Some(self.distribution(given)?);
        }
        Ok(rows)
    }

    /// The number of a configuration written `parent=value, parent=value`.
    fn configuration(&self, key: &str) -> Option<usize> {
        let parents = self.game.parents(self.decision);
        let mut values = vec![None; parents.len()];
        for part in key.split(',') {
            let (name, value) = part.split_once('=')?;
            let position = parents
                .iter()
                .position(|parent| self.game.nodes()[*parent].id == name.trim())?;
            values[position] = Some(self.value(parents[position], value.trim())?);
        }
        self.number(&values)
    }

    fn given(&self, given: &Map<String, Value>) -> Result<usize, ConfigError> {
        let parents = self.game.parents(self.decision);
        let value = |parent: &usize| {
            let written = given.get(&self.game.nodes()[*parent].id)?;
            self.value(*parent, &shown(written))
        };
        let values: Vec<Option<usize>> = parents.iter().map(value).collect();
        self.number(&values).ok_or_else(|| {
            refuse(format!(
                "`given` in the rule of `{}` is no configuration of what it observes",
                self.name
            ))
        })
    }

    /// The number of a value by its label.
    fn value(&self, node: usize, label: &str) -> Option<usize> {
        let domain = &self.game.nodes()[node].domain;
        domain.iter().position(|value| value.to_string() == label)
    }

    fn number(&self, values: &[Option<usize>]) -> Option<usize> {
        let parents = self.game.parents(self.decision);
        parents
            .iter()
            .zip(values)
            .try_fold(0, |number, (parent, value)| {
                Some(number * self.game.nodes()[*parent].domain.len() + (*value)?)
            })
    }

    fn distribution(&self, given: &Value) -> Result<Vec<Rational>, ConfigError> {
        let Value::Object(shares) = given else {
            let action = self.action(&shown(given))?;
            let mut certain = vec![Rational::ZERO; self.actions];
            certain[action] = Rational::ONE;
            return Ok(certain);
        };
        let mut probabilities = vec![Rational::ZERO; self.actions];
        for (label, share) in shares {
            probabilities[self.action(label)?] =
                Rational::parse(&shown(share)).map_err(|error| {
                    refuse(format!(
                        "the probability of `{label}` in `{}` {error}",
                        self.name
                    ))
                })?;
        }
        settle(&mut probabilities)
            .map_err(|what| refuse(format!("in the rule of `{}`, {what}", self.name)))?;
        Ok(probabilities)
    }

    fn action(&self, label: &str) -> Result<usize, ConfigError> {
        self.value(self.decision, label)
            .ok_or_else(|| refuse(format!("decision `{}` has no action `{label}`", self.name)))
    }
}

/// A value as its label: texts without quotes.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        // A client's 1.0 means the action 1.
        Value::Number(number) => match number.as_f64() {
            Some(whole) if whole.fract() == 0.0 && whole.abs() < 1e15 => format!("{whole:.0}"),
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}
