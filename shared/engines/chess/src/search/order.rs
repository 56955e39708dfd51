//! The order in which moves are tried: hash move, captures that lose nothing, killers, counter move, quiet moves by
//! history, captures that lose.

use shakmaty::{Chess, Color, Move, MoveList, Position as _, Role};

use super::history::{Arrival, Memory};
use super::node::exchange_value;
use super::see;
use super::table::ShortMove;

#[derive(Clone, Copy)]
struct Ranked {
    m: Move,
    rank: i32,
}

const HASH: i32 = 1 << 28;
const GOOD_CAPTURE: i32 = 1 << 24;
const KILLER: i32 = 1 << 22;
const COUNTER: i32 = 1 << 21;
const QUIET_CHECK: i32 = 1 << 20;
const BAD_CAPTURE: i32 = -(1 << 24);
const UNDERPROMOTION: i32 = -(1 << 26);

/// What the ranks are made of.
#[derive(Clone, Copy)]
pub(super) struct Hints<'a> {
    pub memory: &'a Memory,
    pub hash: ShortMove,
    pub last: Option<Arrival>,
    pub ply: usize,
}

/// Where the moves come from.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub position: &'a Chess,
    pub legal: &'a MoveList,
    pub hints: Hints<'a>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Hash,
    RankNoisy,
    Noisy,
    Rest,
}

/// Hands out moves best first. What is not asked for is not even ranked: most nodes need few moves.
pub(super) struct Picker {
    moves: Vec<Ranked>,
    next: usize,
    stage: Stage,
    skip_quiets: bool,
    last_rank: i32,
}

impl Picker {
    /// A buffer of an earlier node may be given to be used again.
    pub(super) fn new(buffer: Buffer) -> Self {
        let mut moves = buffer.0;
        moves.clear();
        Self {
            moves,
            next: 0,
            stage: Stage::Hash,
            skip_quiets: false,
            last_rank: HASH,
        }
    }

    /// Quiet moves that have not been handed out yet never will be.
    pub(super) fn skip_quiets(&mut self) {
        self.skip_quiets = true;
    }

    pub(super) fn next(&mut self, source: &Source) -> Option<Move> {
        if self.stage == Stage::Hash {
            self.stage = Stage::RankNoisy;
            let hash = source.hints.hash;
            if hash != ShortMove::NONE
                && let Some(&m) = source.legal.iter().find(|m| ShortMove::of(**m) == hash)
            {
                return Some(m);
            }
        }
        if self.stage == Stage::RankNoisy {
            self.stage = Stage::Noisy;
            let others = source
                .legal
                .iter()
                .filter(|m| is_noisy(**m) && ShortMove::of(**m) != source.hints.hash);
            for &m in others {
                self.push_noisy(source.position.turn(), m, source.hints);
            }
        }
        if self.stage == Stage::Noisy {
            if let Some(m) = self.next_noisy(source.position) {
                return Some(m);
            }
            self.stage = Stage::Rest;
            if !self.skip_quiets {
                self.push_quiets(source);
            }
            let rest = self.moves.get_mut(self.next..)?;
            rest.sort_unstable_by_key(|ranked| std::cmp::Reverse(ranked.rank));
        }
        loop {
            let Ranked { m, rank } = *self.moves.get(self.next)?;
            self.next += 1;
            self.last_rank = rank;
            if self.skip_quiets && rank > BAD_CAPTURE / 2 {
                continue;
            }
            return Some(m);
        }
    }

    /// The next of captures alone, pushed before: those that lose are not handed out.
    pub(super) fn next_noisy(&mut self, position: &Chess) -> Option<Move> {
        loop {
            let rest = self.moves.get_mut(self.next..)?;
            let mut best = 0;
            let mut best_rank = rest.first()?.rank;
            for (at, ranked) in rest.iter().enumerate().skip(1) {
                if ranked.rank > best_rank {
                    best = at;
                    best_rank = ranked.rank;
                }
            }
            if best_rank < 0 {
                return None;
            }
            rest.swap(0, best);
            let first = rest.first_mut()?;
            if first.rank < HASH && !see::wins(position, first.m, 0) {
                first.rank += BAD_CAPTURE - GOOD_CAPTURE;
                continue;
            }
            self.next += 1;
            self.last_rank = best_rank;
            return Some(first.m);
        }
    }

    pub(super) fn push_noisy(&mut self, color: Color, m: Move, hints: Hints) {
        let rank = if ShortMove::of(m) == hints.hash {
            HASH
        } else if m.promotion().is_some_and(|role| role != Role::Queen) {
            UNDERPROMOTION
        } else {
            GOOD_CAPTURE + capture_rank(hints.memory, color, m)
        };
        self.moves.push(Ranked { m, rank });
    }

    /// Behind all captures that lose nothing.
    pub(super) fn push_check(&mut self, color: Color, m: Move, hints: Hints) {
        let rank = QUIET_CHECK + hints.memory.quiet(color, hints.last, m);
        self.moves.push(Ranked { m, rank });
    }

    fn push_quiets(&mut self, source: &Source) {
        let Hints {
            memory,
            hash,
            last,
            ply,
        } = source.hints;
        let color = source.position.turn();
        let killers = memory.killers(ply);
        let counter = memory.counter(last);
        for &m in source.legal {
            if is_noisy(m) || ShortMove::of(m) == hash {
                continue;
            }
            let rank = if killers[0] == Some(m) {
                KILLER + 1
            } else if killers[1] == Some(m) {
                KILLER
            } else if counter == Some(m) {
                COUNTER
            } else {
                memory.quiet(color, last, m)
            };
            self.moves.push(Ranked { m, rank });
        }
    }

    /// Whether the move handed out last is a capture that loses material.
    pub(super) fn last_was_bad_capture(&self) -> bool {
        self.last_rank < BAD_CAPTURE / 2
    }

    pub(super) fn into_buffer(self) -> Buffer {
        Buffer(self.moves)
    }
}

/// Room for the moves of a node.
#[derive(Default)]
pub(super) struct Buffer(Vec<Ranked>);

/// Captures and promotions: what changes the material.
pub(super) fn is_noisy(m: Move) -> bool {
    m.is_capture() || m.is_promotion()
}

/// Most valuable victim first, then by what has cut off before; among the same the least valuable attacker.
fn capture_rank(memory: &Memory, color: Color, m: Move) -> i32 {
    let won = m.capture().map_or(0, exchange_value) + m.promotion().map_or(0, exchange_value);
    won * 16 - m.role() as i32 + memory.capture(color, m) / 4
}
