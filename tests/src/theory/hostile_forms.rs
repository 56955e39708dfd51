//! Programs and diagrams made to hurt: refused with their place, at once, and nothing of them is kept.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::steps::upload;
use crate::harness::TestApp;

const AT_ONCE: Duration = Duration::from_secs(5);

/// A program with one step of play.
fn program(step: &str) -> String {
    format!(
        "game main() {{\n  join A() $ 1 B() $ 1;\n  {step}\n  withdraw {{ A -> 1; B -> 1 }}\n}}\n"
    )
}

/// Each is a program but for one thing, or none at all.
fn programs() -> Vec<(&'static str, String)> {
    vec![
        ("nothing", String::new()),
        ("only a comment", "// nothing\n".to_owned()),
        ("another language", "contract Main { }".to_owned()),
        ("cut short", "game main() {\n  join A() $ 1".to_owned()),
        ("an unknown role", program("yield C(x: bool);")),
        ("an unknown type", program("yield A(x: mystery);")),
        ("a field read before it is written", program("yield A(x: bool) where A.y;")),
        ("a range that is none", program("yield A(x: {5..1});")),
        (
            "brackets without end",
            program(&format!("yield A(x: bool) where {};", "(".repeat(500_000))),
        ),
        (
            "negations without end",
            program(&format!("yield A(x: bool) where {}A.x;", "!".repeat(500_000))),
        ),
        (
            "a type of itself",
            "type t = t\ngame main() { join A() $ 1; yield A(x: t); withdraw { A -> 1 } }".to_owned(),
        ),
        (
            "a macro of itself",
            "macro f(x: bool): bool = f(x)\ngame main() { join A() $ 1; yield A(x: bool) where f(A.x); withdraw { A -> 1 } }"
                .to_owned(),
        ),
    ]
}

#[tokio::test]
async fn a_program_that_is_none_is_refused_with_its_place() {
    let app = TestApp::start().await;
    let before = app.get("/api/games").await.expect(200);
    for (what, text) in programs() {
        let started = Instant::now();
        let reply = app.post("/api/games/upload").file("bad.vg", text).await;
        let detail = reply.detail(400);
        assert!(
            detail.starts_with("Invalid game format: bad.vg - line ")
                && detail.contains(", column "),
            "{what}: {detail}"
        );
        assert!(
            started.elapsed() < AT_ONCE,
            "{what} took {:?}",
            started.elapsed()
        );
    }
    let bytes = b"game main() {\n  join \xff() $ 1;".to_vec();
    let detail = app
        .post("/api/games/upload")
        .file("bytes.vg", bytes)
        .await
        .detail(400);
    assert!(
        detail.starts_with("Invalid game format: bytes.vg - line 2, column 8: "),
        "{detail}"
    );
    assert_eq!(app.get("/api/games").await.expect(200), before);
}

/// Programs of a line that describe games of billions of moves.
#[tokio::test]
async fn a_program_too_large_to_unfold_is_kept_and_says_so() {
    let app = TestApp::start().await;
    let one = [
        "yield A(x: {0..2147483647});",
        "yield A(x: {1..99999999999999999999999});",
        "yield A(x: {1..1000}, y: {1..1000}) B(x: {1..1000}, y: {1..1000});",
    ];
    for text in one.map(program) {
        let started = Instant::now();
        let id = upload(&app, "large.vg", &text).await;
        for format in ["extensive", "normal"] {
            let refused = app
                .get(&format!("/api/games/{id}/as/{format}"))
                .await
                .detail(400);
            assert!(
                refused.starts_with(&format!("Cannot convert from vegas to {format}")),
                "{refused}"
            );
        }
        let refused = app
            .post("/api/tasks")
            .query(&[("game_id", id.as_str()), ("plugin", "Nash Equilibrium")])
            .await
            .detail(400);
        assert!(
            refused
                .starts_with("Plugin 'Nash Equilibrium' cannot run on this game (format: vegas)"),
            "{refused}"
        );
        assert!(
            started.elapsed() < AT_ONCE,
            "{:?} for {text}",
            started.elapsed()
        );
    }
}

/// A diagram with one decision and its utility, changed in one place.
fn diagram() -> Value {
    json!({
        "id": "d",
        "title": "d",
        "agents": ["A"],
        "nodes": [
            { "id": "D", "type": "decision", "agent": "A", "domain": ["x", "y"] },
            { "id": "C", "type": "chance", "domain": ["l", "r"] },
            { "id": "U", "type": "utility", "agent": "A", "domain": [0, 1] },
        ],
        "edges": [{ "source": "D", "target": "U" }, { "source": "C", "target": "U" }],
        "cpds": [
            { "node": "C", "parents": [], "values": [[0.5, 0.5]] },
            { "node": "U", "parents": ["D", "C"], "values": [[1, 0, 0, 1], [0, 1, 1, 0]] },
        ],
    })
}

fn diagrams() -> Vec<(&'static str, Value)> {
    let with = |what, path: &str, value: Value| {
        let mut diagram = diagram();
        *diagram.pointer_mut(path).expect("it is there") = value;
        (what, diagram)
    };
    vec![
        with("an unknown agent", "/nodes/0/agent", json!("B")),
        with("an unknown kind", "/nodes/0/type", json!("wish")),
        with("two of one name", "/nodes/1/id", json!("D")),
        with("no choice", "/nodes/0/domain", json!([])),
        with("a choice twice", "/nodes/0/domain", json!(["x", "x"])),
        with("an edge from nowhere", "/edges/0/source", json!("Z")),
        with("an edge into itself", "/edges/0/source", json!("U")),
        with(
            "a cycle",
            "/edges",
            json!([{ "source": "D", "target": "C" }, { "source": "C", "target": "D" }]),
        ),
        with("a table of nothing", "/cpds/0/node", json!("Z")),
        with("two tables of one", "/cpds/0/node", json!("U")),
        with("a parent without an edge", "/cpds/0/parents", json!(["D"])),
        with("a row too few", "/cpds/1/values", json!([[1, 0, 0, 1]])),
        with(
            "a column too few",
            "/cpds/1/values",
            json!([[1, 0, 0], [0, 1, 1]]),
        ),
        with("more than certain", "/cpds/0/values", json!([[0.75, 0.75]])),
        with(
            "less than impossible",
            "/cpds/0/values",
            json!([[1.5, -0.5]]),
        ),
        with(
            "a probability in words",
            "/cpds/0/values",
            json!([["half", "half"]]),
        ),
        with("no agents", "/agents", json!([])),
        with("an agent twice", "/agents", json!(["A", "A"])),
        with("nodes by name", "/nodes", json!({})),
        with("tables by name", "/cpds", json!({})),
    ]
}

#[tokio::test]
async fn a_diagram_that_is_none_is_refused_with_its_place() {
    let app = TestApp::start().await;
    let before = app.get("/api/games").await.expect(200);
    for (what, diagram) in diagrams() {
        let text = serde_json::to_string_pretty(&diagram).expect("it is JSON");
        let detail = app
            .post("/api/games/upload")
            .file("bad.json", text)
            .await
            .detail(400);
        assert!(
            detail.starts_with("Invalid game format: bad.json - line ")
                && detail.contains(", column "),
            "{what}: {detail}"
        );
    }
    assert_eq!(app.get("/api/games").await.expect(200), before);
    upload(&app, "good.json", &diagram().to_string()).await;
}

/// Thirty coins that one decision sees: 2³⁰ configurations, of which no table is ever made.
#[tokio::test]
async fn a_diagram_too_large_to_unfold_is_kept_and_says_so() {
    let app = TestApp::start().await;
    let mut nodes = vec![
        json!({ "id": "D", "type": "decision", "agent": "A", "domain": ["x", "y"] }),
        json!({ "id": "U", "type": "utility", "agent": "A", "domain": [0, 1] }),
    ];
    let mut edges = vec![json!({ "source": "D", "target": "U" })];
    let mut tables = vec![json!({ "node": "U", "parents": ["D"], "values": [[1, 0], [0, 1]] })];
    for coin in 0..30 {
        let id = format!("coin{coin}");
        nodes.push(json!({ "id": id, "type": "chance", "domain": ["h", "t"] }));
        edges.push(json!({ "source": id, "target": "D" }));
        tables.push(json!({ "node": id, "parents": [], "values": [[0.5, 0.5]] }));
    }
    let coins = json!({ "id": "coins", "title": "coins", "agents": ["A"], "nodes": nodes, "edges": edges, "cpds": tables });
    let started = Instant::now();
    let id = upload(&app, "coins.json", &coins.to_string()).await;
    let tree = app
        .get(&format!("/api/games/{id}/as/extensive"))
        .await
        .detail(400);
    assert!(
        tree.starts_with("Cannot convert from maid to extensive"),
        "{tree}"
    );
    for plugin in ["MAID Nash Equilibrium", "Nash Equilibrium"] {
        let refused = app
            .post("/api/tasks")
            .query(&[("game_id", id.as_str()), ("plugin", plugin)])
            .await
            .detail(400);
        assert!(
            refused.starts_with(&format!(
                "Plugin '{plugin}' cannot run on this game (format: maid)"
            )),
            "{refused}"
        );
    }
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
}
