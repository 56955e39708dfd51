//! The analysis "MAID Verify Profile": whether anybody gains by leaving a given profile of decision rules.

use std::sync::atomic::AtomicBool;

use serde_json::{Map, Value, json};

use super::maid_input::{diagram, has_rules, maid, wrong};
use super::maid_item::{action, by_agent, given, rules, text};
use super::maid_profile::read_whole;
use super::options::PROFILE;
use super::{AnalysisError, AnalysisInfo, AnalysisResult, Config, ConfigError, Control};
use crate::game::{Format, Game, MaidGame, PlayerId, number};
use crate::maid::{Diagram, Halt, Reply, Rules, expected_utility, reply_to, values};
use crate::rational::Rational;

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "MAID Verify Profile",
    description: "Checks in exact arithmetic whether a profile of decision rules is a Nash equilibrium of an influence diagram",
    applicable_to: &[Format::Maid],
    continuous: false,
    options: &[&PROFILE],
    run,
    fit: has_rules,
    check,
};

fn check(game: &Game, config: &Config) -> Result<(), ConfigError> {
    profile(maid(game), config).map(|_| ())
}

fn profile(game: &MaidGame, config: &Config) -> Result<Rules, ConfigError> {
    let given = config
        .get(&PROFILE)
        .ok_or_else(|| wrong(PROFILE.name, "a profile is required".to_owned()))?;
    read_whole(game, given)
}

/// `deviations` lists every profitable change of one action at one configuration of one decision; when an agent gains only by changing
/// several together, its best reply is listed instead.
fn run(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let (game, diagram) = diagram(game)?;
    let profile = profile(game, config)?;
    let case = Case {
        game,
        diagram: &diagram,
        profile: &profile,
        stop: control.stop,
    };
    let fixed = diagram.fixed(&profile);
    let mut utilities = Vec::with_capacity(diagram.agents());
    let mut replies = Map::new();
    let mut deviations = Vec::new();
    let mut regret = Rational::ZERO;
    for agent in (0..diagram.agents()).map(PlayerId::new) {
        let utility = expected_utility(&fixed, agent, control.stop)?;
        if !diagram.decisions_of(agent).is_empty() {
            let reply = reply_to(&diagram, &profile, agent, control.stop)?;
            deviations.extend(case.deviations(agent, &utility, &reply)?);
            let gain = &reply.value - &utility;
            let shown = json!({
                "utility": number(&reply.value),
                "gain": number(&gain),
                "decision_rules": rules(game, &reply.rules, number),
                "exact": {"utility": text(&reply.value), "gain": text(&gain)},
            });
            replies.insert(game.agents()[agent.index()].clone(), shown);
            regret = regret.max(gain);
        }
        utilities.push(utility);
    }
    let summary = match (regret.is_zero(), deviations.len()) {
        (true, _) => "Profile IS a Nash equilibrium".to_owned(),
        (false, 1) => "Profile is NOT a Nash equilibrium (1 profitable deviation)".to_owned(),
        (false, count) => {
            format!("Profile is NOT a Nash equilibrium ({count} profitable deviations)")
        }
    };
    let details = Map::from_iter([
        ("is_equilibrium".to_owned(), json!(regret.is_zero())),
        ("utilities".to_owned(), by_agent(game, &utilities, number)),
        ("deviations".to_owned(), Value::Array(deviations)),
        (
            "profile".to_owned(),
            config.get(&PROFILE).cloned().unwrap_or_default(),
        ),
        ("decision_rules".to_owned(), rules(game, &profile, number)),
        ("max_regret".to_owned(), number(&regret)),
        ("best_replies".to_owned(), Value::Object(replies)),
        (
            "exact".to_owned(),
            json!({
                "utilities": by_agent(game, &utilities, text),
                "decision_rules": rules(game, &profile, text),
                "max_regret": text(&regret),
            }),
        ),
    ]);
    Ok(AnalysisResult { summary, details })
}

struct Case<'a> {
    game: &'a MaidGame,
    diagram: &'a Diagram,
    profile: &'a Rules,
    stop: &'a AtomicBool,
}

impl Case<'_> {
    fn deviations(
        &self,
        agent: PlayerId,
        utility: &Rational,
        reply: &Reply,
    ) -> Result<Vec<Value>, Halt> {
        let mut found = Vec::new();
        for decision in self.diagram.decisions_of(agent) {
            let rule = &self.profile[&decision];
            let mut others = self.profile.clone();
            others.remove(&decision);
            let values = values(&self.diagram.fixed(&others), decision, self.stop)?;
            for (configuration, values) in values.chunks(rule.actions()).enumerate() {
                let played = values.iter().zip(rule.at(configuration));
                let here = played.fold(Rational::ZERO, |total, (value, probability)| {
                    total + value * probability
                });
                for (better, value) in values
                    .iter()
                    .enumerate()
                    .filter(|(_, value)| **value > here)
                {
                    let mut item = self.item(agent, utility, &(value - &here));
                    item.insert("decision".to_owned(), json!(self.game.nodes()[decision].id));
                    if !self.game.parents(decision).is_empty() {
                        item.insert(
                            "given".to_owned(),
                            Value::Object(given(self.game, decision, configuration)),
                        );
                    }
                    item.insert(
                        "current_action".to_owned(),
                        self.current(decision, configuration),
                    );
                    item.insert(
                        "better_action".to_owned(),
                        json!(action(self.game, decision, better)),
                    );
                    found.push(Value::Object(item));
                }
            }
        }
        if found.is_empty() && reply.value > *utility {
            let names: Vec<&str> = reply
                .rules
                .keys()
                .map(|decision| self.game.nodes()[*decision].id.as_str())
                .collect();
            let own = self
                .profile
                .iter()
                .filter(|(decision, _)| reply.rules.contains_key(decision));
            let own: Rules = own
                .map(|(decision, rule)| (*decision, rule.clone()))
                .collect();
            let mut item = self.item(agent, utility, &(&reply.value - utility));
            item.insert("decision".to_owned(), json!(names.join(", ")));
            item.insert("current_action".to_owned(), rules(self.game, &own, number));
            item.insert(
                "better_action".to_owned(),
                rules(self.game, &reply.rules, number),
            );
            found.push(Value::Object(item));
        }
        Ok(found)
    }

    fn item(&self, agent: PlayerId, utility: &Rational, gain: &Rational) -> Map<String, Value> {
        let reached = utility + gain;
        Map::from_iter([
            ("agent".to_owned(), json!(self.game.agents()[agent.index()])),
            ("current_utility".to_owned(), number(utility)),
            ("deviation_utility".to_owned(), number(&reached)),
            ("improvement".to_owned(), number(gain)),
            (
                "exact".to_owned(),
                json!({"deviation_utility": text(&reached), "improvement": text(gain)}),
            ),
        ])
    }

    /// The action played for certain, else the probabilities of all that have a chance.
    fn current(&self, decision: usize, configuration: usize) -> Value {
        let rule = &self.profile[&decision];
        match rule.choice(configuration) {
            Some(choice) => json!(action(self.game, decision, choice)),
            None => super::maid_item::actions(self.game, decision, rule.at(configuration), number),
        }
    }
}
