//! The quiescence search: captures until nothing hangs, so that only quiet positions are judged by the evaluation.

use shakmaty::{Move, MoveList, Position as _};

use super::alphabeta::Window;
use super::captures::{for_each_capture, for_each_quiet_check};
use super::history::Arrival;
use super::node::{Node, exchange_value};
use super::order::{Source, is_noisy};
use super::score::{DRAW, INFINITE, MATE_BOUND, MAX_PLY, mated_at};
use super::see;
use super::table::{Bound, Entry, ShortMove};
use super::walk::Walk;

/// A capture that leaves the side this far below alpha is not tried: positional terms are not worth more.
const DELTA_MARGIN: i32 = 180;

/// Quiet ways out of a check that are tried after one has been found.
const QUIET_EVASIONS: usize = 2;

/// Whether quiet checks are looked at too: at the first ply only, lest they never end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Checks {
    Tried,
    LeftOut,
}

impl Walk<'_> {
    pub(super) fn quiesce(&mut self, node: &Node, window: Window, ply: usize) -> i32 {
        self.capture_on(node, window, (ply, Checks::Tried))
    }

    fn capture_on(&mut self, node: &Node, mut window: Window, at: (usize, Checks)) -> i32 {
        let (ply, checks) = at;
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

        let legal = if in_check {
            let legal = node.position.legal_moves();
            if legal.is_empty() {
                return mated_at(ply);
            }
            legal
        } else {
            MoveList::new()
        };
        let mut picker = self.picker();
        let last = self.last_arrival(ply);
        let hash = stored.map_or(ShortMove::NONE, |entry| entry.best);
        if !in_check {
            let hints = self.hints((hash, last, ply));
            let color = node.position.turn();
            for_each_capture(&node.position, |m| picker.push_noisy(color, m, hints));
            if checks == Checks::Tried {
                for_each_quiet_check(&node.position, |m| picker.push_check(color, m, hints));
            }
        }
        let mut best_move = ShortMove::NONE;
        let mut bound = Bound::Upper;
        let mut quiet_evasions = 0;
        loop {
            let next = if in_check {
                picker.next(&Source {
                    position: &node.position,
                    legal: &legal,
                    hints: self.hints((hash, last, ply)),
                })
            } else {
                picker.next_noisy(&node.position)
            };
            let Some(m) = next else {
                break;
            };
            if best > -MATE_BOUND {
                if in_check && !m.is_capture() {
                    // Ways out have been found: of the other quiet ones few are much better.
                    if quiet_evasions >= QUIET_EVASIONS {
                        break;
                    }
                    quiet_evasions += 1;
                }
                let quiet_check = !in_check && !is_noisy(m);
                if !in_check && !quiet_check && is_hopeless(m, futility, window.alpha) {
                    best = best.max(futility + gain(m));
                    continue;
                }
                if !in_check
                    && !quiet_check
                    && futility <= window.alpha
                    && !see::wins(&node.position, m, 1)
                {
                    best = best.max(futility);
                    continue;
                }
            }
            let child = node.after(m);
            self.step(node, ply, Some(Arrival::of(node.position.turn(), m)));
            let value = -self.capture_on(&child, window.flipped(), (ply + 1, Checks::LeftOut));
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
