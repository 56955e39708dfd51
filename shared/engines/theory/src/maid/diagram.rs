//! A diagram as the algorithms take it: sizes, parents and tables by number, open to having decisions fixed and edges added.

use std::collections::HashMap;
use std::sync::Arc;

use super::rule::Rules;
use crate::game::{DomainValue, MaidGame, MaidKind, PlayerId};
use crate::rational::Rational;

/// Nodes have the numbers that they have in the game. Wherever configurations of parents are counted, the first parent's value is the
/// most significant.
#[derive(Clone, Debug)]
pub struct Diagram {
    sizes: Vec<usize>,
    parents: Vec<Vec<usize>>,
    children: Vec<Vec<usize>>,
    roles: Vec<Role>,
    order: Vec<usize>,
    agents: usize,
}

#[derive(Clone, Debug)]
pub enum Role {
    /// The probability of each value, configuration after configuration.
    Chance(Arc<[Rational]>),
    Decision(PlayerId),
    /// The expected payoff at each configuration.
    Utility(PlayerId, Arc<[Rational]>),
}

impl Diagram {
    /// The diagram of a game without gaps.
    pub fn of(game: &MaidGame) -> Result<Diagram, String> {
        if let Some(gap) = game.gaps().into_iter().next() {
            return Err(gap);
        }
        let tables: HashMap<usize, _> = game.cpds().iter().map(|cpd| (cpd.node, cpd)).collect();
        let role = |number: usize| {
            let node = &game.nodes()[number];
            let rows = || {
                let cpd = tables.get(&number).ok_or("a node without a table")?;
                Ok::<_, String>(&cpd.values)
            };
            Ok::<_, String>(match node.kind {
                MaidKind::Decision(agent) => Role::Decision(agent),
                MaidKind::Chance => {
                    let rows = rows()?;
                    let columns = rows.first().map_or(0, Vec::len);
                    let entries = (0..columns)
                        .flat_map(|column| rows.iter().map(move |row| row[column].clone()));
                    Role::Chance(entries.collect())
                }
                MaidKind::Utility(agent) => Role::Utility(agent, expected(&node.domain, rows()?)),
            })
        };
        let count = game.nodes().len();
        let roles = (0..count).map(role).collect::<Result<_, _>>()?;
        Ok(Diagram::assemble(game, roles))
    }

    /// The graph of any game; chance and utility nodes get empty tables, so nothing can be computed but who relies on whom.
    pub fn graph(game: &MaidGame) -> Diagram {
        let role = |kind: MaidKind| match kind {
            MaidKind::Decision(agent) => Role::Decision(agent),
            MaidKind::Chance => Role::Chance(Arc::new([])),
            MaidKind::Utility(agent) => Role::Utility(agent, Arc::new([])),
        };
        let roles = game.nodes().iter().map(|node| role(node.kind)).collect();
        Diagram::assemble(game, roles)
    }

    fn assemble(game: &MaidGame, roles: Vec<Role>) -> Diagram {
        let nodes = game.nodes();
        let parents: Vec<Vec<usize>> = (0..nodes.len())
            .map(|node| game.parents(node).to_vec())
            .collect();
        Diagram {
            sizes: nodes.iter().map(|node| node.domain.len()).collect(),
            children: children(&parents),
            parents,
            roles,
            order: game.order().to_vec(),
            agents: game.agents().len(),
        }
    }

    pub fn agents(&self) -> usize {
        self.agents
    }

    pub fn nodes(&self) -> usize {
        self.roles.len()
    }

    /// How many values each node has.
    pub fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    pub fn parents(&self, node: usize) -> &[usize] {
        &self.parents[node]
    }

    pub fn children(&self, node: usize) -> &[usize] {
        &self.children[node]
    }

    pub fn role(&self, node: usize) -> &Role {
        &self.roles[node]
    }

    /// All nodes, each after its parents.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// How many configurations a node's parents have, saturating.
    pub fn configurations(&self, node: usize) -> usize {
        self.parents[node].iter().fold(1, |product: usize, parent| {
            product.saturating_mul(self.sizes[*parent])
        })
    }

    pub fn decider(&self, node: usize) -> Option<PlayerId> {
        match self.roles[node] {
            Role::Decision(agent) => Some(agent),
            _ => None,
        }
    }

    /// The open decisions in the order of the file.
    pub fn decisions(&self) -> Vec<usize> {
        (0..self.nodes())
            .filter(|node| self.decider(*node).is_some())
            .collect()
    }

    pub fn decisions_of(&self, agent: PlayerId) -> Vec<usize> {
        (0..self.nodes())
            .filter(|node| self.decider(*node) == Some(agent))
            .collect()
    }

    /// An agent's utility nodes.
    pub fn utilities_of(&self, agent: PlayerId) -> Vec<usize> {
        let is_own =
            |node: &usize| matches!(self.roles[*node], Role::Utility(owner, _) if owner == agent);
        (0..self.nodes()).filter(is_own).collect()
    }

    /// For each node whether a path of edges leads there from `node`, itself included.
    pub fn descendants(&self, node: usize) -> Vec<bool> {
        self.reached(&[node], |node| &self.children[node])
    }

    /// For each node whether a path of edges leads from there to one of `nodes`, themselves included.
    pub fn ancestors(&self, nodes: &[usize]) -> Vec<bool> {
        self.reached(nodes, |node| &self.parents[node])
    }

    fn reached<'a>(&self, from: &[usize], next: impl Fn(usize) -> &'a Vec<usize>) -> Vec<bool> {
        let mut reached = vec![false; self.nodes()];
        let mut pending = from.to_vec();
        while let Some(node) = pending.pop() {
            if !std::mem::replace(&mut reached[node], true) {
                pending.extend(next(node));
            }
        }
        reached
    }

    /// The same with decisions turned into chance nodes that follow these rules.
    pub fn fixed(&self, rules: &Rules) -> Diagram {
        let mut fixed = self.clone();
        for (decision, rule) in rules {
            fixed.roles[*decision] = Role::Chance(rule.probabilities().into());
        }
        fixed
    }

    /// The same with a chance node, or a decision of anybody, under the agent's control.
    pub fn controlled(&self, node: usize, agent: PlayerId) -> Diagram {
        let mut controlled = self.clone();
        controlled.roles[node] = Role::Decision(agent);
        controlled
    }

    /// The same with one more observation for an open decision; `None` when that closes a cycle.
    pub fn with_observation(&self, observed: usize, decision: usize) -> Option<Diagram> {
        if self.descendants(decision)[observed] {
            return None;
        }
        let mut observing = self.clone();
        if !observing.parents[decision].contains(&observed) {
            observing.parents[decision].push(observed);
        }
        observing.reorder();
        Some(observing)
    }

    /// The same with one observation less for an open decision.
    pub fn without_observation(&self, observed: usize, decision: usize) -> Diagram {
        let mut blind = self.clone();
        blind.parents[decision].retain(|parent| *parent != observed);
        blind.reorder();
        blind
    }

    fn reorder(&mut self) {
        self.children = children(&self.parents);
        let mut missing: Vec<usize> = self.parents.iter().map(Vec::len).collect();
        let mut ready: std::collections::BTreeSet<usize> = (0..self.nodes())
            .filter(|node| missing[*node] == 0)
            .collect();
        self.order.clear();
        while let Some(node) = ready.pop_first() {
            self.order.push(node);
            for child in &self.children[node] {
                missing[*child] -= 1;
                if missing[*child] == 0 {
                    ready.insert(*child);
                }
            }
        }
    }
}

fn children(parents: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut children = vec![Vec::new(); parents.len()];
    for (node, parents) in parents.iter().enumerate() {
        for parent in parents {
            children[*parent].push(node);
        }
    }
    children
}

/// What a utility pays on average at each configuration.
fn expected(domain: &[DomainValue], rows: &[Vec<Rational>]) -> Arc<[Rational]> {
    let mut payoffs = vec![Rational::ZERO; rows.first().map_or(0, Vec::len)];
    for (value, row) in domain.iter().zip(rows) {
        let DomainValue::Number(value) = value else {
            unreachable!("a utility's values are numbers, which is checked when the game is made")
        };
        for (payoff, probability) in payoffs.iter_mut().zip(row) {
            if !probability.is_zero() {
                *payoff += &(value * probability);
            }
        }
    }
    payoffs.into()
}
