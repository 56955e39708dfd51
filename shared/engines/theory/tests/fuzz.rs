//! Mutated files: every reader answers with a game or a positioned error, and never panics.

use rookery_theory::{Game, Limits, examples, parse};

const MUTANTS: usize = 24_000;

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

const NFG_PAYOFFS: &str = r#"NFG 1 D "payoffs" { "A" "B" "C" } { { "a" "b" } { "c" "d" } { "e" "f" } } ""
1 2 3, 4 5 6  -1 .5 1/3 1e-2 0 0  1 1 1 2 2 2 3 3 3 4 4 4"#;

const NFG_OUTCOMES: &str = r#"NFG 1 R "outcomes" { "A" "B" } { 2 2 }
{ { "o" 1, 2 } { "p" 3 4 } } 1 2 0 1"#;

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }
}

fn mutate(random: &mut Random, text: &[u8], other: &[u8]) -> Vec<u8> {
    const TOKENS: [&str; 24] = [
        "{",
        "}",
        "\"",
        "\\",
        ",",
        "[",
        "]",
        ":",
        "null",
        "NaN",
        "-1",
        "1/0",
        "1e9999",
        "999999999999999999999",
        "0",
        "t",
        "p",
        "c",
        "Chance",
        "\"id\"",
        "{ 1000000 1000000 }",
        "\u{0}",
        "é",
        "\"\\ud800\"",
    ];
    let mut mutant = text.to_vec();
    for _ in 0..1 + random.below(4) {
        let at = random.below(mutant.len() + 1);
        let end = (at + random.below(20)).min(mutant.len());
        match random.below(6) {
            0 => drop(mutant.drain(at..end)),
            1 => drop(mutant.splice(at..end, TOKENS[random.below(TOKENS.len())].bytes())),
            2 => mutant.insert(at, random.below(256) as u8),
            3 => mutant.truncate(at),
            4 => {
                let piece = mutant[at..end].to_vec();
                let to = random.below(mutant.len() + 1);
                mutant.splice(to..to, piece);
            }
            _ => {
                let from = random.below(other.len());
                let until = (from + random.below(30)).min(other.len());
                mutant.splice(at..end, other[from..until].iter().copied());
            }
        }
    }
    mutant
}

#[test]
fn mutants_of_every_format_are_answered() {
    let json: Vec<String> = examples()
        .iter()
        .map(|game| game.wire().to_string())
        .collect();
    let mut seeds: Vec<(&str, &[u8])> = vec![
        ("x.efg", EFG.as_bytes()),
        ("x.nfg", NFG_PAYOFFS.as_bytes()),
        ("x.nfg", NFG_OUTCOMES.as_bytes()),
    ];
    seeds.extend(json.iter().map(|text| ("x.json", text.as_bytes())));
    let limits = Limits {
        cells: 10_000,
        nodes: 10_000,
        ..Limits::default()
    };
    let mut random = Random(0x5eed_0004);
    let (mut games, mut errors) = (0, 0);
    for (name, seed) in &seeds {
        assert!(parse(name, seed, &limits).is_ok(), "{name}");
    }
    for number in 0..MUTANTS {
        let (name, seed) = seeds[number % seeds.len()];
        let other = seeds[random.below(seeds.len())].1;
        let mutant = mutate(&mut random, seed, other);
        match parse(name, &mutant, &limits) {
            Ok(game) => {
                games += 1;
                let stored = serde_json::to_string(&game).expect("every game can be stored");
                assert_eq!(
                    serde_json::from_str::<Game>(&stored).expect("and read back"),
                    game
                );
            }
            Err(error) => {
                errors += 1;
                let lines = mutant.iter().filter(|byte| **byte == b'\n').count() + 1;
                assert!(
                    error.line >= 1
                        && error.line <= lines
                        && error.column >= 1
                        && !error.what.is_empty(),
                    "{error}"
                );
            }
        }
    }
    assert!(
        games > MUTANTS / 100 && errors > MUTANTS / 2,
        "{games} games, {errors} errors: the mutants are too tame or too wild"
    );
}
