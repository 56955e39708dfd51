//! Influence diagrams: known equilibria and relevance graphs from the literature and pycid's examples, and properties.

mod diagrams;

use diagrams::{chance, decision, diagram, payoff, run, solve};
use rookery_theory::{Format, Game, conversion, convert, examples};
use serde_json::{Value, json};

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

/// The second agent sees what the first did.
fn sequence(actions: [&[&str]; 2], payoffs: [&[i64]; 2]) -> Game {
    diagram(
        &["A", "B"],
        &[
            decision("D1", "A", actions[0], &[]),
            decision("D2", "B", actions[1], &["D1"]),
            payoff("U1", "A", &["D1", "D2"], payoffs[0]),
            payoff("U2", "B", &["D1", "D2"], payoffs[1]),
        ],
    )
}

const NASH: &str = "MAID Nash Equilibrium";
const PERFECT: &str = "MAID Subgame Perfect Equilibrium";

fn descriptions(details: &Value) -> Vec<&str> {
    let equilibria = details["equilibria"].as_array().expect("a list");
    equilibria
        .iter()
        .map(|item| item["description"].as_str().expect("a text"))
        .collect()
}

/// Equilibria of a kind, checked to be certified.
fn found(game: &Game, analysis: &str, solver: &str) -> (String, Value) {
    let result = solve(game, analysis, &json!({"solver": solver}));
    for item in result.1["equilibria"].as_array().expect("a list") {
        assert_eq!(item["regret"], json!(0.0));
        assert_eq!(item["strategies"], item["behavior_profile"]);
    }
    result
}

#[test]
fn prisoners_dilemma() {
    let game = example("prisoners-dilemma-maid");
    for (analysis, summary, solver) in [
        (NASH, "1 pure Nash equilibrium", "pycid-enumpure"),
        (PERFECT, "1 subgame perfect equilibrium", "enumpure"),
    ] {
        let (found, details) = solve(&game, analysis, &json!({}));
        assert_eq!(found, summary);
        assert_eq!(details["solver"], json!(solver));
        assert_eq!(details["exhaustive"], json!(true));
        assert_eq!(
            descriptions(&details),
            ["Pure: Row plays Defect, Column plays Defect"]
        );
        let item = &details["equilibria"][0];
        assert_eq!(
            item["strategies"],
            json!({"D1": {"Defect": 1.0}, "D2": {"Defect": 1.0}})
        );
        assert_eq!(
            item["exact"]["payoffs"],
            json!({"Row": "-2", "Column": "-2"})
        );
    }
}

fn example(id: &str) -> Game {
    examples()
        .into_iter()
        .find(|game| game.id() == id)
        .expect("an example")
}

#[test]
fn battle_of_the_sexes_and_matching_pennies() {
    let sexes = table([&["O", "F"]; 2], [&[3, 0, 0, 2], &[2, 0, 0, 3]]);
    assert_eq!(found(&sexes, NASH, "pure").0, "2 pure Nash equilibria");
    assert_eq!(
        found(&sexes, PERFECT, "pure").0,
        "2 subgame perfect equilibria"
    );
    let (summary, details) = found(&sexes, NASH, "mixed");
    assert_eq!(summary, "3 Nash equilibria");
    let exact: Vec<&Value> = details["equilibria"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| &item["exact"]["strategies"])
        .collect();
    // Osborne, An Introduction to Game Theory, exercise on Bach or Stravinsky: each plays its own favourite with 3/5.
    assert!(
        exact.contains(&&json!({"D1": {"O": "3/5", "F": "2/5"}, "D2": {"O": "2/5", "F": "3/5"}}))
    );
    let pennies = table([&["H", "T"]; 2], [&[1, -1, -1, 1], &[-1, 1, 1, -1]]);
    assert_eq!(
        found(&pennies, NASH, "pure").0,
        "No pure Nash equilibria found"
    );
    for analysis in [NASH, PERFECT] {
        let (_, details) = found(&pennies, analysis, "mixed");
        assert_eq!(descriptions(&details), ["Mixed: A mixes, B mixes"]);
        assert_eq!(details["exhaustive"], json!(true));
        let half = json!({"H": "1/2", "T": "1/2"});
        assert_eq!(
            details["equilibria"][0]["exact"]["strategies"],
            json!({"D1": half, "D2": half})
        );
    }
}

/// Hammond, Fox, Everitt, Abate and Wooldridge (2021), figure 1: three pure equilibria, one of them subgame perfect; pycid 0.8.2 finds
/// one more that is mixed, and two subgame perfect ones once taxi 2 is indifferent after `e`.
#[test]
fn taxi_competition() {
    let taxis = sequence([&["e", "c"]; 2], [&[2, 5, 3, 1], &[2, 3, 5, 1]]);
    assert_eq!(found(&taxis, NASH, "pure").0, "3 pure Nash equilibria");
    assert_eq!(found(&taxis, NASH, "mixed").0, "4 Nash equilibria");
    for solver in ["pure", "mixed"] {
        let (summary, details) = found(&taxis, PERFECT, solver);
        assert_eq!(summary, "1 subgame perfect equilibrium");
        assert_eq!(
            descriptions(&details),
            ["Pure: A plays e, B plays c if D1=e, e if D1=c"]
        );
        assert_eq!(
            details["equilibria"][0]["decision_rules"]["D2"],
            json!([
                {"given": {"D1": "e"}, "strategy": {"c": 1.0}},
                {"given": {"D1": "c"}, "strategy": {"e": 1.0}},
            ])
        );
        // In play taxi 2 sees only the expensive hotel taken.
        assert_eq!(
            details["equilibria"][0]["strategies"],
            json!({"D1": {"e": 1.0}, "D2": {"c": 1.0}})
        );
    }
    let tied = sequence([&["e", "c"]; 2], [&[2, 5, 3, 1], &[2, 3, 5, 5]]);
    assert_eq!(
        found(&tied, PERFECT, "pure").0,
        "2 subgame perfect equilibria"
    );
}

/// pycid's `two_agents_three_actions` and `basic_different_dec_cardinality`, with the answers its documentation and tests state.
#[test]
fn more_actions() {
    let three = table(
        [&["T", "M", "B"], &["L", "C", "R"]],
        [&[4, 5, 6, 2, 8, 3, 3, 9, 2], &[3, 1, 2, 1, 4, 6, 0, 6, 8]],
    );
    let (_, details) = found(&three, NASH, "mixed");
    assert_eq!(descriptions(&details), ["Pure: A plays T, B plays L"]);
    let uneven = sequence(
        [&["0", "1"], &["0", "1", "2"]],
        [&[3, 1, 0, 1, 2, 3], &[1, 2, 1, 1, 0, 3]],
    );
    let (_, details) = found(&uneven, PERFECT, "pure");
    assert_eq!(
        descriptions(&details),
        ["Pure: A plays 1, B plays 1 if D1=0, 2 if D1=1"]
    );
}

/// pycid's `signal`: two pure equilibria by its enumeration (version 0.7.3).
#[test]
fn signalling() {
    let payoffs = [5, 2, 3, 1, 0, 3, 1, 4];
    let signal = diagram(
        &["S", "R"],
        &[
            chance("X", &["0", "1"], &[], &[&["1/2"], &["1/2"]]),
            decision("D1", "S", &["0", "1"], &["X"]),
            decision("D2", "R", &["0", "1"], &["D1"]),
            payoff("U1", "S", &["X", "D1", "D2"], &payoffs),
            payoff("U2", "R", &["X", "D1", "D2"], &payoffs),
        ],
    );
    assert_eq!(found(&signal, NASH, "pure").0, "2 pure Nash equilibria");
    // Cho and Kreps (1987): the sender's types pool on beer or on quiche, and the receiver fights after the other breakfast.
    let (_, details) = found(&example("signaling-game-maid"), NASH, "pure");
    assert_eq!(
        descriptions(&details),
        [
            "Pure: Sender plays Beer, Receiver plays Retreat if Breakfast=Beer, Fight if Breakfast=Quiche",
            "Pure: Sender plays Quiche, Receiver plays Fight if Breakfast=Beer, Retreat if Breakfast=Quiche",
        ]
    );
}

/// pycid's `subgame_mixed_spe`: no pure subgame perfect equilibrium, one mixed, in which three pairs toss coins.
#[test]
fn pennies_below_a_decision() {
    let mut nodes = vec![decision("D1", "1", &["0", "1"], &[])];
    let product: Vec<i64> = (0..128).map(|profile| i64::from(profile == 127)).collect();
    nodes.push(payoff(
        "U1",
        "1",
        &["D1", "D2", "D3", "D4", "D5", "D6", "D7"],
        &product,
    ));
    for pair in [["2", "3"], ["4", "5"], ["6", "7"]] {
        let [one, other] = pair.map(|agent| format!("D{agent}"));
        nodes.push(decision(&one, pair[0], &["0", "1"], &[]));
        nodes.push(decision(&other, pair[1], &["0", "1"], &[]));
        nodes.push(payoff(
            &format!("U{}", pair[0]),
            pair[0],
            &[&one, &other],
            &[1, -1, -1, 1],
        ));
        nodes.push(payoff(
            &format!("U{}", pair[1]),
            pair[1],
            &[&one, &other],
            &[-1, 1, 1, -1],
        ));
    }
    let game = diagram(&["1", "2", "3", "4", "5", "6", "7"], &nodes);
    assert_eq!(
        found(&game, PERFECT, "pure").0,
        "No subgame perfect equilibria found"
    );
    let (summary, details) = found(&game, PERFECT, "mixed");
    assert_eq!(summary, "1 subgame perfect equilibrium");
    let item = &details["equilibria"][0]["exact"];
    assert_eq!(item["strategies"]["D1"], json!({"1": "1"}));
    assert_eq!(item["strategies"]["D7"], json!({"0": "1/2", "1": "1/2"}));
    assert_eq!(item["payoffs"]["1"], json!("1/64"));
}

/// Jordan (1993): each of three players matches the next, but the last mismatches the first; all tossing coins is the only equilibrium.
#[test]
fn three_agents_rely_on_each_other() {
    let sides = &["H", "T"];
    let game = diagram(
        &["1", "2", "3"],
        &[
            decision("D1", "1", sides, &[]),
            decision("D2", "2", sides, &[]),
            decision("D3", "3", sides, &[]),
            payoff("U1", "1", &["D1", "D2"], &[1, 0, 0, 1]),
            payoff("U2", "2", &["D2", "D3"], &[1, 0, 0, 1]),
            payoff("U3", "3", &["D3", "D1"], &[0, 1, 1, 0]),
        ],
    );
    for analysis in [NASH, PERFECT] {
        let (_, details) = found(&game, analysis, "mixed");
        let half = json!({"H": "1/2", "T": "1/2"});
        assert_eq!(details["equilibria"].as_array().map(Vec::len), Some(1));
        assert_eq!(
            details["equilibria"][0]["exact"]["strategies"],
            json!({"D1": half, "D2": half, "D3": half})
        );
        assert_eq!(details["exhaustive"], json!(true));
    }
}

/// Koller and Milch (2003), example "Tree Killer": the poisoner's decision relies on the doctor's and on the patio's, and the patio's on
/// the doctor's, because what the doctor did tells whether the tree is sick.
#[test]
fn tree_killer() {
    let yes_no = &["y", "n"];
    let game = diagram(
        &["Alice", "Bob"],
        &[
            decision("PoisonTree", "Alice", yes_no, &[]),
            chance("TreeSick", yes_no, &["PoisonTree"], &[]),
            decision("TreeDoctor", "Bob", yes_no, &["TreeSick"]),
            chance("TreeDead", yes_no, &["TreeSick", "TreeDoctor"], &[]),
            decision("BuildPatio", "Alice", yes_no, &["PoisonTree", "TreeDoctor"]),
            payoff("Effort", "Alice", &["PoisonTree"], &[]),
            payoff("View", "Alice", &["TreeDead", "BuildPatio"], &[]),
            payoff("Cost", "Bob", &["TreeDoctor"], &[]),
            payoff("Tree", "Bob", &["TreeDead"], &[]),
        ],
    );
    let (summary, details) = solve(&game, "Decision Relevance", &json!({}));
    assert_eq!(summary, "3 r-reachable, 3 s-reachable relationships");
    assert_eq!(
        details["s_reachable"],
        json!({
            "PoisonTree": ["TreeDoctor", "BuildPatio"],
            "TreeDoctor": [],
            "BuildPatio": ["TreeDoctor"],
        })
    );
    assert_eq!(details["r_reachable"], details["s_reachable"]);
    assert_eq!(
        details["components"],
        json!([["TreeDoctor"], ["BuildPatio"], ["PoisonTree"]])
    );
    assert_eq!(details["acyclic"], json!(true));
}

/// pycid's tests of reachability and sufficient recall.
#[test]
fn reachability() {
    let reachable = |game: &Game| solve(game, "Decision Relevance", &json!({})).1;
    let taxis = sequence([&["e", "c"]; 2], [&[2, 5, 3, 1], &[2, 3, 5, 1]]);
    assert_eq!(
        reachable(&taxis)["s_reachable"],
        json!({"D1": ["D2"], "D2": []})
    );
    let dilemma = example("prisoners-dilemma-maid");
    assert_eq!(reachable(&dilemma)["components"], json!([["D1", "D2"]]));
    assert_eq!(reachable(&dilemma)["acyclic"], json!(false));
    let act = &["0", "1"];
    let difference = diagram(
        &["1", "2"],
        &[
            chance("N", act, &[], &[]),
            decision("D1", "1", act, &["N"]),
            decision("D2", "2", act, &["D1"]),
            payoff("U1_A", "1", &["N", "D1"], &[]),
            payoff("U2_A", "2", &["N", "D1"], &[]),
            payoff("U1_B", "1", &["D1", "D2"], &[]),
            payoff("U2_B", "2", &["D1", "D2"], &[]),
        ],
    );
    let details = reachable(&difference);
    assert_eq!(details["s_reachable"], json!({"D1": ["D2"], "D2": []}));
    let on_nodes = details["relies_on_nodes"]["D1"].as_array().expect("a list");
    assert!(!on_nodes.contains(&json!("N")));
    let star = diagram(
        &["1", "2"],
        &[
            chance("S", act, &[], &[]),
            decision("D11", "1", act, &["S"]),
            decision("D12", "1", act, &["S"]),
            decision("D2", "2", act, &[]),
            payoff("U2", "2", &["D2", "D11"], &[]),
            payoff("U11", "1", &["D2", "D11"], &[]),
            payoff("U12", "1", &["D11", "D12"], &[]),
        ],
    );
    let details = reachable(&star);
    assert_eq!(
        details["s_reachable"]["D11"],
        json!(["D12", "D2"]),
        "the star's two decisions rely on each other: it is forgetful"
    );
    assert_eq!(details["s_reachable"]["D12"], json!(["D11"]));
}

#[test]
fn profiles_are_verified() {
    let game = example("prisoners-dilemma-maid");
    let verify = |profile: Value| solve(&game, "MAID Verify Profile", &json!({"profile": profile}));
    let (summary, details) = verify(json!({"Row": {"D1": "Defect"}, "Column": {"D2": "Defect"}}));
    assert_eq!(summary, "Profile IS a Nash equilibrium");
    assert_eq!(details["is_equilibrium"], json!(true));
    assert_eq!(details["utilities"], json!({"Row": -2.0, "Column": -2.0}));
    assert_eq!(details["deviations"], json!([]));
    let (summary, details) =
        verify(json!({"Row": {"D1": "Cooperate"}, "Column": {"D2": "Defect"}}));
    assert_eq!(
        summary,
        "Profile is NOT a Nash equilibrium (1 profitable deviation)"
    );
    let deviation = &details["deviations"][0];
    for (key, value) in [
        ("agent", json!("Row")),
        ("decision", json!("D1")),
        ("current_action", json!("Cooperate")),
        ("better_action", json!("Defect")),
        ("current_utility", json!(-3.0)),
        ("deviation_utility", json!(-2.0)),
        ("improvement", json!(1.0)),
    ] {
        assert_eq!(deviation[key], value, "{key}");
    }
    let (_, details) =
        verify(json!({"D1": {"Cooperate": "1/3", "Defect": "2/3"}, "D2": {"Defect": 1}}));
    assert_eq!(details["exact"]["max_regret"], json!("1/3"));
}

/// Every way of writing a rule that the engine documents, and its own output, read as the same rule.
#[test]
fn rules_can_be_written_in_many_ways() {
    let taxis = sequence([&["e", "c"]; 2], [&[2, 5, 3, 1], &[2, 3, 5, 1]]);
    let (_, details) = solve(&taxis, PERFECT, &json!({}));
    let own = details["equilibria"][0]["decision_rules"]["D2"].clone();
    for rule in [
        own,
        json!(["c", "e"]),
        json!([{"c": 1}, {"e": 1.0, "c": 0}]),
        json!({"D1=e": "c", "D1=c": "e"}),
        json!({"D1=c": {"e": "1"}, "D1=e": "c"}),
    ] {
        let profile = json!({"A": {"D1": "e"}, "B": {"D2": rule}});
        let (_, details) = solve(&taxis, "MAID Verify Profile", &json!({"profile": profile}));
        assert_eq!(details["is_equilibrium"], json!(true), "{profile}");
        assert_eq!(details["utilities"], json!({"A": 5.0, "B": 3.0}));
    }
    for (profile, what) in [
        (
            json!({"A": {"D1": "e"}}),
            "the profile says nothing about decision `D2`",
        ),
        (
            json!({"A": {"D2": ["c", "e"]}}),
            "decision `D2` is not `A`'s but `B`'s",
        ),
        (json!({"A": {"D1": "x"}}), "decision `D1` has no action `x`"),
        (
            json!({"C": {"D1": "e"}}),
            "there is no agent and no decision `C`",
        ),
        (
            json!({"B": {"D2": ["c"]}}),
            "the rule of `D2` has 1 items for 2 configurations of what it observes",
        ),
        (
            json!({"A": {"D1": {"e": 0.5, "c": 0.4}}}),
            "in the rule of `D1`, the probabilities sum to 9/10, not to 1",
        ),
    ] {
        let error =
            run(&taxis, "MAID Verify Profile", &json!({"profile": profile})).expect_err(what);
        assert_eq!(error.to_string(), what);
    }
}

/// Two decisions of one agent who cannot coordinate but by the plan: neither change alone helps, both together do.
#[test]
fn joint_deviations_are_seen() {
    let game = diagram(
        &["A"],
        &[
            decision("D1", "A", &["0", "1"], &[]),
            decision("D2", "A", &["0", "1"], &[]),
            payoff("U", "A", &["D1", "D2"], &[1, 0, 0, 2]),
        ],
    );
    let config = json!({"profile": {"A": {"D1": "0", "D2": "0"}}});
    let (_, details) = solve(&game, "MAID Verify Profile", &config);
    assert_eq!(details["is_equilibrium"], json!(false));
    assert_eq!(details["deviations"][0]["decision"], json!("D1, D2"));
    assert_eq!(details["deviations"][0]["improvement"], json!(1.0));
    assert_eq!(found(&game, NASH, "pure").0, "1 pure Nash equilibrium");
}

#[test]
fn a_diagram_becomes_a_tree() {
    let game = example("signaling-game-maid");
    let check = conversion(&game, Format::Extensive);
    assert!(check.possible && check.warnings.is_empty());
    let tree = convert(&game, Format::Extensive).expect("a small diagram");
    let shown = tree.wire();
    assert_eq!(shown["id"], json!("signaling-game-maid-efg"));
    let tags = shown["tags"].as_array().expect("a list");
    assert!(tags.contains(&json!("converted")) && tags.contains(&json!("maid-to-efg")));
    assert_eq!(
        shown["maid_to_efg_nodes"],
        json!({"Breakfast": ["n_1", "n_4"], "Response": ["n_2", "n_3", "n_5", "n_6"]})
    );
    // The receiver knows the breakfast, not the type.
    let set = |node: &str| shown["nodes"][node]["information_set"].clone();
    assert_eq!(set("n_2"), set("n_5"));
    assert_eq!(set("n_3"), set("n_6"));
    assert_ne!(set("n_2"), set("n_3"));
    assert_ne!(set("n_1"), set("n_4"));
    // The same game as the example that is written as a tree.
    let chained = conversion(&game, Format::Normal);
    assert_eq!(chained.warnings, ["Requires 2-step conversion"]);
    let matrix = |game: &Game| {
        convert(game, Format::Normal).expect("a small game").wire()["payoffs"].clone()
    };
    assert_eq!(matrix(&game), matrix(&example("signaling-game")));
    let table = convert(&game, Format::Normal).expect("a small game").wire();
    let players = table["players"].clone();
    assert_eq!(
        table["maid_decision_to_player"],
        json!({"Breakfast": players[0], "Response": players[1]})
    );
    assert_eq!(
        conversion(&tree, Format::Maid).blockers,
        ["Cannot convert from extensive to maid"]
    );
}
