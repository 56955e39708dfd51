//! The opening book: which moves theory knows in a position, and how often each is played.

use std::collections::HashMap;
use std::sync::LazyLock;

use shakmaty::san::San;
use shakmaty::zobrist::Zobrist64;
use shakmaty::{Chess, EnPassantMode, Move, Position};

use super::dice::Dice;
use super::level::Reading;

/// Main lines written down by hand; the format is in its head.
const LINES: &str = include_str!("book.txt");

static BOOK: LazyLock<Book> =
    LazyLock::new(|| Book::parse(LINES).expect("a test of this file reads every line of the book"));

/// What a bot that has read so much plays here; None once it is out of its book.
pub(super) fn play(position: &Chess, ply: u32, reading: Reading, dice: &mut Dice) -> Option<Move> {
    if ply >= reading.plies {
        return None;
    }
    let known = BOOK.moves(position);
    let known = &known[..known.len().min(reading.width)];
    let all = known.iter().map(|entry| u64::from(entry.weight)).sum();
    let mut left = dice.below(all);
    known
        .iter()
        .find(|entry| {
            let here = left < u64::from(entry.weight);
            left = left.saturating_sub(u64::from(entry.weight));
            here
        })
        .map(|entry| entry.mv)
}

/// Moves by position: lines that reach one position by different ways add up.
struct Book {
    moves: HashMap<Zobrist64, Vec<Entry>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    mv: Move,
    weight: u32,
}

impl Book {
    /// Or the line that cannot be read.
    fn parse(text: &str) -> Result<Self, String> {
        let mut moves: HashMap<Zobrist64, Vec<Entry>> = HashMap::new();
        let lines = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        for line in lines {
            for (key, entry) in read(line).ok_or_else(|| line.to_owned())? {
                let known = moves.entry(key).or_default();
                match known.iter_mut().find(|old| old.mv == entry.mv) {
                    Some(old) => old.weight += entry.weight,
                    None => known.push(entry),
                }
            }
        }
        for known in moves.values_mut() {
            // Stable: equal weights stay in the order of the lines.
            known.sort_by_key(|entry| std::cmp::Reverse(entry.weight));
        }
        Ok(Self { moves })
    }

    /// The most played first.
    fn moves(&self, position: &Chess) -> &[Entry] {
        self.moves
            .get(&position.zobrist_hash(EnPassantMode::Legal))
            .map_or(&[], Vec::as_slice)
    }
}

/// The positions and moves of one line; None unless it is well formed and legal.
fn read(line: &str) -> Option<Vec<(Zobrist64, Entry)>> {
    let (weight, rest) = line.split_once(": ")?;
    let (moves, _name) = rest.split_once(" ; ")?;
    let weight = weight.parse().ok()?;
    let mut position = Chess::default();
    let mut entries = Vec::new();
    for word in moves.split_whitespace() {
        let san = word.trim_end_matches('+').parse::<San>().ok()?;
        let mv = san.to_move(&position).ok()?;
        let key = position.zobrist_hash(EnPassantMode::Legal);
        entries.push((key, Entry { mv, weight }));
        position = position.play(mv).ok()?;
    }
    Some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Reading = Reading {
        plies: 40,
        width: 40,
    };

    #[test]
    fn every_line_of_the_book_is_legal() {
        let book = Book::parse(LINES).unwrap_or_else(|line| panic!("{line}"));
        assert!(book.moves.len() > 500, "{}", book.moves.len());
    }

    #[test]
    fn a_line_that_is_not_legal_is_told() {
        let line = "1: e4 e5 Ke3 ; nonsense";
        assert_eq!(Book::parse(line).err().as_deref(), Some(line));
        assert!(Book::parse("e4 e5 ; no weight").is_err());
        assert!(Book::parse("1: e4 e5").is_err());
    }

    #[test]
    fn lines_that_meet_add_up() {
        let book = Book::parse("2: d4 Nf6 c4 e6 Nf3 d5 Nc3 ; a\n3: Nf3 Nf6 c4 e6 d4 d5 g3 ; b")
            .expect("both are legal");
        let mut position = Chess::default();
        for word in ["d4", "d5", "c4", "e6", "Nf3", "Nf6"] {
            let san: San = word.parse().expect("SAN");
            let mv = san.to_move(&position).expect("legal");
            position.play_unchecked(mv);
        }
        let known: Vec<(String, u32)> = book
            .moves(&position)
            .iter()
            .map(|entry| {
                (
                    San::from_move(&position, entry.mv).to_string(),
                    entry.weight,
                )
            })
            .collect();
        assert_eq!(known, [("g3".to_owned(), 3), ("Nc3".to_owned(), 2)]);
    }

    #[test]
    fn the_book_ends_where_the_reading_ends() {
        let start = Chess::default();
        let mut dice = Dice::new(1, 0);
        assert!(play(&start, 0, ALL, &mut dice).is_some());
        assert!(play(&start, 40, ALL, &mut dice).is_none());
        let little = Reading { plies: 0, width: 9 };
        assert!(play(&start, 0, little, &mut dice).is_none());
    }

    #[test]
    fn a_narrow_reader_plays_the_most_played_move_and_a_wide_one_varies() {
        let start = Chess::default();
        let firsts = |width| {
            let mut moves: Vec<String> = (0..300)
                .filter_map(|seed| {
                    let reading = Reading { plies: 9, width };
                    play(&start, 0, reading, &mut Dice::new(seed, 0))
                })
                .map(|mv| San::from_move(&start, mv).to_string())
                .collect();
            moves.sort();
            moves.dedup();
            moves
        };
        assert_eq!(firsts(1), ["e4"]);
        assert_eq!(firsts(2), ["d4", "e4"]);
        assert!(firsts(9).len() >= 4);
    }
}
