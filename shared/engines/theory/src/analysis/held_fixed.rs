//! What the others do while the value of information or control for one agent is computed.

use serde_json::{Map, Value, json};

use super::maid_item::{rules, text};
use super::maid_profile::read;
use super::options::PROFILE;
use super::{Config, ConfigError};
use crate::game::{MaidGame, PlayerId};
use crate::maid::{Diagram, Halt, Rules, uniform};

/// The rules of everybody but the agent: those of the given profile, else all actions alike.
pub struct HeldFixed {
    pub rules: Rules,
    given: Rules,
}

impl HeldFixed {
    pub fn check(game: &MaidGame, config: &Config) -> Result<Rules, ConfigError> {
        config
            .get(&PROFILE)
            .map_or_else(|| Ok(Rules::new()), |profile| read(game, profile))
    }

    pub fn of(diagram: &Diagram, agent: PlayerId, given: Rules) -> Result<HeldFixed, Halt> {
        let mut rules = uniform(diagram)?;
        rules.extend(given.clone());
        rules.retain(|decision, _| diagram.decider(*decision) != Some(agent));
        Ok(HeldFixed { rules, given })
    }

    /// `{decision: "uniform"}`, or the decision's rule where the profile has one.
    pub fn shown(&self, game: &MaidGame) -> Value {
        let shown = self.rules.iter().map(|(decision, rule)| {
            let one = Rules::from([(*decision, rule.clone())]);
            let id = game.nodes()[*decision].id.clone();
            let what = match self.given.contains_key(decision) {
                false => json!("uniform"),
                true => rules(game, &one, text)[&id].clone(),
            };
            (id, what)
        });
        Value::Object(shown.collect::<Map<String, Value>>())
    }
}
