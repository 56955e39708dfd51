//! Multi-agent influence diagrams: chance, decision and utility nodes, and who observes what.

use serde::{Deserialize, Serialize};

use super::{Meta, PlayerId};
use crate::rational::Rational;

/// A multi-agent influence diagram (Koller and Milch 2003).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "MaidParts", into = "MaidParts")]
pub struct MaidGame(MaidParts);

/// The unchecked content of a [`MaidGame`], which is also its storage form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    pub domain: Vec<DomainValue>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MaidKind {
    Chance,
    Decision(PlayerId),
    Utility(PlayerId),
}

/// A value that a variable can take.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DomainValue {
    Text(String),
    Number(Rational),
}

/// The distribution of a node given its parents: a row per value of the node, a column per configuration of the parents, the first
/// parent's value most significant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TabularCpd {
    pub node: usize,
    pub parents: Vec<usize>,
    pub values: Vec<Vec<Rational>>,
}

impl TryFrom<MaidParts> for MaidGame {
    type Error = String;

    fn try_from(parts: MaidParts) -> Result<MaidGame, String> {
        if parts.agents.is_empty() {
            return Err("a game needs at least one agent".to_owned());
        }
        Ok(MaidGame(parts))
    }
}

impl From<MaidGame> for MaidParts {
    fn from(game: MaidGame) -> MaidParts {
        game.0
    }
}

impl MaidGame {
    pub fn meta(&self) -> &Meta {
        &self.0.meta
    }

    pub fn meta_mut(&mut self) -> &mut Meta {
        &mut self.0.meta
    }

    pub fn agents(&self) -> &[String] {
        &self.0.agents
    }

    pub fn nodes(&self) -> &[MaidNode] {
        &self.0.nodes
    }

    pub fn edges(&self) -> &[(usize, usize)] {
        &self.0.edges
    }

    pub fn cpds(&self) -> &[TabularCpd] {
        &self.0.cpds
    }
}
