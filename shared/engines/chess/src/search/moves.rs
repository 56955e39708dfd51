//! One node's moves: which are left out, which are searched shallower or deeper, and what the best is worth.

use shakmaty::{Move, Position as _};

use super::alphabeta::{Ask, Expectation, View, Window};
use super::history::{Arrival, Cut};
use super::node::Node;
use super::order::{Source, is_noisy};
use super::prune;
use super::score::{DRAW, INFINITE, MATE_BOUND, mated_at};
use super::see;
use super::table::{Bound, Entry, ShortMove};
use super::walk::{Walk, has_pieces};

impl Walk<'_> {
    pub(super) fn search_moves(&mut self, node: &Node, view: &View) -> i32 {
        let Ask {
            window: mut open,
            depth,
            ply,
            cut,
        } = view.ask;
        let moves = node.position.legal_moves();
        if moves.is_empty() {
            return if node.in_check() { mated_at(ply) } else { DRAW };
        }
        let color = node.position.turn();
        let last = self.last_arrival(ply);
        let hash = view.stored.map_or(ShortMove::NONE, |entry| entry.best);
        let mut picker = self.picker();
        let mut best = -INFINITE;
        let mut best_move = None;
        let mut tried = 0;
        let mut quiets = Tried::default();
        let mut captures = Tried::default();
        while let Some(m) = picker.next(&Source {
            position: &node.position,
            legal: &moves,
            hints: self.hints((hash, last, ply)),
        }) {
            if Some(m) == view.excluded {
                continue;
            }
            let quiet = !is_noisy(m);
            if quiet
                && best > -MATE_BOUND
                && tried >= prune::late_moves(depth, view.improving)
                && has_pieces(&node.position)
            {
                picker.skip_quiets();
                continue;
            }
            let late = Late {
                m,
                quiet,
                history: if quiet {
                    self.memory.quiet(color, last, m)
                } else {
                    0
                },
                losing: picker.last_was_bad_capture(),
                window: open,
            };
            if best > -MATE_BOUND && self.is_not_worth(node, view, &late) {
                continue;
            }
            let extension = self.extension(node, view, m);
            if self.stopped {
                break;
            }
            let child = node.after(m);
            self.step(node, ply, Some(Arrival::of(color, m)));
            tried += 1;
            let attempt = Attempt {
                window: open,
                depth: depth - 1 + extension,
                ply,
                cut,
            };
            let value = if tried == 1 {
                self.attempt_first(&child, &attempt)
            } else {
                let reduction = view.reduction(&late, tried) - i32::from(child.in_check());
                self.attempt_later(&child, &attempt, reduction)
            };
            self.step_back();
            if self.stopped {
                break;
            }

            if value > best {
                best = value;
                if value > open.alpha {
                    best_move = Some(m);
                    if !view.ask.window.is_null() {
                        self.lengthen_line(ply, m);
                    }
                    if value >= open.beta {
                        break;
                    }
                    open.alpha = value;
                }
            }
            if quiet {
                quiets.push(m);
            } else {
                captures.push(m);
            }
        }
        self.give_back(picker);
        if self.stopped {
            return DRAW;
        }
        if tried == 0 {
            // Only the excluded move is legal.
            return open.alpha;
        }

        let bound = if best >= open.beta {
            Bound::Lower
        } else if best_move.is_some() {
            Bound::Exact
        } else {
            Bound::Upper
        };
        if let Some(m) = best_move
            && bound == Bound::Lower
        {
            let cut = Cut {
                best: m,
                color,
                last,
                ply,
                depth,
            };
            if !is_noisy(m) {
                self.memory.reward_quiet(&cut, quiets.iter());
            }
            self.memory.reward_capture(&cut, captures.iter());
        }
        if view.excluded.is_none() {
            self.table.put(
                node.key.0,
                ply,
                Entry {
                    best: best_move.map_or(ShortMove::NONE, ShortMove::of),
                    value: best,
                    eval: view.eval,
                    depth,
                    bound,
                },
            );
        }
        best
    }

    fn attempt_first(&mut self, child: &Node, attempt: &Attempt) -> i32 {
        let cut = if attempt.window.is_null() {
            attempt.cut.flipped()
        } else {
            Expectation::Exact
        };
        -self.search(child, attempt.ask(attempt.window, cut))
    }

    /// A later move has first to show that it is better than the best so far: shallower, then as deep, then exactly.
    fn attempt_later(&mut self, child: &Node, attempt: &Attempt, reduction: i32) -> i32 {
        let alpha = attempt.window.alpha;
        let null = Window::above(alpha);
        let reduction = reduction.clamp(0, (attempt.depth - 1).max(0));
        let mut shallow = attempt.ask(null, Expectation::Cut);
        shallow.depth -= reduction;
        let mut value = -self.search(child, shallow);
        if reduction > 0 && value > alpha {
            value = -self.search(child, attempt.ask(null, attempt.cut.flipped()));
        }
        if value > alpha && !attempt.window.is_null() {
            value = -self.search(child, attempt.ask(attempt.window, Expectation::Exact));
        }
        value
    }

    fn lengthen_line(&mut self, ply: usize, m: Move) {
        let (upper, lower) = self.lines.split_at_mut(ply + 1);
        if let (Some(line), Some(rest)) = (upper.last_mut(), lower.first()) {
            line.clear();
            line.push(m);
            line.extend_from_slice(rest);
        }
    }

    /// Late moves of a node near the leaves that would have to gain more than they can.
    fn is_not_worth(&self, node: &Node, view: &View, late: &Late) -> bool {
        let depth = view.ask.depth;
        if !has_pieces(&node.position) {
            return false;
        }
        if is_noisy(late.m) {
            return depth <= prune::EXCHANGE_DEPTH
                && !see::wins(&node.position, late.m, -prune::capture_loss(depth));
        }
        if let Some(eval) = view.eval
            && depth <= prune::FUTILE_DEPTH
            && eval + prune::futility(depth) <= late.window.alpha
        {
            return true;
        }
        if depth <= 3 && late.history < -prune::HISTORY_PRUNED * depth {
            return true;
        }
        depth <= prune::EXCHANGE_DEPTH
            && !see::wins(&node.position, late.m, -prune::quiet_loss(depth))
    }

    /// Out of a check one move deeper; and the hash move too if without it all others fall short (singular extension,
    /// Anantharaman, Campbell and Hsu, 1988).
    fn extension(&mut self, node: &Node, view: &View, m: Move) -> i32 {
        if node.in_check() {
            return 1;
        }
        let Ask {
            depth, ply, cut, ..
        } = view.ask;
        let Some(entry) = view.stored else {
            return 0;
        };
        if depth < prune::SINGULAR_DEPTH
            || ply == 0
            || view.excluded.is_some()
            || ShortMove::of(m) != entry.best
            || entry.bound == Bound::Upper
            || entry.depth + 3 < depth
            || entry.value.abs() >= MATE_BOUND
        {
            return 0;
        }
        let bar = entry.value - 2 * depth;
        self.excluded[ply] = Some(m);
        let value = self.search(
            node,
            Ask {
                window: Window::above(bar - 1),
                depth: (depth - 1) / 2,
                ply,
                cut,
            },
        );
        self.excluded[ply] = None;
        i32::from(!self.stopped && value < bar)
    }
}

/// A move that is about to be tried.
struct Late {
    m: Move,
    quiet: bool,
    history: i32,
    /// A capture that loses material.
    losing: bool,
    window: Window,
}

impl View {
    /// How many plies less deep a move is looked at that comes this late.
    fn reduction(&self, late: &Late, tried: usize) -> i32 {
        let exact = !late.window.is_null();
        if self.ask.depth < 3 || tried <= 1 + usize::from(exact) {
            return 0;
        }
        let plies = prune::late_move(self.ask.depth, tried) - i32::from(exact)
            + i32::from(self.ask.cut == Expectation::Cut);
        if late.quiet {
            plies - late.history / prune::HISTORY_PER_PLY + i32::from(!self.improving)
        } else {
            plies - 1 - i32::from(!late.losing)
        }
    }
}

/// How a move's position is looked at.
struct Attempt {
    window: Window,
    depth: i32,
    /// Of the node that the move leaves.
    ply: usize,
    cut: Expectation,
}

impl Attempt {
    /// As the other side sees it.
    fn ask(&self, window: Window, cut: Expectation) -> Ask {
        Ask {
            window: window.flipped(),
            depth: self.depth,
            ply: self.ply + 1,
            cut,
        }
    }
}

/// Moves that did not cut off, as many as are worth remembering.
#[derive(Default)]
struct Tried {
    moves: [Option<Move>; 32],
    count: usize,
}

impl Tried {
    fn push(&mut self, m: Move) {
        if let Some(place) = self.moves.get_mut(self.count) {
            *place = Some(m);
            self.count += 1;
        }
    }

    fn iter(&self) -> impl Iterator<Item = Move> {
        self.moves[..self.count].iter().flatten().copied()
    }
}
