//! All courses of play of a diagram: decisions, and the chance nodes that somebody observes, one level each; everything else is
//! averaged out exactly.

use std::sync::atomic::AtomicBool;

use super::diagram::Diagram;
use super::inference::{marginal, payoff};
use super::{Halt, look};
use crate::game::PlayerId;
use crate::rational::Rational;

/// Most courses of play times agents that are held at once.
const MOST_LEAVES: usize = 1 << 20;

/// Most nodes of all levels together: many levels can be as wide as the last.
const MOST_NODES: usize = 4 << 20;

/// A tree with the same choices at every node of a level, so that nodes are numbers: the `n`th node of a level has the children
/// `n * size ..` on the next. Each decision comes after what it observes.
pub struct Frame {
    pub levels: Vec<Level>,
    /// What distinguishes the nodes of each decision's level to its agent, level after level.
    pub infosets: Vec<Infoset>,
    /// The joint probability of nature's choices on the way to each end, given those of the agents.
    pub weights: Vec<Rational>,
    /// For each agent and end the expected payoff there, times the weight.
    pub payoffs: Vec<Vec<Rational>>,
}

pub struct Level {
    /// The node of the diagram.
    pub node: usize,
    /// How many values it has.
    pub size: usize,
    /// How many nodes the level has.
    pub width: usize,
    /// For a decision the information set of each node.
    pub infosets: Option<Vec<u32>>,
}

/// One configuration of what a decision observes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Infoset {
    pub decision: usize,
    pub agent: PlayerId,
    pub configuration: usize,
    pub actions: usize,
}

/// The open decisions and the chance nodes that they observe, each after its parents.
fn variables(diagram: &Diagram) -> Vec<usize> {
    let mut shown = vec![false; diagram.nodes()];
    for decision in diagram.decisions() {
        shown[decision] = true;
        for parent in diagram.parents(decision) {
            shown[*parent] = true;
        }
    }
    let order = diagram.order().iter().copied();
    order.filter(|node| shown[*node]).collect()
}

/// How large a diagram's frame is, counted without making it; both saturating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Nodes of all levels, the ends not among them.
    pub nodes: usize,
    /// Courses of play.
    pub ends: usize,
}

impl Size {
    pub fn of(diagram: &Diagram) -> Size {
        let mut size = Size { nodes: 0, ends: 1 };
        for node in variables(diagram) {
            size.nodes = size.nodes.saturating_add(size.ends);
            size.ends = size.ends.saturating_mul(diagram.sizes()[node]);
        }
        size
    }

    /// Whether a frame of this size can be held for so many agents.
    pub fn check(self, agents: usize) -> Result<(), Halt> {
        let Size { nodes, ends } = self;
        if ends.saturating_mul(agents) > MOST_LEAVES {
            return Err(Halt::TooLarge(format!(
                "the diagram has {ends} courses of play for {agents} agents; at most {MOST_LEAVES} payoffs can be held"
            )));
        }
        if nodes > MOST_NODES {
            return Err(Halt::TooLarge(format!(
                "the diagram's courses of play have {nodes} nodes; at most {MOST_NODES} are allowed"
            )));
        }
        Ok(())
    }
}

impl Frame {
    pub fn of(diagram: &Diagram, stop: &AtomicBool) -> Result<Frame, Halt> {
        let size = Size::of(diagram);
        size.check(diagram.agents())?;
        let variables = variables(diagram);
        let weights = marginal(diagram, &variables, stop)?;
        let mut payoffs = Vec::with_capacity(diagram.agents());
        for agent in 0..diagram.agents() {
            let mut total = vec![Rational::ZERO; size.ends];
            for utility in diagram.utilities_of(PlayerId::new(agent)) {
                let paid = payoff(diagram, utility, &variables, stop)?;
                for (total, paid) in total.iter_mut().zip(&paid.values) {
                    if !paid.is_zero() {
                        *total += paid;
                    }
                }
            }
            payoffs.push(total);
            look(stop)?;
        }
        let mut frame = Frame {
            levels: Vec::with_capacity(variables.len()),
            infosets: Vec::new(),
            weights,
            payoffs,
        };
        let mut width = 1;
        for (depth, node) in variables.iter().enumerate() {
            let size = diagram.sizes()[*node];
            let infosets = diagram
                .decider(*node)
                .map(|agent| frame.observe(diagram, &variables[..depth], *node, agent));
            frame.levels.push(Level {
                node: *node,
                size,
                width,
                infosets,
            });
            width *= size;
        }
        Ok(frame)
    }

    /// Adds a decision's information sets and tells which nodes of its level are in which.
    fn observe(
        &mut self,
        diagram: &Diagram,
        above: &[usize],
        decision: usize,
        agent: PlayerId,
    ) -> Vec<u32> {
        let first = self.infosets.len();
        let sizes = diagram.sizes();
        let configurations = diagram.configurations(decision);
        self.infosets
            .extend((0..configurations).map(|configuration| Infoset {
                decision,
                agent,
                configuration,
                actions: sizes[decision],
            }));
        // What one step of each variable above changes in the number of the configuration.
        let mut strides = vec![0; above.len()];
        let mut stride = 1;
        for parent in diagram.parents(decision).iter().rev() {
            if let Some(position) = above.iter().position(|node| node == parent) {
                strides[position] = stride;
            }
            stride *= sizes[*parent];
        }
        let mut numbers = vec![first];
        for (node, stride) in above.iter().zip(&strides) {
            numbers = numbers
                .iter()
                .flat_map(|number| (0..sizes[*node]).map(move |value| number + value * stride))
                .collect();
        }
        let small = |number: usize| u32::try_from(number).expect("fewer than the courses of play");
        numbers.into_iter().map(small).collect()
    }

    /// For each level, and one more for the ends, the probability that nature's choices lead to each node.
    pub fn reach(&self) -> Vec<Vec<Rational>> {
        let mut levels = vec![self.weights.clone()];
        for level in self.levels.iter().rev() {
            let below = &levels[levels.len() - 1];
            let merged = below
                .chunks(level.size)
                .map(|children| match level.infosets {
                    // Later choices of the agents do not change what nature did before.
                    Some(_) => children[0].clone(),
                    None => children.iter().sum(),
                });
            levels.push(merged.collect());
        }
        levels.reverse();
        levels
    }
}
