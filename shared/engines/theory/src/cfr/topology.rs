//! A tree as arrays in depth-first order: every child after its parent.

use std::sync::atomic::{AtomicBool, Ordering};

use super::flat::Refusal;
use crate::game::{ExtensiveGame, Mover, Target};

/// Where an edge leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Child {
    Node(u32),
    /// Ends are numbered in depth-first order.
    End(u32),
}

/// Who moves at a node: nature, or the owner of an information set of [`super::sequences::Sequences`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Chance,
    Set { player: u32, set: u32 },
}

pub struct Topology {
    pub root: Child,
    pub turns: Vec<Turn>,
    /// Where each node's edges begin; one entry more than nodes.
    first: Vec<u32>,
    children: Vec<Child>,
    /// Nature's probabilities; 1 on the players' edges.
    chances: Vec<f64>,
    pub ends: usize,
}

impl Topology {
    /// `turn_of` says for an information set of the game whose it is and which of theirs.
    pub fn of(
        game: &ExtensiveGame,
        turn_of: &[Turn],
        stop: &AtomicBool,
    ) -> Result<Topology, Refusal> {
        let order = game.preorder();
        let mut place = vec![0u32; game.nodes().len()];
        for (at, node) in order.iter().enumerate() {
            place[node.index()] = at as u32;
        }
        let mut topology = Topology {
            root: Child::End(0),
            turns: Vec::with_capacity(order.len()),
            first: Vec::with_capacity(order.len() + 1),
            children: Vec::new(),
            chances: Vec::new(),
            ends: 0,
        };
        for (at, id) in order.iter().enumerate() {
            if at % 4_096 == 0 && stop.load(Ordering::Relaxed) {
                return Err(Refusal::Stopped);
            }
            let node = game.node(*id);
            topology.first.push(topology.children.len() as u32);
            topology.turns.push(match node.mover {
                Mover::Chance => Turn::Chance,
                Mover::Infoset(set) => turn_of[set.index()],
            });
            for action in &node.actions {
                topology.children.push(match action.target {
                    Target::Node(node) => Child::Node(place[node.index()]),
                    // Numbered below.
                    Target::Outcome(_) => Child::End(0),
                });
                topology
                    .chances
                    .push(match (node.mover, &action.probability) {
                        (Mover::Chance, Some(probability)) => probability.to_f64(),
                        _ => 1.0,
                    });
            }
        }
        topology.first.push(topology.children.len() as u32);
        topology.number_ends();
        if !topology.turns.is_empty() {
            topology.root = Child::Node(0);
        }
        Ok(topology)
    }

    fn number_ends(&mut self) {
        if self.turns.is_empty() {
            self.ends = 1;
            return;
        }
        let mut pending: Vec<u32> = (self.first[0]..self.first[1]).rev().collect();
        while let Some(edge) = pending.pop() {
            match &mut self.children[edge as usize] {
                Child::Node(node) => {
                    let node = *node as usize;
                    pending.extend((self.first[node]..self.first[node + 1]).rev());
                }
                Child::End(end) => {
                    *end = self.ends as u32;
                    self.ends += 1;
                }
            }
        }
    }

    pub fn nodes(&self) -> usize {
        self.turns.len()
    }

    /// A node's children in the order of its actions.
    pub fn children(&self, node: usize) -> &[Child] {
        &self.children[self.edges(node)]
    }

    /// The probabilities of the edges to the children.
    pub fn chances(&self, node: usize) -> &[f64] {
        &self.chances[self.edges(node)]
    }

    fn edges(&self, node: usize) -> std::ops::Range<usize> {
        self.first[node] as usize..self.first[node + 1] as usize
    }
}
