//! Equilibria in mixed strategies of the decisions of several agents, through their game tree and its reduced normal form.

use std::sync::atomic::AtomicBool;

use super::diagram::Diagram;
use super::frame::Frame;
use super::reply::{reply_to, uniform};
use super::rule::{Rule, Rules};
use super::tree::{Names, Tree, tree};
use super::{Halt, Known, Search};
use crate::analysis::MOST_CELLS;
use crate::convert::{Plans, Reduction, normal_form};
use crate::game::{ExtensiveGame, Meta, NormalGame, PlayerId};
use crate::rational::Rational;
use crate::solve::nplayer::{Hunt, all_supports};
use crate::solve::{self, Equilibrium, enumerate};

/// What a search brought back.
pub struct Found {
    pub profiles: Vec<Rules>,
    /// Whether these are all extreme equilibria in reduced strategies.
    pub complete: bool,
}

/// The equilibria of a diagram in which several agents, all with perfect recall, have open decisions: for two agents all extreme ones,
/// for more all isolated ones with rational probabilities.
///
/// Where an agent's own rules keep it away from an information set, its rule there is a best reply, which no other agent can notice.
pub fn extreme_equilibria(diagram: &Diagram, search: &Search<'_>) -> Result<Found, Halt> {
    let stop = search.stop;
    let movers: Vec<PlayerId> = (0..diagram.agents())
        .map(PlayerId::new)
        .filter(|agent| !diagram.decisions_of(*agent).is_empty())
        .collect();
    let mut frame = Frame::of(diagram, stop)?;
    // The others are not players of this game.
    let mut payoffs = std::mem::take(&mut frame.payoffs).into_iter().enumerate();
    frame.payoffs = payoffs
        .by_ref()
        .filter(|(agent, _)| movers.contains(&PlayerId::new(*agent)))
        .map(|(_, payoffs)| payoffs)
        .collect();
    for set in &mut frame.infosets {
        let place = movers.iter().position(|agent| *agent == set.agent);
        set.agent = PlayerId::new(place.unwrap_or_default());
    }
    let agents: Vec<String> = movers
        .iter()
        .map(|agent| agent.index().to_string())
        .collect();
    let names = Names {
        agents: &agents,
        node: &|node| node.to_string(),
        value: &|_, value| value.to_string(),
    };
    let Tree {
        parts, infosets, ..
    } = tree(&frame, &names, Meta::default());
    let game = ExtensiveGame::new(parts).expect("the tree of a diagram is well formed");
    let table = normal_form(&game, Meta::default(), Reduction::Reduced, MOST_CELLS)
        .map_err(|error| Halt::TooLarge(error.to_string()))?;
    let found = equilibria(&table, search);
    let mut profiles = Vec::with_capacity(found.equilibria.len());
    for equilibrium in &found.equilibria {
        let mut behaviour: Vec<Option<Vec<Rational>>> = vec![None; frame.infosets.len()];
        for (player, mixture) in equilibrium.strategies.iter().enumerate() {
            let plans = Plans::of(&game, PlayerId::new(player), Reduction::Reduced);
            for (place, set) in plans.sets.iter().enumerate() {
                let set = infosets[set.index()];
                behaviour[set] = at(&plans, place, mixture, frame.infosets[set].actions);
            }
        }
        profiles.push(complete(diagram, &frame, &behaviour, stop)?);
    }
    Ok(Found {
        profiles,
        complete: found.complete,
    })
}

/// Of two players all extreme equilibria; of more all isolated ones, of which those with rational probabilities are kept.
fn equilibria(table: &NormalGame, search: &Search<'_>) -> solve::Found {
    if table.players().len() == 2 {
        return enumerate(
            table,
            &solve::Search {
                most: Some(search.most),
                progress: &|known| {
                    (search.progress)(Known {
                        fraction: known.fraction,
                        message: known.message,
                        profiles: None,
                    });
                },
                ..solve::Search::new(search.stop)
            },
        );
    }
    let hunted = all_supports(
        table,
        &Hunt {
            stop: search.stop,
            most: Some(search.most),
            threads: &|| 1,
            progress: &|advance| {
                (search.progress)(Known {
                    fraction: Some(advance.done / advance.total.max(1.0)),
                    message: format!("{} equilibria found", advance.found.len()),
                    profiles: None,
                });
            },
        },
    );
    let complete = hunted.complete();
    let count = hunted.solutions.len();
    let exact = hunted
        .solutions
        .into_iter()
        .filter(|solution| solution.enclosure.is_none());
    let equilibria: Vec<Equilibrium> = exact.map(|solution| solution.profile).collect();
    solve::Found {
        complete: complete && equilibria.len() == count,
        equilibria,
    }
}

/// The distribution over actions at one of a player's information sets, when its mixture of plans can get there (Kuhn 1953).
fn at(plans: &Plans, place: usize, mixture: &[Rational], actions: usize) -> Option<Vec<Rational>> {
    let mut shares = vec![Rational::ZERO; actions];
    for (plan, probability) in plans.plans.iter().zip(mixture) {
        if let Some(action) = plan[place]
            && !probability.is_zero()
        {
            shares[action] += probability;
        }
    }
    let total: Rational = shares.iter().sum();
    (!total.is_zero()).then(|| shares.iter().map(|share| share / &total).collect())
}

/// Whole rules out of what is played at the information sets that matter.
fn complete(
    diagram: &Diagram,
    frame: &Frame,
    behaviour: &[Option<Vec<Rational>>],
    stop: &AtomicBool,
) -> Result<Rules, Halt> {
    let spread = |fill: &Rules| {
        let mut rules: Rules = Rules::new();
        for decision in diagram.decisions() {
            let mut probabilities = Vec::new();
            let sets = frame.infosets.iter().zip(behaviour);
            for (set, played) in sets.filter(|(set, _)| set.decision == decision) {
                match played {
                    Some(shares) => probabilities.extend_from_slice(shares),
                    None => probabilities.extend_from_slice(fill[&decision].at(set.configuration)),
                }
            }
            rules.insert(
                decision,
                Rule::new(diagram.sizes()[decision], probabilities),
            );
        }
        rules
    };
    let anything = uniform(diagram)?;
    let mut rules = spread(&anything);
    if behaviour.iter().any(Option::is_none) {
        let mut fill = anything;
        for agent in (0..diagram.agents()).map(PlayerId::new) {
            if !diagram.decisions_of(agent).is_empty() {
                fill.extend(reply_to(diagram, &rules, agent, stop)?.rules);
            }
        }
        rules = spread(&fill);
    }
    Ok(rules)
}
