//! Mutated files of every format: each is answered soon, with a game that survives storing and writing or with an error that has a
//! place in the file, and never with a panic.

use std::time::{Duration, Instant};

use rookery_theory::{Format, Game, Limits, ParseError, examples, parse, write};

const MUTANTS: usize = 210_000;

/// Far more than any mutant needs (the slowest takes milliseconds), far less than something quadratic would take.
const LONGEST: Duration = Duration::from_secs(2);

const EFG: &str = r#"EFG 2 R "seed \"x\"" { "A" "B" } "comment"
c "" 1 "deal" { "K" 1/2 "Q" 0.5 } 0
p "n" 1 1 "set" { "bet" "fold" } 1 "ante" { 1, -1 }
p "" 2 1 "" { "call" "fold" } 0
t "" 2 "win" { 2 -2 }
t "" 3 "small" { 1e0 -1 }
t "" 0
p "" 1 2 "" { "bet" "fold" } 0
p "" 2 1 0
t "" 4 "loss" { -2 2 }
t "" 3
t "" 0
"#;

/// Absent-minded, every description left out that can be.
const EFG_TERSE: &str = r#"EFG 2 D "" {"A""B""C"}
p 1 1 {"""left, or not"} 0 p 1 1 0 p 1 1 7 t 1 {1 2 3} t 1 t 2 "x" {-.5-1e2+3/4} c 9 {"" .3 "" .3 "" .4} 7 {0 0 0} t 2 t 0 t 2"#;

const NFG_PAYOFFS: &str = r#"NFG 1 D "payoffs" { "A" "B" "C" } { { "a" "b" } { "c" "d" } { "e" "f" } } ""
1 2 3, 4 5 6  -1 .5 1/3 1e-2 0 0  1 1 1 2 2 2 3 3 3 4 4 4"#;

const NFG_OUTCOMES: &str = r#"NFG 1 R "outcomes" { "A" "B" } { 2 2 }
{ { "o" 1, 2 } { "p" 3 4 } } 1 2 0 1"#;

const MAID: &str = r#"{"id": "umbrella", "agents": ["Me", "Rain"], "nodes": [
{"id": "Weather", "type": "chance", "domain": ["wet", "dry"]}, {"id": "Take", "type": "decision", "agent": "Me", "domain": [true, false]},
{"id": "Joy", "type": "utility", "agent": "Me", "domain": [-1, 0.5, 2]}],
"edges": [{"source": "Weather", "target": "Take"}, {"source": "Weather", "target": "Joy"}, {"source": "Take", "target": "Joy"}],
"cpds": [{"node": "Weather", "parents": [], "values": [["1/3", "2/3"]]},
{"node": "Joy", "parents": ["Weather", "Take"], "values": [[0, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 1]]}], "format_name": "maid"}"#;

const VEGAS: &str = "type side = {0, 1}\ngame main() {\n  join Odd() $ 10 Even() $ 10;\n  commit Odd(c: side) Even(c: side);\n  reveal Odd(c: side) Even(c: side);\n  withdraw (Odd.c == Even.c) ? { Even -> 20; Odd -> 0 } : { Even -> 0; Odd -> 20 }\n}\n";

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    fn of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.below(texts.len())]
    }
}

const TOKENS: [&str; 32] = [
    "{",
    "}",
    "\"",
    "\\",
    ",",
    "[",
    "]",
    ":",
    "(",
    ")",
    ";",
    "null",
    "NaN",
    "t",
    "p",
    "c",
    "0",
    "Chance",
    "\"id\"",
    "\"root\"",
    "{ 1000000 1000000 }",
    "\u{0}",
    "é",
    "\"\\ud800\"",
    "\u{feff}",
    "//",
    "random",
    "? :",
    "->",
    "\"n_1\"",
    "\"o_1\"",
    "\"\"",
];

const NUMBERS: [&str; 20] = [
    "0",
    "-1",
    "1",
    "2",
    "1/0",
    "1/3",
    "1e9999",
    "1e999",
    "1e-999",
    "-0.0",
    "999999999999999999999",
    "4294967295",
    "4294967296",
    "18446744073709551616",
    "-9223372036854775808",
    "0.1666666666666667",
    "1000000",
    ".",
    "1e",
    "00012",
];

/// Where the word, number or quoted text around `at` starts and ends.
fn token_around(text: &[u8], at: usize) -> (usize, usize) {
    let inside =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'-' | b'_');
    let start = text[..at]
        .iter()
        .rposition(|byte| !inside(byte))
        .map_or(0, |before| before + 1);
    let length = text[at..]
        .iter()
        .position(|byte| !inside(byte))
        .unwrap_or(text.len() - at);
    (start, at + length)
}

fn mutate(random: &mut Random, text: &[u8], other: &[u8]) -> Vec<u8> {
    let mut mutant = text.to_vec();
    for _ in 0..1 + random.below(4) {
        let at = random.below(mutant.len() + 1);
        let end = (at + random.below(20)).min(mutant.len());
        match random.below(10) {
            0 => drop(mutant.drain(at..end)),
            1 => drop(mutant.splice(at..end, random.of(&TOKENS).bytes())),
            2 => mutant.insert(at, random.below(256) as u8),
            3 => mutant.truncate(at.max(mutant.len() / 8)),
            4 if at < mutant.len() => mutant[at] ^= 1 << random.below(8),
            5 => {
                // A piece again, somewhere else or many times over.
                let times = [1, 2, 50][random.below(3)];
                let piece = mutant[at..end].repeat(times);
                let to = random.below(mutant.len() + 1);
                mutant.splice(to..to, piece);
            }
            6 => {
                let from = random.below(other.len());
                let until = (from + random.below(30)).min(other.len());
                mutant.splice(at..end, other[from..until].iter().copied());
            }
            7 => {
                let (start, end) = token_around(&mutant, at);
                let (from, until) = token_around(other, random.below(other.len()));
                mutant.splice(start..end, other[from..until].iter().copied());
            }
            8 => {
                let (start, end) = token_around(&mutant, at);
                drop(mutant.drain(start..end));
            }
            _ => {
                // Numbers blown up: the next one is looked for.
                let ahead = mutant[at..].iter().position(u8::is_ascii_digit);
                let (start, end) = token_around(&mutant, at + ahead.unwrap_or(0));
                mutant.splice(start..end, random.of(&NUMBERS).bytes());
            }
        }
        if mutant.is_empty() {
            return mutant;
        }
    }
    mutant
}

fn assert_usable(game: &Game, limits: &Limits) {
    let stored = serde_json::to_string(game).expect("every game can be stored");
    assert_eq!(
        &serde_json::from_str::<Game>(&stored).expect("and read back"),
        game
    );
    let reread = |name: &str, text: &str| {
        parse(name, text.as_bytes(), limits).unwrap_or_else(|error| panic!("{error}\n{text}"))
    };
    // What is written may be longer than what was read.
    match game {
        Game::Extensive(tree) => drop(reread("x.efg", &write::efg(tree))),
        Game::Normal(table) => drop(reread("x.nfg", &write::nfg(table))),
        Game::Maid(_) => {}
        Game::Vegas(_) => return,
    }
    let json = reread("x.json", &write::json(game).to_string());
    // A diagram's domains hold numbers and texts side by side, and a number too long for JSON comes back as a text.
    if !matches!(game, Game::Maid(_)) {
        assert_eq!(json.fingerprint(), game.fingerprint());
    }
}

fn assert_placed(error: &ParseError, mutant: &[u8]) {
    let lines = mutant.iter().filter(|byte| **byte == b'\n').count() + 1;
    let placed =
        (1..=lines).contains(&error.line) && (1..=mutant.len() + 1).contains(&error.column);
    assert!(placed && !error.what.is_empty(), "{error}");
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the test times the readers, which know no clock"
)]
fn mutants_of_every_format_are_answered() {
    // The file of a Vegas program is its text.
    let json: Vec<String> = examples()
        .iter()
        .filter(|game| game.format() != Format::Vegas)
        .map(|game| game.wire().to_string())
        .collect();
    let mut seeds: Vec<(&str, &[u8])> = vec![
        ("x.efg", EFG.as_bytes()),
        ("x.efg", EFG_TERSE.as_bytes()),
        ("x.nfg", NFG_PAYOFFS.as_bytes()),
        ("x.nfg", NFG_OUTCOMES.as_bytes()),
        ("x.json", MAID.as_bytes()),
        ("x.vg", VEGAS.as_bytes()),
    ];
    seeds.extend(json.iter().map(|text| ("x.json", text.as_bytes())));
    let limits = Limits {
        cells: 10_000,
        nodes: 10_000,
        ..Limits::default()
    };
    let mut random = Random(0x5eed_0004);
    for (name, seed) in &seeds {
        let read = parse(name, seed, &limits);
        assert_usable(
            &read.unwrap_or_else(|error| panic!("{name}: {error}")),
            &limits,
        );
    }
    let (mut games, mut errors) = (0, 0);
    for number in 0..MUTANTS {
        let (name, seed) = seeds[number % seeds.len()];
        let other = seeds[random.below(seeds.len())].1;
        let mutant = mutate(&mut random, seed, other);
        let start = Instant::now();
        let answer = parse(name, &mutant, &limits);
        let took = start.elapsed();
        assert!(
            took < LONGEST,
            "{took:?}\n{}",
            String::from_utf8_lossy(&mutant)
        );
        match answer {
            Ok(game) => {
                games += 1;
                assert_usable(&game, &limits);
            }
            Err(error) => {
                errors += 1;
                assert_placed(&error, &mutant);
            }
        }
    }
    assert!(
        games > MUTANTS / 100 && errors > MUTANTS / 2,
        "{games} games, {errors} errors: the mutants are too tame or too wild"
    );
}
