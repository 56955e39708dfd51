//! Files that are read in every spelling the formats allow, and files that are refused with the place of the fault.

use rookery_theory::{Format, Game, Limits, conversion, find, fit, parse};
use serde_json::json;

fn read(name: &str, text: &str) -> Result<Game, String> {
    parse(name, text.as_bytes(), &Limits::default()).map_err(|error| error.to_string())
}

fn refused(name: &str, text: &str) -> String {
    read(name, text)
        .err()
        .unwrap_or_else(|| panic!("{text} was accepted"))
}

#[test]
fn nfg_spellings_mean_the_same_game() {
    let spellings = [
        "NFG 1 R \"g\" { \"A\" \"B\" } { 2 2 }\n1 2 3 4 0.5 0 -1 1/3",
        "NFG 1 D \"g\" { \"A\" \"B\" } { { \"\" \"\" } { \"\" \"\" } } \"\"\n\n1, 2, 3, 4 5e-1 0, -1.0 1/3",
        "NFG 1 R \"g\"\n{\"A\"\"B\"}{2 2}{{\"x\" 1,2}{\"y\" 3 4}{\"z\" .5, 0}{\"w\" -1, 2/6}} 1 2 3 4",
    ];
    let games: Vec<Game> = spellings
        .iter()
        .map(|text| read("g.nfg", text).expect("well formed"))
        .collect();
    assert_eq!(
        games[0].wire()["payoffs"],
        json!([[[1.0, 2.0], [0.5, 0.0]], [[3.0, 4.0], [-1.0, 1.0 / 3.0]]])
    );
    assert_eq!(
        games[0].wire()["strategies"],
        json!([["S1", "S2"], ["S1", "S2"]])
    );
    assert_eq!(games[0].tags(), ["imported", "nfg", "strategic-form"]);
    assert_eq!(games[0], games[1]);
    assert_eq!(games[0], games[2]);
}

#[test]
fn nfg_outcome_zero_pays_nothing() {
    let game = read(
        "g.nfg",
        r#"NFG 1 R "g" { "A" "B" } { 1 2 } { { "x" 1 2 } } 0 1"#,
    )
    .expect("well formed");
    assert_eq!(game.wire()["payoffs"], json!([[[0.0, 0.0], [1.0, 2.0]]]));
}

#[test]
fn three_players_keep_their_table() {
    let game = read(
        "g.nfg",
        r#"NFG 1 R "g" { "A" "B" "C" } { 2 1 2 } 1 2 3  4 5 6  7 8 9  10 11 12"#,
    )
    .expect("well formed");
    assert_eq!(game.format(), Format::Normal);
    // The file's second profile has A's second strategy, its third C's second.
    assert_eq!(
        game.wire()["payoffs"],
        json!([
            [[[1.0, 2.0, 3.0], [7.0, 8.0, 9.0]]],
            [[[4.0, 5.0, 6.0], [10.0, 11.0, 12.0]]]
        ])
    );
}

#[test]
fn efg_ids_sets_chance_and_titles() {
    let text = "EFG 2 R \"a \\\"quoted\\\" title\" { \"A\" \"B\" }\n\"two\nlines\"\nc \"\" 1 \"\" { \"h\" 0.25 \"t\" 3/4 } 0\np \"\" 1 7 \"\" { \"x\" \"y\" } 0\nt \"\" 3 \"end\" { 1, -1 }\nt \"\" 0\np \"\" 1 7 0 t \"\" 3 t \"\" 3\n";
    let game = read("file.efg", text).expect("well formed");
    let shown = game.wire();
    assert_eq!(game.title(), "a \"quoted\" title");
    assert_eq!(game.description(), Some("two\nlines"));
    assert_eq!(game.tags(), ["imported", "extensive"]);
    assert_eq!(shown["efg_content"], text);
    assert_eq!(shown["nodes"]["n_0"]["player"], "Chance");
    assert_eq!(
        shown["nodes"]["n_0"]["actions"],
        json!([{"label": "h", "target": "n_1", "probability": 0.25}, {"label": "t", "target": "n_3", "probability": 0.75}])
    );
    assert_eq!(shown["nodes"]["n_1"]["information_set"], "h_0_0");
    assert_eq!(
        shown["nodes"]["n_1"]["actions"][1]["target"],
        "o_terminal_2"
    );
    assert_eq!(shown["nodes"]["n_3"]["information_set"], "h_0_0");
    assert_eq!(
        shown["outcomes"]["o_0"],
        json!({"label": "end", "payoffs": {"A": 1, "B": -1}})
    );
}

#[test]
fn rounded_probabilities_are_accepted_with_a_warning() {
    let sixth = "0.1666666666666667";
    let actions: Vec<String> = (1..=6).map(|face| format!("\"{face}\" {sixth}")).collect();
    let ends = "t \"\" 0 ".repeat(6);
    let game = read(
        "die.efg",
        &format!(
            "EFG 2 R \"die\" {{ \"A\" }} c \"\" 1 \"\" {{ {} }} 0 {ends}",
            actions.join(" ")
        ),
    )
    .expect("well formed");
    let warning = game.wire()["nodes"]["n_0"]["warning"]
        .as_str()
        .expect("a warning")
        .to_owned();
    assert!(warning.contains("rescaled"), "{warning}");
    assert_eq!(
        game.wire()["nodes"]["n_0"]["actions"][0]["probability"],
        json!(1.0 / 6.0)
    );
}

#[test]
fn faults_are_reported_where_they_are() {
    let cases = [
        (
            "g.nfg",
            "NFG 2 R",
            "line 1, column 5: expected the format version `1`, found `2`",
        ),
        (
            "g.nfg",
            "NFG 1 R \"g\" { \"A\" \"B\" } { 2 2 }\n1 2 3 4\n5 6 7",
            "line 3, column 6: expected payoff 8 of 8, found the end of the file",
        ),
        (
            "g.nfg",
            "NFG 1 R \"g\" { \"A\" \"B\" } { 1 1 }\n1 NaN",
            "line 2, column 3: payoff `NaN` is not a number",
        ),
        (
            "g.nfg",
            "NFG 1 R \"g\" { \"A\" \"B\" } { 1 1 }\n1 1/0",
            "line 2, column 3: payoff `1/0` has a zero denominator",
        ),
        (
            "g.nfg",
            "NFG 1 R \"g\" { \"A\" \"B\" } { 1 1 }\n1 2 3",
            "line 2, column 5: expected the end of the file after the last payoff, found `3`",
        ),
        (
            "g.nfg",
            "NFG 1 R \"g\" { \"A\" } { 1 }\n1",
            "line 1, column 1: an .nfg file needs at least two players",
        ),
        (
            "g.nfg",
            "NFG 1 R \"g\" { \"A\" \"B\" } { 1000000 1000000 }\n1",
            "line 1, column 27: 1000000 strategies announced, but the file has fewer payoffs",
        ),
        (
            "g.nfg",
            "NFG 1 R \"g\" { \"A\" \"B\" } { 1 1 } { { \"o\" 1 } } 1",
            "line 1, column 43: expected payoff 2 of 2, found `}`",
        ),
        (
            "g.nfg",
            "NFG 1 R \"g\" { \"A\" \"B\" } { 1 1 } { { \"o\" 1 2 } } 2",
            "line 1, column 49: there is no outcome 2",
        ),
        (
            "g.nfg",
            "NFG 1 R \"never closed",
            "line 1, column 9: the quoted text is not closed",
        ),
        (
            "g.efg",
            "EFG 2 R \"g\" { \"A\" }\nc \"\" 1 \"\" { \"h\" 1/2 \"t\" 1/3 } 0",
            "line 2, column 11: the probabilities sum to 5/6, not to 1",
        ),
        (
            "g.efg",
            "EFG 2 R \"g\" { \"A\" }\nc \"\" 1 \"\" { \"h\" 3/2 \"t\" -1/2 } 0",
            "line 2, column 11: the probability -1/2 is negative",
        ),
        (
            "g.efg",
            "EFG 2 R \"g\" { \"A\" }\np \"\" 2 1 \"\" { \"x\" } 0",
            "line 2, column 6: there is no player 2: the game has 1",
        ),
        (
            "g.efg",
            "EFG 2 R \"g\" { \"A\" }\np \"\" 1 1 0 t \"\" 0",
            "line 2, column 8: information set 1 is used before its actions are listed",
        ),
        (
            "g.efg",
            "EFG 2 R \"g\" { \"A\" }\np \"\" 1 1 \"\" { \"x\" \"y\" } 0\nt \"\" 0",
            "line 3, column 7: expected a node: `c`, `p` or `t`, found the end of the file",
        ),
        (
            "g.efg",
            "EFG 2 R \"g\" { \"A\" }\nt \"\" 5",
            "line 2, column 6: this outcome's payoffs are listed nowhere",
        ),
        (
            "g.efg",
            "EFG 2 R \"g\" { \"A\" }\nt \"\" 0 t",
            "line 2, column 8: expected the end of the file after the last node, found `t`",
        ),
        (
            "g.json",
            "{\"players\": [\"A\", \"B\"],\n \"strategies\": [[\"a\"], [\"b\"]],\n \"payoffs\": [[[1, 2, 3]]]}",
            "line 3, column 15: 3 entries here for 2 players",
        ),
        (
            "g.json",
            "{\"players\": [\"A\", \"B\"], \"strategies\": [[\"a\"], [\"b\"]], \"payoffs\": [[[1, NaN]]]}",
            "line 1, column 72: expected a value, found `N`",
        ),
        (
            "g.json",
            "{\"id\": 1, \"id\": 2}",
            "line 1, column 11: the key `id` is used twice",
        ),
        (
            "g.json",
            "{\"agents\": [], \"nodes\": []}",
            "line 1, column 1: a game needs at least one agent",
        ),
        (
            "g.vgx",
            "game",
            "line 1, column 1: `g.vgx` is not a .json, .efg, .nfg or .vg file",
        ),
    ];
    for (name, text, message) in cases {
        assert_eq!(refused(name, text), message, "{text}");
    }
    let bytes = parse("g.json", b"{\"id\":\n\"\xff\"}", &Limits::default()).expect_err("not UTF-8");
    assert_eq!(
        bytes.to_string(),
        "line 2, column 2: the file is not UTF-8 text"
    );
}

/// A tree of one player; the placeholder stands for further fields of the game.
fn tree(nodes: &str) -> String {
    format!(
        "{{\"players\": [\"A\"], \"root\": \"n\", \"outcomes\": {{\"o\": {{\"label\": \"o\", \"payoffs\": {{\"A\": 1}}}}}}, \"nodes\": {{\n{nodes}}}}}"
    )
}

#[test]
fn trees_that_are_none_are_refused() {
    let cases = [
        (
            r#""n": {"player": "A", "actions": [{"label": "x", "target": "n"}]}"#,
            "line 2, column 34: node `n` can be reached in two ways; a game tree has one path to each node",
        ),
        (
            r#""n": {"player": "A", "actions": [{"label": "x", "target": "m"}]}"#,
            "line 2, column 59: there is no node or outcome `m`",
        ),
        (
            r#""n": {"player": "B", "actions": [{"label": "x", "target": "o"}]}"#,
            "line 2, column 6: node `n` belongs to `B`, who is no player",
        ),
        (
            r#""n": {"player": "A", "actions": []}"#,
            "line 2, column 6: node `n` has no actions",
        ),
        (
            r#""n": {"player": "A", "actions": [{"label": "x", "target": "o"}, {"label": "x", "target": "o"}]}"#,
            "line 2, column 65: node `n` has two actions `x`",
        ),
        (
            r#""n": {"player": "A", "colour": 1, "actions": [{"label": "x", "target": "o"}]}"#,
            "line 2, column 22: a node has an unknown field `colour`",
        ),
        (
            r#""n": {"player": "Chance", "actions": [{"label": "x", "target": "o"}]}"#,
            "line 2, column 38: every action of a chance node needs a `probability`",
        ),
        (
            "\"n\": {\"player\": \"A\", \"actions\": [{\"label\": \"x\", \"target\": \"o\"}]},\n\"m\": {\"player\": \"A\", \"actions\": [{\"label\": \"x\", \"target\": \"o\"}]}",
            "line 3, column 6: node `m` cannot be reached from the root",
        ),
    ];
    for (nodes, message) in cases {
        assert_eq!(refused("g.json", &tree(nodes)), message, "{nodes}");
    }
}

#[test]
fn nesting_and_depth_are_no_danger() {
    let deep = "[".repeat(1_000_000);
    assert_eq!(
        refused("g.json", &deep),
        "line 1, column 129: values are nested deeper than 128"
    );
    // A tree 100,000 moves deep is a game like any other.
    let moves = 100_000;
    let mut text = "EFG 2 R \"deep\" { \"A\" \"B\" } ".to_owned();
    for number in 1..=moves {
        text.push_str(&format!(
            "p \"\" {} {number} \"\" {{ \"on\" }} 0 ",
            1 + number % 2
        ));
    }
    text.push_str("t \"\" 1 \"end\" { 1 2 }");
    let game = read("deep.efg", &text).expect("well formed");
    let nash = find("Nash Equilibrium").expect("an analysis");
    assert_eq!(fit(&game, nash), Ok(()));
}

#[test]
fn limits_come_before_the_work() {
    let limits = Limits {
        bytes: 1_000,
        players: 2,
        cells: 10,
        nodes: 3,
    };
    let refused =
        |name: &str, text: &str| parse(name, text.as_bytes(), &limits).expect_err(text).what;
    assert_eq!(
        refused("g.json", &" ".repeat(1_001)),
        "the file has 1001 bytes; the limit is 1000"
    );
    assert_eq!(
        refused(
            "g.nfg",
            "NFG 1 R \"\" { \"A\" \"B\" \"C\" } { 1 1 1 } 1 1 1"
        ),
        "more than 2 players"
    );
    assert_eq!(
        refused(
            "g.nfg",
            "NFG 1 R \"\" { \"A\" \"B\" } { 2 3 } 1 1 1 1 1 1 1 1 1 1 1 1"
        ),
        "the table has more than 10 payoffs"
    );
    assert_eq!(
        refused(
            "g.efg",
            "EFG 2 R \"\" { \"A\" } p \"\" 1 1 \"\" { \"a\" \"b\" \"c\" } 0 t \"\" 0 t \"\" 0 t \"\" 0"
        ),
        "the tree has more than 3 nodes"
    );
}

#[test]
fn an_analysis_that_cannot_take_a_game_says_why() {
    // 2^21 strategies for one player.
    let mut text = "EFG 2 R \"big\" { \"A\" \"B\" } ".to_owned();
    let sets = 21;
    let actions: Vec<String> = (0..sets)
        .map(|number| format!("\"{number}\" 1/{sets}"))
        .collect();
    text.push_str(&format!("c \"\" 1 \"\" {{ {} }} 0 ", actions.join(" ")));
    for number in 1..=sets {
        text.push_str(&format!(
            "p \"\" 1 {number} \"\" {{ \"x\" \"y\" }} 0 t \"\" 0 t \"\" 0 "
        ));
    }
    let game = read("big.efg", &text).expect("well formed");
    for name in ["IESDS", "Weak IESDS"] {
        let expected = "the normal form of this game has 2097152 strategy profiles; at most 1000000 payoffs are allowed";
        let unfit = fit(&game, find(name).expect("an analysis")).expect_err("too large");
        assert_eq!(unfit.to_string(), expected);
    }
    let check = conversion(&game, Format::Normal);
    assert_eq!(
        check.blockers,
        ["Too many strategy profiles (2,097,152) - conversion would be impractical"]
    );
}

#[test]
fn gambits_lexer_lets_numbers_touch() {
    let game =
        read("g.nfg", r#"NFG 1 R "g" { "A""B" } { 2 1 } 1-1 -2.5e+1+.5"#).expect("well formed");
    assert_eq!(
        game.wire()["payoffs"],
        json!([[[1.0, -1.0]], [[-25.0, 0.5]]])
    );
}

#[test]
fn actions_listed_again_are_those_of_the_set() {
    let text = |second: &str| {
        format!(
            "EFG 2 R \"g\" {{ \"A\" }} c \"\" 1 \"\" {{ \"h\" 1/2 \"t\" 1/2 }} 0\np \"\" 1 1 \"s\" {{ \"x\" \"x\" }} 0 t \"\" 0 t \"\" 0\n{second} t \"\" 0 t \"\" 0"
        )
    };
    let same = read("g.efg", &text("p \"\" 1 1 \"s\" { \"x\", \"x\" } 0")).expect("the same");
    assert_eq!(same.meta().warnings.len(), 1, "{:?}", same.meta().warnings);
    assert_eq!(same.wire()["nodes"]["n_4"]["actions"][1]["label"], "x (2)");
    let other = read("g.efg", &text("p \"\" 1 1 \"s\" { \"x\" \"y\" } 0")).expect("a slip");
    assert!(
        other.meta().warnings[1].contains("names the actions of its information set differently")
    );
    assert_eq!(
        refused("g.efg", &text("p \"\" 1 1 \"s\" { \"x\" } 0")),
        "line 3, column 14: information set 1 has 1 actions here and 2 before"
    );
    assert_eq!(
        refused("g.efg", &text("c \"\" 1 \"\" { \"h\" 1/3 \"t\" 2/3 } 0")),
        "line 3, column 11: chance set 1 has other probabilities here than before"
    );
}

/// Each of these takes a few bytes of file per kilobyte or megabyte of game, or of work.
#[test]
fn hostile_sizes_are_refused_before_the_work() {
    let efg = |rest: &str| refused("g.efg", &format!("EFG 2 R \"\" {{ \"A\" \"B\" }}\n{rest}"));
    let many = |text: &str, times: usize| text.repeat(times);
    // A thousand actions for nine bytes, over and over.
    let wide = format!(
        "c 1 {{ {} }} 0 {}",
        many("\"\" 1/1000 ", 1_000),
        many("c 1 0 ", 100_000)
    );
    assert!(efg(&wide).contains("nodes are still to come, but the file ends before"));
    let wide = format!(
        "p 1 1 {{ {} }} 0 {}",
        many("\"\" ", 1_000),
        many("p 1 1 0 ", 400_000)
    );
    assert!(efg(&wide).contains("the tree has more than 1000000 nodes"));
    // One long label at every node.
    let long = format!(
        "p 1 1 {{ \"{}\" }} 0 {}",
        many("x", 1_000),
        many("p 1 1 0 ", 200_000)
    );
    assert!(efg(&long).contains("the action labels of all nodes together are too long"));
    let longer = format!("p 1 1 {{ \"{}\" }} 0 t 0", many("x", 1_001));
    assert_eq!(
        efg(&longer),
        "line 2, column 9: a label of 1001 bytes; at most 1000 are allowed"
    );
    // Denominators without end.
    let deals = (1..2_000).map(|n| format!("\"{n}\" 1/{} ", 600 * n + 1));
    let deals: String = deals.collect();
    let refusal = efg(&format!("c 1 {{ {deals} }} 0"));
    assert!(refusal.contains("no common denominator"), "{refusal}");
    // A thousand digits for five bytes.
    let table = format!(
        "NFG 1 R \"\" {{ \"A\" \"B\" }} {{ 1 100000 }} {}",
        many("1e999 ", 200_000)
    );
    assert!(refused("g.nfg", &table).contains("exponents add more than 4000000 digits"));
    // Names for strategies that the file has no room to pay.
    let players = many("\"\" ", 64);
    let counts = many("500000 ", 64);
    let table = format!(
        "NFG 1 R \"\" {{ {players} }} {{ {counts} }} {}",
        many(" ", 1_000_000)
    );
    assert!(refused("g.nfg", &table).contains("the table has more than 1000000 payoffs"));
    // Payoffs of nobody for dozens of players.
    let ends = many("t 0 ", 200_000);
    let header = format!(
        "EFG 2 R \"\" {{ {players} }} p 1 1 {{ {} }} 0 ",
        many("\"\" ", 200_000)
    );
    assert!(refused("g.efg", &(header + &ends)).contains("too many ends without an outcome"));
}
