//! Quantal response equilibria and possible supports with known answers.

use std::sync::atomic::AtomicBool;

use rookery_theory::{AnalysisResult, Config, Control, Game, Limits, analyze, find, parse};
use serde_json::{Value, json};

fn nfg(body: &str) -> Game {
    let text = format!("NFG 1 R \"test\" {{ \"A\" \"B\" }} {body}");
    parse("test.nfg", text.as_bytes(), &Limits::default()).expect("well formed")
}

fn run(game: &Game, analysis: &str, config: Value) -> AnalysisResult {
    let stop = AtomicBool::new(false);
    let config = Config::from_json(&config).expect("a config");
    let analysis = find(analysis).expect("an analysis");
    analyze(game, analysis, &config, &Control::new(&stop)).expect("solvable")
}

fn qre(game: &Game, config: Value) -> AnalysisResult {
    run(game, "Quantal Response Equilibrium", config)
}

/// The first strategy's probability of each player.
fn first(profile: &Value) -> Vec<f64> {
    let players = profile.as_object().expect("players").values();
    players
        .map(|mixture| {
            let mixture = mixture.as_object().expect("a mixture");
            mixture
                .values()
                .next()
                .and_then(Value::as_f64)
                .expect("a number")
        })
        .collect()
}

fn near(given: &[f64], known: &[f64], tolerance: f64) {
    assert_eq!(given.len(), known.len());
    for (given, known) in given.iter().zip(known) {
        assert!((given - known).abs() < tolerance, "{given} {known}");
    }
}

/// A constant-sum game of Gambit's test suite, whose answers at precisions 1, 2 and 3 are those of that suite (logit_solve_lambda, August 2026).
const CONSTANT_SUM: &str = "{ 2 2 } 1 1  0 2  1 1  1 1";

#[test]
fn precision_is_per_unit_of_payoff() {
    let game = nfg(CONSTANT_SUM);
    for (lambda, known) in [
        (1, [0.643, 0.5883]),
        (2, [0.7727, 0.6117]),
        (3, [0.8595, 0.6038]),
    ] {
        let result = qre(&game, json!({"lambda": lambda}));
        near(
            &first(&result.details["equilibria"][0]["strategies"]),
            &known,
            1e-3,
        );
        assert_eq!(result.details["lambda"], json!(f64::from(lambda)));
        assert_eq!(result.details["solver"], json!("gambit-logit"));
    }
    // Ten times the payoffs at a tenth of the precision are the same choices.
    let tenfold = nfg("{ 2 2 } 10 10  0 20  10 10  10 10");
    let result = qre(&tenfold, json!({"lambda": 0.2}));
    near(
        &first(&result.details["equilibria"][0]["strategies"]),
        &[0.7727, 0.6117],
        1e-3,
    );
}

#[test]
fn the_fixed_point_holds() {
    // The definition itself (McKelvey and Palfrey 1995): odds are exponentials of payoff differences.
    let game = nfg("{ 2 2 } 4 1  0 0  1 0  2 3");
    let lambda = 0.4;
    let result = qre(&game, json!({"lambda": lambda}));
    let [p, q] = first(&result.details["equilibria"][0]["strategies"])[..] else {
        panic!("two players");
    };
    let row = lambda * ((4.0 * q + 1.0 * (1.0 - q)) - 2.0 * (1.0 - q));
    let column = lambda * (1.0 * p - 3.0 * (1.0 - p));
    near(
        &[p / (1.0 - p), q / (1.0 - q)],
        &[row.exp(), column.exp()],
        1e-3,
    );
}

#[test]
fn the_path_goes_from_even_play_to_nash() {
    let game = nfg(CONSTANT_SUM);
    let result = qre(&game, json!({}));
    let path = result.details["path"].as_array().expect("points");
    assert_eq!(path[0]["lambda"], json!(0.0));
    near(&first(&path[0]["strategies"]), &[0.5, 0.5], 1e-12);
    assert!(path.len() > 10 && path.len() <= 201);
    let regret = result.details["equilibria"][0]["regret"]
        .as_f64()
        .expect("a number");
    assert!(regret <= 2e-6);
    assert_eq!(
        result.summary,
        "QRE computed (1 equilibrium at high rationality)"
    );
    // At precision 0 everybody plays evenly.
    let even = qre(&game, json!({"lambda": 0}));
    near(
        &first(&even.details["equilibria"][0]["strategies"]),
        &[0.5, 0.5],
        1e-12,
    );
}

#[test]
fn possible_supports_are_those_that_dominance_leaves() {
    let supports = |body: &str| run(&nfg(body), "Support Enumeration", json!({}));
    let described = |result: &AnalysisResult| -> Vec<String> {
        let listed = result.details["supports"]
            .as_array()
            .expect("a list")
            .iter();
        listed
            .map(|item| item["description"].as_str().expect("a text").to_owned())
            .collect()
    };
    let dilemma = supports(r#"{ { "c" "d" } { "c" "d" } } 3 3  5 0  0 5  1 1"#);
    assert_eq!(dilemma.summary, "1 possible support profile");
    assert_eq!(described(&dilemma), ["A: d | B: d"]);
    assert_eq!(
        dilemma.details["supports"][0]["support"],
        json!({"A": ["d"], "B": ["d"]})
    );
    let sexes = supports(r#"{ { "o" "f" } { "o" "f" } } 3 2  0 0  0 0  2 3"#);
    assert_eq!(
        described(&sexes),
        ["A: o | B: o", "A: f | B: f", "A: {o, f} | B: {o, f}"]
    );
    let pennies = supports("{ 2 2 } 1 -1  -1 1  -1 1  1 -1");
    assert_eq!(pennies.details["count"], json!(1));
    // Of rock, paper, scissors each pair has a winner, which dominates against that pair.
    let rock = supports("{ 3 3 } 0 0 1 -1 -1 1  -1 1 0 0 1 -1  1 -1 -1 1 0 0");
    assert_eq!(rock.details["count"], json!(1));
    assert_eq!(rock.details["exhaustive"], json!(true));
}

#[test]
fn a_stopped_branch_shows_where_it_was() {
    let stop = AtomicBool::new(false);
    let flag = &stop;
    let control = Control {
        progress: &|_| flag.store(true, std::sync::atomic::Ordering::Relaxed),
        ..Control::new(&stop)
    };
    let analysis = find("Quantal Response Equilibrium").expect("an analysis");
    let game = nfg(CONSTANT_SUM);
    let result = analyze(&game, analysis, &Config::default(), &control).expect("what it has");
    assert_eq!(result.details["complete"], json!(false));
    assert!(result.summary.starts_with("QRE followed up to lambda = "));
}
