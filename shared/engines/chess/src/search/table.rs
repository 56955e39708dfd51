//! The transposition table: what was found out about positions, in buckets of two.

use shakmaty::{Move, Role};

use super::score::MATE_BOUND;

/// What a stored value says about the true one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    /// The true value is at most this.
    Upper,
    /// The true value is at least this.
    Lower,
    Exact,
}

/// A move in 16 bits: from, to, promotion. Enough to find it again among the legal moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ShortMove(u16);

impl ShortMove {
    pub(super) const NONE: Self = Self(0);

    pub(super) fn of(m: Move) -> Self {
        let from = m.from().map_or(0, |square| square.to_u32() as u16);
        let promotion = m.promotion().map_or(0, |role: Role| role as u16);
        Self(from | (m.to().to_u32() as u16) << 6 | promotion << 12)
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub best: ShortMove,
    pub value: i32,
    /// The static evaluation, if the side to move was not in check.
    pub eval: Option<i32>,
    pub depth: i32,
    pub bound: Bound,
}

/// 12 bytes. A `tag` of 0 means empty.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    check: u32,
    best: u16,
    value: i16,
    eval: i16,
    depth: u8,
    /// Two bits of bound, six of age.
    tag: u8,
}

/// Aligned, so that looking into one is one access to memory.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(32))]
struct Bucket([Slot; 2]);

const NO_EVAL: i16 = i16::MIN;
const AGES: u8 = 63;

pub(super) struct Table {
    buckets: Vec<Bucket>,
    /// Buckets in use: a small search touches few, so that clearing costs what was used.
    used: usize,
    age: u8,
}

impl Table {
    pub(super) fn new(megabytes: usize) -> Self {
        let bytes = megabytes.clamp(1, 4096) << 20;
        let wanted = bytes / size_of::<Bucket>();
        let buckets = 1 << wanted.ilog2();
        Self {
            buckets: vec![Bucket::default(); buckets],
            used: 0,
            age: 1,
        }
    }

    pub(super) fn clear(&mut self) {
        self.buckets[..self.used].fill(Bucket::default());
        self.used = 0;
        self.age = 1;
    }

    /// Before each search. A search of so many nodes uses no more buckets than it can fill.
    pub(super) fn begin(&mut self, nodes: u64) {
        let most = self.buckets.len();
        let wanted = usize::try_from(nodes).map_or(most, |nodes| {
            (nodes / 2)
                .max(64)
                .checked_next_power_of_two()
                .unwrap_or(most)
        });
        // Never fewer than the search before: what it found stays where it can be found.
        self.used = self.used.max(wanted.min(most));
        self.age = if self.age == AGES { 1 } else { self.age + 1 };
    }

    pub(super) fn get(&self, key: u64, ply: usize) -> Option<Entry> {
        let slot = self.buckets[self.bucket(key)]
            .0
            .iter()
            .find(|slot| slot.tag != 0 && slot.check == check(key))?;
        Some(Entry {
            best: ShortMove(slot.best),
            value: from_stored(i32::from(slot.value), ply),
            eval: (slot.eval != NO_EVAL).then_some(i32::from(slot.eval)),
            depth: i32::from(slot.depth),
            bound: match slot.tag & 3 {
                0 => Bound::Upper,
                1 => Bound::Lower,
                _ => Bound::Exact,
            },
        })
    }

    pub(super) fn put(&mut self, key: u64, ply: usize, entry: Entry) {
        let age = self.age;
        let index = self.bucket(key);
        let bucket = &mut self.buckets[index].0;
        let place = match bucket.iter().position(|slot| slot.check == check(key)) {
            Some(same) => same,
            // The one that is worth less: of an earlier search, or shallower.
            None => {
                let worth = |slot: &Slot| match slot.tag >> 2 {
                    0 => -2,
                    old if old != age => -1,
                    _ => i32::from(slot.depth),
                };
                usize::from(worth(&bucket[1]) < worth(&bucket[0]))
            }
        };
        let slot = &mut bucket[place];
        let same = slot.check == check(key) && slot.tag != 0;
        let best = if entry.best == ShortMove::NONE && same {
            slot.best
        } else {
            entry.best.0
        };
        // A much deeper result of this search is not given up for a shallow bound.
        if same
            && slot.tag >> 2 == age
            && entry.bound != Bound::Exact
            && entry.depth + 4 < i32::from(slot.depth)
        {
            slot.best = best;
            return;
        }
        *slot = Slot {
            check: check(key),
            best,
            value: to_stored(entry.value, ply) as i16,
            eval: entry.eval.map_or(NO_EVAL, |eval| eval as i16),
            depth: entry.depth.clamp(0, 255) as u8,
            tag: age << 2
                | match entry.bound {
                    Bound::Upper => 0,
                    Bound::Lower => 1,
                    Bound::Exact => 2,
                },
        };
    }

    /// Thousandths of the table that this search has filled.
    pub(super) fn fill(&self) -> usize {
        let sample = &self.buckets[..self.buckets.len().min(500)];
        let filled = sample
            .iter()
            .flat_map(|bucket| bucket.0)
            .filter(|slot| slot.tag >> 2 == self.age)
            .count();
        filled * 1000 / (2 * sample.len())
    }

    fn bucket(&self, key: u64) -> usize {
        key as usize & (self.used - 1)
    }
}

fn check(key: u64) -> u32 {
    (key >> 32) as u32
}

/// Mates are stored by their distance from the position, not from the root.
fn to_stored(value: i32, ply: usize) -> i32 {
    if value >= MATE_BOUND {
        value + ply as i32
    } else if value <= -MATE_BOUND {
        value - ply as i32
    } else {
        value
    }
}

fn from_stored(value: i32, ply: usize) -> i32 {
    if value >= MATE_BOUND {
        value - ply as i32
    } else if value <= -MATE_BOUND {
        value + ply as i32
    } else {
        value
    }
}
