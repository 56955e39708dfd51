//! IESDS and Validation: summaries and details as clients know them.

use std::sync::atomic::AtomicBool;

use rookery_theory::{
    AnalysisResult, Config, Control, Game, Limits, analyze, examples, find, parse,
};
use serde_json::{Value, json};

fn run(game: &Game, name: &str) -> AnalysisResult {
    let stop = AtomicBool::new(false);
    analyze(
        game,
        find(name).expect("an analysis"),
        &Config::default(),
        &Control::new(&stop),
    )
    .expect("a result")
}

fn example(id: &str) -> Game {
    examples()
        .into_iter()
        .find(|game| game.id() == id)
        .expect("an example")
}

#[test]
fn the_prisoners_both_lose_cooperation_in_round_one() {
    let result = run(&example("prisoners-dilemma"), "IESDS");
    assert_eq!(result.summary, "2 strategies eliminated in 1 round");
    assert_eq!(
        Value::Object(result.details),
        json!({
            "eliminated": [
                {"player": "Row", "strategy": "Cooperate", "round": 1},
                {"player": "Column", "strategy": "Cooperate", "round": 1}
            ],
            "rounds": 1,
            "surviving": {"Row": ["Defect"], "Column": ["Defect"]}
        })
    );
}

#[test]
fn elimination_goes_round_by_round() {
    // Column's R loses to M; then Row's D loses to U; then Column's L loses to M (a standard textbook example).
    let text = r#"NFG 1 R "rounds" { "Row" "Column" } { { "U" "D" } { "L" "M" "R" } } 1 0  0 3   1 2  0 1   0 1  2 0"#;
    let result = run(
        &parse("g.nfg", text.as_bytes(), &Limits::default()).expect("well formed"),
        "IESDS",
    );
    assert_eq!(result.summary, "3 strategies eliminated in 3 rounds");
    assert_eq!(
        result.details["surviving"],
        json!({"Row": ["U"], "Column": ["M"]})
    );
    let rounds: Vec<&Value> = result.details["eliminated"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|gone| &gone["strategy"])
        .collect();
    assert_eq!(rounds, ["R", "D", "L"]);
}

#[test]
fn nothing_and_one_have_their_own_words() {
    assert_eq!(
        run(&example("matching-pennies"), "IESDS").summary,
        "No dominated strategies found"
    );
    let text = r#"NFG 1 R "one" { "A" "B" } { { "x" "y" } { "z" } } 1 0 0 0"#;
    assert_eq!(
        run(
            &parse("g.nfg", text.as_bytes(), &Limits::default()).expect("well formed"),
            "IESDS"
        )
        .summary,
        "Eliminated: A.y"
    );
}

#[test]
fn examples_are_valid() {
    for game in examples() {
        let result = run(&game, "Validation");
        assert_eq!(result.summary, "Valid", "{}", game.id());
        assert_eq!(
            Value::Object(result.details),
            json!({"errors": [], "warnings": []})
        );
    }
}

#[test]
fn oddities_are_warnings() {
    // One player who forgets the first move.
    let text =
        r#"EFG 2 R "absent" { "A" } p "" 1 1 "" { "on" "off" } 0 p "" 1 1 0 t "" 0 t "" 0 t "" 0"#;
    let result = run(
        &parse("g.efg", text.as_bytes(), &Limits::default()).expect("well formed"),
        "Validation",
    );
    assert_eq!(result.summary, "Valid with 2 warning(s)");
    let warnings = result.details["warnings"].to_string();
    assert!(
        warnings.contains("Game has only 1 player(s)") && warnings.contains("imperfect recall"),
        "{warnings}"
    );
}
