//! Principal variation search (Marsland and Campbell, 1982) with the usual ways of looking deeper where it matters.

use shakmaty::{Move, Position as _};

use super::node::Node;
use super::prune;
use super::score::{DRAW, INFINITE, MATE, MATE_BOUND, MAX_PLY, mated_at};
use super::table::{Bound, Entry, ShortMove};
use super::walk::{Walk, fears_zugzwang};

/// Values between which the truth matters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub alpha: i32,
    pub beta: i32,
}

impl Window {
    pub(super) const FULL: Self = Self {
        alpha: -INFINITE,
        beta: INFINITE,
    };

    /// The part of this window that is near a guess; all of it if there is none.
    pub(super) fn around(self, guess: i32) -> Self {
        const WIDTH: i32 = 40;
        if guess <= self.alpha || guess.abs() >= MATE_BOUND {
            return self;
        }
        Self {
            alpha: self.alpha.max(guess - WIDTH),
            beta: self.beta.min(guess + WIDTH),
        }
    }

    /// Only asks whether the value is above alpha.
    pub(super) fn is_null(self) -> bool {
        self.beta - self.alpha <= 1
    }

    /// The same window, seen by the other side.
    pub(super) fn flipped(self) -> Self {
        Self {
            alpha: -self.beta,
            beta: -self.alpha,
        }
    }

    pub(super) fn above(alpha: i32) -> Self {
        Self {
            alpha,
            beta: alpha + 1,
        }
    }

    /// Whether what is stored answers the question.
    pub(super) fn is_settled_by(self, entry: &Entry) -> bool {
        match entry.bound {
            Bound::Exact => true,
            Bound::Lower => entry.value >= self.beta,
            Bound::Upper => entry.value <= self.alpha,
        }
    }
}

impl Entry {
    /// Whether the stored value is a better estimate than this static one.
    pub(super) fn improves(&self, eval: i32) -> bool {
        self.value.abs() < MATE_BOUND
            && match self.bound {
                Bound::Exact => true,
                Bound::Lower => self.value > eval,
                Bound::Upper => self.value < eval,
            }
    }
}

/// What is asked of a node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask {
    pub window: Window,
    pub depth: i32,
    pub ply: usize,
    /// Whether a cut-off is expected here: then most of the work is wasted if the first moves do not give it.
    pub cut: Expectation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expectation {
    Cut,
    All,
    Exact,
}

impl Expectation {
    pub(super) fn flipped(self) -> Self {
        match self {
            Self::Cut => Self::All,
            Self::All | Self::Exact => Self::Cut,
        }
    }
}

impl Walk<'_> {
    pub(super) fn search(&mut self, node: &Node, mut ask: Ask) -> i32 {
        let ply = ask.ply;
        self.lines[ply].clear();
        if ask.depth <= 0 {
            return self.quiesce(node, ask.window, ply);
        }
        if !self.count_node() || self.is_draw(node, ply) {
            return DRAW;
        }
        let in_check = node.in_check();
        if ply >= MAX_PLY {
            return if in_check { DRAW } else { self.evaluate(node) };
        }
        // A mate found nearer the root cannot be beaten from here (mate-distance pruning).
        ask.window.alpha = ask.window.alpha.max(mated_at(ply));
        ask.window.beta = ask.window.beta.min(MATE - ply as i32 - 1);
        if ask.window.alpha >= ask.window.beta {
            return ask.window.alpha;
        }

        let excluded = self.excluded[ply];
        let stored = match excluded {
            None => self.table.get(node.key.0, ply),
            Some(_) => None,
        };
        if let Some(entry) = stored
            && ask.window.is_null()
            && entry.depth >= ask.depth
            && ask.window.is_settled_by(&entry)
            // Near the fifty-move rule a stored value may not know how near.
            && node.position.halfmoves() < 80
        {
            return entry.value;
        }

        let eval = if in_check {
            None
        } else if excluded.is_some() {
            self.evals[ply]
        } else {
            let standing = stored
                .and_then(|entry| entry.eval)
                .unwrap_or_else(|| self.evaluate(node));
            Some(standing)
        };
        self.evals[ply] = eval;
        self.memory.forget_killers(ply + 1);
        let improving = self.is_improving(ply);
        let better = eval.map(|standing| match stored {
            Some(entry) if entry.improves(standing) => entry.value,
            _ => standing,
        });

        if let Some(better) = better
            && ask.window.is_null()
            && excluded.is_none()
            && let Some(value) = self.cut_early(node, ask, better, improving)
        {
            return value;
        }
        if self.stopped {
            return DRAW;
        }
        // Nothing is known of the best move here: a shallower look finds it (internal iterative reduction).
        if ask.depth >= 4
            && excluded.is_none()
            && stored.is_none_or(|entry| entry.best == ShortMove::NONE)
        {
            ask.depth -= 1;
        }
        let view = View {
            ask,
            eval,
            improving,
            stored,
            excluded,
        };
        self.search_moves(node, &view)
    }

    /// Ways to see without trying single moves that this node fails high, or low.
    fn cut_early(&mut self, node: &Node, ask: Ask, eval: i32, improving: bool) -> Option<i32> {
        let Ask {
            window, depth, ply, ..
        } = ask;
        let beta = window.beta;
        if beta.abs() < MATE_BOUND
            && depth <= prune::FUTILE_DEPTH
            && eval - prune::reverse_futility(depth, improving) >= beta
        {
            return Some((eval + beta) / 2);
        }
        if depth <= prune::RAZOR_DEPTH && eval + prune::razor(depth) < window.alpha {
            let value = self.quiesce(node, window, ply);
            if self.stopped || value <= window.alpha {
                return Some(value);
            }
        }
        let passed_before = ply > 0 && self.made[ply - 1].is_none();
        if depth >= 3
            && eval >= beta
            && !passed_before
            && beta > -MATE_BOUND
            && !fears_zugzwang(&node.position)
            && let Some(child) = node.after_passing()
        {
            let reduced = depth - prune::null_move(depth, eval - beta);
            self.step(node, ply, None);
            let value = -self.search(
                &child,
                Ask {
                    window: window.flipped(),
                    depth: reduced,
                    ply: ply + 1,
                    cut: ask.cut.flipped(),
                },
            );
            self.step_back();
            if self.stopped {
                return Some(DRAW);
            }
            if value >= beta {
                // That nothing can be done against not moving does not prove a mate.
                return Some(if value >= MATE_BOUND { beta } else { value });
            }
        }
        None
    }

    fn is_improving(&self, ply: usize) -> bool {
        let Some(now) = self.evals[ply] else {
            return false;
        };
        let earlier = |back: usize| ply.checked_sub(back).and_then(|at| self.evals[at]);
        earlier(2)
            .or_else(|| earlier(4))
            .is_none_or(|before| now > before)
    }
}

/// What is known of a node before its moves are tried.
pub(super) struct View {
    pub ask: Ask,
    pub eval: Option<i32>,
    pub improving: bool,
    pub stored: Option<Entry>,
    pub excluded: Option<Move>,
}
