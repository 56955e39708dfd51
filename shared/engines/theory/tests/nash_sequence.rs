//! The analysis "Nash Equilibrium" by linear programming and in sequence form.

use std::sync::atomic::AtomicBool;

use rookery_theory::{
    AnalysisError, AnalysisResult, Config, Control, Game, Limits, analyze, find, parse,
};
use serde_json::json;

mod poker;

/// Myerson (1991), figure 2.1, as Gambit's stripped-down poker.
const ONE_CARD_POKER: &str = r#"c "" 1 "" { "K" 1/2 "Q" 1/2 } 0
    p "" 1 1 "" { "bet" "fold" } 0
    p "" 2 1 "" { "call" "fold" } 0
    t "" 1 "" { 2, -2 }
    t "" 2 "" { 1, -1 }
    t "" 3 "" { -1, 1 }
    p "" 1 2 "" { "bet" "fold" } 0
    p "" 2 1 "" { "call" "fold" } 0
    t "" 4 "" { -2, 2 }
    t "" 5 "" { 1, -1 }
    t "" 6 "" { -1, 1 }"#;

fn nash(game: &Game, config: serde_json::Value) -> Result<AnalysisResult, AnalysisError> {
    let stop = AtomicBool::new(false);
    let config = Config::from_json(&config).expect("a config");
    let info = find("Nash Equilibrium").expect("an analysis");
    analyze(game, info, &config, &Control::new(&stop))
}

#[test]
fn the_analysis_solves_small_trees_by_name() {
    let game = parse(
        "poker.efg",
        format!("EFG 2 R \"test\" {{ \"1\" \"2\" }}\n{ONE_CARD_POKER}").as_bytes(),
        &Limits::default(),
    )
    .expect("well formed");
    for (solver, name) in [("lp", "gambit-lp"), ("lcp", "gambit-lcp")] {
        let result = nash(&game, json!({"solver": solver})).expect("solvable");
        assert_eq!(result.summary, "1 Nash equilibrium+");
        assert_eq!(result.details["solver"], json!(name));
        assert_eq!(result.details["exhaustive"], json!(false));
        let item = &result.details["equilibria"][0];
        // Gambit's answer in mixed strategies: (1/3, 2/3, 0, 0), (2/3, 1/3).
        let exact = &item["exact"]["strategies"];
        assert_eq!(
            exact["1"],
            json!({"bet/bet": "1/3", "bet/fold": "2/3", "fold/bet": "0", "fold/fold": "0"})
        );
        assert_eq!(exact["2"], json!({"call": "2/3", "fold": "1/3"}));
        let by_set: Vec<&serde_json::Value> = item["exact"]["behavior"]["1"]
            .as_object()
            .expect("sets")
            .values()
            .collect();
        assert!(by_set.contains(&&json!({"bet": "1/3", "fold": "2/3"})));
        assert_eq!(item["regret"], json!(0.0));
    }
}

/// Kuhn (1950): the game is worth -1/18 to the first player.
#[test]
fn kuhn_poker_is_worth_a_loss_of_an_eighteenth() {
    let game = poker::kuhn();
    let result = nash(&game, json!({"solver": "lp"})).expect("solvable");
    let item = &result.details["equilibria"][0]["exact"];
    assert_eq!(item["payoffs"][&game.players()[0]], json!("-1/18"));
}

#[test]
fn trees_with_too_many_plans_get_one_equilibrium() {
    let game = poker::leduc();
    let result = nash(&game, json!({})).expect("solvable");
    assert_eq!(result.summary, "1 Nash equilibrium+");
    assert_eq!(result.details["solver"], json!("gambit-lp"));
    assert_eq!(result.details["exhaustive"], json!(false));
    let item = &result.details["equilibria"][0];
    let player = &game.players()[0];
    assert_eq!(item["payoffs"][player], json!(-0.085606));
    assert_eq!(
        item["behavior"][player].as_object().expect("sets").len(),
        468
    );
    let error = nash(&game, json!({"solver": "pure"})).expect_err("too many plans");
    assert!(matches!(error, AnalysisError::Options(_)), "{error}");
}

#[test]
fn tables_by_linear_programming() {
    let table = |body: &str| {
        let text = format!("NFG 1 R \"t\" {{ \"A\" \"B\" }} {body}");
        parse("t.nfg", text.as_bytes(), &Limits::default()).expect("well formed")
    };
    // Rock, paper, scissors with a reward of 2 for rock: (1/4, 1/2, 1/4) for both, by hand.
    let game = table("{ 3 3 } 0 0  1 -1  -2 2  -1 1  0 0  1 -1  2 -2  -1 1  0 0");
    let result = nash(&game, json!({"solver": "lp"})).expect("constant sum");
    assert_eq!(result.details["solver"], json!("gambit-lp"));
    let exact = &result.details["equilibria"][0]["exact"]["strategies"];
    for player in ["A", "B"] {
        let mixture: Vec<&str> = exact[player]
            .as_object()
            .expect("strategies")
            .values()
            .map(|value| value.as_str().expect("a text"))
            .collect();
        assert_eq!(mixture, ["1/4", "1/2", "1/4"]);
    }
    let dilemma = table("{ 2 2 } 3 3  5 0  0 5  1 1");
    let error = nash(&dilemma, json!({"solver": "lp"})).expect_err("not constant sum");
    assert_eq!(
        error.to_string(),
        "solver lp needs a constant-sum game of 2 players: the payoffs' sum differs between outcomes"
    );
}
