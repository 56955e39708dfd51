//! The root: one depth after the other, one line after the other, with a window around what the last depth has found.

use shakmaty::zobrist::Zobrist64;
use shakmaty::{Chess, Move, Position as _};

use super::alphabeta::{Ask, Expectation, Window};
use super::history::Arrival;
use super::node::Node;
use super::order::{Hints, Source, is_noisy};
use super::prune;
use super::score::{INFINITE, MATE, MATE_BOUND, MAX_PLY};
use super::table::ShortMove;
use super::walk::Walk;
use super::{Limits, Line, Report, Score, Searcher, Watch};

/// A root move and what is known of it.
#[derive(Clone)]
struct RootMove {
    m: Move,
    /// Of the present depth; minus infinite: not better than others.
    value: i32,
    /// Of the last depth that has looked at it.
    before: i32,
    line: Vec<Move>,
}

impl RootMove {
    /// Best first; what this depth has not found better by what the last one said.
    fn rank(&self) -> std::cmp::Reverse<(i32, i32)> {
        std::cmp::Reverse((self.value, self.before))
    }

    fn known_value(&self) -> Option<i32> {
        [self.value, self.before]
            .into_iter()
            .find(|value| *value > -INFINITE)
    }
}

pub(super) fn search(
    searcher: &mut Searcher,
    position: &Chess,
    history: &[Zobrist64],
    how: (&Limits, &mut dyn Watch),
) -> Report {
    let (limits, watch) = how;
    let node = Node::new(position);
    let keys = match history.split_last() {
        Some((last, earlier)) if *last == node.key => earlier.to_vec(),
        _ => history.to_vec(),
    };
    searcher.table.begin(expected_nodes(limits));
    searcher.memory.age();
    let mut walk = Walk {
        table: &mut searcher.table,
        memory: &mut searcher.memory,
        pawns: &mut searcher.pawns,
        watch,
        buffers: &mut searcher.buffers,
        nodes: 0,
        most_nodes: limits.nodes.max(1),
        stopped: false,
        keys,
        made: vec![None; MAX_PLY + 2],
        evals: vec![None; MAX_PLY + 2],
        excluded: vec![None; MAX_PLY + 2],
        lines: vec![Vec::new(); MAX_PLY + 2],
        selective_depth: 0,
    };
    walk.deepen(&node, limits)
}

impl Walk<'_> {
    fn deepen(&mut self, node: &Node, limits: &Limits) -> Report {
        let mut moves = self.root_moves(node);
        let lines = limits.multipv.clamp(1, moves.len().max(1));
        let deepest = i32::from(limits.depth).clamp(1, MAX_PLY as i32 - 1);
        if moves.is_empty() {
            return self.report(node, &[], 0);
        }
        let mut last = None;
        for depth in 1..=deepest {
            for root in &mut moves {
                root.before = root.value;
                root.value = -INFINITE;
            }
            if lines == 1 {
                self.search_best(node, &mut moves, depth);
            } else {
                self.search_several(node, &mut moves, (lines, depth));
            }
            moves.sort_by_key(RootMove::rank);
            if self.stopped {
                break;
            }
            let report = self.report(node, &moves[..lines], depth);
            self.watch.depth_done(&report);
            last = Some(report);
            // A forced mate within this depth cannot get shorter.
            if lines == 1 && is_proven(moves[0].value, depth) {
                break;
            }
        }
        match last {
            // Lines of different depths cannot be compared: those of the last whole depth stand.
            Some(report) if lines > 1 || !self.stopped => Report {
                nodes: self.nodes,
                ..report
            },
            last => self.report(
                node,
                &moves[..lines],
                last.map_or(0, |last| last.depth.into()),
            ),
        }
    }

    /// In the order of the ordinary search: with one node left, the first is the answer.
    fn root_moves(&mut self, node: &Node) -> Vec<RootMove> {
        let legal = node.position.legal_moves();
        let mut picker = self.picker();
        let hash = self
            .table
            .get(node.key.0, 0)
            .map_or(ShortMove::NONE, |entry| entry.best);
        let source = Source {
            position: &node.position,
            legal: &legal,
            hints: Hints {
                memory: &*self.memory,
                hash,
                last: None,
                ply: 0,
            },
        };
        let mut moves = Vec::with_capacity(legal.len());
        while let Some(m) = picker.next(&source) {
            moves.push(RootMove {
                m,
                value: -INFINITE,
                before: -INFINITE,
                line: vec![m],
            });
        }
        self.give_back(picker);
        moves
    }

    /// Finds the best move, with an aspiration window where the last depth gives a guess.
    fn search_best(&mut self, node: &Node, moves: &mut [RootMove], depth: i32) {
        let Some(guess) = moves.iter().map(|root| root.before).max() else {
            return;
        };
        let mut width = 20;
        let mut window = if depth >= 4 && guess.abs() < MATE_BOUND {
            Window {
                alpha: guess - width,
                beta: guess + width,
            }
        } else {
            Window::FULL
        };
        loop {
            let best = self.search_root(node, moves, (window, depth));
            if self.stopped {
                return;
            }
            if best <= window.alpha {
                window.beta = (window.alpha + window.beta) / 2;
                window.alpha = (best - width).max(-INFINITE);
            } else if best >= window.beta {
                window.beta = (best + width).min(INFINITE);
            } else {
                return;
            }
            moves.sort_by_key(RootMove::rank);
            width *= 2;
            if width > 500 {
                window = Window::FULL;
            }
        }
    }

    fn search_root(&mut self, node: &Node, moves: &mut [RootMove], how: (Window, i32)) -> i32 {
        let (mut window, depth) = how;
        self.evals[0] = self.root_eval(node);
        let color = node.position.turn();
        let lowest = window.alpha;
        let mut best = -INFINITE;
        for (tried, root) in moves.iter_mut().enumerate() {
            let child = node.after(root.m);
            let quiet = !is_noisy(root.m);
            self.step(node, 0, Some(Arrival::of(color, root.m)));
            let ask = |window: Window, depth, cut| Ask {
                window: window.flipped(),
                depth,
                ply: 1,
                cut,
            };
            let value = if tried == 0 {
                -self.search(&child, ask(window, depth - 1, Expectation::Exact))
            } else {
                let mut reduction = 0;
                if depth >= 3 && tried > 3 && quiet && !child.in_check() && !node.in_check() {
                    reduction = (prune::late_move(depth, tried) - 1).clamp(0, depth - 2);
                }
                let null = Window::above(window.alpha);
                let mut value =
                    -self.search(&child, ask(null, depth - 1 - reduction, Expectation::Cut));
                if reduction > 0 && value > window.alpha {
                    value = -self.search(&child, ask(null, depth - 1, Expectation::Cut));
                }
                if value > window.alpha {
                    value = -self.search(&child, ask(window, depth - 1, Expectation::Exact));
                }
                value
            };
            self.step_back();
            if self.stopped {
                break;
            }
            root.value = -INFINITE;
            if value > window.alpha || tried == 0 {
                root.value = value;
                root.line.clear();
                root.line.push(root.m);
                root.line.extend_from_slice(&self.lines[1]);
            }
            best = best.max(value);
            window.alpha = window.alpha.max(value);
            if window.alpha >= window.beta {
                break;
            }
        }
        if self.stopped && best <= lowest {
            // Nothing above the window was seen before the end came: the last depth's word stands.
            for root in moves {
                root.value = root.before;
            }
        }
        best
    }

    /// Finds the exact values of the best moves in one pass: a move beyond them has first to show that it is better than the
    /// last of them.
    fn search_several(&mut self, node: &Node, moves: &mut [RootMove], how: (usize, i32)) {
        let (lines, depth) = how;
        self.evals[0] = self.root_eval(node);
        let color = node.position.turn();
        let mut values: Vec<i32> = Vec::with_capacity(moves.len());
        for root in moves {
            let bar = values.get(lines - 1).copied().unwrap_or(-INFINITE);
            let child = node.after(root.m);
            self.step(node, 0, Some(Arrival::of(color, root.m)));
            let look = |walk: &mut Self, window: Window, cut| {
                -walk.search(
                    &child,
                    Ask {
                        window: window.flipped(),
                        depth: depth - 1,
                        ply: 1,
                        cut,
                    },
                )
            };
            let better = bar == -INFINITE || look(self, Window::above(bar), Expectation::Cut) > bar;
            if better && !self.stopped {
                let open = Window {
                    alpha: bar,
                    beta: INFINITE,
                };
                let near = open.around(root.before);
                let mut value = look(self, near, Expectation::Exact);
                let settled = near.alpha < value && value < near.beta;
                if !settled && !self.stopped {
                    value = look(self, open, Expectation::Exact);
                }
                if !self.stopped && value > bar {
                    root.value = value;
                    root.line.clear();
                    root.line.push(root.m);
                    root.line.extend_from_slice(&self.lines[1]);
                    let place = values.partition_point(|other| *other >= value);
                    values.insert(place, value);
                }
            }
            self.step_back();
            if self.stopped {
                return;
            }
        }
    }

    fn root_eval(&mut self, node: &Node) -> Option<i32> {
        (!node.in_check()).then(|| self.evaluate(node))
    }

    /// Lines without a score are left out, but there is always a first one.
    fn report(&mut self, node: &Node, moves: &[RootMove], depth: i32) -> Report {
        let mut lines = Vec::with_capacity(moves.len());
        for root in moves {
            let value = match root.known_value() {
                Some(value) => value,
                None if lines.is_empty() => self.evaluate(node),
                None => break,
            };
            lines.push(Line {
                moves: root.line.clone(),
                score: Score::of(value),
            });
        }
        Report {
            lines,
            depth: depth as u8,
            selective_depth: self.selective_depth as u8,
            nodes: self.nodes,
            table_fill: self.table.fill(),
        }
    }
}

/// Shallow searches are small whatever they may cost: some thousand nodes at depth 1, four times as many at each further one.
fn expected_nodes(limits: &Limits) -> u64 {
    let by_depth = 1u64 << (10 + 2 * u32::from(limits.depth)).min(63);
    limits.nodes.min(by_depth)
}

/// Whether the mate found lies within the depth that was searched in full.
fn is_proven(value: i32, depth: i32) -> bool {
    value.abs() >= MATE_BOUND && MATE - value.abs() <= depth
}
