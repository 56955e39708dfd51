//! All equilibria in pure decision rules, by choosing actions where they matter and leaving a branch as soon as somebody can do better.

use dashu_int::IBig;

use super::board::{Amount, Board, OPEN, Plan, integers};
use super::diagram::Diagram;
use super::frame::Frame;
use super::relevance::remembers;
use super::rule::{Rule, Rules};
use super::{Halt, Known, Search, look};
use crate::game::PlayerId;

/// What a search brought back.
pub struct Found {
    pub profiles: Vec<Rules>,
    /// Whether these are all.
    pub complete: bool,
}

/// Every profile of pure rules for the open decisions from which no agent gains by changing its own rules, in lexicographic order of
/// its actions, up to `most`.
///
/// First the actions that are played get chosen, from the first level down, then those that somebody else's deviation could lead to:
/// only those bear on whether it is an equilibrium. The rest, unreachable by any one agent's deviation, is free. Before each choice
/// every agent is asked whether a reply can guarantee more than following the plan can yield at all; then no completion is stable.
pub fn pure_equilibria(diagram: &Diagram, search: &Search<'_>) -> Result<Found, Halt> {
    let stop = search.stop;
    let frame = Frame::of(diagram, stop)?;
    let forgetful = (0..diagram.agents())
        .map(|agent| !remembers(diagram, PlayerId::new(agent)))
        .collect();
    let (payoffs, largest) = integers(&frame);
    let found = if i128::try_from(&largest).is_ok() {
        let small = |payoff: IBig| i128::try_from(&payoff).expect("smaller than their sum");
        let payoffs = payoffs
            .into_iter()
            .map(|payoffs| payoffs.into_iter().map(small).collect());
        run(
            &Board::new(&frame, payoffs.collect(), forgetful, stop),
            search,
        )
    } else {
        run(&Board::new(&frame, payoffs, forgetful, stop), search)
    };
    Ok(Found {
        profiles: found.plans.iter().map(|plan| rules(&frame, plan)).collect(),
        complete: found.complete,
    })
}

struct Plans {
    plans: Vec<Plan>,
    complete: bool,
}

/// How many choices are made between two reports.
const PACE: usize = 1 << 10;

fn run<N: Amount>(board: &Board<'_, N>, search: &Search<'_>) -> Plans {
    let mut found = Plans {
        plans: Vec::new(),
        complete: true,
    };
    // Choices made so far; the last one's alternatives are tried next.
    let mut plan: Plan = vec![OPEN; board.frame.infosets.len()];
    let mut chosen: Vec<u32> = Vec::new();
    let mut descend = true;
    let mut steps: usize = 0;
    let mut told = 0;
    loop {
        if descend {
            steps += 1;
            if steps.is_multiple_of(PACE) || found.plans.len() > 2 * told {
                told = found.plans.len();
                report(board, (&plan, &chosen), &found.plans, search);
            }
            match next(board, &plan) {
                Err(_) => {
                    found.complete = false;
                    break;
                }
                Ok(Next::Refuted) => {}
                Ok(Next::Choose(set)) => {
                    plan[set as usize] = 0;
                    chosen.push(set);
                    continue;
                }
                Ok(Next::Stable) => {
                    if !spell_out(board, &plan, search.most, &mut found.plans) {
                        found.complete = false;
                        break;
                    }
                }
            }
        }
        let Some(set) = chosen.last().copied() else {
            break;
        };
        let action = &mut plan[set as usize];
        *action += 1;
        descend = (*action as usize) < board.infoset(set).actions;
        if !descend {
            *action = OPEN;
            chosen.pop();
        }
    }
    found.plans.sort_unstable();
    found
}

/// Tells how far the search is: each choice made halves, or divides by its number of actions, what is left.
fn report<N: Amount>(
    board: &Board<'_, N>,
    (plan, chosen): (&Plan, &[u32]),
    plans: &[Plan],
    search: &Search<'_>,
) {
    let mut share = 1.0;
    let mut done = 0.0;
    for set in chosen {
        share /= board.infoset(*set).actions as f64;
        done += share * f64::from(plan[*set as usize]);
    }
    let profiles = || plans.iter().map(|plan| rules(board.frame, plan)).collect();
    (search.progress)(Known {
        fraction: Some(done),
        message: format!("{} equilibria found", plans.len()),
        profiles: Some(&profiles),
    });
}

enum Next {
    /// Somebody gains by deviating, whatever else is chosen.
    Refuted,
    Choose(u32),
    /// Nobody gains by deviating, whatever else is chosen.
    Stable,
}

fn next<N: Amount>(board: &Board<'_, N>, plan: &Plan) -> Result<Next, Halt> {
    for agent in board.movers().iter().copied() {
        if board.at_most(plan, agent)? < board.at_least(plan, agent)? {
            return Ok(Next::Refuted);
        }
    }
    if let Some(set) = open(board, plan, None) {
        return Ok(Next::Choose(set));
    }
    for agent in board.movers().iter().copied() {
        if let Some(set) = open(board, plan, Some(agent)) {
            return Ok(Next::Choose(set));
        }
    }
    for agent in board.movers().iter().copied() {
        if !board.is_forgetful(agent) {
            continue;
        }
        let value = board.at_most(plan, agent)?;
        if gains(board, plan, agent, &value)? {
            return Ok(Next::Refuted);
        }
    }
    Ok(Next::Stable)
}

/// The first information set without a choice that play reaches, or would reach by a deviation of `free`, whose own it is not.
fn open<N: Amount>(board: &Board<'_, N>, plan: &Plan, free: Option<PlayerId>) -> Option<u32> {
    let reached = board.consistent(plan, free);
    let levels = board.frame.levels.iter().zip(&reached);
    for (sets, reached) in
        levels.filter_map(|(level, reached)| Some((level.infosets.as_ref()?, reached)))
    {
        let open = sets.iter().zip(reached).find(|(set, reached)| {
            **reached && plan[**set as usize] == OPEN && Some(board.infoset(**set).agent) != free
        });
        if let Some((set, _)) = open {
            return Some(*set);
        }
    }
    None
}

/// Whether an agent without perfect recall has a reply that is worth more than `value`: branch and bound over its own actions.
fn gains<N: Amount>(
    board: &Board<'_, N>,
    plan: &Plan,
    agent: PlayerId,
    value: &N,
) -> Result<bool, Halt> {
    let mut reply = plan.clone();
    for (number, set) in board.frame.infosets.iter().enumerate() {
        if set.agent == agent {
            reply[number] = OPEN;
        }
    }
    let mut chosen: Vec<u32> = Vec::new();
    loop {
        look(board.stop)?;
        if board.at_most(&reply, agent)? > *value {
            match open(board, &reply, None) {
                None => return Ok(true),
                Some(set) => {
                    reply[set as usize] = 0;
                    chosen.push(set);
                    continue;
                }
            }
        }
        loop {
            let Some(set) = chosen.last().copied() else {
                return Ok(false);
            };
            let action = &mut reply[set as usize];
            *action += 1;
            if (*action as usize) < board.infoset(set).actions {
                break;
            }
            *action = OPEN;
            chosen.pop();
        }
    }
}

/// Adds the plan with every choice of actions where it leaves them open; tells whether all of them had room.
fn spell_out<N: Amount>(
    board: &Board<'_, N>,
    plan: &Plan,
    most: usize,
    found: &mut Vec<Plan>,
) -> bool {
    let free: Vec<usize> = (0..plan.len()).filter(|set| plan[*set] == OPEN).collect();
    let mut whole = plan.clone();
    for set in &free {
        whole[*set] = 0;
    }
    loop {
        if found.len() >= most || look(board.stop).is_err() {
            return false;
        }
        found.push(whole.clone());
        let mut position = free.len();
        loop {
            if position == 0 {
                return true;
            }
            position -= 1;
            let set = free[position];
            whole[set] += 1;
            if (whole[set] as usize) < board.frame.infosets[set].actions {
                break;
            }
            whole[set] = 0;
        }
    }
}

fn rules(frame: &Frame, plan: &Plan) -> Rules {
    let mut rules = Rules::new();
    let mut start = 0;
    while let Some(first) = frame.infosets.get(start) {
        let same = |set: &&super::frame::Infoset| set.decision == first.decision;
        let count = frame.infosets[start..].iter().take_while(same).count();
        let choices: Vec<usize> = plan[start..start + count]
            .iter()
            .map(|action| *action as usize)
            .collect();
        rules.insert(first.decision, Rule::pure(first.actions, &choices));
        start += count;
    }
    rules
}
