//! What has cut off before: killers, counter moves and histories, by which quiet moves are ordered and reduced.

use shakmaty::{Color, Move, Role, Square};

use super::score::MAX_PLY;

/// No entry grows beyond this.
pub(super) const MOST: i32 = 16_384;

pub(super) struct Memory {
    killers: Vec<[Option<Move>; 2]>,
    /// By the piece that moved last and where it went.
    counters: Vec<Option<Move>>,
    /// By colour, from, to.
    quiets: Vec<i16>,
    /// By piece, target, captured piece.
    captures: Vec<i16>,
    /// By the last move's piece and target, then this move's.
    replies: Vec<i16>,
    /// Which last moves replies hold anything for: the one table that is too big to be cleared whole.
    replied: Vec<bool>,
}

/// A piece of a colour on a square.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Arrival(usize);

const ARRIVALS: usize = 12 * 64;

impl Arrival {
    pub(super) fn of(color: Color, m: Move) -> Self {
        let piece = (m.role() as usize - 1) + 6 * usize::from(color.is_white());
        Self(piece * 64 + m.to().to_usize())
    }
}

impl Memory {
    pub(super) fn new() -> Self {
        Self {
            killers: vec![[None; 2]; MAX_PLY + 2],
            counters: vec![None; ARRIVALS],
            quiets: vec![0; 2 * 64 * 64],
            captures: vec![0; ARRIVALS * 6],
            replies: vec![0; ARRIVALS * ARRIVALS],
            replied: vec![false; ARRIVALS],
        }
    }

    pub(super) fn clear(&mut self) {
        self.killers.fill([None; 2]);
        self.counters.fill(None);
        self.quiets.fill(0);
        self.captures.fill(0);
        self.for_each_reply(|row| row.fill(0));
        self.replied.fill(false);
    }

    /// Between two moves of a game old killers say nothing, old histories a little.
    pub(super) fn age(&mut self) {
        self.killers.fill([None; 2]);
        for value in self.quiets.iter_mut().chain(&mut self.captures) {
            *value /= 4;
        }
        self.for_each_reply(|row| row.iter_mut().for_each(|value| *value /= 4));
    }

    /// By last move, those that hold anything.
    fn for_each_reply(&mut self, mut act: impl FnMut(&mut [i16])) {
        let rows = self.replies.chunks_mut(ARRIVALS).zip(&self.replied);
        for (row, _) in rows.filter(|(_, replied)| **replied) {
            act(row);
        }
    }

    pub(super) fn killers(&self, ply: usize) -> [Option<Move>; 2] {
        self.killers[ply]
    }

    pub(super) fn forget_killers(&mut self, ply: usize) {
        self.killers[ply] = [None; 2];
    }

    pub(super) fn counter(&self, last: Option<Arrival>) -> Option<Move> {
        last.and_then(|last| self.counters[last.0])
    }

    /// Twice the butterfly history's range at most.
    pub(super) fn quiet(&self, color: Color, last: Option<Arrival>, m: Move) -> i32 {
        let reply = last.map_or(0, |last| {
            self.replies[reply_index(last, Arrival::of(color, m))]
        });
        i32::from(self.quiets[quiet_index(color, m)]) + i32::from(reply)
    }

    pub(super) fn capture(&self, color: Color, m: Move) -> i32 {
        i32::from(self.captures[capture_index(color, m)])
    }

    /// A quiet move has cut off; the quiet ones tried before it had not.
    pub(super) fn reward_quiet(&mut self, cut: &Cut, tried: impl Iterator<Item = Move>) {
        let killers = &mut self.killers[cut.ply];
        if killers[0] != Some(cut.best) {
            killers[1] = killers[0];
            killers[0] = Some(cut.best);
        }
        if let Some(last) = cut.last {
            self.counters[last.0] = Some(cut.best);
        }
        self.move_quiet(cut, cut.best, cut.bonus());
        for m in tried {
            self.move_quiet(cut, m, -cut.bonus());
        }
    }

    /// `tried` are captures that had not cut off before.
    pub(super) fn reward_capture(&mut self, cut: &Cut, tried: impl Iterator<Item = Move>) {
        if cut.best.is_capture() {
            toward(
                &mut self.captures[capture_index(cut.color, cut.best)],
                cut.bonus(),
            );
        }
        for m in tried {
            toward(
                &mut self.captures[capture_index(cut.color, m)],
                -cut.bonus(),
            );
        }
    }

    fn move_quiet(&mut self, cut: &Cut, m: Move, bonus: i32) {
        toward(&mut self.quiets[quiet_index(cut.color, m)], bonus);
        if let Some(last) = cut.last {
            self.replied[last.0] = true;
            let index = reply_index(last, Arrival::of(cut.color, m));
            toward(&mut self.replies[index], bonus);
        }
    }
}

/// Where and by what the search was cut off.
pub(super) struct Cut {
    pub best: Move,
    pub color: Color,
    pub last: Option<Arrival>,
    pub ply: usize,
    pub depth: i32,
}

impl Cut {
    fn bonus(&self) -> i32 {
        (16 * self.depth * self.depth + 32 * self.depth).min(1_600)
    }
}

/// The fuller an entry is, the less more of the same adds: it stays within `MOST` and forgets what is long ago.
fn toward(entry: &mut i16, bonus: i32) {
    let value = i32::from(*entry);
    *entry = (value + bonus - value * bonus.abs() / MOST) as i16;
}

fn quiet_index(color: Color, m: Move) -> usize {
    let from = m.from().map_or(0, Square::to_usize);
    (usize::from(color.is_white()) * 64 + from) * 64 + m.to().to_usize()
}

fn capture_index(color: Color, m: Move) -> usize {
    let captured = m.capture().unwrap_or(Role::Pawn) as usize - 1;
    Arrival::of(color, m).0 * 6 + captured
}

fn reply_index(last: Arrival, this: Arrival) -> usize {
    last.0 * ARRIVALS + this.0
}
