//! What observing and controlling is worth in influence diagrams.

mod diagrams;

use diagrams::{chance, decision, diagram, payoff, solve};
use rookery_theory::Game;
use serde_json::json;

/// Two agents, one simultaneous decision each, payoffs by rows.
fn table(actions: [&[&str]; 2], payoffs: [&[i64]; 2]) -> Game {
    diagram(
        &["A", "B"],
        &[
            decision("D1", "A", actions[0], &[]),
            decision("D2", "B", actions[1], &[]),
            payoff("U1", "A", &["D1", "D2"], payoffs[0]),
            payoff("U2", "B", &["D1", "D2"], payoffs[1]),
        ],
    )
}

#[test]
fn value_of_information_and_control() {
    // pycid's `get_quantitative_voi_cid` and the values its tests state: 0.6 for the noisy copy, 0.4 for the state itself.
    let noisy = |observed: &[&str]| {
        diagram(
            &["A"],
            &[
                chance("S", &["-1", "1"], &[], &[&["1/2"], &["1/2"]]),
                chance(
                    "X",
                    &["-1", "1"],
                    &["S"],
                    &[&["0.8", "0.2"], &["0.2", "0.8"]],
                ),
                decision("D", "A", &["-1", "0", "1"], observed),
                payoff("U", "A", &["S", "D"], &[1, 0, -1, -1, 0, 1]),
            ],
        )
    };
    let information = |game: &Game, decision: &str, node: &str| {
        let config = json!({"decision": decision, "observation": node});
        let (_, details) = solve(game, "Value of Information", &config);
        details["exact"]["value_of_information"].clone()
    };
    assert_eq!(information(&noisy(&["X"]), "D", "X"), json!("3/5"));
    assert_eq!(information(&noisy(&["X"]), "D", "S"), json!("2/5"));
    assert_eq!(information(&noisy(&[]), "D", "S"), json!("1"));
    // The umbrella of pycid's examples. By hand: taking it after a bad forecast only is worth 0.48 + 0.56, always taking it 0.8.
    let umbrella = diagram(
        &["A"],
        &[
            chance("W", &["fair", "rain"], &[], &[&["0.6"], &["0.4"]]),
            chance(
                "F",
                &["good", "bad"],
                &["W"],
                &[&["0.8", "0.3"], &["0.2", "0.7"]],
            ),
            decision("UM", "A", &["leave", "take"], &["F"]),
            payoff("A", "A", &["W", "UM"], &[1, 0, 0, 2]),
        ],
    );
    let (summary, details) = solve(
        &umbrella,
        "Value of Information",
        &json!({"decision": "UM", "observation": "F"}),
    );
    assert_eq!(summary, "VOI(F -> UM) = 0.2400");
    assert_eq!(details["interpretation"], json!("positive"));
    assert_eq!(details["exact"]["utility_with"], json!("26/25"));
    let control = |game: &Game, variable: &str| {
        let config = json!({"decision": "D", "variable": variable});
        let (_, details) = solve(game, "Value of Control", &config);
        details["exact"]["value_of_control"].clone()
    };
    // pycid's `get_3node_cid`: nothing is gained by controlling what is seen; all of it when it is not.
    let three = |observed: &[&str]| {
        diagram(
            &["A"],
            &[
                chance("S", &["-1", "1"], &[], &[&["1/2"], &["1/2"]]),
                decision("D", "A", &["-1", "1"], observed),
                payoff("U", "A", &["S", "D"], &[1, -1, -1, 1]),
            ],
        )
    };
    assert_eq!(control(&three(&["S"]), "S"), json!("0"));
    assert_eq!(control(&three(&[]), "S"), json!("1"));
}

/// With several agents the others' rules are held: at random, or as given. Matching pennies: knowing a fair coin is worth nothing to the
/// blind guesser, and 1 once seen; knowing one that always falls on heads, nothing.
#[test]
fn value_of_information_holds_the_others() {
    let pennies = table([&["H", "T"]; 2], [&[1, -1, -1, 1], &[-1, 1, 1, -1]]);
    let config = json!({"decision": "D2", "observation": "D1"});
    let (_, details) = solve(&pennies, "Value of Information", &config);
    assert_eq!(details["value_of_information"], json!(1.0));
    assert_eq!(details["held_fixed"], json!({"D1": "uniform"}));
    let config = json!({"decision": "D2", "observation": "D1", "profile": {"A": {"D1": "H"}}});
    let (summary, details) = solve(&pennies, "Value of Information", &config);
    assert_eq!(summary, "No value from observing D1 before D2");
    assert_eq!(details["interpretation"], json!("zero"));
}
