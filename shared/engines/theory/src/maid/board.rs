//! A frame in integers: what partial plans of the agents guarantee and allow, by sweeps over its levels.

use std::ops::AddAssign;
use std::sync::atomic::AtomicBool;

use dashu_int::IBig;
use dashu_int::ops::Gcd;

use super::frame::{Frame, Infoset};
use super::{Halt, look};
use crate::game::PlayerId;
use crate::rational::Rational;

/// A sum of payoffs: 128 bits where they suffice, else any size.
pub trait Amount: Clone + Ord + Default + for<'a> AddAssign<&'a Self> {}

impl Amount for i128 {}
impl Amount for IBig {}

/// The action chosen at each information set, or [`OPEN`].
pub type Plan = Vec<u32>;

/// An information set whose action is not chosen yet.
pub const OPEN: u32 = u32::MAX;

pub struct Board<'f, N> {
    pub frame: &'f Frame,
    /// For each agent the payoffs at the ends, as multiples of that agent's own unit.
    payoffs: Vec<Vec<N>>,
    /// Where nature can lead: for each level whether each node is possible.
    possible: Vec<Vec<bool>>,
    /// Agents with a decision.
    movers: Vec<PlayerId>,
    /// Agents who forget what they knew or did: their best reply is searched for, not computed.
    forgetful: Vec<bool>,
    pub stop: &'f AtomicBool,
}

/// The payoffs as integers with one denominator for each agent, and the largest sum of their sizes.
pub fn integers(frame: &Frame) -> (Vec<Vec<IBig>>, IBig) {
    let mut largest = IBig::ZERO;
    let scaled = frame.payoffs.iter().map(|payoffs| {
        let common = payoffs.iter().fold(dashu_int::UBig::ONE, |common, payoff| {
            let below = payoff.denominator();
            if below.is_one() {
                return common;
            }
            let shared = (&common).gcd(&below);
            common / shared * below
        });
        let scale =
            |payoff: &Rational| payoff.numerator() * IBig::from(&common / payoff.denominator());
        let scaled: Vec<IBig> = payoffs.iter().map(scale).collect();
        let total = scaled.iter().fold(IBig::ZERO, |total, payoff| {
            if *payoff < IBig::ZERO {
                total - payoff
            } else {
                total + payoff
            }
        });
        if total > largest {
            largest = total;
        }
        scaled
    });
    let scaled = scaled.collect();
    (scaled, largest)
}

/// What an unchosen action of somebody else does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Others {
    /// What is best for the agent.
    Help,
    /// What is worst for the agent.
    Harm,
}

impl<'f, N: Amount> Board<'f, N> {
    pub fn new(
        frame: &'f Frame,
        payoffs: Vec<Vec<N>>,
        forgetful: Vec<bool>,
        stop: &'f AtomicBool,
    ) -> Board<'f, N> {
        let reach = frame.reach();
        let possible = reach
            .iter()
            .map(|level| level.iter().map(|weight| !weight.is_zero()).collect());
        let mut movers: Vec<PlayerId> = frame.infosets.iter().map(|set| set.agent).collect();
        movers.sort_unstable();
        movers.dedup();
        Board {
            frame,
            payoffs,
            possible: possible.collect(),
            movers,
            forgetful,
            stop,
        }
    }

    pub fn movers(&self) -> &[PlayerId] {
        &self.movers
    }

    pub fn infoset(&self, number: u32) -> &Infoset {
        &self.frame.infosets[number as usize]
    }

    pub fn is_forgetful(&self, agent: PlayerId) -> bool {
        self.forgetful[agent.index()]
    }

    /// The most that the agent can get while it follows the plan where that is chosen and everybody, nature apart, helps where not:
    /// its payoff once everything on the path of play is chosen.
    pub fn at_most(&self, plan: &Plan, agent: PlayerId) -> Result<N, Halt> {
        let mut values = self.payoffs[agent.index()].clone();
        for level in self.frame.levels.iter().rev() {
            look(self.stop)?;
            values = merge(&values, level.size, |node, children| {
                match &level.infosets {
                    None => sum(children),
                    Some(sets) => self.choose(plan[sets[node] as usize], children, Others::Help),
                }
            });
        }
        Ok(values.swap_remove(0))
    }

    /// What the agent can be sure of by some reply of its own to what the others have chosen in the plan. For an agent with perfect
    /// recall, against others whose every action that matters is chosen, this is the value of its best reply.
    pub fn at_least(&self, plan: &Plan, agent: PlayerId) -> Result<N, Halt> {
        let heard = self.consistent(plan, Some(agent));
        let mut values = self.payoffs[agent.index()].clone();
        for (depth, level) in self.frame.levels.iter().enumerate().rev() {
            look(self.stop)?;
            let Some(sets) = &level.infosets else {
                values = merge(&values, level.size, |_, children| sum(children));
                continue;
            };
            if self.infoset(sets[0]).agent != agent {
                values = merge(&values, level.size, |node, children| {
                    self.choose(plan[sets[node] as usize], children, Others::Harm)
                });
                continue;
            }
            let replies = replies(sets, level.size, &values, &heard[depth]);
            let first = sets.iter().copied().min().unwrap_or(0);
            values = merge(&values, level.size, |node, children| {
                children[replies[(sets[node] - first) as usize]].clone()
            });
        }
        Ok(values.swap_remove(0))
    }

    fn choose(&self, action: u32, children: &[N], others: Others) -> N {
        if action != OPEN {
            return children[action as usize].clone();
        }
        let chosen = match others {
            Others::Help => children.iter().max(),
            Others::Harm => children.iter().min(),
        };
        chosen.cloned().unwrap_or_default()
    }

    /// For each level which nodes can be reached when everybody follows the plan where it is chosen, `free` excepted.
    pub fn consistent(&self, plan: &Plan, free: Option<PlayerId>) -> Vec<Vec<bool>> {
        let mut reached = Vec::with_capacity(self.frame.levels.len());
        let mut here = vec![true];
        for (depth, level) in self.frame.levels.iter().enumerate() {
            let mut next = vec![false; level.width * level.size];
            for (node, _) in here.iter().enumerate().filter(|(_, reached)| **reached) {
                let set = level.infosets.as_ref().map(|sets| sets[node]);
                let bound = set.filter(|set| Some(self.infoset(*set).agent) != free);
                let action = bound.map_or(OPEN, |set| plan[set as usize]);
                for value in 0..level.size {
                    let child = node * level.size + value;
                    next[child] = (action == OPEN || action as usize == value)
                        && self.possible[depth + 1][child];
                }
            }
            reached.push(std::mem::replace(&mut here, next));
        }
        reached
    }
}

/// The level above: one value for each group of children.
fn merge<N>(values: &[N], size: usize, merged: impl Fn(usize, &[N]) -> N) -> Vec<N> {
    values
        .chunks(size)
        .enumerate()
        .map(|(node, children)| merged(node, children))
        .collect()
}

fn sum<N: Amount>(children: &[N]) -> N {
    let mut total = N::default();
    for child in children {
        total += child;
    }
    total
}

/// At each information set of one level the action with the largest sum over the nodes that matter.
fn replies<N: Amount>(sets: &[u32], size: usize, values: &[N], heard: &[bool]) -> Vec<usize> {
    let first = sets.iter().copied().min().unwrap_or(0);
    let last = sets.iter().copied().max().unwrap_or(0);
    let mut totals = vec![N::default(); ((last - first) as usize + 1) * size];
    for (node, set) in sets.iter().enumerate().filter(|(node, _)| heard[*node]) {
        let start = (set - first) as usize * size;
        for action in 0..size {
            totals[start + action] += &values[node * size + action];
        }
    }
    totals
        .chunks(size)
        .map(|totals| {
            let better = |best: usize, action: usize| {
                if totals[action] > totals[best] {
                    action
                } else {
                    best
                }
            };
            (0..size).fold(0, better)
        })
        .collect()
}
