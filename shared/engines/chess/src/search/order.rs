//! The order in which moves are tried: hash move, captures that lose nothing, killers, counter move, quiet moves by
//! history, captures that lose.

use shakmaty::{Chess, Color, Move, MoveList, Position as _, Role};

use super::history::{Arrival, MOST, Memory};
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

/// Hands out moves best first. The next is only looked for when it is asked for: most nodes need few.
pub(super) struct Picker {
    moves: Vec<Ranked>,
    next: usize,
}

impl Picker {
    /// A buffer of an earlier node may be given to be used again.
    pub(super) fn new(buffer: Buffer) -> Self {
        let mut moves = buffer.0;
        moves.clear();
        Self { moves, next: 0 }
    }

    pub(super) fn rank_all(&mut self, position: &Chess, moves: &MoveList, hints: Hints) {
        let color = position.turn();
        let killers = hints.memory.killers(hints.ply);
        let counter = hints.memory.counter(hints.last);
        for &m in moves {
            let rank = if ShortMove::of(m) == hints.hash {
                HASH
            } else if m.promotion().is_some_and(|role| role != Role::Queen) {
                UNDERPROMOTION
            } else if is_noisy(m) {
                GOOD_CAPTURE + capture_rank(hints.memory, color, m)
            } else if killers[0] == Some(m) {
                KILLER + 1
            } else if killers[1] == Some(m) {
                KILLER
            } else if counter == Some(m) {
                COUNTER
            } else {
                hints.memory.quiet(color, hints.last, m)
            };
            self.moves.push(Ranked { m, rank });
        }
    }

    pub(super) fn rank_capture(&mut self, color: Color, m: Move, hints: Hints) {
        let rank = if ShortMove::of(m) == hints.hash {
            HASH
        } else {
            GOOD_CAPTURE + capture_rank(hints.memory, color, m)
        };
        self.moves.push(Ranked { m, rank });
    }

    pub(super) fn next(&mut self, position: &Chess) -> Option<Move> {
        loop {
            let rest = self.moves.get_mut(self.next..)?;
            let best = (0..rest.len()).max_by_key(|&at| (rest[at].rank, usize::MAX - at))?;
            rest.swap(0, best);
            let first = rest.first_mut()?;
            let unproven = (GOOD_CAPTURE - 4 * MOST..HASH).contains(&first.rank);
            if unproven && !see::wins(position, first.m, 0) {
                first.rank += BAD_CAPTURE - GOOD_CAPTURE;
                continue;
            }
            self.next += 1;
            return Some(first.m);
        }
    }

    /// Whether the move handed out last is a capture that loses material.
    pub(super) fn last_was_bad_capture(&self) -> bool {
        self.next > 0 && self.moves[self.next - 1].rank < BAD_CAPTURE / 2
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
