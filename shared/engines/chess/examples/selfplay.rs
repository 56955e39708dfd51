//! Lets the engine play against itself and writes quiet positions of the games with their results: what `tune` learns from.
//!
//! ```text
//! cargo run --release -p rookery-chess --example selfplay -- <games> <seed> <nodes per move> > positions.txt
//! ```
//! One line per position: FEN; white's points; white's centipawns as the search saw them.

use std::io::{self, Write};

use rookery_chess::search::{Limits, Searcher, Unwatched};
use shakmaty::fen::Fen;
use shakmaty::zobrist::Zobrist64;
use shakmaty::{Chess, EnPassantMode, Position as _};

/// Fewest random plies at the beginning; every second game has one more.
const OPENING_PLIES: u64 = 7;
const MOST_PLIES: usize = 300;
/// Both sides agree for some moves that it is won.
const DECIDED: i32 = 1_200;

struct Seen {
    fen: String,
    centipawns: i32,
}

fn main() -> io::Result<()> {
    let numbers: Vec<u64> = std::env::args()
        .skip(1)
        .filter_map(|argument| argument.parse().ok())
        .collect();
    let [games, seed, nodes] = numbers[..] else {
        eprintln!("usage: selfplay <games> <seed> <nodes per move>");
        return Ok(());
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut searcher = Searcher::new(4);
    for game in 0..games {
        let mut random = Random(seed << 32 | game);
        searcher.clear();
        if let Some((seen, points)) = play(&mut searcher, &mut random, nodes) {
            for Seen { fen, centipawns } in seen {
                writeln!(out, "{fen};{points};{centipawns}")?;
            }
        }
    }
    out.flush()
}

/// None: the random beginning has ended the game, or decided it.
fn play(searcher: &mut Searcher, random: &mut Random, nodes: u64) -> Option<(Vec<Seen>, f32)> {
    let mut position = Chess::default();
    let mut keys: Vec<Zobrist64> = vec![position.zobrist_hash(EnPassantMode::Legal)];
    for _ in 0..OPENING_PLIES + random.below(2) {
        let legal = position.legal_moves();
        let m = *legal.get(random.below(legal.len() as u64) as usize)?;
        position.play_unchecked(m);
        keys.push(position.zobrist_hash(EnPassantMode::Legal));
    }
    let limits = Limits {
        nodes,
        depth: 64,
        multipv: 1,
    };
    let mut seen = Vec::new();
    let mut decided = 0i32;
    let mut first = true;
    for _ in 0..MOST_PLIES {
        if let Some(outcome) = position.outcome().known() {
            let points = outcome
                .winner()
                .map_or(0.5, |winner| winner.fold_wb(1.0, 0.0));
            return Some((seen, points));
        }
        let present: Zobrist64 = position.zobrist_hash(EnPassantMode::Legal);
        let repeated = keys.iter().filter(|key| **key == present).count() >= 3;
        if repeated || position.halfmoves() >= 100 {
            return Some((seen, 0.5));
        }
        let report = searcher.search(&position, &keys, &limits, &mut Unwatched);
        let line = report.lines.first()?;
        let m = *line.moves.first()?;
        let score = line.score.centipawns();
        if std::mem::take(&mut first) && score.abs() > 250 {
            return None;
        }
        let white = position.turn().fold_wb(score, -score);
        decided = match white {
            DECIDED.. => decided.max(0) + 1,
            _ if white <= -DECIDED => decided.min(0) - 1,
            _ => 0,
        };
        if decided.abs() >= 6 {
            return Some((seen, if decided > 0 { 1.0 } else { 0.0 }));
        }
        let quiet = !position.is_check() && !m.is_capture() && !m.is_promotion();
        if quiet && score.abs() < DECIDED {
            seen.push(Seen {
                fen: Fen::from_position(&position, EnPassantMode::Legal).to_string(),
                centipawns: white,
            });
        }
        position.play_unchecked(m);
        if m.is_zeroing() {
            keys.clear();
        }
        keys.push(position.zobrist_hash(EnPassantMode::Legal));
    }
    Some((seen, 0.5))
}

/// splitmix64 (Steele, Lea and Flood, 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed >> 16) % bound.max(1)
    }
}
