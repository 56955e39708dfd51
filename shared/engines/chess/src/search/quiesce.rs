//! The quiescence search: captures until nothing hangs, so that only quiet positions are judged by the evaluation.

use shakmaty::{Move, Position as _};

use super::alphabeta::Window;
use super::captures::for_each_capture;
use super::history::Arrival;
use super::node::{Node, exchange_value};
use super::order::Hints;
use super::score::{DRAW, INFINITE, MATE_BOUND, MAX_PLY, mated_at};
use super::see;
use super::table::{Bound, Entry, ShortMove};
use super::walk::Walk;

/// A capture that leaves the side this far below alpha is not tried: positional terms are not worth more.
const DELTA_MARGIN: i32 = 180;

impl Walk<'_> {
    pub(super) fn quiesce(&mut self, node: &Node, mut window: Window, ply: usize) -> i32 {
        if !self.count_node() {
            return DRAW;
        }
        if self.is_draw(node, ply) {
            return DRAW;
        }
        let in_check = node.in_check();
        if ply >= MAX_PLY {
            return if in_check { DRAW } else { self.evaluate(node) };
        }

        let stored = self.table.get(node.key.0, ply);
        if let Some(entry) = stored
            && window.is_null()
            && window.is_settled_by(&entry)
        {
            return entry.value;
        }

        let mut best = -INFINITE;
        let mut eval = None;
        if !in_check {
            let standing = stored
                .and_then(|entry| entry.eval)
                .unwrap_or_else(|| self.evaluate(node));
            eval = Some(standing);
            best = match stored {
                Some(entry) if entry.improves(standing) => entry.value,
                _ => standing,
            };
            if best >= window.beta {
                return best;
            }
            window.alpha = window.alpha.max(best);
        }
        let futility = best.saturating_add(DELTA_MARGIN);

        let mut picker = self.picker();
        let hints = Hints {
            memory: &*self.memory,
            hash: stored.map_or(ShortMove::NONE, |entry| entry.best),
            last: self.last_arrival(ply),
            ply,
        };
        if in_check {
            let moves = node.position.legal_moves();
            if moves.is_empty() {
                self.give_back(picker);
                return mated_at(ply);
            }
            picker.rank_all(&node.position, &moves, hints);
        } else {
            let color = node.position.turn();
            for_each_capture(&node.position, |m| picker.rank_capture(color, m, hints));
        }

        let mut best_move = ShortMove::NONE;
        let mut bound = Bound::Upper;
        while let Some(m) = picker.next(&node.position) {
            if best > -MATE_BOUND {
                if in_check {
                    // One way out has been found: of the others only captures may be much better.
                    if !m.is_capture() {
                        break;
                    }
                } else if picker.last_was_bad_capture() {
                    break;
                }
                if !in_check && is_hopeless(m, futility, window.alpha) {
                    best = best.max(futility + gain(m));
                    continue;
                }
                if !in_check && futility <= window.alpha && !see::wins(&node.position, m, 1) {
                    best = best.max(futility);
                    continue;
                }
            }
            let child = node.after(m);
            self.step(node, ply, Some(Arrival::of(node.position.turn(), m)));
            let value = -self.quiesce(&child, window.flipped(), ply + 1);
            self.step_back();
            if self.stopped {
                break;
            }
            if value > best {
                best = value;
                if value > window.alpha {
                    best_move = ShortMove::of(m);
                    if value >= window.beta {
                        bound = Bound::Lower;
                        break;
                    }
                    window.alpha = value;
                }
            }
        }
        self.give_back(picker);
        if self.stopped {
            return DRAW;
        }
        self.table.put(
            node.key.0,
            ply,
            Entry {
                best: best_move,
                value: best,
                eval,
                depth: 0,
                bound,
            },
        );
        best
    }
}

fn gain(m: Move) -> i32 {
    m.capture().map_or(0, exchange_value) + m.promotion().map_or(0, exchange_value)
}

fn is_hopeless(m: Move, futility: i32, alpha: i32) -> bool {
    futility + gain(m) <= alpha
}
