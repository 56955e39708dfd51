//! The search: iterative deepening over principal variation search, limited by nodes, so that the same question has the
//! same answer on any machine.

mod alphabeta;
mod captures;
mod history;
mod moves;
mod node;
mod order;
mod prune;
mod quiesce;
mod root;
mod score;
mod see;
mod table;
#[cfg(test)]
mod tests;
mod walk;

use shakmaty::zobrist::Zobrist64;
use shakmaty::{Chess, Move};

use crate::eval::PawnCache;
use history::Memory;
use order::Buffer;
pub use score::Score;
use table::Table;

/// How far to look. Nodes are the measure: unlike time they are the same everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub nodes: u64,
    pub depth: u8,
    /// Of so many root moves the exact score is wanted, best first.
    pub multipv: usize,
}

/// A line of play and what it is worth to the side to move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// At least one move.
    pub moves: Vec<Move>,
    pub score: Score,
}

/// What a search has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Best first; as many as wanted and legal. None: mate or stalemate.
    pub lines: Vec<Line>,
    /// The last depth that was searched to its end.
    pub depth: u8,
    /// How deep the deepest line went.
    pub selective_depth: u8,
    pub nodes: u64,
    /// Thousandths of the transposition table in use.
    pub table_fill: usize,
}

/// Looks on while a search runs.
pub trait Watch {
    /// Asked at least every millisecond; true ends the search.
    fn stop(&mut self, nodes: u64) -> bool;

    /// After each depth.
    fn depth_done(&mut self, _report: &Report) {}
}

/// Lets the search run to its limits.
#[derive(Debug, Clone, Copy)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn stop(&mut self, _nodes: u64) -> bool {
        false
    }
}

/// An engine with its memory.
pub struct Searcher {
    table: Table,
    memory: Memory,
    pawns: PawnCache,
    buffers: Vec<Buffer>,
}

impl Searcher {
    pub fn new(table_megabytes: usize) -> Self {
        Self {
            table: Table::new(table_megabytes),
            memory: Memory::new(),
            pawns: PawnCache::new(),
            buffers: Vec::new(),
        }
    }

    /// Forgets everything: the next search depends on its arguments alone. Costs what the last searches have used.
    pub fn clear(&mut self) {
        self.table.clear();
        self.memory.clear();
    }

    /// `history`: keys of the game's earlier positions, oldest first, by `EnPassantMode::Legal`; those since the last
    /// capture or pawn move are enough, and the present position may be the last of them.
    pub fn search(
        &mut self,
        position: &Chess,
        history: &[Zobrist64],
        limits: &Limits,
        watch: &mut dyn Watch,
    ) -> Report {
        root::search(self, position, history, (limits, watch))
    }
}
