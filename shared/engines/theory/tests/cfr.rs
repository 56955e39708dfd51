//! Regret minimisation, fictitious play, best responses and exploitability: values from the literature and from other tools.

mod poker;

use std::sync::atomic::AtomicBool;

use rookery_theory::cfr::{Algorithm, Behaviour, Flat, distance};
use rookery_theory::game::{ExtensiveGame, ExtensiveParts};
use rookery_theory::{
    AnalysisResult, Config, Control, Game, Limits, Rational, analyze, examples, find, parse,
};
use serde_json::{Value, json};

static GOING: AtomicBool = AtomicBool::new(false);

fn run(game: &Game, name: &str, config: Value) -> AnalysisResult {
    let config = Config::from_json(&config).expect("options");
    analyze(
        game,
        find(name).expect("an analysis"),
        &config,
        &Control::new(&GOING),
    )
    .expect("a result")
}

fn read(name: &str, text: &str) -> Game {
    parse(name, text.as_bytes(), &Limits::default()).expect("well formed")
}

fn example(id: &str) -> Game {
    let mut games = examples().into_iter();
    games.find(|game| game.id() == id).expect("an example")
}

fn tree(game: &Game) -> &ExtensiveGame {
    match game {
        Game::Extensive(tree) => tree,
        _ => panic!("not a tree"),
    }
}

fn flat(game: &Game) -> Flat {
    Flat::new(tree(game), &GOING).expect("perfect recall")
}

fn near(value: &Value, expected: f64, tolerance: f64) {
    let value = value.as_f64().expect("a number");
    assert!(
        (value - expected).abs() < tolerance,
        "{value} is not {expected} within {tolerance}"
    );
}

/// Kuhn 1950: the first player loses 1/18; the second has one equilibrium strategy, the first a family by the probability α ≤ 1/3
/// of betting the jack: the king is bet with 3α, the queen never, and calls a bet with α + 1/3.
#[test]
fn kuhn_poker_is_solved_by_every_algorithm() {
    let game = poker::kuhn();
    for (algorithm, iterations, tolerance) in [
        ("cfr", 100_000, 2e-2),
        ("cfr+", 20_000, 2e-3),
        ("dcfr", 20_000, 2e-3),
        ("pcfr+", 5_000, 1e-4),
        ("mccfr", 1_000_000, 3e-2),
    ] {
        let config = json!({"algorithm": algorithm, "iterations": iterations});
        let result = run(&game, "CFR Equilibrium", config);
        assert_eq!(
            result.summary,
            format!("CFR equilibrium ({algorithm}, {iterations} iterations)")
        );
        let details = &result.details;
        assert_eq!(details["algorithm"], algorithm);
        assert_eq!(details["iterations"], iterations);
        assert_eq!(details["players"], json!(["Alice", "Bob"]));
        near(&details["payoffs"]["Alice"], -1.0 / 18.0, tolerance / 4.0);
        near(&details["payoffs"]["Bob"], 1.0 / 18.0, tolerance / 4.0);
        assert!(details["nash_conv"].as_f64().expect("a number") < tolerance);
        let play = |set: &str, action: &str| {
            details["strategy"][set][action]
                .as_f64()
                .expect("a probability")
        };
        let alpha = play("0:0::", "raise");
        assert!(
            (-tolerance..1.0 / 3.0 + tolerance).contains(&alpha),
            "{algorithm}: {alpha}"
        );
        let expect = [
            ("0:1::", "raise", 0.0),
            ("0:2::", "raise", 3.0 * alpha),
            ("0:0::cr", "call", 0.0),
            ("0:1::cr", "call", alpha + 1.0 / 3.0),
            ("0:2::cr", "call", 1.0),
            ("1:0::c", "raise", 1.0 / 3.0),
            ("1:1::c", "raise", 0.0),
            ("1:2::c", "raise", 1.0),
            ("1:0::r", "call", 0.0),
            ("1:1::r", "call", 1.0 / 3.0),
            ("1:2::r", "call", 1.0),
        ];
        for (set, action, expected) in expect {
            let got = play(set, action);
            assert!(
                (got - expected).abs() < 5.0 * tolerance,
                "{algorithm}: {set} {action} {got} {expected}"
            );
        }
    }
}

/// Size and value as the literature and HiGHS on the sequence form give them.
#[test]
fn leduc_poker_has_its_size_and_value() {
    let game = poker::leduc();
    let flat = flat(&game);
    assert_eq!(tree(&game).infosets().len(), 936);
    for sequences in &flat.sequences {
        assert_eq!((sequences.sets(), sequences.len()), (468, 1093));
    }
    // OpenSpiel 2.0.2, C++: 50 iterations of CFR+ leave 0.0341.
    for (algorithm, iterations, exploitability) in [
        ("cfr+", 50, 0.05),
        ("cfr+", 2_000, 2e-4),
        ("dcfr", 2_000, 2e-4),
        ("pcfr+", 2_000, 5e-4),
        ("cfr", 2_000, 2e-2),
    ] {
        let mut learner = Algorithm::from_name(algorithm)
            .expect("an algorithm")
            .start(&flat, 0);
        for _ in 0..iterations {
            learner.iterate(&GOING);
        }
        let reached = distance(&flat, &learner.average());
        assert!(
            reached.exploitability() < exploitability,
            "{algorithm}: {reached:?}"
        );
        let off = (reached.values[0] + 0.0856064).abs();
        assert!(off < exploitability, "{algorithm}: {reached:?}");
    }
}

#[test]
fn convergence_is_recorded_at_the_checkpoints() {
    let result = run(
        &poker::kuhn(),
        "CFR Convergence",
        json!({"iterations": 2000}),
    );
    let history = result.details["convergence_history"]
        .as_array()
        .expect("a list");
    let at: Vec<&Value> = history.iter().map(|point| &point["iteration"]).collect();
    assert_eq!(at, [10, 50, 100, 500, 1000, 2000]);
    let values: Vec<f64> = history
        .iter()
        .map(|point| point["exploitability"].as_f64().expect("a number"))
        .collect();
    assert!(
        values.is_sorted_by(|before, after| before > after),
        "{values:?}"
    );
    // OpenSpiel 2.0.2, C++ CFR+, at 10, 100 and 1000: 0.0327, 0.00119, 0.0000874; the same magnitude is asked for.
    assert!(
        values[0] < 0.1 && values[2] < 4e-3 && values[4] < 3e-4,
        "{values:?}"
    );
    assert_eq!(
        result.details["final_exploitability"],
        history[5]["exploitability"]
    );
    assert!(
        result
            .summary
            .starts_with("Converged to Nash (exploitability: 0.0000"),
        "{}",
        result.summary
    );
    assert_eq!(result.details["algorithm"], "cfr+");
    assert_eq!(result.details["iterations"], 2000);
    let short = run(
        &poker::kuhn(),
        "CFR Convergence",
        json!({"iterations": 10, "algorithm": "cfr"}),
    );
    assert_eq!(
        short.details["convergence_history"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    assert!(
        short
            .summary
            .starts_with("Exploitability after 10 iterations: 0.0"),
        "{}",
        short.summary
    );
}

#[test]
fn fictitious_play_approaches_the_value() {
    let result = run(
        &poker::kuhn(),
        "Fictitious Play",
        json!({"iterations": 20000}),
    );
    assert_eq!(
        result.summary,
        "Fictitious Play equilibrium (20000 iterations)"
    );
    assert_eq!(result.details["algorithm"], "fictitious_play");
    near(&result.details["payoffs"]["Alice"], -1.0 / 18.0, 1e-3);
    near(&result.details["nash_conv"], 0.0, 5e-3);
    let pennies = run(
        &example("matching-pennies"),
        "Fictitious Play",
        json!({"iterations": 5000}),
    );
    let strategy = pennies.details["strategy"].as_object().expect("an object");
    for actions in strategy.values() {
        near(&actions["Heads"], 0.5, 0.02);
    }
}

#[test]
fn matching_pennies_is_played_evenly_whatever_the_payoffs_are_called() {
    // Shifted far away, to a constant sum of 5, and in tiny units.
    for [won, lost] in [
        ["1", "-1"],
        ["10000000000000000001", "10000000000000000000"],
        ["3", "2"],
        ["1/1000000007", "0"],
    ] {
        for algorithm in ["cfr", "cfr+", "dcfr", "pcfr+", "mccfr"] {
            let text = format!(
                "NFG 1 R \"pennies\" {{ \"A\" \"B\" }} {{ {{ \"h\" \"t\" }} {{ \"h\" \"t\" }} }} {won} {lost} {lost} {won} {lost} {won} {won} {lost}"
            );
            let game = read("pennies.nfg", &text);
            let result = run(
                &game,
                "CFR Equilibrium",
                json!({"algorithm": algorithm, "iterations": 20000}),
            );
            let strategy = result.details["strategy"].as_object().expect("an object");
            assert_eq!(strategy.len(), 2);
            for actions in strategy.values() {
                near(&actions["h"], 0.5, 0.02);
            }
            assert!(
                result.details.contains_key("exploitability"),
                "constant-sum is zero-sum"
            );
        }
    }
}

/// Payoffs met on the way count: 10 for entering, then a lottery of 1/4 for 8 against 0.
#[test]
fn outcomes_at_inner_nodes_add_up() {
    let text = r#"EFG 2 R "inner" { "A" "B" }
        p "" 1 1 "" { "in" "out" } 1 "toll" { 10, -10 }
        c "" 1 "" { "win" 1/4 "lose" 3/4 } 0
        t "" 2 "w" { 8, -8 } t "" 3 "l" { 0, 0 }
        t "" 4 "o" { 1, -1 }"#;
    let game = read("inner.efg", text);
    let result = run(&game, "Best Response", json!({}));
    assert_eq!(result.details["exact"], json!({"value": "12"}));
    let flat = flat(&game);
    let mut learner = Algorithm::from_name("cfr+")
        .expect("an algorithm")
        .start(&flat, 0);
    (0..100).for_each(|_| learner.iterate(&GOING));
    let values = distance(&flat, &learner.average()).values;
    assert!(
        (values[0] - 12.0).abs() < 0.1 && (values[1] + 12.0).abs() < 0.1,
        "{values:?}"
    );
}

/// Everybody keeps the token, worth 2, rather than giving 3 to the pot that is shared by three: a dominant action.
#[test]
fn three_players_learn_a_dominant_action() {
    let mut payoffs = String::new();
    for profile in 0..8 {
        let gives = |player: usize| i64::from(profile >> player & 1 == 1);
        let pot: i64 = (0..3).map(gives).sum();
        for player in 0..3 {
            payoffs += &format!("{} ", pot + 2 * (1 - gives(player)));
        }
    }
    let text = format!(
        "NFG 1 R \"pot\" {{ \"A\" \"B\" \"C\" }} {{ {{ \"keep\" \"give\" }} {{ \"keep\" \"give\" }} {{ \"keep\" \"give\" }} }} {payoffs}"
    );
    let game = read("pot.nfg", &text);
    for algorithm in ["cfr", "cfr+", "dcfr", "pcfr+", "mccfr"] {
        let result = run(
            &game,
            "CFR Equilibrium",
            json!({"algorithm": algorithm, "iterations": 5000}),
        );
        let strategy = result.details["strategy"].as_object().expect("an object");
        assert_eq!(strategy.len(), 3);
        for actions in strategy.values() {
            near(&actions["keep"], 1.0, 1e-3);
        }
        assert_eq!(result.details["players"], json!(["A", "B", "C"]));
        near(&result.details["payoffs"]["B"], 2.0, 1e-2);
        assert!(!result.details.contains_key("exploitability"));
    }
}

#[test]
fn one_player_finds_the_best_way() {
    let text = r#"EFG 2 R "alone" { "A" }
        c "" 1 "" { "x" 1/2 "y" 1/2 } 0
        p "" 1 1 "" { "l" "r" } 0 t "" 1 "" { 1 } t "" 2 "" { 4 }
        p "" 1 2 "" { "l" "r" } 0 t "" 3 "" { 3 } t "" 4 "" { -7 }"#;
    let game = read("alone.efg", text);
    for algorithm in ["cfr+", "mccfr"] {
        let result = run(
            &game,
            "CFR Equilibrium",
            json!({"algorithm": algorithm, "iterations": 3000}),
        );
        near(&result.details["payoffs"]["A"], 3.5, 2e-2);
    }
}

#[test]
fn sampling_is_determined_by_its_seed() {
    let game = poker::kuhn();
    let strategy = |seed: u64| {
        let config = json!({"algorithm": "mccfr", "iterations": 500, "seed": seed});
        run(&game, "CFR Equilibrium", config).details["strategy"].clone()
    };
    assert_eq!(strategy(7), strategy(7));
    assert_ne!(strategy(7), strategy(8));
}

/// A third player who never moves makes the walk over the tree do what the matrices of two players do.
#[test]
fn the_tree_gives_what_the_matrices_give() {
    let two = poker::kuhn();
    let Game::Extensive(tree) = two.clone() else {
        panic!("not a tree")
    };
    let mut parts = ExtensiveParts::from(tree);
    parts.players.push("Watcher".into());
    for outcome in &mut parts.outcomes {
        outcome.payoffs.push(Rational::ZERO);
    }
    let three = Game::Extensive(ExtensiveGame::new(parts).expect("a tree"));
    let (two, three) = (flat(&two), flat(&three));
    let uniform = |flat: &Flat| distance(flat, &Behaviour::uniform(flat));
    let (of_two, of_three) = (uniform(&two), uniform(&three));
    for player in 0..2 {
        assert!((of_two.values[player] - of_three.values[player]).abs() < 1e-12);
        assert!((of_two.gains[player] - of_three.gains[player]).abs() < 1e-12);
    }
    for algorithm in ["cfr+", "dcfr", "pcfr+"] {
        let mut learner = Algorithm::from_name(algorithm)
            .expect("an algorithm")
            .start(&three, 0);
        (0..2_000).for_each(|_| learner.iterate(&GOING));
        let reached = distance(&three, &learner.average());
        assert!(reached.nash_conv() < 1e-3, "{algorithm}: {reached:?}");
        assert!(
            (reached.values[0] + 1.0 / 18.0).abs() < 1e-3,
            "{algorithm}: {reached:?}"
        );
    }
}
