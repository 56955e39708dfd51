//! Multi-agent influence diagrams: chance, decision and utility nodes, and who observes what.

use std::collections::HashSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::extensive::first_repeated;
use super::wire::CHANCE;
use super::{Meta, PlayerId};
use crate::rational::Rational;

/// A multi-agent influence diagram (Koller and Milch 2003). Values of this type are well formed: every rule that [`MaidGame::new`]
/// lists holds. Tables may be missing ([`MaidGame::gaps`]): the graph alone already says which decision relies on which.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "MaidParts", into = "MaidParts")]
pub struct MaidGame {
    parts: MaidParts,
    /// For each node its parents, in the order of its table's columns; derived.
    parents: Vec<Vec<usize>>,
    /// All nodes, each after its parents, otherwise in the order of the file; derived.
    order: Vec<usize>,
}

/// The unchecked content of a [`MaidGame`], which is also its storage form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MaidParts {
    pub meta: Meta,
    pub agents: Vec<String>,
    pub nodes: Vec<MaidNode>,
    /// Pairs of source and target, as positions in `nodes`.
    pub edges: Vec<(usize, usize)>,
    pub cpds: Vec<TabularCpd>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MaidNode {
    pub id: String,
    pub kind: MaidKind,
    /// The values that it can take: a decision's actions, a utility's possible payoffs.
    pub domain: Vec<DomainValue>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MaidKind {
    Chance,
    /// Whose decision it is.
    Decision(PlayerId),
    /// Who gets the payoff; an agent's payoffs add up.
    Utility(PlayerId),
}

/// A value that a variable can take.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DomainValue {
    Text(String),
    Number(Rational),
    Truth(bool),
}

/// The distribution of a node given its parents: a row per value of the node, a column per configuration of the parents, the first
/// parent's value most significant. That of a decision is a rule somebody wrote down; it is kept but not used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TabularCpd {
    pub node: usize,
    pub parents: Vec<usize>,
    pub values: Vec<Vec<Rational>>,
}

/// What is wrong with the content of a diagram, and where: readers turn the place into a line and column.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct MaidDefect {
    pub place: MaidPlace,
    pub what: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaidPlace {
    Agents,
    Node(usize),
    Edge(usize),
    Cpd(usize),
}

impl MaidGame {
    /// Checks that the parts form a diagram: names unique, indices in range, no cycle, no edge out of a utility node, values of a node
    /// distinct, payoffs numbers, one table per node at most, whose parents are those of the edges, whose size is theirs, and whose
    /// columns are distributions.
    pub fn new(parts: MaidParts) -> Result<MaidGame, MaidDefect> {
        check_agents(&parts.agents)?;
        check_nodes(&parts)?;
        let mut parents = check_edges(&parts)?;
        let order = order(&parts, &parents)?;
        let mut tabled = HashSet::with_capacity(parts.cpds.len());
        for (number, cpd) in parts.cpds.iter().enumerate() {
            let place = MaidPlace::Cpd(number);
            let Some(node) = parts.nodes.get(cpd.node) else {
                return defect(place, "a table for a node that does not exist");
            };
            if !tabled.insert(cpd.node) {
                return defect(place, format!("a second table for node `{}`", node.id));
            }
            check_parents(&parts, cpd, &parents[cpd.node]).map_err(|what| at(place, what))?;
            check_table(&parts, cpd).map_err(|what| at(place, what))?;
            parents[cpd.node].clone_from(&cpd.parents);
        }
        Ok(MaidGame {
            parts,
            parents,
            order,
        })
    }

    pub fn meta(&self) -> &Meta {
        &self.parts.meta
    }

    pub fn meta_mut(&mut self) -> &mut Meta {
        &mut self.parts.meta
    }

    pub fn agents(&self) -> &[String] {
        &self.parts.agents
    }

    pub fn nodes(&self) -> &[MaidNode] {
        &self.parts.nodes
    }

    /// Pairs of source and target, as positions in [`MaidGame::nodes`].
    pub fn edges(&self) -> &[(usize, usize)] {
        &self.parts.edges
    }

    pub fn cpds(&self) -> &[TabularCpd] {
        &self.parts.cpds
    }

    /// A node's parents in the order of its table's columns; in that of the edges where it has no table.
    pub fn parents(&self, node: usize) -> &[usize] {
        &self.parents[node]
    }

    /// All nodes, each after its parents.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// The decision nodes, in the order of the file.
    pub fn decisions(&self) -> Vec<usize> {
        let is_decision =
            |node: &usize| matches!(self.parts.nodes[*node].kind, MaidKind::Decision(_));
        (0..self.parts.nodes.len()).filter(is_decision).collect()
    }

    pub fn find(&self, id: &str) -> Option<usize> {
        self.parts.nodes.iter().position(|node| node.id == id)
    }

    /// What is missing before anything can be computed: tables of chance and utility nodes, values of any node.
    pub fn gaps(&self) -> Vec<String> {
        let tabled: HashSet<usize> = self.parts.cpds.iter().map(|cpd| cpd.node).collect();
        let gap = |(number, node): (usize, &MaidNode)| match node.kind {
            MaidKind::Decision(_) if node.domain.is_empty() => {
                Some(format!("decision node `{}` has no actions", node.id))
            }
            MaidKind::Chance | MaidKind::Utility(_) if !tabled.contains(&number) => {
                Some(format!("{} node `{}` has no table", node.kind, node.id))
            }
            _ => None,
        };
        self.parts
            .nodes
            .iter()
            .enumerate()
            .filter_map(gap)
            .collect()
    }
}

impl TryFrom<MaidParts> for MaidGame {
    type Error = MaidDefect;

    fn try_from(parts: MaidParts) -> Result<MaidGame, MaidDefect> {
        MaidGame::new(parts)
    }
}

impl From<MaidGame> for MaidParts {
    fn from(game: MaidGame) -> MaidParts {
        game.parts
    }
}

impl fmt::Display for MaidKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MaidKind::Chance => "chance",
            MaidKind::Decision(_) => "decision",
            MaidKind::Utility(_) => "utility",
        })
    }
}

/// The value as a label: numbers as decimals where those are exact.
impl fmt::Display for DomainValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DomainValue::Text(text) => f.write_str(text),
            DomainValue::Truth(truth) => truth.fmt(f),
            DomainValue::Number(number) => {
                let decimal = number.to_f64().to_string();
                match Rational::parse(&decimal) {
                    Ok(exact) if exact == *number && !number.is_integer() => f.write_str(&decimal),
                    _ => number.fmt(f),
                }
            }
        }
    }
}

fn at(place: MaidPlace, what: impl Into<String>) -> MaidDefect {
    MaidDefect {
        place,
        what: what.into(),
    }
}

fn defect<T>(place: MaidPlace, what: impl Into<String>) -> Result<T, MaidDefect> {
    Err(at(place, what))
}

fn check_agents(agents: &[String]) -> Result<(), MaidDefect> {
    if agents.is_empty() {
        return defect(MaidPlace::Agents, "a game needs at least one agent");
    }
    if let Some(name) = first_repeated(agents) {
        return defect(MaidPlace::Agents, format!("two agents are called `{name}`"));
    }
    if agents.iter().any(|name| name == CHANCE) {
        let what = format!("no agent can be called `{CHANCE}`: nature has that name");
        return defect(MaidPlace::Agents, what);
    }
    Ok(())
}

fn check_nodes(parts: &MaidParts) -> Result<(), MaidDefect> {
    let mut ids = HashSet::with_capacity(parts.nodes.len());
    for (number, node) in parts.nodes.iter().enumerate() {
        let place = MaidPlace::Node(number);
        if !ids.insert(node.id.as_str()) {
            return defect(place, format!("the id `{}` is used twice", node.id));
        }
        if let MaidKind::Decision(agent) | MaidKind::Utility(agent) = node.kind
            && agent.index() >= parts.agents.len()
        {
            let what = format!("node `{}` belongs to an agent that does not exist", node.id);
            return defect(place, what);
        }
        // Values that look alike could not be told apart as actions of the tree.
        let shown: Vec<String> = node.domain.iter().map(DomainValue::to_string).collect();
        if let Some(value) = first_repeated(&shown) {
            let what = format!("node `{}` has the value `{value}` twice", node.id);
            return defect(place, what);
        }
        let is_number = |value: &DomainValue| matches!(value, DomainValue::Number(_));
        if matches!(node.kind, MaidKind::Utility(_)) && !node.domain.iter().all(is_number) {
            let what = format!("a value of utility node `{}` is not a number", node.id);
            return defect(place, what);
        }
    }
    Ok(())
}

/// The parents of every node, in the order of the edges.
fn check_edges(parts: &MaidParts) -> Result<Vec<Vec<usize>>, MaidDefect> {
    let mut parents = vec![Vec::new(); parts.nodes.len()];
    let mut seen = HashSet::with_capacity(parts.edges.len());
    for (number, edge) in parts.edges.iter().enumerate() {
        let place = MaidPlace::Edge(number);
        let (Some(source), Some(target)) = (parts.nodes.get(edge.0), parts.nodes.get(edge.1))
        else {
            return defect(place, "an edge of a node that does not exist");
        };
        let name = || format!("from `{}` to `{}`", source.id, target.id);
        if !seen.insert(*edge) {
            return defect(place, format!("a second edge {}", name()));
        }
        if matches!(source.kind, MaidKind::Utility(_)) {
            let what = format!("an edge {}, but nothing depends on a utility node", name());
            return defect(place, what);
        }
        parents[edge.1].push(edge.0);
    }
    Ok(parents)
}

/// Kahn's algorithm, taking the first node of the file among those whose parents are placed.
fn order(parts: &MaidParts, parents: &[Vec<usize>]) -> Result<Vec<usize>, MaidDefect> {
    use std::cmp::Reverse;
    let mut children = vec![Vec::new(); parts.nodes.len()];
    for (source, target) in &parts.edges {
        children[*source].push(*target);
    }
    let mut missing: Vec<usize> = parents.iter().map(Vec::len).collect();
    let ready = (0..parts.nodes.len()).filter(|node| missing[*node] == 0);
    let mut ready: std::collections::BinaryHeap<_> = ready.map(Reverse).collect();
    let mut order = Vec::with_capacity(parts.nodes.len());
    while let Some(Reverse(node)) = ready.pop() {
        order.push(node);
        for child in &children[node] {
            missing[*child] -= 1;
            if missing[*child] == 0 {
                ready.push(Reverse(*child));
            }
        }
    }
    if order.len() == parts.nodes.len() {
        return Ok(order);
    }
    // What is left hangs below a cycle. Walking up among it ends in one.
    let left = |node: &usize| missing[*node] > 0;
    let mut node = (0..parts.nodes.len()).find(left).unwrap_or_default();
    for _ in 0..parts.nodes.len() {
        node = parents[node]
            .iter()
            .copied()
            .find(|above| left(above))
            .unwrap_or(node);
    }
    let edge = parts
        .edges
        .iter()
        .position(|(source, target)| *target == node && missing[*source] > 0)
        .unwrap_or_default();
    let what = format!("node `{}` is on a cycle of edges", parts.nodes[node].id);
    defect(MaidPlace::Edge(edge), what)
}

fn check_parents(parts: &MaidParts, cpd: &TabularCpd, edges: &[usize]) -> Result<(), String> {
    let node = &parts.nodes[cpd.node].id;
    let mut missing: HashSet<usize> = edges.iter().copied().collect();
    for parent in &cpd.parents {
        let Some(name) = parts.nodes.get(*parent).map(|parent| &parent.id) else {
            return Err(format!(
                "the table of `{node}` has a parent that does not exist"
            ));
        };
        if !missing.remove(parent) {
            return Err(if edges.contains(parent) {
                format!("the table of `{node}` names the parent `{name}` twice")
            } else {
                format!(
                    "the table of `{node}` names the parent `{name}`, but no edge leads from there"
                )
            });
        }
    }
    match edges.iter().find(|parent| missing.contains(parent)) {
        None => Ok(()),
        Some(parent) => Err(format!(
            "the table of `{node}` leaves out its parent `{}`",
            parts.nodes[*parent].id
        )),
    }
}

fn check_table(parts: &MaidParts, cpd: &TabularCpd) -> Result<(), String> {
    let node = &parts.nodes[cpd.node];
    let name = &node.id;
    if cpd.values.len() != node.domain.len() {
        return Err(format!(
            "the table of `{name}` has {} rows for {} values",
            cpd.values.len(),
            node.domain.len()
        ));
    }
    let columns = cpd
        .parents
        .iter()
        .map(|parent| parts.nodes[*parent].domain.len())
        .try_fold(1usize, usize::checked_mul)
        .ok_or_else(|| format!("the table of `{name}` has too many columns"))?;
    if let Some(row) = cpd.values.iter().find(|row| row.len() != columns) {
        return Err(format!(
            "the table of `{name}` has a row of {} entries for {columns} configurations of its parents",
            row.len()
        ));
    }
    if cpd.values.is_empty() || columns == 0 {
        return Err(format!("the table of `{name}` is empty"));
    }
    for column in 0..columns {
        let entries = || cpd.values.iter().map(|row| &row[column]);
        if let Some(negative) = entries().find(|entry| entry.is_negative()) {
            return Err(format!(
                "the table of `{name}` has the negative probability {negative}"
            ));
        }
        let total: Rational = entries().sum();
        if total != Rational::ONE {
            return Err(format!(
                "column {} of the table of `{name}` sums to {total}, not to 1",
                column + 1
            ));
        }
    }
    Ok(())
}
