//! Files that are no games: refused with the place of the fault, and nothing half-written.

use reqwest::multipart::{Form, Part};
use serde_json::json;

use crate::harness::TestApp;

/// Name, text, and where the fault is.
const FAULTS: &[(&str, &str, &str)] = &[
    (
        "word.nfg",
        "NFG 1 R \"t\" { \"A\" \"B\" } { 2 2 }\n\n1 1 x 0 0 0 0 0",
        "line 3, column 5",
    ),
    (
        "short.nfg",
        "NFG 1 R \"t\" { \"A\" \"B\" } { 2 2 }\n1 1 2 2 3 3 4",
        "line 2, column 14",
    ),
    (
        "long.nfg",
        "NFG 1 R \"t\" { \"A\" \"B\" } { 1 1 }\n1 1\n7",
        "line 3, column 1",
    ),
    ("magic.nfg", "NGF 1 R", "line 1, column 1"),
    ("open.nfg", "NFG 1 R \"title\n{ 2 2 }", "line 1, column 9"),
    (
        "zero.nfg",
        "NFG 1 R \"t\" { \"A\" \"B\" }\n{ 0 2 }",
        "line 2, column 3",
    ),
    (
        "number.nfg",
        "NFG 1 R \"t\" { \"A\" \"B\" } { 1 1 }\n1 1/0",
        "line 2, column 3",
    ),
    (
        "letter.efg",
        "EFG 2 R \"t\" { \"A\" \"B\" }\nq \"\" 1 1",
        "line 2, column 1",
    ),
    (
        "player.efg",
        "EFG 2 R \"t\" { \"A\" \"B\" }\np \"\" 3 1 \"\" { \"x\" \"y\" } 0\n",
        "line 2, column 6",
    ),
    (
        "cut.efg",
        "EFG 2 R \"t\" { \"A\" \"B\" }\np \"\" 1 1 \"\" { \"x\" \"y\" } 0\nt \"\" 1 \"\" { 1 2 }\n",
        "line 4, column 1",
    ),
    (
        "payoffs.efg",
        "EFG 2 R \"t\" { \"A\" \"B\" }\nt \"\" 1 \"\" { 1 }\n",
        "line 2, column 15",
    ),
    (
        "comma.json",
        "{\"id\": \"x\",\n \"players\": }",
        "line 2, column 13",
    ),
    ("end.json", "{\"id\": \"x\"", "line 1, column 11"),
    ("nan.json", "{\"title\": NaN}", "line 1, column 11"),
    ("list.json", "\n  [1, 2]", "line 2, column 3"),
    (
        "target.json",
        "{\"players\": [\"A\", \"B\"], \"root\": \"r\",\n\"nodes\": {\"r\": {\"id\": \"r\", \"player\": \"A\", \"actions\":\n [{\"label\": \"go\", \"target\": \"nowhere\"}]}},\n\"outcomes\": {}}",
        "line 3, column 29",
    ),
];

#[tokio::test]
async fn a_fault_is_named_with_its_line_and_column() {
    let app = TestApp::start().await;
    let before = app.get("/api/games").await.expect(200);
    for (name, text, place) in FAULTS {
        let detail = app
            .post("/api/games/upload")
            .file(name, *text)
            .await
            .detail(400);
        let start = format!("Invalid game format: {name} - {place}: ");
        assert!(detail.starts_with(&start), "{name}: {detail}, not {place}");
        assert!(detail.len() > start.len(), "{name}: {detail}");
    }
    assert_eq!(app.get("/api/games").await.expect(200), before);
}

/// Each is a game but for one thing.
#[tokio::test]
async fn what_is_written_well_and_means_nothing_is_refused() {
    let app = TestApp::start().await;
    let tree = |nodes: &str, outcomes: &str| {
        format!(
            "{{\"id\": \"t\", \"players\": [\"A\", \"B\"], \"root\": \"r\", \"nodes\": {nodes}, \"outcomes\": {outcomes}}}"
        )
    };
    let end = r#"{"o": {"label": "o", "payoffs": {"A": 0, "B": 0}}}"#;
    let node = |player: &str, actions: &str| {
        format!(r#"{{"r": {{"id": "r", "player": "{player}", "actions": {actions}}}}}"#)
    };
    let chance = |a: &str, b: &str| {
        node(
            "Chance",
            &format!(
                r#"[{{"label": "x", "target": "o", "probability": {a}}}, {{"label": "y", "target": "o", "probability": {b}}}]"#
            ),
        )
    };
    let table = |payoffs: &str| {
        format!(
            r#"{{"id": "n", "players": ["A", "B"], "strategies": [["x"], ["y", "z"]], "payoffs": {payoffs}}}"#
        )
    };
    for (what, text) in [
        (
            "a cycle",
            tree(&node("A", r#"[{"label": "x", "target": "r"}]"#), end),
        ),
        (
            "an unknown player",
            tree(&node("C", r#"[{"label": "x", "target": "o"}]"#), end),
        ),
        ("no root", tree("{}", end)),
        (
            "probabilities beyond one",
            tree(&chance("0.75", "0.5"), end),
        ),
        ("a negative probability", tree(&chance("1.5", "-0.5"), end)),
        ("a row too few", table("[]")),
        ("a cell too few", table("[[[1, 1]]]")),
        ("a payoff too few", table("[[[1, 1], [1]]]")),
        (
            "a payoff that is a word",
            table(r#"[[[1, 1], [1, "much"]]]"#),
        ),
        (
            "an infinite payoff",
            table("[[[1, 1], [1, 1e99999999999]]]"),
        ),
        (
            "two players of one name",
            table("[[[1, 1], [1, 1]]]").replace("\"B\"", "\"A\""),
        ),
        (
            "an unknown field",
            table("[[[1, 1], [1, 1]]]").replace("\"id\"", "\"cheat\": 1, \"id\""),
        ),
        (
            "an id with a line break",
            table("[[[1, 1], [1, 1]]]").replace("\"n\"", r#""n\nm""#),
        ),
        (
            "an empty id and no players",
            r#"{"id": "", "players": []}"#.to_owned(),
        ),
    ] {
        let detail = app
            .post("/api/games/upload")
            .file("bad.json", text)
            .await
            .detail(400);
        assert!(
            detail.starts_with("Invalid game format: bad.json - "),
            "{what}: {detail}"
        );
    }
}

#[tokio::test]
async fn what_is_not_a_file_of_ours_is_refused_by_name() {
    let app = TestApp::start().await;
    for name in ["game.txt", "game", "game.nfg.zip", "program.vg"] {
        let detail = app
            .post("/api/games/upload")
            .file(name, "NFG 1 R")
            .await
            .detail(400);
        assert!(
            detail.starts_with(&format!("Invalid game format: {name} - ")),
            "{detail}"
        );
    }
}

#[tokio::test]
async fn a_form_without_its_file_is_refused() {
    let app = TestApp::start().await;
    let other = Form::new().text("game", "{}");
    let fault = app.post("/api/games/upload").form(other).await.expect(422);
    assert_eq!(fault["detail"][0]["loc"], json!(["body", "file"]));
    let nameless = Form::new().part("file", Part::bytes(b"{}".to_vec()));
    app.post("/api/games/upload")
        .form(nameless)
        .await
        .refused(400, "No filename provided");
    let empty = app
        .post("/api/games/upload")
        .file("empty.json", "")
        .await
        .detail(400);
    assert!(
        empty.starts_with("Invalid game format: empty.json - line 1, column 1: "),
        "{empty}"
    );
}
