//! Games in extensive form: a tree of decision and chance nodes with information sets and outcomes.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::check::check;
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
pub(super) struct Members {
    pub nodes: Vec<NodeId>,
    /// Where each set starts in `nodes`, and where the last one ends.
    pub starts: Vec<u32>,
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
        let (order, members) = check(&parts)?;
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
