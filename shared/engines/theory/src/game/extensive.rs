//! Games in extensive form: a tree of decision and chance nodes with information sets and outcomes.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::name::Series;
use super::{InfosetId, Meta, Name, NodeId, OutcomeId, PlayerId, Text};
use crate::rational::Rational;

/// A finite game tree. Values of this type are well formed: every rule that [`ExtensiveGame::new`] lists holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "ExtensiveParts", into = "ExtensiveParts")]
pub struct ExtensiveGame {
    parts: ExtensiveParts,
    /// Nodes in pre-order, derived.
    order: Vec<NodeId>,
    members: Members,
}

/// The members of all information sets in one list: set after set, in pre-order within each.
#[derive(Clone, Debug, PartialEq)]
struct Members {
    nodes: Vec<NodeId>,
    /// Where each set starts in `nodes`, and where the last one ends.
    starts: Vec<u32>,
}

/// The unchecked content of an [`ExtensiveGame`], which is also its storage form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExtensiveParts {
    pub meta: Meta,
    pub players: Vec<String>,
    /// Where play starts; a game may consist of one outcome only.
    pub root: Option<Target>,
    pub nodes: Vec<Node>,
    pub infosets: Vec<InformationSet>,
    pub outcomes: Vec<Outcome>,
    /// The `.efg` text this game was read from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub efg_content: Option<String>,
    /// Of a tree made from an influence diagram: each decision with the nodes at which it is taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub maid_to_efg_nodes: Vec<(String, Vec<NodeId>)>,
}

/// A node where somebody, or nature, moves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    pub id: Name,
    #[serde(default, skip_serializing_if = "is_empty")]
    pub label: Text,
    pub mover: Mover,
    /// In an information set, the same labels in the same order at every member.
    pub actions: Vec<Action>,
    /// Payoffs collected by passing through this node; they add to those met later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<OutcomeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<Box<Text>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mover {
    Chance,
    Infoset(InfosetId),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    pub label: Text,
    pub target: Target,
    /// Nature's probability at a chance node; at a decision node an optional behaviour probability, kept but not used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<Rational>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<Box<Text>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    Node(NodeId),
    Outcome(OutcomeId),
}

/// The nodes that one player cannot tell apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InformationSet {
    /// The id it has in the file; a single node needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Name>,
    pub player: PlayerId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub id: Name,
    pub label: Name,
    /// One payoff per player, in player order.
    pub payoffs: Vec<Rational>,
}

/// What is wrong with the content of a tree, and where: readers turn the place into a line and column.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Defect {
    pub place: Place,
    pub what: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Players,
    Root,
    Node(usize),
    Action(usize, usize),
    Outcome(usize),
}

impl ExtensiveGame {
    /// Checks that the parts form a game: names unique, indices in range, one path to every node (so no cycle and nothing
    /// unreachable), information sets of one player with the same actions at every member, chance probabilities
    /// that are not negative and sum to one.
    pub fn new(parts: ExtensiveParts) -> Result<ExtensiveGame, Defect> {
        check_names(&parts)?;
        let mut seen = vec![false; parts.infosets.len()];
        for (number, node) in parts.nodes.iter().enumerate() {
            // Later members have the actions of the first, which `members` checks.
            let first = match node.mover {
                Mover::Chance => true,
                Mover::Infoset(set) => seen
                    .get_mut(set.index())
                    .is_none_or(|seen| !std::mem::replace(seen, true)),
            };
            if first && let Some(position) = repeated_action(&node.actions) {
                let what = format!(
                    "node `{}` has two actions `{}`",
                    node.id, node.actions[position].label
                );
                return defect(Place::Action(number, position), what);
            }
            check_node(&parts, number, node)?;
        }
        let order = preorder(&parts)?;
        let members = members(&parts, &order)?;
        Ok(ExtensiveGame {
            parts,
            order,
            members,
        })
    }

    pub fn meta(&self) -> &Meta {
        &self.parts.meta
    }

    pub fn meta_mut(&mut self) -> &mut Meta {
        &mut self.parts.meta
    }

    pub fn players(&self) -> &[String] {
        &self.parts.players
    }

    pub fn root(&self) -> Target {
        self.parts.root.expect("checked when the game was made")
    }

    pub fn nodes(&self) -> &[Node] {
        &self.parts.nodes
    }

    pub fn node(&self, id: NodeId) -> &Node {
        &self.parts.nodes[id.index()]
    }

    pub fn outcomes(&self) -> &[Outcome] {
        &self.parts.outcomes
    }

    pub fn outcome(&self, id: OutcomeId) -> &Outcome {
        &self.parts.outcomes[id.index()]
    }

    pub fn infosets(&self) -> &[InformationSet] {
        &self.parts.infosets
    }

    pub fn infoset(&self, id: InfosetId) -> &InformationSet {
        &self.parts.infosets[id.index()]
    }

    /// The nodes of an information set, in pre-order; never empty.
    pub fn members(&self, id: InfosetId) -> &[NodeId] {
        let starts = &self.members.starts;
        &self.members.nodes[starts[id.index()] as usize..starts[id.index() + 1] as usize]
    }

    /// The actions available at an information set: those of its first member.
    pub fn actions(&self, id: InfosetId) -> &[Action] {
        &self.node(self.members(id)[0]).actions
    }

    /// All nodes, each before its descendants, in the order of the actions.
    pub fn preorder(&self) -> &[NodeId] {
        &self.order
    }

    /// A player's information sets in pre-order of their first nodes.
    pub fn infosets_of(&self, player: PlayerId) -> Vec<InfosetId> {
        let mut seen = vec![false; self.parts.infosets.len()];
        let mut found = Vec::new();
        for node in &self.order {
            if let Mover::Infoset(set) = self.node(*node).mover
                && self.infoset(set).player == player
                && !std::mem::replace(&mut seen[set.index()], true)
            {
                found.push(set);
            }
        }
        found
    }

    pub fn efg_content(&self) -> Option<&str> {
        self.parts.efg_content.as_deref()
    }

    /// The decisions of the influence diagram that this tree was made from, each with its nodes here.
    pub fn maid_to_efg_nodes(&self) -> &[(String, Vec<NodeId>)] {
        &self.parts.maid_to_efg_nodes
    }
}

impl TryFrom<ExtensiveParts> for ExtensiveGame {
    type Error = Defect;

    fn try_from(parts: ExtensiveParts) -> Result<ExtensiveGame, Defect> {
        ExtensiveGame::new(parts)
    }
}

impl From<ExtensiveGame> for ExtensiveParts {
    fn from(game: ExtensiveGame) -> ExtensiveParts {
        game.parts
    }
}

fn is_empty(label: &Text) -> bool {
    label.is_empty()
}

/// The first entry that is equal to an earlier one.
pub fn first_repeated(names: &[String]) -> Option<&String> {
    let mut seen = HashSet::with_capacity(names.len());
    names.iter().find(|name| !seen.insert(name.as_str()))
}

fn defect<T>(place: Place, what: impl Into<String>) -> Result<T, Defect> {
    Err(Defect {
        place,
        what: what.into(),
    })
}

fn check_names(parts: &ExtensiveParts) -> Result<(), Defect> {
    if parts.players.is_empty() {
        return defect(Place::Players, "a game needs at least one player");
    }
    if let Some(name) = first_repeated(&parts.players) {
        return defect(Place::Players, format!("two players are called `{name}`"));
    }
    if let Some((place, id)) = repeated_id(parts) {
        return defect(place, format!("the id `{id}` is used twice"));
    }
    for (number, outcome) in parts.outcomes.iter().enumerate() {
        if outcome.payoffs.len() != parts.players.len() {
            let what = format!(
                "outcome `{}` has {} payoffs for {} players",
                outcome.id,
                outcome.payoffs.len(),
                parts.players.len()
            );
            return defect(Place::Outcome(number), what);
        }
    }
    Ok(())
}

/// The first id that is used twice. Ids counted by a reader ascend, which shows without a set that they differ.
fn repeated_id(parts: &ExtensiveParts) -> Option<(Place, &Name)> {
    let ids = || {
        let nodes = parts.nodes.iter().enumerate();
        let outcomes = parts.outcomes.iter().enumerate();
        nodes
            .map(|(number, node)| (Place::Node(number), &node.id))
            .chain(outcomes.map(|(number, outcome)| (Place::Outcome(number), &outcome.id)))
    };
    let mut next = [0; Series::ALL.len()];
    let ascending = ids().all(|(_, id)| {
        id.number().is_some_and(|(series, number)| {
            let next = &mut next[series as usize];
            let ascends = u64::from(number) >= *next;
            *next = u64::from(number) + 1;
            ascends
        })
    });
    if ascending {
        return None;
    }
    let mut seen = HashSet::with_capacity(parts.nodes.len() + parts.outcomes.len());
    ids().find(|(_, id)| !seen.insert(*id))
}

/// The first action with the label of an earlier one.
fn repeated_action(actions: &[Action]) -> Option<usize> {
    /// Up to here comparing all pairs is faster than hashing.
    const FEW: usize = 12;
    if actions.len() <= FEW {
        return (1..actions.len()).find(|position| {
            let label = &actions[*position].label;
            actions[..*position]
                .iter()
                .any(|action| action.label == *label)
        });
    }
    let mut seen = HashSet::with_capacity(actions.len());
    actions
        .iter()
        .position(|action| !seen.insert(action.label.as_str()))
}

fn check_node(parts: &ExtensiveParts, number: usize, node: &Node) -> Result<(), Defect> {
    let place = Place::Node(number);
    if node.actions.is_empty() {
        return defect(place, format!("node `{}` has no actions", node.id));
    }
    if node
        .outcome
        .is_some_and(|outcome| outcome.index() >= parts.outcomes.len())
    {
        return defect(
            place,
            format!("node `{}` has an outcome that does not exist", node.id),
        );
    }
    for (position, action) in node.actions.iter().enumerate() {
        let at = Place::Action(number, position);
        check_target(parts, action.target, at)?;
        if action
            .probability
            .as_ref()
            .is_some_and(Rational::is_negative)
        {
            return defect(
                at,
                format!("action `{}` has a negative probability", action.label),
            );
        }
    }
    match node.mover {
        Mover::Infoset(set) => {
            let Some(infoset) = parts.infosets.get(set.index()) else {
                return defect(
                    place,
                    format!(
                        "node `{}` is in an information set that does not exist",
                        node.id
                    ),
                );
            };
            if infoset.player.index() >= parts.players.len() {
                return defect(
                    place,
                    format!("node `{}` belongs to a player that does not exist", node.id),
                );
            }
        }
        Mover::Chance => {
            if let Some(position) = node
                .actions
                .iter()
                .position(|action| action.probability.is_none())
            {
                return defect(
                    Place::Action(number, position),
                    format!(
                        "action `{}` of a chance node has no probability",
                        node.actions[position].label
                    ),
                );
            }
            let probabilities = node
                .actions
                .iter()
                .filter_map(|action| action.probability.as_ref());
            let Some(total) = Rational::bounded_sum(probabilities) else {
                let what = format!(
                    "the probabilities of chance node `{}` have no common denominator of a sensible length",
                    node.id
                );
                return defect(place, what);
            };
            if total != Rational::ONE {
                return defect(
                    place,
                    format!(
                        "the probabilities of chance node `{}` sum to {total}, not to 1",
                        node.id
                    ),
                );
            }
        }
    }
    Ok(())
}

fn check_target(parts: &ExtensiveParts, target: Target, place: Place) -> Result<(), Defect> {
    let exists = match target {
        Target::Node(node) => node.index() < parts.nodes.len(),
        Target::Outcome(outcome) => outcome.index() < parts.outcomes.len(),
    };
    if exists {
        Ok(())
    } else {
        defect(place, "the target does not exist")
    }
}

fn preorder(parts: &ExtensiveParts) -> Result<Vec<NodeId>, Defect> {
    let Some(root) = parts.root else {
        return defect(Place::Root, "the game has no root");
    };
    check_target(parts, root, Place::Root)?;
    let mut order = Vec::with_capacity(parts.nodes.len());
    let mut reached = vec![false; parts.nodes.len()];
    let mut pending = vec![(root, Place::Root)];
    while let Some((target, place)) = pending.pop() {
        let Target::Node(node) = target else { continue };
        if std::mem::replace(&mut reached[node.index()], true) {
            let what = format!(
                "node `{}` can be reached in two ways; a game tree has one path to each node",
                parts.nodes[node.index()].id
            );
            return defect(place, what);
        }
        order.push(node);
        let actions = parts.nodes[node.index()].actions.iter().enumerate().rev();
        pending.extend(
            actions
                .filter(|(_, action)| matches!(action.target, Target::Node(_)))
                .map(|(position, action)| (action.target, Place::Action(node.index(), position))),
        );
    }
    if let Some(number) = reached.iter().position(|reached| !reached) {
        return defect(
            Place::Node(number),
            format!(
                "node `{}` cannot be reached from the root",
                parts.nodes[number].id
            ),
        );
    }
    Ok(order)
}

/// Sorts the nodes by information set (counting sort, so pre-order is kept) and checks that a set has the same actions everywhere.
fn members(parts: &ExtensiveParts, order: &[NodeId]) -> Result<Members, Defect> {
    let set_of = |id: &NodeId| match parts.nodes[id.index()].mover {
        Mover::Chance => None,
        Mover::Infoset(set) => Some(set.index()),
    };
    let mut starts = vec![0u32; parts.infosets.len() + 1];
    for set in order.iter().filter_map(set_of) {
        starts[set + 1] += 1;
    }
    if starts[1..].contains(&0) {
        return defect(Place::Root, "an information set has no nodes");
    }
    for set in 1..starts.len() {
        starts[set] += starts[set - 1];
    }
    let mut next = starts.clone();
    let mut nodes = vec![NodeId::new(0); next.last().map_or(0, |end| *end as usize)];
    for id in order {
        let Some(set) = set_of(id) else { continue };
        nodes[next[set] as usize] = *id;
        next[set] += 1;
        let first = &parts.nodes[nodes[starts[set] as usize].index()];
        let node = &parts.nodes[id.index()];
        let same = first.actions.len() == node.actions.len()
            && first
                .actions
                .iter()
                .zip(&node.actions)
                .all(|(one, other)| one.label == other.label);
        if !same {
            let what = format!(
                "nodes `{}` and `{}` are in one information set but have different actions",
                first.id, node.id
            );
            return defect(Place::Node(id.index()), what);
        }
    }
    Ok(Members { nodes, starts })
}
