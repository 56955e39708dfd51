//! Reading influence diagrams: every way of writing one, and what is wrong with those that are none.

use rookery_theory::{Game, Limits, parse};
use serde_json::{Value, json};

fn read(file: &Value) -> Result<Game, String> {
    let text = file.to_string();
    parse("m.json", text.as_bytes(), &Limits::default()).map_err(|error| error.to_string())
}

/// A decision that may observe the weather, with its payoff.
fn umbrella() -> Value {
    json!({
        "id": "umbrella", "title": "Umbrella", "agents": ["A"],
        "nodes": [
            {"id": "W", "type": "chance", "domain": ["fair", "rain"]},
            {"id": "D", "type": "decision", "agent": "A", "domain": [0, 1]},
            {"id": "U", "type": "utility", "agent": "A", "domain": [0, 1, 2]},
        ],
        "edges": [
            {"source": "W", "target": "D"}, {"source": "W", "target": "U"}, {"source": "D", "target": "U"},
        ],
        "cpds": [
            {"node": "W", "parents": [], "values": [[0.6, 0.4]]},
            {"node": "U", "parents": ["W", "D"], "values": [[0, 1, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1]]},
        ],
        "tags": ["maid"], "format_name": "maid",
    })
}

#[test]
fn the_wire_form_is_the_contract_s_and_an_input_form() {
    let game = read(&umbrella()).expect("a diagram");
    let shown = game.wire();
    let given = umbrella();
    for key in [
        "id",
        "title",
        "agents",
        "nodes",
        "edges",
        "tags",
        "format_name",
    ] {
        assert_eq!(shown[key], given[key], "{key}");
    }
    assert_eq!(shown["version"], json!("v1"));
    assert_eq!(
        shown["cpds"][0],
        json!({"node": "W", "parents": [], "values": [[0.6, 0.4]]})
    );
    assert_eq!(read(&shown).expect("its own form").wire(), shown);
    let stored = serde_json::to_string(&game).expect("serialises");
    assert_eq!(
        serde_json::from_str::<Game>(&stored).expect("reads back"),
        game
    );
}

#[test]
fn exact_numbers_survive_writing() {
    let mut file = umbrella();
    file["nodes"][2]["domain"] = json!([0, "1/3", 2]);
    file["cpds"][0]["values"] = json!([["1/3", "2/3"]]);
    let game = read(&file).expect("a diagram");
    let written = rookery_theory::write::json(&game);
    assert_eq!(read(&written).expect("its own writing"), game);
}

#[test]
fn one_diagram_written_in_many_ways() {
    let plain = read(&umbrella()).expect("a diagram").wire();
    let mut unified = umbrella();
    let own: serde_json::Map<String, Value> = ["nodes", "edges", "cpds"]
        .into_iter()
        .map(|key| (key.to_owned(), unified[key].take()))
        .collect();
    let unified = json!({
        "id": "umbrella", "title": "Umbrella", "players": ["A"], "tags": ["maid"], "game_maid": own,
    });
    let mut players = umbrella();
    players["players"] = players["agents"].take();
    let mut columns = umbrella();
    columns["cpds"][0]["values"] = json!([["3/5"], ["2/5"]]);
    let mut payoffs = umbrella();
    payoffs["nodes"][2]["domain"] = json!([]);
    payoffs["cpds"][1]["values"] = json!([[1, 0, 0, 2]]);
    for (what, file) in [
        ("unified", unified),
        ("players", players),
        ("columns", columns),
        ("payoffs in one row", payoffs),
    ] {
        assert_eq!(read(&file).expect(what).wire(), plain, "{what}");
    }
}

#[test]
fn rounded_columns_are_put_right_with_a_warning() {
    let mut file = umbrella();
    file["nodes"][0]["domain"] = json!(["a", "b", "c"]);
    file["cpds"] = json!([{"node": "W", "values": [[0.333333, 0.333333, 0.333333]]}]);
    let game = read(&file).expect("rounded");
    assert_eq!(
        game.meta().warnings,
        ["Table of node 'W': 1 rounded column(s) were rescaled to sum to 1"]
    );
    let Game::Maid(maid) = &game else {
        panic!("a diagram")
    };
    assert_eq!(maid.cpds()[0].values[0][0].to_string(), "1/3");
}

#[test]
fn what_is_no_diagram_is_refused() {
    let change = |path: &str, value: Value| {
        let mut file = umbrella();
        *file.pointer_mut(path).expect("it is there") = value;
        file
    };
    let cases = [
        (
            change("/nodes/1/id", json!("W")),
            "the id `W` is used twice",
        ),
        (
            change("/nodes/1/agent", json!("B")),
            "there is no agent `B`",
        ),
        (
            change("/nodes/1/agent", Value::Null),
            "node `D` has no `agent`",
        ),
        (
            change("/nodes/1/type", json!("choice")),
            "`choice` is no type of node; there are `chance`, `decision` and `utility`",
        ),
        (
            change("/nodes/1/domain", json!([0, "0"])),
            "node `D` has the value `0` twice",
        ),
        (
            change("/nodes/2/domain", json!([0, "one", 2])),
            "a value of utility node `U` is not a number",
        ),
        (
            change("/edges/0/source", json!("X")),
            "there is no node `X`",
        ),
        (
            change("/edges/1/target", json!("D")),
            "a second edge from `W` to `D`",
        ),
        (
            change("/edges/0", json!({"source": "U", "target": "D"})),
            "an edge from `U` to `D`, but nothing depends on a utility node",
        ),
        (
            change("/edges/0/source", json!("D")),
            "node `D` is on a cycle of edges",
        ),
        (
            change(
                "/edges/0",
                json!({"source": "D", "target": "W", "weight": 1}),
            ),
            "an edge has an unknown field `weight`",
        ),
        (
            change("/cpds/1/parents", json!(["W"])),
            "the table of `U` leaves out its parent `D`",
        ),
        (
            change("/cpds/1/parents", json!(["W", "W"])),
            "the table of `U` names the parent `W` twice",
        ),
        (
            change("/cpds/1/node", json!("W")),
            "a second table for node `W`",
        ),
        (
            change("/cpds/0/values", json!([[0.6, 0.3]])),
            "table of `W`, column 1: the probabilities sum to 9/10, not to 1",
        ),
        (
            change("/cpds/0/values", json!([[1.5, -0.5]])),
            "table of `W`, column 1: the probability -1/2 is negative",
        ),
        (
            change("/cpds/0/values", json!([[0.2, 0.2, 0.6]])),
            "the table of `W` has 3 rows for 2 values",
        ),
        (
            change("/cpds/1/values/0", json!([0, 1, 1])),
            "the table of `U` has a row of 3 entries for 4 configurations of its parents",
        ),
        (
            change("/cpds/1/values", json!([])),
            "the table of `U` has 0 rows for 3 values",
        ),
        (change("/agents", json!([])), "there is no agent `A`"),
        (
            change("/agents", json!(["A", "A"])),
            "two agents are called `A`",
        ),
        (change("/agents", Value::Null), "the game has no `agents`"),
        (
            change("/format_name", json!("normal")),
            "`format_name` is `normal`, but the fields are those of a game in maid form",
        ),
    ];
    for (file, what) in cases {
        let error = read(&file).expect_err(what);
        let (place, said) = error.split_once(": ").expect("a place and what is wrong");
        assert!(place.starts_with("line 1, column "), "{error}");
        assert_eq!(said, what);
    }
}

#[test]
fn errors_point_at_the_line() {
    let text = serde_json::to_string_pretty(&umbrella()).expect("text");
    let text = text.replace(
        "\"source\": \"W\",\n      \"target\": \"D\"",
        "\"source\": \"W\",\n      \"target\": \"Z\"",
    );
    let error = parse("m.json", text.as_bytes(), &Limits::default()).expect_err("no node Z");
    let line = text
        .lines()
        .position(|line| line.contains("\"Z\""))
        .expect("it is there")
        + 1;
    assert_eq!(error.line, line);
    assert_eq!(error.what, "there is no node `Z`");
}

/// The graph alone is a diagram; what needs tables says which is missing.
#[test]
fn a_graph_without_tables_can_be_read() {
    let mut file = umbrella();
    file["cpds"] = json!([]);
    let game = read(&file).expect("a graph");
    let blockers = rookery_theory::conversion(&game, rookery_theory::Format::Extensive).blockers;
    assert_eq!(
        blockers,
        ["The diagram is incomplete: chance node `W` has no table"]
    );
    let nash = rookery_theory::find("MAID Nash Equilibrium").expect("an analysis");
    assert_eq!(
        rookery_theory::fit(&game, nash)
            .expect_err("no tables")
            .to_string(),
        "incomplete diagram: chance node `W` has no table"
    );
}
