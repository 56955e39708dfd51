//! Dominance, IESDS, Weak IESDS and Validation: summaries and details as clients know them.

use std::sync::atomic::AtomicBool;

use rookery_theory::{
    AnalysisResult, Config, Control, Game, Limits, analyze, examples, find, parse,
};
use serde_json::{Value, json};

fn run(game: &Game, name: &str) -> AnalysisResult {
    run_with(game, name, json!({}))
}

fn run_with(game: &Game, name: &str, config: Value) -> AnalysisResult {
    let stop = AtomicBool::new(false);
    analyze(
        game,
        find(name).expect("an analysis"),
        &Config::from_json(&config).expect("a config"),
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

fn read(name: &str, text: &str) -> Game {
    parse(name, text.as_bytes(), &Limits::default()).expect("well formed")
}

#[test]
fn dominance_names_the_first_dominator() {
    let result = run(&example("prisoners-dilemma"), "Dominance");
    assert_eq!(result.summary, "2 dominated strategies");
    let first = &result.details["dominated_strategies"][0];
    assert_eq!(first["player"], "Row");
    assert_eq!(first["dominated"], "Cooperate");
    assert_eq!(first["dominator"], "Defect");
    assert_eq!(first["dominated_at_node"], "Cooperate");
    assert_eq!(result.details["mixed"], json!([]));
    let none = run(&example("matching-pennies"), "Dominance");
    assert_eq!(none.summary, "No dominated strategies");
    assert_eq!(none.details["dominated_strategies"], json!([]));
}

#[test]
fn dominance_in_a_tree_names_the_action_and_its_node() {
    // Bob betrays only if trusted: against "Don't" all his plans earn the same, so nothing is strictly dominated.
    assert_eq!(
        run(&example("trust-game"), "Dominance").summary,
        "No dominated strategies"
    );
    let text = r#"EFG 2 R "pd" { "A" "B" } p "" 1 1 "" { "C" "D" } 0 p "" 2 1 "" { "C" "D" } 0 t "" 1 "" { 3 3 } t "" 2 "" { 0 5 } p "" 2 1 "" { "C" "D" } 0 t "" 3 "" { 5 0 } t "" 4 "" { 1 1 }"#;
    let result = run(&read("pd.efg", text), "Dominance");
    assert_eq!(result.summary, "2 dominated strategies");
    let found = &result.details["dominated_strategies"];
    assert_eq!(found[0]["dominated"], "C");
    assert_eq!(found[0]["dominator"], "D");
    assert_ne!(found[0]["dominated_at_node"], found[1]["dominated_at_node"]);
}

/// Row's third strategy earns 1 always, the others 3 or 0: half of each beats it (Fudenberg, Tirole 1991, figure 1.3).
const BEATEN_BY_A_MIXTURE: &str = r#"NFG 1 R "mixture" { "Row" "Column" } { { "U" "M" "D" } { "L" "R" } } 3 0  0 0  1 0  0 0  3 0  1 0"#;

#[test]
fn dominance_by_a_mixture_comes_with_the_mixture() {
    let result = run(&read("m.nfg", BEATEN_BY_A_MIXTURE), "Dominance");
    assert_eq!(result.summary, "Dom: Row.D");
    assert_eq!(result.details["dominated_strategies"], json!([]));
    assert_eq!(
        result.details["mixed"],
        json!([{
            "player": "Row", "dominated": "D", "mixture": {"U": 0.5, "M": 0.5}, "margin": 0.5,
            "exact": {"mixture": {"U": "1/2", "M": "1/2"}, "margin": "1/2"},
        }])
    );
}

#[test]
fn dominance_does_not_depend_on_the_number_of_players() {
    // A third player's "hi" earns one more than "lo" whatever the others do.
    let text = r#"NFG 1 R "three" { "A" "B" "C" } { 2 2 { "lo" "hi" } }"#;
    let text = text.replace("{ 2 2 {", r#"{ { "a" "b" } { "a" "b" } {"#);
    let payoffs = "1 0 0  0 0 5  0 1 2  1 0 7   1 0 1  0 0 6  0 1 3  1 0 8";
    let result = run(
        &read("three.nfg", &format!("{text} {payoffs}")),
        "Dominance",
    );
    assert_eq!(result.summary, "Dom: C.lo");
}

#[test]
fn weak_elimination_takes_all_of_a_round_together() {
    // Osborne, Rubinstein 1994, section 4.3: T first leaves (M or B, R), B first leaves (M or T, L); together they leave both columns.
    let text = r#"NFG 1 R "order" { "Row" "Column" } { { "T" "M" "B" } { "L" "R" } } 1 1  1 1  0 0  0 0  2 1  2 1"#;
    let weak = run(&read("w.nfg", text), "Weak IESDS");
    assert_eq!(weak.details["dominance_type"], "weak");
    assert_eq!(
        weak.summary,
        "2 weakly dominated strategies eliminated in 1 round"
    );
    assert_eq!(
        weak.details["surviving"],
        json!({"Row": ["M"], "Column": ["L", "R"]})
    );
    assert_eq!(
        run(&read("m.nfg", ONE_IS_WEAK), "Weak IESDS").summary,
        "Weakly dominated: A.y"
    );
    assert_eq!(
        run(&example("matching-pennies"), "Weak IESDS").summary,
        "No weakly dominated strategies found"
    );
}

/// y earns less than x in one column and the same in the other.
const ONE_IS_WEAK: &str =
    r#"NFG 1 R "one" { "A" "B" } { { "x" "y" } { "l" "r" } } 1 0  0 0  1 0  1 0"#;

#[test]
fn weak_elimination_solves_the_trust_game() {
    // Betray weakly dominates Honor; then Don't dominates Trust (the game's subgame perfect equilibrium).
    let result = run(&example("trust-game"), "Weak IESDS");
    assert_eq!(
        result.summary,
        "2 weakly dominated strategies eliminated in 2 rounds"
    );
    assert_eq!(
        result.details["surviving"],
        json!({"Alice": ["Don't"], "Bob": ["Betray"]})
    );
    assert_eq!(
        run(&example("trust-game"), "IESDS").summary,
        "No dominated strategies found"
    );
}

fn close(value: &Value, expected: f64, tolerance: f64) {
    let value = value.as_f64().expect("a number");
    assert!(
        (value - expected).abs() <= tolerance,
        "{value} where {expected} is expected"
    );
}

#[test]
fn only_those_who_do_not_think_cooperate() {
    // Half of level 0 cooperates, and nobody else (Camerer, Ho, Chong 2004: level 0 has the share exp(-τ)).
    for (tau, config) in [
        (1.5f64, json!({})),
        (0.1, json!({"tau": 0.1})),
        (100.0, json!({"tau": 100})),
    ] {
        let result = run_with(&example("prisoners-dilemma"), "Cognitive Hierarchy", config);
        let item = &result.details["equilibria"][0];
        let share: f64 = (-tau).exp();
        close(&item["strategies"]["Row"]["Cooperate"], share / 2.0, 1e-6);
        assert_eq!(item["strategies"], item["behavior_profile"]);
        close(&result.details["levels"][0]["share"], share, 1e-8);
        assert_eq!(result.details["solver"], "gambit-coghier");
    }
    let result = run(&example("prisoners-dilemma"), "Cognitive Hierarchy");
    assert_eq!(result.summary, "Cognitive Hierarchy prediction (τ=1.5)");
    assert_eq!(result.details["tau"], 1.5);
    assert_eq!(
        result.details["equilibria"][0]["description"],
        "Cognitive Hierarchy (τ=1.5)"
    );
    let beyond = &result.details["truncation"]["share_beyond"];
    assert!(beyond.as_f64().is_some_and(|share| share <= 1e-9));
}

/// Matching pennies in which one match is worth eight times the other to Row (Goeree, Holt 2001, "asymmetric matching pennies").
const ASYMMETRIC: &str = r#"NFG 1 R "asymmetric" { "Row" "Column" } { { "T" "B" } { "L" "R" } } 320 40  40 80  40 80  80 40"#;

#[test]
fn the_hierarchy_follows_the_large_payoff() {
    // By hand: Row plays T from level 1 on; Column is indifferent at level 1 (half and half) and plays R from level 2 on.
    let result = run(&read("a.nfg", ASYMMETRIC), "Cognitive Hierarchy");
    let item = &result.details["equilibria"][0]["strategies"];
    let none = (-1.5f64).exp();
    let one = 1.5 * none;
    close(&item["Row"]["T"], 1.0 - none / 2.0, 1e-6);
    close(&item["Column"]["L"], (none + one) / 2.0, 1e-6);
    let levels = &result.details["levels"];
    assert_eq!(
        levels[1]["strategies"],
        json!({"Row": {"T": 1.0}, "Column": {"L": 0.5, "R": 0.5}})
    );
    assert_eq!(
        levels[2]["strategies"],
        json!({"Row": {"T": 1.0}, "Column": {"R": 1.0}})
    );
    let (top, left) = (1.0 - none / 2.0, (none + one) / 2.0);
    let expected = top * (320.0 * left + 40.0 * (1.0 - left))
        + (1.0 - top) * (40.0 * left + 80.0 * (1.0 - left));
    close(
        &result.details["equilibria"][0]["payoffs"]["Row"],
        expected,
        1e-4,
    );
}

#[test]
fn the_hierarchy_sees_differences_that_doubles_do_not() {
    // U and D differ by one in twenty digits, and only against l: every level but 0 plays U.
    let text = r#"NFG 1 R "fine" { "A" "B" } { { "U" "D" } { "l" "r" } } 10000000000000000001 0  10000000000000000000 0  0 0  0 0"#;
    let result = run(&read("f.nfg", text), "Cognitive Hierarchy");
    assert_eq!(
        result.details["levels"][1]["strategies"]["A"],
        json!({"U": 1.0})
    );
    assert_eq!(
        result.details["levels"][1]["strategies"]["B"],
        json!({"l": 0.5, "r": 0.5})
    );
}

#[test]
fn the_hierarchy_takes_any_number_of_players() {
    // The third player wins by matching the coin that the first two toss alike with probability one half: indifferent for ever.
    let text = r#"NFG 1 R "three" { "A" "B" "C" } { { "x" "y" } { "x" "y" } { "same" "other" } } 0 0 1  0 0 0  0 0 0  0 0 1   0 0 0  0 0 1  0 0 1  0 0 0"#;
    let result = run(&read("t.nfg", text), "Cognitive Hierarchy");
    let item = &result.details["equilibria"][0];
    assert_eq!(item["strategies"]["C"], json!({"same": 0.5, "other": 0.5}));
    assert_eq!(item["payoffs"]["C"], 0.5);
}

/// A parent whose decision and one chance node matter to nobody, an agent who decides nothing, and a table that is missing.
const DIAGRAM: &str = r#"{
  "title": "gaps",
  "players": ["A", "B"],
  "game_maid": {
    "nodes": [
      {"id": "W", "type": "chance", "domain": ["sun", "rain"]},
      {"id": "D", "type": "decision", "agent": "A", "domain": ["go", "stay"]},
      {"id": "U", "type": "utility", "agent": "B", "domain": [0, 1]}
    ],
    "edges": [{"source": "D", "target": "U"}],
    "cpds": [{"node": "U", "values": [[1, 0], [0, 1]], "parents": ["D"]}]
  }
}"#;

#[test]
fn diagrams_are_validated() {
    let result = run(&read("gaps.json", DIAGRAM), "Validation");
    assert_eq!(result.summary, "Invalid: 1 error(s)");
    let errors = result.details["errors"].to_string();
    assert!(errors.contains("`W` has no table"), "{errors}");
    assert_eq!(
        result.details["warnings"],
        json!([
            "Chance node 'W' has no influence on any utility",
            "Decision node 'D' has no influence on a utility of its agent 'A'",
            "Agent 'A' has no utility node",
            "Agent 'B' has no decision node",
        ])
    );
}

#[test]
fn warnings_are_listed_up_to_a_thousand() {
    let mut text = r#"EFG 2 R "idle" { "A" "B" } p "" 1 1 "" {"#.to_owned();
    for action in 0..1_500 {
        text += &format!(" \"{action}\"");
    }
    text += " } 0";
    for end in 0..1_500 {
        text += &format!(
            " c \"\" {} \"\" {{ \"never\" 0 \"always\" 1 }} 0 t \"\" 1 \"\" {{ 0 0 }} t \"\" 1 \"\" {{ 0 0 }}",
            end + 1
        );
    }
    let result = run(&read("idle.efg", &text), "Validation");
    // 1,500 chances that are none, and B, who never moves.
    assert_eq!(result.summary, "Valid with 1501 warning(s)");
    let warnings = result.details["warnings"].as_array().expect("a list");
    assert_eq!(warnings.len(), 1_001);
    assert_eq!(warnings[1_000], "... and 501 more");
}

/// 20,000 strategies, each better than the one before: all but the last are dominated.
#[test]
fn a_long_list_of_dominated_strategies_is_cut_and_says_so() {
    let payoffs: Vec<String> = (0..20_000).map(|payoff| format!("{payoff} 0")).collect();
    let file = format!(
        "NFG 1 R \"ladder\" {{ \"A\" \"B\" }} {{ 20000 1 }} {}",
        payoffs.join(" ")
    );
    let game = rookery_theory::parse("ladder.nfg", file.as_bytes(), &Default::default())
        .expect("a well-formed file");
    let result = run(&game, "Dominance");
    assert_eq!(result.summary, "10000+ dominated strategies");
    assert_eq!(result.details["exhaustive"], false);
}
