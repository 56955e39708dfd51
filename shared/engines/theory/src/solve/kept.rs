//! The state of a search as bytes, to go on from in another attempt.

use std::sync::atomic::AtomicBool;

use dashu_int::IBig;
use serde::{Deserialize, Serialize};

use super::face::Matrix;
use super::half::Half;
use super::labels::Labels;
use super::node::Node;
use super::polytope::Polytope;
use super::tableau::Halt;
use crate::rational::Rational;

/// Raised when the search or this format changes, so that states of other versions are left alone.
const VERSION: u32 = 1;

/// Most bytes of a state that is kept.
const MOST_BYTES: usize = 64 << 20;

/// What is left to do, and what was found.
#[derive(Serialize, Deserialize)]
pub struct Kept {
    version: u32,
    game: u64,
    nodes: Vec<KeptNode>,
    /// Completely labelled pairs, as mixtures of the reduced game.
    pub pairs: Vec<[Vec<Rational>; 2]>,
    /// The share of the search that is over.
    pub done: u64,
}

#[derive(Serialize, Deserialize)]
struct KeptNode {
    halves: [KeptHalf; 2],
    undecided: Vec<usize>,
    forbidden: Vec<usize>,
    share: u64,
}

#[derive(Serialize, Deserialize)]
pub struct KeptHalf {
    pub nonbasic: Vec<usize>,
    pub fixed: Vec<usize>,
    pub never: Vec<usize>,
}

/// A number that tells games apart.
pub fn fingerprint(polytopes: &[Polytope; 2]) -> u64 {
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    for Polytope { exact, .. } in polytopes {
        let Matrix {
            rows,
            columns,
            entries,
        } = exact;
        hash.write(&rows.to_le_bytes());
        hash.write(&columns.to_le_bytes());
        for entry in entries {
            hash.write(&IBig::to_le_bytes(entry));
            hash.write(b",");
        }
    }
    hash.0
}

/// Fowler, Noll and Vo's hash (1a, 64 bits): the same on every machine.
struct Fnv(u64);

impl Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl Kept {
    pub fn new(game: u64, nodes: &[Node<'_>], pairs: Vec<[Vec<Rational>; 2]>, done: u64) -> Kept {
        let list = |labels: &Labels| labels.iter().collect();
        let node = |node: &Node<'_>| KeptNode {
            halves: [node.first.to_kept(), node.second.to_kept()],
            undecided: list(&node.undecided),
            forbidden: list(&node.forbidden),
            share: node.share,
        };
        Kept {
            version: VERSION,
            game,
            nodes: nodes.iter().map(node).collect(),
            pairs,
            done,
        }
    }

    /// `None` if it would be too long.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        serde_json::to_vec(self)
            .ok()
            .filter(|bytes| bytes.len() <= MOST_BYTES)
    }

    /// `None` if it is of another game or version, or not a state at all.
    pub fn from_bytes(bytes: &[u8], game: u64) -> Option<Kept> {
        serde_json::from_slice(bytes)
            .ok()
            .filter(|kept: &Kept| kept.version == VERSION && kept.game == game)
    }

    /// The nodes that were left.
    pub fn nodes<'p>(
        &self,
        polytopes: &'p [Polytope; 2],
        stop: &'p AtomicBool,
    ) -> Result<Vec<Node<'p>>, Halt> {
        let size = polytopes[0].labels();
        let restored = |node: &KeptNode| {
            Ok(Node {
                first: Half::of_kept(&polytopes[0], &node.halves[0], stop)?,
                second: Half::of_kept(&polytopes[1], &node.halves[1], stop)?,
                undecided: Labels::of(size, &node.undecided)?,
                forbidden: Labels::of(size, &node.forbidden)?,
                share: node.share,
            })
        };
        self.nodes.iter().map(restored).collect()
    }
}
