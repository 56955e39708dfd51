//! Correlated and coarse correlated equilibria with known best values.

use std::sync::atomic::AtomicBool;

use rookery_theory::{
    AnalysisError, AnalysisResult, Config, Control, Game, Limits, Rational, analyze, find, parse,
};
use serde_json::{Value, json};

fn table(body: &str) -> Game {
    let text = format!("NFG 1 R \"test\" {{ \"A\" \"B\" }} {body}");
    parse("test.nfg", text.as_bytes(), &Limits::default()).expect("well formed")
}

fn run(name: &str, game: &Game, config: Value) -> Result<AnalysisResult, AnalysisError> {
    let stop = AtomicBool::new(false);
    let config = Config::from_json(&config).expect("a config");
    analyze(
        game,
        find(name).expect("an analysis"),
        &config,
        &Control::new(&stop),
    )
}

fn value(name: &str, game: &Game, config: Value) -> String {
    let result = run(name, game, config).expect("solvable");
    let exact = result.details["exact"]["objective_value"].as_str();
    // Weak duality: the bound that the multipliers prove is the value itself.
    assert_eq!(result.details["certificate"]["bound"].as_str(), exact);
    exact.expect("a text").to_owned()
}

const CORRELATED: &str = "Correlated Equilibrium";
const COARSE: &str = "Coarse Correlated Equilibrium";

/// Aumann (1974), with the payoffs of his chicken: (6, 6), (2, 7), (7, 2), (0, 0).
const CHICKEN: &str = "{ 2 2 }  6 6  7 2  2 7  0 0";

#[test]
fn chicken_of_aumann_1974() {
    // The best correlated equilibrium puts 1/2 on (6, 6) and 1/4 on each of (2, 7), (7, 2): each player gets 21/4.
    let game = table(CHICKEN);
    let result = run(CORRELATED, &game, json!({})).expect("solvable");
    assert_eq!(result.details["exact"]["objective_value"], json!("21/2"));
    assert_eq!(
        result.details["exact"]["payoffs"],
        json!({"A": "21/4", "B": "21/4"})
    );
    let mut probabilities: Vec<&str> = result.details["distribution"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| item["exact"].as_str().expect("a text"))
        .collect();
    probabilities.sort_unstable();
    assert_eq!(probabilities, ["1/2", "1/4", "1/4"]);
    assert_eq!(result.details["objective"], json!("welfare"));
    // A player alone gets the most at the pure equilibrium that favours it.
    assert_eq!(value(CORRELATED, &game, json!({"objective": "A"})), "7");
    assert_eq!(value(CORRELATED, &game, json!({"objective": "B"})), "7");
}

#[test]
fn games_with_one_correlated_equilibrium() {
    // In zero-sum games the payoffs of every (coarse) correlated equilibrium are the value (Forges 1990; Moulin and Vial 1978).
    let pennies = table("{ 2 2 } 1 -1  -1 1  -1 1  1 -1");
    for name in [CORRELATED, COARSE] {
        assert_eq!(value(name, &pennies, json!({"objective": "A"})), "0");
        assert_eq!(value(name, &pennies, json!({"objective": "B"})), "0");
    }
    let dilemma = table("{ 2 2 } 3 3  5 0  0 5  1 1");
    assert_eq!(value(CORRELATED, &dilemma, json!({})), "2");
    assert_eq!(value(COARSE, &dilemma, json!({})), "2");
}

#[test]
fn battle_of_the_sexes() {
    let game = table("{ 2 2 } 2 1  0 0  0 0  1 2");
    assert_eq!(value(CORRELATED, &game, json!({})), "3");
    assert_eq!(value(CORRELATED, &game, json!({"objective": "B"})), "2");
}

#[test]
fn coarse_equilibria_can_beat_correlated_ones() {
    // Moulin and Vial (1978): rock, paper, scissors where ties cost both. The only correlated equilibrium is the Nash equilibrium with
    // payoffs 0·2/3 − 3·1/3; the even distribution off the diagonal is a coarse one.
    let game = table("{ 3 3 } -3 -3  1 -1  -1 1  -1 1  -3 -3  1 -1  1 -1  -1 1  -3 -3");
    let (fine, coarse) = (
        value(CORRELATED, &game, json!({})),
        value(COARSE, &game, json!({})),
    );
    assert_eq!(coarse, "0");
    let number = |text: &str| Rational::parse(text).expect("a number");
    assert!(number(&fine) <= number(&coarse));
}

#[test]
fn three_players_and_trees() {
    // Everybody wants to be in the majority: the best is unanimity, 1 each.
    let file = "NFG 1 R \"majority\" { \"A\" \"B\" \"C\" } { 2 2 2 }  1 1 1  0 1 1  1 0 1  1 1 0  1 1 0  1 0 1  0 1 1  1 1 1";
    let game = parse("t.nfg", file.as_bytes(), &Limits::default()).expect("well formed");
    assert_eq!(value(CORRELATED, &game, json!({})), "3");
    assert_eq!(value(COARSE, &game, json!({})), "3");
    let file = r#"EFG 2 R "entry" { "A" "B" }
        p "" 1 1 "" { "in" "out" } 0
        p "" 2 1 "" { "share" "fight" } 0
        t "" 1 "" { 1, 1 }
        t "" 2 "" { -1, -1 }
        t "" 3 "" { 0, 2 }"#;
    let tree = parse("t.efg", file.as_bytes(), &Limits::default()).expect("well formed");
    assert_eq!(value(CORRELATED, &tree, json!({"objective": "B"})), "2");
    assert_eq!(value(CORRELATED, &tree, json!({"objective": "A"})), "1");
}

#[test]
fn refuses_what_it_cannot_do() {
    let error = run(CORRELATED, &table(CHICKEN), json!({"objective": "C"})).expect_err("nobody");
    assert_eq!(
        error.to_string(),
        "objective must be `welfare` or the name of a player, not `C`"
    );
    let large = format!("{{ 100 101 }} {}", "1 ".repeat(2 * 100 * 101));
    let error = run(COARSE, &table(&large), json!({})).expect_err("too large");
    assert!(matches!(error, AnalysisError::Unfit(_)), "{error}");
    let stop = AtomicBool::new(true);
    let info = find(CORRELATED).expect("an analysis");
    assert_eq!(
        analyze(
            &table(CHICKEN),
            info,
            &Config::default(),
            &Control::new(&stop)
        ),
        Err(AnalysisError::Stopped)
    );
}

#[test]
fn random_games_are_certified_and_ordered() {
    // Every correlated equilibrium is a coarse one, so the best coarse one is at least as good.
    for seed in 1..=25u64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = || {
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % 10
        };
        let (rows, columns) = (2 + next() % 4, 2 + next() % 4);
        let payoffs: Vec<String> = (0..2 * rows * columns)
            .map(|_| next().to_string())
            .collect();
        let game = table(&format!("{{ {rows} {columns} }} {}", payoffs.join(" ")));
        let number = |text: String| Rational::parse(&text).expect("a number");
        let fine = number(value(CORRELATED, &game, json!({})));
        let coarse = number(value(COARSE, &game, json!({})));
        assert!(fine <= coarse, "seed {seed}");
    }
}
