//! What a search carries through the tree: counters, the path, tables.

use shakmaty::zobrist::Zobrist64;
use shakmaty::{Chess, Position as _};

use super::Watch;
use super::history::{Arrival, Memory};
use super::node::Node;
use super::order::{Buffer, Hints, Picker};
use super::table::{ShortMove, Table};
use crate::eval::{self, PawnCache};

/// The stop flag is looked at each so many nodes: well below a millisecond.
const LOOK_EVERY: u64 = 512;

pub(super) struct Walk<'a> {
    pub table: &'a mut Table,
    pub memory: &'a mut Memory,
    pub pawns: &'a mut PawnCache,
    pub watch: &'a mut dyn Watch,
    pub buffers: &'a mut Vec<Buffer>,
    pub nodes: u64,
    pub most_nodes: u64,
    pub stopped: bool,
    /// Keys of the game's earlier positions, then of the path to the present node.
    pub keys: Vec<Zobrist64>,
    /// By ply: the move that was made there (none: a pass), and the static evaluation.
    pub made: Vec<Option<Arrival>>,
    pub evals: Vec<Option<i32>>,
    /// By ply: the move that is left out to see whether the others are much worse.
    pub excluded: Vec<Option<shakmaty::Move>>,
    /// By ply: the best line found from there.
    pub lines: Vec<Vec<shakmaty::Move>>,
    pub selective_depth: usize,
}

impl Walk<'_> {
    /// False when the search has to end.
    pub(super) fn count_node(&mut self) -> bool {
        if self.nodes >= self.most_nodes
            || (self.nodes.is_multiple_of(LOOK_EVERY) && self.watch.stop(self.nodes))
        {
            self.stopped = true;
        }
        if self.stopped {
            return false;
        }
        self.nodes += 1;
        true
    }

    pub(super) fn evaluate(&mut self, node: &Node) -> i32 {
        eval::evaluate(&node.position, self.pawns)
    }

    /// By rule, or by a repetition that both could have again: once within the tree, twice with what was played.
    pub(super) fn is_draw(&self, node: &Node, ply: usize) -> bool {
        let position = &node.position;
        if position.halfmoves() >= 100 {
            return !position.is_checkmate();
        }
        position.is_insufficient_material() || self.is_repetition(node, ply)
    }

    fn is_repetition(&self, node: &Node, ply: usize) -> bool {
        let mut before = 0;
        let reach = node.reversible.min(self.keys.len());
        let mut back = 4;
        while back <= reach {
            let at = self.keys.len() - back;
            if self.keys[at] == node.key {
                before += 1;
                if back < ply || before == 2 {
                    return true;
                }
            }
            back += 2;
        }
        false
    }

    pub(super) fn step(&mut self, node: &Node, ply: usize, made: Option<Arrival>) {
        self.keys.push(node.key);
        self.made[ply] = made;
        self.selective_depth = self.selective_depth.max(ply + 1);
    }

    pub(super) fn step_back(&mut self) {
        self.keys.pop();
    }

    /// What the opponent has just moved, and where to.
    pub(super) fn last_arrival(&self, ply: usize) -> Option<Arrival> {
        ply.checked_sub(1).and_then(|last| self.made[last])
    }

    pub(super) fn hints(&self, of: (ShortMove, Option<Arrival>, usize)) -> Hints<'_> {
        let (hash, last, ply) = of;
        Hints {
            memory: &*self.memory,
            hash,
            last,
            ply,
        }
    }

    pub(super) fn picker(&mut self) -> Picker {
        Picker::new(self.buffers.pop().unwrap_or_default())
    }

    pub(super) fn give_back(&mut self, picker: Picker) {
        self.buffers.push(picker.into_buffer());
    }
}

/// Knights, bishops, rooks or queens of the side to move.
pub(super) fn has_pieces(position: &Chess) -> bool {
    let board = position.board();
    (position.us() & !board.pawns() & !board.kings()).any()
}

/// With pawns alone, or a single minor piece, to have to move is often the worst: a pass says nothing then.
pub(super) fn fears_zugzwang(position: &Chess) -> bool {
    let board = position.board();
    let pieces = position.us() & !board.pawns() & !board.kings();
    !pieces.more_than_one() && (pieces & board.rooks_and_queens()).is_empty()
}
