//! The search for a mate with both sides helping: best first over positions, until a mate is met, or every position that can be
//! reached was looked at and none is a mate, or the effort is spent.
//!
//! Three lists of open positions are served in turn, each in the order of its own guess at the distance to a mate (alternation:
//! Röger and Helmert 2010, "The More, the Merrier"). Now and then a list gives a random one of its positions instead of its
//! nearest, lest a guess that leads nowhere be followed to the end (as in Xie et al. 2014, "Type-based Exploration with
//! Multiple Search Queues"). That the question can be settled in practice was shown by Ambrona 2022, "A Practical Algorithm for
//! Chess Unwinnability", whose search is another one.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use shakmaty::zobrist::Zobrist64;
use shakmaty::{Chess, Color, EnPassantMode, Position as _};

use super::confinement::{self, FARTHEST, GUESSES};

/// What the search came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Helpmate {
    Found,
    /// No position that can be reached is a mate.
    Impossible,
    /// The effort was spent before either was seen.
    Unknown,
}

/// How long to search: positions to keep (about 200 bytes each). At most eight times as many moves are looked at, each in about
/// 0.2 µs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort(pub usize);

const MOVES_PER_POSITION: usize = 8;

/// Looks for a mate by `winner`, however many moves without a capture or a pawn move it takes.
pub fn search(position: &Chess, winner: Color, effort: Effort) -> Helpmate {
    let mut search = Search {
        winner,
        met: Met::default(),
        positions: Vec::new(),
        lists: std::array::from_fn(|_| List::default()),
        random: Random::new(),
    };
    let mut moves = 0;
    if search.meet(position.clone()) == Meeting::Mate {
        return Helpmate::Found;
    }
    for turn in (0..GUESSES).cycle() {
        // Every open position is in every list: when one is empty, all were looked at.
        let Some(from) = search.next(turn) else { break };
        for step in from.legal_moves() {
            let mut reached = from.clone();
            reached.play_unchecked(step);
            if search.meet(reached) == Meeting::Mate {
                return Helpmate::Found;
            }
            moves += 1;
        }
        if search.positions.len() > effort.0 || moves > effort.0 * MOVES_PER_POSITION {
            return Helpmate::Unknown;
        }
    }
    Helpmate::Impossible
}

struct Search {
    winner: Color,
    met: Met,
    /// None: looked at.
    positions: Vec<Option<Chess>>,
    lists: [List; GUESSES],
    random: Random,
}

/// Positions by their keys. That two of 10⁵ share one of 64 bits has a chance of 3·10⁻¹⁰.
type Met = HashSet<u64, BuildHasherDefault<KeyItself>>;

#[derive(PartialEq, Eq)]
enum Meeting {
    Mate,
    /// To be looked at later, unless it was met before or cannot lead to a mate.
    NoMate,
}

impl Search {
    fn meet(&mut self, position: Chess) -> Meeting {
        if position.has_insufficient_material(self.winner) {
            return Meeting::NoMate;
        }
        let key: Zobrist64 = position.zobrist_hash(EnPassantMode::Legal);
        if !self.met.insert(key.0) {
            return Meeting::NoMate;
        }
        if position.turn() != self.winner && position.is_checkmate() {
            return Meeting::Mate;
        }
        let index = self.positions.len();
        let guesses = confinement::distances(&position, self.winner);
        for (list, distance) in self.lists.iter_mut().zip(guesses) {
            list.push(index, distance);
        }
        self.positions.push(Some(position));
        Meeting::NoMate
    }

    fn next(&mut self, list: usize) -> Option<Chess> {
        loop {
            let index = self.lists[list].pop(&mut self.random)?;
            // It may have been looked at from another list.
            if let Some(position) = self.positions[index].take() {
                return Some(position);
            }
        }
    }
}

/// Positions by their distance.
#[derive(Default)]
struct List {
    by_distance: Vec<Vec<usize>>,
    nearest: usize,
}

impl List {
    fn push(&mut self, position: usize, distance: u32) {
        let distance = distance.min(FARTHEST) as usize;
        if self.by_distance.len() <= distance {
            self.by_distance.resize(distance + 1, Vec::new());
        }
        self.by_distance[distance].push(position);
        self.nearest = self.nearest.min(distance);
    }

    /// Of the nearest the newest, so that a line is followed before the next is begun; every fourth time any.
    fn pop(&mut self, random: &mut Random) -> Option<usize> {
        while self.by_distance.get(self.nearest)?.is_empty() {
            self.nearest += 1;
        }
        if random.below(4) > 0 {
            return self.by_distance[self.nearest].pop();
        }
        let distances = self.by_distance.len();
        let from = self.nearest + random.below(distances - self.nearest);
        let any = (from..distances)
            .chain(self.nearest..from)
            .find(|distance| !self.by_distance[*distance].is_empty())?;
        let positions = &mut self.by_distance[any];
        Some(positions.swap_remove(random.below(positions.len())))
    }
}

/// Marsaglia 2003, "Xorshift RNGs", from one seed: a verdict is the same wherever it is made.
struct Random(u64);

impl Random {
    fn new() -> Self {
        Self(88_172_645_463_325_252)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The upper half, as a fraction of 2³²: without a division, and as even as the guesses deserve.
        ((self.0 >> 32) as usize * bound) >> 32
    }
}

/// Zobrist keys are random already.
#[derive(Default)]
struct KeyItself(u64);

impl Hasher for KeyItself {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::notation;

    fn searched(fen: &str, winner: Color) -> Helpmate {
        let position = notation::position(fen).expect("a fine position");
        search(&position, winner, Effort(50_000))
    }

    #[test]
    fn the_elementary_mates_are_found() {
        for (pieces, fen) in [
            ("queen", "8/8/3k4/8/8/3K4/8/Q7 w - - 0 1"),
            ("rook", "8/8/3k4/8/8/3K4/8/R7 b - - 0 1"),
            ("bishops", "8/8/3k4/8/8/3K4/8/1BB5 w - - 0 1"),
            ("bishop and knight", "8/8/3k4/8/8/3K4/8/BN6 w - - 0 1"),
            ("knights, with help", "8/8/3k4/8/8/3K4/8/NN6 w - - 0 1"),
            ("pawn", "8/8/3k4/8/8/3K4/7P/8 b - - 0 1"),
            ("knight against rook", "8/8/3k4/8/8/3K4/8/N6r w - - 0 1"),
            ("bishop against knight", "8/8/3k4/8/8/3K4/8/B6n w - - 0 1"),
            ("bishop against pawn", "8/8/3k4/7p/8/3K4/8/B7 w - - 0 1"),
            (
                "all",
                "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1",
            ),
        ] {
            assert_eq!(searched(fen, Color::White), Helpmate::Found, "{pieces}");
        }
    }

    #[test]
    fn a_mate_on_the_board_is_a_mate_for_its_winner_only() {
        let mate = "R6k/8/6K1/8/8/8/8/8 b - - 0 1";
        assert_eq!(searched(mate, Color::White), Helpmate::Found);
        let stalemate = "7k/5Q2/6K1/8/8/8/8/8 b - - 0 1";
        assert_eq!(searched(stalemate, Color::White), Helpmate::Impossible);
    }

    #[test]
    fn forced_captures_leave_nothing_to_mate_with() {
        // The king must take the only piece that could have mated it.
        let forced = "8/8/8/8/8/4k3/1q6/K7 w - - 0 1";
        assert_eq!(searched(forced, Color::Black), Helpmate::Impossible);
    }

    #[test]
    fn little_effort_leaves_the_question_open() {
        let verdict = search(&Chess::default(), Color::White, Effort(10));
        assert_eq!(verdict, Helpmate::Unknown);
    }
}
