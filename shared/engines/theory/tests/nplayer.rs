//! Equilibria of games of three players and more with known answers, and properties of random ones.

use std::sync::atomic::AtomicBool;

use rookery_theory::{
    AnalysisResult, Config, Control, Game, Limits, Rational, analyze, find, parse,
};
use serde_json::{Value, json};

fn read(name: &str, text: &str) -> Game {
    parse(name, text.as_bytes(), &Limits::default()).expect("well formed")
}

fn nfg(players: usize, body: &str) -> Game {
    let names: Vec<String> = (1..=players)
        .map(|player| format!("\"{player}\""))
        .collect();
    read(
        "test.nfg",
        &format!("NFG 1 R \"test\" {{ {} }} {body}", names.join(" ")),
    )
}

fn nash(game: &Game, config: Value) -> AnalysisResult {
    let stop = AtomicBool::new(false);
    let config = Config::from_json(&config).expect("a config");
    let analysis = find("Nash Equilibrium").expect("an analysis");
    analyze(game, analysis, &config, &Control::new(&stop)).expect("solvable")
}

fn items(result: &AnalysisResult) -> &Vec<Value> {
    result.details["equilibria"].as_array().expect("a list")
}

/// Exact profiles as `player 1's probabilities | player 2's | …`, sorted.
fn exact(game: &Game, result: &AnalysisResult) -> Vec<String> {
    let mut profiles: Vec<String> = items(result)
        .iter()
        .map(|item| {
            assert_eq!(item["regret"], json!(0.0));
            let mixture = |player: &String| {
                let mixture = item["exact"]["strategies"][player]
                    .as_object()
                    .expect("strategies");
                let texts = mixture
                    .values()
                    .map(|value| value.as_str().expect("a text"));
                texts.collect::<Vec<_>>().join(" ")
            };
            game.players()
                .iter()
                .map(mixture)
                .collect::<Vec<_>>()
                .join(" | ")
        })
        .collect();
    profiles.sort();
    profiles
}

/// Nau, Gomez Canovas and Hansen (2004), section 4: the only equilibrium is irrational. Player 1's strategy varies fastest.
const IRRATIONAL: &str = "{ 2 2 2 } 3 0 2  0 1 0  0 2 0  1 0 0  1 0 0  0 3 0  0 1 0  2 0 3";
/// The same, section 5: three pure equilibria, and continua.
const CONTINUUM: &str = "{ 2 2 2 } 0 0 2  3 0 0  0 3 0  0 0 0  1 1 0  0 0 0  0 0 0  0 0 3";
/// A local max cut of three nodes with edges of weights 2, -1 and 2: each player earns the weight of its edges across the cut.
const MAX_CUT: &str = "{ 2 2 2 } 0 0 0  1 2 -1  2 4 2  -1 2 1  -1 2 1  2 4 2  1 2 -1  0 0 0";
/// McKelvey and McLennan (1997): as many isolated equilibria as a game of this size can have.
const NINE: &str = "{ 2 2 2 } 9 8 12  0 0 0  0 0 0  9 8 2  0 0 0  3 4 6  3 4 6  0 0 0";

#[test]
fn a_unique_irrational_equilibrium_is_enclosed() {
    let game = nfg(3, IRRATIONAL);
    let result = nash(&game, json!({}));
    assert_eq!(result.summary, "1 Nash equilibrium");
    assert_eq!(result.details["exhaustive"], json!(true));
    assert_eq!(result.details["solver"], json!("gambit-enumpoly"));
    let item = &items(&result)[0];
    assert!(item.get("exact").is_none());
    // Gambit's test suite (enumpoly) gives these to 16 digits.
    let known = [0.6192325794725537, 0.4798042226776053, 0.3788253360656313];
    for (player, known) in game.players().iter().zip(known) {
        let bounds = item["enclosure"][player].as_object().expect("bounds");
        let first = bounds.values().next().expect("two strategies");
        let (lo, hi) = (
            first[0].as_f64().expect("a number"),
            first[1].as_f64().expect("a number"),
        );
        assert!(
            hi - lo < 1e-14 && lo - 1e-14 < known && known < hi + 1e-14,
            "{lo} {hi}"
        );
    }
    assert!(item["regret"].as_f64().expect("a number") < 1e-18);
}

#[test]
fn local_max_cut_has_two_pure_and_one_mixed() {
    let game = nfg(3, MAX_CUT);
    let result = nash(&game, json!({}));
    assert_eq!(result.details["exhaustive"], json!(true));
    let known = [
        "0 1 | 1 0 | 0 1",
        "1 0 | 0 1 | 1 0",
        "1/2 1/2 | 1/2 1/2 | 1/2 1/2",
    ];
    assert_eq!(exact(&game, &result), known);
}

#[test]
fn mckelvey_and_mclennan_find_nine() {
    let game = nfg(3, NINE);
    let result = nash(&game, json!({}));
    assert_eq!(result.summary, "9 Nash equilibria");
    let mut known = [
        "2/5 3/5 | 1/2 1/2 | 1/3 2/3",
        "1/2 1/2 | 2/5 3/5 | 1/4 3/4",
        "1/2 1/2 | 1/2 1/2 | 1 0",
        "1/3 2/3 | 1 0 | 1/4 3/4",
        "1 0 | 1 0 | 1 0",
        "1 0 | 0 1 | 0 1",
        "0 1 | 1/4 3/4 | 1/3 2/3",
        "0 1 | 1 0 | 0 1",
        "0 1 | 0 1 | 1 0",
    ];
    known.sort_unstable();
    assert_eq!(exact(&game, &result), known);
    assert_eq!(
        nash(&game, json!({"solver": "pure"})).summary,
        "4 Nash equilibria"
    );
}

#[test]
fn a_continuum_is_not_called_complete() {
    let game = nfg(3, CONTINUUM);
    let result = nash(&game, json!({}));
    assert_eq!(result.details["exhaustive"], json!(false));
    let found = exact(&game, &result);
    // "3 pure, 2 incompletely mixed": the latter end the continua in which only the third player mixes.
    for known in [
        "1 0 | 0 1 | 1 0",
        "0 1 | 1 0 | 1 0",
        "0 1 | 0 1 | 0 1",
        "1 0 | 0 1 | 1/4 3/4",
        "0 1 | 1 0 | 1/4 3/4",
    ] {
        assert!(found.iter().any(|profile| profile == known), "{known}");
    }
    let undecided = result.details["undecided_supports"]
        .as_array()
        .expect("a list");
    let completely_mixed = |supports: &Value| {
        let mut supports = supports.as_object().expect("by player").values();
        supports.all(|support| support.as_array().expect("a list").len() == 2)
    };
    assert!(undecided.iter().any(completely_mixed));
    assert!(
        result.details["note"]
            .as_str()
            .expect("a note")
            .contains("continuum")
    );
}

#[test]
fn a_tree_of_three_players_shows_behaviour() {
    let game = read(
        "horse.efg",
        r#"EFG 2 R "Selten's horse" { "1" "2" "3" }
        p "" 1 1 "" { "C" "D" } 0
        p "" 2 1 "" { "c" "d" } 0
        t "" 1 "" { 1 1 1 }
        p "" 3 1 "" { "L" "R" } 0
        t "" 2 "" { 4 4 0 }
        t "" 3 "" { 0 0 1 }
        p "" 3 1 "" { "L" "R" } 0
        t "" 4 "" { 3 3 2 }
        t "" 5 "" { 0 0 0 }"#,
    );
    let result = nash(&game, json!({}));
    // Selten (1975): (D, c, L) and (C, c, R) are equilibria, and each lies in a continuum.
    assert_eq!(result.details["exhaustive"], json!(false));
    let found: Vec<&Value> = items(&result)
        .iter()
        .map(|item| &item["behavior"])
        .collect();
    for (one, three) in [("D", "L"), ("C", "R")] {
        let plays = |behaviour: &&Value| {
            let certain = |player: &str, action: &str| {
                let mut sets = behaviour[player].as_object().expect("sets").values();
                sets.all(|set| set[action] == json!(1.0))
            };
            certain("1", one) && certain("2", "c") && certain("3", three)
        };
        assert!(found.iter().any(plays), "{one} {three}");
    }
}

#[test]
fn every_method_finds_the_only_equilibrium() {
    let game = nfg(3, IRRATIONAL);
    for (solver, name) in [
        ("logit", "gambit-logit"),
        ("liap", "gambit-liap"),
        ("approximate", "gambit-simpdiv"),
        ("quick", "gambit-enumpoly"),
    ] {
        let result = nash(&game, json!({"solver": solver}));
        assert_eq!(result.details["solver"], json!(name));
        assert_eq!(items(&result).len(), 1, "{solver}");
        let item = &items(&result)[0];
        let first = item["strategies"]["1"]
            .as_object()
            .expect("a mixture")
            .values()
            .next();
        let first = first.and_then(Value::as_f64).expect("a number");
        assert!((first - 0.619233).abs() < 1e-4, "{solver}: {first}");
        // The payoffs range over 3.
        assert!(
            item["regret"].as_f64().expect("a number") <= 3e-6,
            "{solver}"
        );
    }
}

#[test]
fn approximations_keep_to_the_regret_asked_for() {
    let game = nfg(3, IRRATIONAL);
    let mut last = 0.0;
    for most in [1e-9, 1e-6, 1e-3] {
        let result = nash(&game, json!({"solver": "approximate", "maxregret": most}));
        let item = &items(&result)[0];
        let regret = item["regret"].as_f64().expect("a number");
        assert!(
            regret <= 3.0 * most && item.get("exact").is_none(),
            "{regret}"
        );
        assert!(regret > last, "a coarser goal is reached earlier");
        last = regret;
    }
}

#[test]
fn the_limit_of_the_logit_branch_is_exact() {
    // Stripped-down poker (Reiley, Urbancic and Walker 2008): the queen bluffs with 1/3, and 2/3 meet. Bet with king and queen, with
    // the king only, with the queen only, never; ante and bet are 1 each.
    let game = nfg(
        2,
        "{ 4 2 } 0 0  1/2 -1/2  -3/2 3/2  -1 1   1 -1  0 0  0 0  -1 1",
    );
    let limit = nash(&game, json!({"solver": "logit"}));
    assert_eq!(exact(&game, &limit), ["1/3 2/3 0 0 | 2/3 1/3"]);
}

/// Every found equilibrium of random games has regret 0 or an enclosure, and there is at least one, an odd number when all are regular
/// (Harsanyi 1973).
#[test]
fn random_games_have_an_odd_number() {
    let mut state = 12345u64;
    let mut draw = || {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 33) % 10_007
    };
    for sizes in [
        vec![2, 2, 2],
        vec![2, 3, 2],
        vec![3, 2, 2],
        vec![2, 2, 2, 2],
        vec![3, 3, 2],
    ] {
        for _ in 0..4 {
            let cells: usize = sizes.iter().product::<usize>() * sizes.len();
            let payoffs: Vec<String> = (0..cells).map(|_| draw().to_string()).collect();
            let dims: Vec<String> = sizes.iter().map(usize::to_string).collect();
            let body = format!("{{ {} }} {}", dims.join(" "), payoffs.join(" "));
            let game = nfg(sizes.len(), &body);
            let result = nash(&game, json!({}));
            assert_eq!(result.details["exhaustive"], json!(true), "{body}");
            assert_eq!(items(&result).len() % 2, 1, "{body}");
            for item in items(&result) {
                let certified = item["regret"] == json!(0.0) || item.get("enclosure").is_some();
                assert!(certified, "{body}");
            }
            // What the homotopy leads to is one of them.
            let limit = nash(&game, json!({"solver": "logit"}));
            let close = |item: &Value| {
                game.players().iter().all(|player| {
                    let mixture = item["strategies"][player].as_object().expect("a mixture");
                    mixture.iter().all(|(strategy, value)| {
                        let other = &items(&limit)[0]["strategies"][player][strategy];
                        (value.as_f64().expect("x") - other.as_f64().expect("y")).abs() < 2e-6
                    })
                })
            };
            assert!(items(&result).iter().any(close), "{body}");
        }
    }
}

#[test]
fn huge_payoffs_stay_exact() {
    // The max cut, its payoffs scaled and shifted beyond what doubles can tell apart.
    let factor = Rational::parse("1e25").expect("a number");
    let shifted = |number: &str| {
        let value = Rational::parse(number).expect("a number");
        (value * factor.clone() + Rational::parse("123456789e30").expect("a number")).to_string()
    };
    let (dims, payoffs) = MAX_CUT.split_once('}').expect("dimensions");
    let payoffs: Vec<String> = payoffs.split_whitespace().map(shifted).collect();
    let game = nfg(3, &format!("{dims}}} {}", payoffs.join(" ")));
    let result = nash(&game, json!({}));
    assert_eq!(result.details["exhaustive"], json!(true));
    assert_eq!(exact(&game, &result).len(), 3);
}

#[test]
fn a_stopped_search_says_so() {
    let game = nfg(3, MAX_CUT);
    let stop = AtomicBool::new(true);
    let analysis = find("Nash Equilibrium").expect("an analysis");
    for solver in ["exhaustive", "quick", "logit", "approximate", "liap"] {
        let config = Config::from_json(&json!({"solver": solver})).expect("a config");
        let result = analyze(&game, analysis, &config, &Control::new(&stop)).expect("what it has");
        assert_eq!(result.details["exhaustive"], json!(false), "{solver}");
        assert!(items(&result).is_empty(), "{solver}");
    }
}

#[test]
fn more_threads_find_the_same() {
    let game = nfg(3, NINE);
    let alone = nash(&game, json!({}));
    let stop = AtomicBool::new(false);
    let control = Control {
        threads: &|| 4,
        ..Control::new(&stop)
    };
    let analysis = find("Nash Equilibrium").expect("an analysis");
    let together = analyze(&game, analysis, &Config::default(), &control).expect("solvable");
    assert_eq!(alone, together);
}
