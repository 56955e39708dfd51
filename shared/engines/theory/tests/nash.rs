//! Equilibria of games from the literature, and of small games against an independent brute force.

use std::sync::atomic::AtomicBool;

use rookery_theory::{
    AnalysisResult, Config, Control, Game, Limits, analyze, examples, find, parse,
};
use serde_json::{Value, json};

fn nfg(body: &str) -> Game {
    let text = format!("NFG 1 R \"test\" {{ \"A\" \"B\" }} {body}");
    parse("test.nfg", text.as_bytes(), &Limits::default()).expect("well formed")
}

fn efg(text: &str) -> Game {
    parse("test.efg", text.as_bytes(), &Limits::default()).expect("well formed")
}

fn nash(game: &Game, config: Value) -> AnalysisResult {
    let stop = AtomicBool::new(false);
    let control = Control::new(&stop);
    let config = Config::from_json(&config).expect("a config");
    analyze(
        game,
        find("Nash Equilibrium").expect("an analysis"),
        &config,
        &control,
    )
    .expect("solvable")
}

/// Each equilibrium as `player 1's probabilities | player 2's | …`, sorted.
fn profiles(game: &Game, result: &AnalysisResult) -> Vec<String> {
    let items = result.details["equilibria"].as_array().expect("a list");
    let mut profiles: Vec<String> = items
        .iter()
        .map(|item| {
            assert_eq!(item["regret"], json!(0.0));
            let mixture = |player: &String| {
                let exact = item["exact"]["strategies"][player]
                    .as_object()
                    .expect("strategies")
                    .values();
                exact
                    .map(|probability| probability.as_str().expect("a text"))
                    .collect::<Vec<_>>()
                    .join(" ")
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

fn all(game: &Game) -> Vec<String> {
    let result = nash(game, json!({}));
    assert_eq!(result.details["exhaustive"], json!(true));
    profiles(game, &result)
}

/// Savani and von Stengel (2006): every Lemke-Howson path to the only equilibrium is long. Column by column, both payoffs.
const LONG_PATHS: &str = "{ 6 6 }
    -180 72 -30 -180 -81 297 90 -333 20 270 270 -153
    72 36 17 -81 36 126 -36 -126 -3 90 -153 -36
    -333 17 -33 -30 -126 42 126 -33 42 20 297 -3
    297 -3 42 20 126 -33 -126 42 -33 -30 -333 17
    -153 -36 -3 90 -36 -126 36 126 17 -81 72 36
    270 -153 20 270 90 -333 -81 297 -30 -180 -180 72";

#[test]
fn shapley_1974_has_a_unique_equilibrium() {
    // Shapley's game in which fictitious play cycles.
    let game = nfg("{ 3 3 } 1 0 0 1 0 0   0 0 1 0 0 1   0 1 0 0 1 0");
    assert_eq!(all(&game), ["1/3 1/3 1/3 | 1/3 1/3 1/3"]);
}

#[test]
fn the_long_path_game_has_a_unique_equilibrium() {
    let game = nfg(LONG_PATHS);
    let unique = ["1/30 1/6 3/10 3/10 1/6 1/30 | 1/6 1/30 3/10 3/10 1/30 1/6"];
    assert_eq!(all(&game), unique);
    assert_eq!(
        profiles(&game, &nash(&game, json!({"solver": "quick"}))),
        unique
    );
    assert_eq!(
        nash(&game, json!({"solver": "pure"})).summary,
        "No Nash equilibria found"
    );
}

/// Von Stengel (1999): two polytopes of the most vertices there can be, with more equilibria than the coordination game's 63. Column by
/// column, both payoffs.
const MANY: &str = "{ 6 6 }
    9504 72336 -111771 -461736 397584 1227336 171204 -1718376 1303104 1303104 737154 -453420
    -660 48081 31680 -300036 -113850 774576 -45936 -1039236 -453420 737154 -227040 -227040
    19976 29216 -130944 -178761 451176 451176 208626 -586476 1227336 397584 774576 -113850
    -20526 14124 168124 -84436 -586476 208626 -263076 -263076 -1718376 171204 -1039236 -45936
    1776 1776 -8514 -8976 29216 19976 14124 -20526 72336 9504 48081 -660
    -8976 -8514 52764 52764 -178761 -130944 -84436 168124 -461736 -111771 -300036 31680";

#[test]
fn von_stengels_game_has_75_equilibria() {
    let game = nfg(MANY);
    let result = nash(&game, json!({}));
    assert_eq!(result.summary, "75 Nash equilibria");
    assert_eq!(profiles(&game, &result).len(), 75);
    // Without ties every equilibrium is a component of its own, and the indices sum to 1 (Shapley 1974).
    let components = result.details["components"].as_array().expect("complete");
    assert_eq!(components.len(), 75);
    let indices = components
        .iter()
        .map(|component| component["index"].as_i64());
    assert_eq!(indices.sum::<Option<i64>>(), Some(1));
}

#[test]
fn components_are_told_of_complete_lists_only() {
    let game = nfg("{ 2 2 } 0 0 0 0 0 0 0 0");
    let result = nash(&game, json!({}));
    assert_eq!(
        result.details["components"],
        json!([{"equilibria": [0, 1, 2, 3], "size": 4, "maximal_subsets": [[[0, 2], [0, 1]]], "index": null}])
    );
    let cut = nash(&game, json!({"max_equilibria": 2}));
    assert_eq!(cut.details.get("components"), None);
}

#[test]
fn unequal_coordination() {
    let game = nfg("{ 2 2 } 1 1 0 0 0 0 10 10");
    assert_eq!(
        all(&game),
        ["0 1 | 0 1", "1 0 | 1 0", "10/11 1/11 | 10/11 1/11"]
    );
}

#[test]
fn coordination_games_have_every_support() {
    for (size, count) in [(2, 3), (3, 7), (4, 15)] {
        let cells: Vec<&str> = (0..size * size)
            .map(|cell| {
                if cell / size == cell % size {
                    "1 1"
                } else {
                    "0 0"
                }
            })
            .collect();
        let game = nfg(&format!("{{ {size} {size} }} {}", cells.join(" ")));
        assert_eq!(all(&game).len(), count);
        assert_eq!(
            nash(&game, json!({})).summary,
            format!("{count} Nash equilibria")
        );
    }
}

#[test]
fn examples_have_their_textbook_equilibria() {
    let expected: [(&str, &[&str]); 6] = [
        ("matching-pennies", &["1/2 1/2 | 1/2 1/2"]),
        ("prisoners-dilemma", &["0 1 | 0 1"]),
        // Strategies are listed by label: Football, Opera.
        (
            "battle-of-sexes",
            &["0 1 | 0 1", "1 0 | 1 0", "2/5 3/5 | 3/5 2/5"],
        ),
        ("rock-paper-scissors", &["1/3 1/3 1/3 | 1/3 1/3 1/3"]),
        // Hare, Stag: stag is worth 4p, hare 3.
        (
            "stag-hunt",
            &["0 1 | 0 1", "1 0 | 1 0", "1/4 3/4 | 1/4 3/4"],
        ),
        // Don't, Trust | Betray, Honor: Bob must betray with at least 1/2 for Alice not to trust.
        ("trust-game", &["1 0 | 1 0", "1 0 | 1/2 1/2"]),
    ];
    for (id, equilibria) in expected {
        let game = examples()
            .into_iter()
            .find(|game| game.id() == id)
            .expect("an example");
        assert_eq!(all(&game), equilibria, "{id}");
    }
}

#[test]
fn stripped_down_poker() {
    // Reiley, Urbancic and Walker (2008): the holder of a king bets, of a queen bluffs with 1/3; the other calls with 2/3.
    let game = efg(r#"EFG 2 R "poker" { "Fred" "Alice" } ""
        c "" 1 "deal" { "King" 1/2 "Queen" 1/2 } 0
        p "" 1 1 "King" { "Bet" "Fold" } 0
        p "" 2 1 "" { "Call" "Fold" } 0
        t "" 1 "Big win" { 2 -2 }
        t "" 2 "Win" { 1, -1 }
        t "" 3 "Lose" { -1 1 }
        p "" 1 2 "Queen" { "Bet" "Fold" } 0
        p "" 2 1 0
        t "" 4 "Big loss" { -2 2 }
        t "" 2
        t "" 3"#);
    let result = nash(&game, json!({}));
    let item = &result.details["equilibria"][0];
    assert_eq!(result.summary, "1 Nash equilibrium");
    assert_eq!(
        item["exact"]["strategies"]["Fred"],
        json!({"Bet/Bet": "1/3", "Bet/Fold": "2/3", "Fold/Bet": "0", "Fold/Fold": "0"})
    );
    assert_eq!(
        item["exact"]["strategies"]["Alice"],
        json!({"Call": "2/3", "Fold": "1/3"})
    );
    assert_eq!(
        item["exact"]["payoffs"],
        json!({"Alice": "-1/3", "Fred": "1/3"})
    );
    assert_eq!(
        nash(&game, json!({"solver": "pure"})).summary,
        "No Nash equilibria found"
    );
}

#[test]
fn outcomes_at_inner_nodes_add_up() {
    // The same bet as above, paid half at the inner node.
    let game = efg(r#"EFG 2 R "inner" { "A" "B" }
        p "" 1 1 "" { "l" "r" } 1 "ante" { 1 -1 }
        p "" 2 1 "" { "l" "r" } 2 "more" { 1 -1 }
        t "" 3 "" { 1 2 }
        t "" 0
        t "" 0"#);
    let matrix = rookery_theory::convert(&game, rookery_theory::Format::Normal)
        .expect("two players")
        .wire();
    assert_eq!(
        matrix["payoffs"],
        json!([[[3.0, 0.0], [2.0, -2.0]], [[1.0, -1.0], [1.0, -1.0]]])
    );
}

#[test]
fn payoffs_of_ten_to_the_nineteen_stay_exact() {
    // A mixes so that B is indifferent: (10^19 - 1) : 1.
    let big = "10000000000000000000";
    let less = "9999999999999999999";
    let game = nfg(&format!("{{ 2 2 }} 0 0  0 {big}  0 {big}  {big} 1"));
    assert!(
        all(&game)
            .iter()
            .any(|profile| profile.starts_with(&format!("{less}/"))),
        "{:?}",
        all(&game)
    );
}

#[test]
fn nearly_equal_huge_payoffs_do_not_lose_equilibria() {
    // A = [[a+1, 0], [0, a]], B = [[a, 0], [0, a+1]]: three equilibria for every a; other tools lose them from 10^10 on.
    for exponent in [10, 20, 40, 300] {
        let a = format!("1{}", "0".repeat(exponent));
        let b = format!("1{}1", "0".repeat(exponent - 1));
        assert_eq!(
            all(&nfg(&format!("{{ 2 2 }} {b} {a}  0 0  0 0  {a} {b}"))).len(),
            3,
            "10^{exponent}"
        );
    }
}

#[test]
fn duplicate_strategies_stand_in_for_each_other() {
    assert_eq!(all(&nfg("{ 2 2 } 0 0 0 0 0 0 0 0")).len(), 4);
    // Matching pennies with each side of each coin twice.
    let column = |first: &str, second: &str| [first, second, first, second].join(" ");
    let (heads, tails) = (column("1 -1", "-1 1"), column("-1 1", "1 -1"));
    let game = nfg(&format!("{{ 4 4 }} {heads} {tails} {heads} {tails}"));
    assert_eq!(all(&game).len(), 16);
}

#[test]
fn max_equilibria_is_honoured_by_every_solver() {
    let game = nfg("{ 3 3 } 1 1 0 0 0 0   0 0 1 1 0 0   0 0 0 0 1 1");
    for solver in ["exhaustive", "quick", "pure"] {
        for most in [1, 2] {
            let result = nash(&game, json!({"solver": solver, "max_equilibria": most}));
            assert_eq!(profiles(&game, &result).len(), most, "{solver}");
            assert_eq!(result.details["exhaustive"], json!(false));
        }
    }
    assert_eq!(
        nash(&game, json!({"solver": "quick"})).summary,
        "1 Nash equilibrium+"
    );
}

#[test]
fn more_players_get_all_equilibria() {
    // Three players who want to agree: on either of two things, or each is indifferent because the others toss coins.
    let text = r#"NFG 1 R "agree" { "A" "B" "C" } { 2 2 2 } 1 1 1  0 0 0  0 0 0  0 0 0  0 0 0  0 0 0  0 0 0  1 1 1"#;
    let game = parse("agree.nfg", text.as_bytes(), &Limits::default()).expect("well formed");
    let known = [
        "0 1 | 0 1 | 0 1",
        "1 0 | 1 0 | 1 0",
        "1/2 1/2 | 1/2 1/2 | 1/2 1/2",
    ];
    assert_eq!(all(&game), known);
    assert_eq!(
        nash(&game, json!({"solver": "pure"})).summary,
        "2 Nash equilibria"
    );
}

#[test]
fn a_stopped_search_claims_nothing() {
    let stop = AtomicBool::new(true);
    let control = Control::new(&stop);
    let game = nfg(LONG_PATHS);
    let result = analyze(
        &game,
        find("Nash Equilibrium").expect("an analysis"),
        &Config::default(),
        &control,
    )
    .expect("a result");
    assert_eq!(result.details["exhaustive"], json!(false));
}

/// Kuhn's poker (1950): three cards, ante 1, bet 1.
fn kuhn() -> Game {
    let mut text = "EFG 2 R \"Kuhn\" { \"A\" \"B\" } c \"\" 1 \"\" {".to_owned();
    let deals: Vec<(i32, i32)> = (0..3)
        .flat_map(|a| (0..3).filter(move |b| a != *b).map(move |b| (a, b)))
        .collect();
    for (a, b) in &deals {
        text.push_str(&format!(" \"{a}{b}\" 1/6"));
    }
    text.push_str(" } 0");
    let mut ends = 0;
    let mut end = |won: i32| {
        ends += 1;
        format!(" t \"\" {ends} \"\" {{ {won} {} }}", -won)
    };
    for (a, b) in deals {
        let wins = if a > b { 1 } else { -1 };
        text.push_str(&format!(
            " p \"\" 1 {} \"\" {{ \"check\" \"bet\" }} 0",
            a + 1
        ));
        text.push_str(&format!(
            " p \"\" 2 {} \"\" {{ \"check\" \"bet\" }} 0{}",
            b + 1,
            end(wins)
        ));
        text.push_str(&format!(
            " p \"\" 1 {} \"\" {{ \"fold\" \"call\" }} 0{}{}",
            a + 4,
            end(-1),
            end(2 * wins)
        ));
        text.push_str(&format!(
            " p \"\" 2 {} \"\" {{ \"fold\" \"call\" }} 0{}{}",
            b + 4,
            end(1),
            end(2 * wins)
        ));
    }
    efg(&text)
}

#[test]
fn kuhn_poker_is_worth_minus_one_eighteenth() {
    let result = nash(&kuhn(), json!({"solver": "quick"}));
    assert_eq!(result.summary, "1 Nash equilibrium+");
    assert_eq!(
        result.details["equilibria"][0]["exact"]["payoffs"],
        json!({"A": "-1/18", "B": "1/18"})
    );
    assert_eq!(result.details["equilibria"][0]["regret"], json!(0.0));
}

#[test]
fn a_long_search_ends_when_it_is_told_to() {
    // 24×24: far more vertices than anybody would wait for. The first report of progress pulls the plug.
    let mut state = 0x5eed_0006_u64;
    let cells: Vec<String> = (0..2 * 24 * 24)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 33).to_string()
        })
        .collect();
    let game = nfg(&format!("{{ 24 24 }} {}", cells.join(" ")));
    let stop = AtomicBool::new(false);
    let reports = std::sync::Mutex::new(Vec::new());
    let progress = |report| {
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        reports.lock().expect("one thread").push(report);
    };
    let control = Control {
        progress: &progress,
        ..Control::new(&stop)
    };
    let result = analyze(
        &game,
        find("Nash Equilibrium").expect("an analysis"),
        &Config::default(),
        &control,
    )
    .expect("a result");
    assert_eq!(result.details["exhaustive"], json!(false));
    assert!(result.summary.ends_with('+') || result.summary == "No Nash equilibria found");
    let first: rookery_theory::Progress = reports.into_inner().expect("one thread").remove(0);
    assert!(first.message.contains("branches examined"), "{first:?}");
    assert!(first.fraction.is_some_and(|share| share < 1.0), "{first:?}");
}
