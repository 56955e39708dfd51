//! Best replies: what an agent can get at most against fixed rules of the others, and rules that get it.

use std::sync::atomic::AtomicBool;

use super::diagram::Diagram;
use super::inference::{expected_utility, payoff};
use super::pure::pure_equilibria;
use super::relevance::{components, has_circle};
use super::rule::{Rule, Rules};
use super::{Halt, Search, look};
use crate::game::PlayerId;
use crate::rational::Rational;

/// The best that an agent can do.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    pub value: Rational,
    /// Optimal rules for all its decisions, pure.
    pub rules: Rules,
}

/// A profile's payoffs and what deviating from it can gain.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    /// Expected payoffs, one per agent.
    pub utilities: Vec<Rational>,
    /// The most that any agent can gain by changing its own rules: zero in an equilibrium.
    pub regret: Rational,
}

/// The agent's best reply in a diagram where every other decision is fixed.
///
/// When its decisions do not rely on each other in a circle, each can be optimised once, in the order of the relevance graph, while
/// those to come are played at random (Lauritzen and Nilsson 2001, theorem 1). Otherwise all its courses of play are searched.
pub fn best_reply(diagram: &Diagram, agent: PlayerId, stop: &AtomicBool) -> Result<Reply, Halt> {
    let rules = if has_circle(diagram) {
        let search = Search {
            stop,
            most: 1,
            progress: &|_| {},
        };
        let mut found = pure_equilibria(diagram, &search)?.profiles;
        found.pop().ok_or(Halt::Stopped)?
    } else {
        let mut rules = uniform(diagram)?;
        for decision in components(diagram).into_iter().flatten() {
            let open = rules.remove(&decision);
            let values = values(&diagram.fixed(&rules), decision, stop)?;
            let actions = open.map_or(1, |rule| rule.actions());
            let best = |values: &[Rational]| {
                let better = |best: usize, action: usize| {
                    if values[action] > values[best] {
                        action
                    } else {
                        best
                    }
                };
                (0..values.len()).fold(0, better)
            };
            let choices: Vec<usize> = values.chunks(actions).map(best).collect();
            rules.insert(decision, Rule::pure(actions, &choices));
            look(stop)?;
        }
        rules
    };
    let value = expected_utility(&diagram.fixed(&rules), agent, stop)?;
    Ok(Reply { value, rules })
}

/// Most probabilities that the rules of a diagram may hold together.
pub const MOST_PROBABILITIES: usize = 1 << 20;

/// Every open decision at random.
pub fn uniform(diagram: &Diagram) -> Result<Rules, Halt> {
    let decisions = diagram.decisions();
    let size = |decision: &usize| {
        diagram
            .configurations(*decision)
            .saturating_mul(diagram.sizes()[*decision])
    };
    let total = decisions.iter().fold(0, |total: usize, decision| {
        total.saturating_add(size(decision))
    });
    if total > MOST_PROBABILITIES {
        return Err(Halt::TooLarge(format!(
            "the decision rules have {total} entries; at most {MOST_PROBABILITIES} are allowed"
        )));
    }
    let rule = |decision: usize| {
        let actions = diagram.sizes()[decision];
        (
            decision,
            Rule::uniform(actions, diagram.configurations(decision)),
        )
    };
    Ok(decisions.into_iter().map(rule).collect())
}

/// For each configuration of what the one open decision observes, and each of its actions, the decider's expected payoff from the
/// utilities below the decision, times the probability of the configuration.
pub fn values(
    diagram: &Diagram,
    decision: usize,
    stop: &AtomicBool,
) -> Result<Vec<Rational>, Halt> {
    let keep: Vec<usize> = diagram
        .parents(decision)
        .iter()
        .copied()
        .chain([decision])
        .collect();
    let size = diagram
        .configurations(decision)
        .saturating_mul(diagram.sizes()[decision]);
    let mut values = vec![Rational::ZERO; size];
    let below = diagram.descendants(decision);
    let Some(agent) = diagram.decider(decision) else {
        return Ok(values);
    };
    for utility in diagram.utilities_of(agent) {
        if below[utility] {
            let paid = payoff(diagram, utility, &keep, stop)?;
            for (value, paid) in values.iter_mut().zip(&paid.values) {
                if !paid.is_zero() {
                    *value += paid;
                }
            }
        }
    }
    Ok(values)
}

/// The agent's best reply to a profile of rules for all decisions.
pub fn reply_to(
    diagram: &Diagram,
    profile: &Rules,
    agent: PlayerId,
    stop: &AtomicBool,
) -> Result<Reply, Halt> {
    let own = diagram.decisions_of(agent);
    let others = profile
        .iter()
        .filter(|(decision, _)| !own.contains(decision))
        .map(|(decision, rule)| (*decision, rule.clone()))
        .collect();
    best_reply(&diagram.fixed(&others), agent, stop)
}

/// Payoffs and regret of a profile of rules for all decisions, computed from the diagram alone.
pub fn certify(diagram: &Diagram, profile: &Rules, stop: &AtomicBool) -> Result<Certificate, Halt> {
    let fixed = diagram.fixed(profile);
    let mut utilities = Vec::with_capacity(diagram.agents());
    let mut regret = Rational::ZERO;
    for agent in (0..diagram.agents()).map(PlayerId::new) {
        let utility = expected_utility(&fixed, agent, stop)?;
        if !diagram.decisions_of(agent).is_empty() {
            let best = reply_to(diagram, profile, agent, stop)?.value;
            regret = regret.max(best - utility.clone());
        }
        utilities.push(utility);
    }
    Ok(Certificate { utilities, regret })
}
