//! A tree flattened once for many passes: sequences of every player, and payoffs by pairs of sequences or by end.

use std::sync::atomic::{AtomicBool, Ordering};

use super::pairs::{Entry, Rows, pair_up};
use super::scale::Scale;
use super::sequences::Sequences;
use super::topology::{Child, Topology, Turn};
use crate::game::{ExtensiveGame, InfosetId, Mover, NodeId, Target};

/// Most payoffs (ends × players) that are held as doubles.
const MOST_PAYOFFS: usize = 16_000_000;

/// Why a tree was not flattened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{0}")]
    Unfit(String),
    #[error("stopped while the tree was read")]
    Stopped,
}

/// A game tree as arrays.
pub struct Flat {
    pub scale: Scale,
    /// By player.
    pub sequences: Vec<Sequences>,
    /// For each player's information sets, in the order of [`Sequences`], those of the game.
    pub sets: Vec<Vec<InfosetId>>,
    pub(super) topology: Topology,
    /// The scaled payoffs of the ends, one number per player.
    pub(super) payoffs: Vec<f64>,
    /// Of two players, the payoffs by pairs of sequences.
    pub(super) pairs: Option<[Rows; 2]>,
}

/// Whether a tree can be flattened: every player remembers, and the payoffs fit into memory. Linear in the tree.
pub fn recall_and_size(game: &ExtensiveGame) -> Result<(), Refusal> {
    if let Some(set) = game.forgetful_infosets().first() {
        let player = &game.players()[game.infoset(*set).player.index()];
        let node = &game.node(game.members(*set)[0]).id;
        return Err(Refusal::Unfit(format!(
            "perfect recall is needed, but player '{player}' forgets something at the information set of node '{node}'"
        )));
    }
    let edges = game.nodes().iter().flat_map(|node| &node.actions);
    let ends = edges
        .filter(|action| matches!(action.target, Target::Outcome(_)))
        .count();
    let payoffs = ends.saturating_mul(game.players().len());
    if payoffs > MOST_PAYOFFS {
        return Err(Refusal::Unfit(format!(
            "the tree has {payoffs} payoffs at its ends; at most {MOST_PAYOFFS} are allowed"
        )));
    }
    Ok(())
}

impl Flat {
    /// Linear in the tree.
    pub fn new(game: &ExtensiveGame, stop: &AtomicBool) -> Result<Flat, Refusal> {
        recall_and_size(game)?;
        let players = game.players().len();
        let mut sequences: Vec<Sequences> = (0..players).map(|_| Sequences::new()).collect();
        let mut sets: Vec<Vec<InfosetId>> = vec![Vec::new(); players];
        let mut turns = vec![Turn::Chance; game.infosets().len()];
        // In pre-order of their first nodes, so that an own past always has a lower number.
        let is_first = |node: &&NodeId| match game.node(**node).mover {
            Mover::Infoset(set) => game.members(set)[0] == **node,
            Mover::Chance => false,
        };
        for node in game.preorder().iter().filter(is_first) {
            let Mover::Infoset(set) = game.node(*node).mover else {
                continue;
            };
            let player = game.infoset(set).player.index();
            turns[set.index()] = Turn::Set {
                player: player as u32,
                set: sets[player].len() as u32,
            };
            sets[player].push(set);
            sequences[player].push(game.actions(set).len());
        }
        let last = game.last_own_moves();
        for (player, sets) in sets.iter().enumerate() {
            for (place, set) in sets.iter().enumerate() {
                let Some((past, action)) = last[game.members(*set)[0].index()] else {
                    continue;
                };
                let Turn::Set { set: past, .. } = turns[past.index()] else {
                    continue;
                };
                let parent = sequences[player].of(past as usize).start + action;
                sequences[player].set_parent(place, parent as u32);
            }
        }
        let scale = Scale::of(game, stop)?;
        let payoffs = scale.scaled(game, stop)?;
        let topology = Topology::of(game, &turns, stop)?;
        let mut flat = Flat {
            scale,
            sequences,
            sets,
            topology,
            payoffs,
            pairs: None,
        };
        if let [first, second] = flat.sequences.as_slice() {
            let sizes = [first.len(), second.len()];
            flat.pairs = Some(pair_up(flat.entries(stop)?, sizes, stop)?);
        }
        Ok(flat)
    }

    pub fn players(&self) -> usize {
        self.sequences.len()
    }

    /// About how many elementary steps a pass for every player takes.
    pub fn work(&self) -> u64 {
        let sequences: usize = self.sequences.iter().map(Sequences::len).sum();
        let payoffs = match &self.pairs {
            Some(rows) => rows.iter().map(Rows::nonzeros).sum(),
            None => self.players() * (self.topology.nodes() + self.topology.ends),
        };
        (sequences + payoffs) as u64
    }

    /// Whether there are two players whose payoffs always add up to the same.
    pub fn is_zero_sum(&self) -> bool {
        self.players() == 2 && self.scale.is_constant_sum()
    }

    /// The ends that nature does not exclude, each with both players' last sequences.
    fn entries(&self, stop: &AtomicBool) -> Result<Vec<Entry>, Refusal> {
        let topology = &self.topology;
        let mut entries = Vec::with_capacity(topology.ends);
        let mut arrive = |child: Child, arrived: Arrived, arrivals: &mut [Arrived]| match child {
            Child::Node(node) => arrivals[node as usize] = arrived,
            Child::End(_) if arrived.chance == 0.0 => {}
            Child::End(end) => entries.push(Entry {
                sequences: arrived.sequences,
                payoffs: [0, 1]
                    .map(|player| arrived.chance * self.payoffs[end as usize * 2 + player]),
            }),
        };
        let start = Arrived {
            chance: 1.0,
            sequences: [0, 0],
        };
        let mut arrivals = vec![start; topology.nodes()];
        arrive(topology.root, start, &mut arrivals);
        for node in 0..topology.nodes() {
            if node % 4_096 == 0 && stop.load(Ordering::Relaxed) {
                return Err(Refusal::Stopped);
            }
            let here = arrivals[node];
            let edges = topology.children(node).iter().zip(topology.chances(node));
            for (action, (child, chance)) in edges.enumerate() {
                let mut next = here;
                match topology.turns[node] {
                    Turn::Chance => next.chance *= chance,
                    Turn::Set { player, set } => {
                        let of = self.sequences[player as usize].of(set as usize);
                        next.sequences[player as usize] = (of.start + action) as u32;
                    }
                }
                arrive(*child, next, &mut arrivals);
            }
        }
        Ok(entries)
    }
}

/// How play came to a node: nature's part, and each player's last own move.
#[derive(Clone, Copy)]
struct Arrived {
    chance: f64,
    sequences: [u32; 2],
}
