//! `/api/games` and `/api/reset`: listing, looking, converting, deleting, starting over.

use serde_json::{Value, json};

use super::steps::{AXELROD, POKER, THREE_AGREE, id_of, upload};
use crate::harness::TestApp;

const INNER_OUTCOMES: &str = include_str!("../../games/inner-outcomes.efg");

#[tokio::test]
async fn the_list_shows_the_contract_s_items_for_the_examples() {
    let app = TestApp::start().await;
    let games = app.get("/api/games").await.expect(200);
    for expected in [
        json!({ "id": "trust-game", "title": "Trust Game", "format": "extensive", "player_count": 2 }),
        json!({ "id": "matching-pennies", "title": "Matching Pennies", "format": "normal", "player_count": 2 }),
    ] {
        let found = item(&games, &expected["id"]);
        for (name, value) in expected.as_object().expect("an object") {
            assert_eq!(&found[name], value);
        }
    }
    for id in [
        "prisoners-dilemma",
        "battle-of-sexes",
        "rock-paper-scissors",
        "stag-hunt",
        "centipede-4",
    ] {
        item(&games, &json!(id));
    }
    let trust = item(&games, &json!("trust-game"));
    assert_eq!(trust["players"], json!(["Alice", "Bob"]));
    assert_eq!(trust["conversions"]["normal"]["possible"], true);
}

fn item<'a>(games: &'a Value, id: &Value) -> &'a Value {
    let games = games.as_array().expect("a list");
    let found = games.iter().find(|game| game["id"] == *id);
    found.unwrap_or_else(|| panic!("{id} is not in the list"))
}

/// Both exactly as the contract prints them, field by field.
#[tokio::test]
async fn games_look_as_the_contract_prints_them() {
    let app = TestApp::start().await;
    let trust = json!({
        "id": "trust-game",
        "title": "Trust Game",
        "players": ["Alice", "Bob"],
        "root": "n_start",
        "nodes": {
            "n_start": {
                "id": "n_start",
                "player": "Alice",
                "actions": [{"label": "Trust", "target": "n_bob"}, {"label": "Don't", "target": "o_decline"}]
            },
            "n_bob": {
                "id": "n_bob",
                "player": "Bob",
                "actions": [{"label": "Honor", "target": "o_coop"}, {"label": "Betray", "target": "o_betray"}]
            }
        },
        "outcomes": {
            "o_coop": {"label": "Cooperate", "payoffs": {"Alice": 1, "Bob": 1}},
            "o_betray": {"label": "Betray", "payoffs": {"Alice": -1, "Bob": 2}},
            "o_decline": {"label": "Decline", "payoffs": {"Alice": 0, "Bob": 0}}
        },
        "version": "v1",
        "format_name": "extensive"
    });
    let pennies = json!({
        "id": "matching-pennies",
        "title": "Matching Pennies",
        "players": ["Matcher", "Mismatcher"],
        "strategies": [["Heads", "Tails"], ["Heads", "Tails"]],
        "payoffs": [[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]],
        "version": "v1",
        "format_name": "normal"
    });
    for expected in [trust, pennies] {
        let id = id_of(&expected);
        let shown = app.get(&format!("/api/games/{id}")).await.expect(200);
        for (name, value) in expected.as_object().expect("an object") {
            assert_eq!(&shown[name], value, "{id}: {name}");
        }
        assert!(shown["tags"].is_array());
    }
}

#[tokio::test]
async fn a_game_that_is_not_there_is_not_found() {
    let app = TestApp::start().await;
    for path in ["", "/summary", "/as/normal", "/as/extensive", "/analyses"] {
        app.get(&format!("/api/games/invalid-id{path}"))
            .await
            .refused(404, "Game not found: invalid-id");
    }
    app.delete("/api/games/invalid-id")
        .await
        .refused(404, "Game not found: invalid-id");
    // Text that can be no id: Postgres could not even compare it.
    app.get("/api/games/a%00b")
        .await
        .refused(404, "Game not found: a\0b");
    let long = "x".repeat(300);
    app.get(&format!("/api/games/{long}"))
        .await
        .refused(404, &format!("Game not found: {long}"));
}

#[tokio::test]
async fn deleting_is_done_once() {
    let app = TestApp::start().await;
    let deleted = app.delete("/api/games/stag-hunt").await.expect(200);
    assert_eq!(deleted, json!({ "status": "deleted", "id": "stag-hunt" }));
    app.get("/api/games/stag-hunt")
        .await
        .refused(404, "Game not found: stag-hunt");
    app.delete("/api/games/stag-hunt")
        .await
        .refused(404, "Game not found: stag-hunt");
}

#[tokio::test]
async fn ids_of_any_script_can_be_asked_for() {
    let app = TestApp::start().await;
    let id = "Spiel des Jahres/ö 囚人";
    upload(&app, "game.json", &AXELROD.replace("axelrod", id)).await;
    let games = app.get("/api/games").await.expect(200);
    item(&games, &json!(id));
    let encoded = "Spiel%20des%20Jahres%2F%C3%B6%20%E5%9B%9A%E4%BA%BA";
    assert_eq!(
        app.get(&format!("/api/games/{encoded}")).await.expect(200)["id"],
        id
    );
    assert_eq!(
        app.delete(&format!("/api/games/{encoded}"))
            .await
            .expect(200)["id"],
        id
    );
}

#[tokio::test]
async fn a_reset_clears_everything_and_brings_the_examples_back() {
    let app = TestApp::start().await;
    let before = app.get("/api/games").await.expect(200);
    let examples = before.as_array().map_or(0, Vec::len);
    app.delete("/api/games/trust-game").await.expect(200);
    upload(&app, "axelrod.json", AXELROD).await;
    upload(&app, "agree.nfg", THREE_AGREE).await;
    let reset = app.post("/api/reset").await.expect(200);
    assert_eq!(
        reset,
        json!({ "status": "reset", "games_cleared": examples + 1 })
    );
    assert_eq!(app.get("/api/games").await.expect(200), before);
}

#[tokio::test]
async fn the_list_comes_in_pages_too() {
    let app = TestApp::start().await;
    let all = app.get("/api/games").await.expect(200);
    let mut paged = Vec::new();
    let mut path = "/api/games?limit=3".to_owned();
    loop {
        let page = app.get(&path).await;
        let games = page.expect(200);
        let games = games.as_array().expect("a list");
        assert!(games.len() <= 3);
        paged.extend(games.iter().cloned());
        assert!(paged.len() < 100, "the pages do not end");
        let Some(cursor) = page.header("x-next-cursor") else {
            break;
        };
        let link = page.header("link").expect("a link comes with the cursor");
        assert!(
            link.contains("rel=\"next\"") && link.contains(cursor),
            "{link}"
        );
        path = format!("/api/games?limit=3&cursor={cursor}");
    }
    assert_eq!(Value::Array(paged), all);
}

#[tokio::test]
async fn a_tree_becomes_the_matrix_of_its_plans() {
    let app = TestApp::start().await;
    let matrix = app.get("/api/games/trust-game/as/normal").await.expect(200);
    assert_eq!(matrix["id"], "trust-game-nfg");
    assert_eq!(matrix["format_name"], "normal");
    assert_eq!(
        matrix["strategies"],
        json!([["Trust", "Don't"], ["Honor", "Betray"]])
    );
    assert_eq!(
        matrix["payoffs"],
        json!([[[1.0, 1.0], [-1.0, 2.0]], [[0.0, 0.0], [0.0, 0.0]]])
    );
    let tags = matrix["tags"].as_array().expect("a list");
    assert!(
        tags.contains(&json!("converted")) && tags.contains(&json!("from-efg")),
        "{tags:?}"
    );
}

/// Alice's plans: what to do with the king, what with the queen. Payoffs are expectations over the deal.
#[tokio::test]
async fn chance_is_averaged_exactly() {
    let app = TestApp::start().await;
    let id = upload(&app, "poker.efg", POKER).await;
    let matrix = app
        .get(&format!("/api/games/{id}/as/normal"))
        .await
        .expect(200);
    assert_eq!(
        matrix["strategies"],
        json!([
            ["Bet/Bet", "Bet/Fold", "Fold/Bet", "Fold/Fold"],
            ["Call", "Fold"]
        ])
    );
    assert_eq!(
        matrix["payoffs"],
        json!([
            [[0.0, 0.0], [1.0, -1.0]],
            [[0.5, -0.5], [0.0, 0.0]],
            [[-1.5, 1.5], [0.0, 0.0]],
            [[-1.0, 1.0], [-1.0, 1.0]],
        ])
    );
}

#[tokio::test]
async fn payoffs_on_the_way_add_up() {
    let app = TestApp::start().await;
    let id = upload(&app, "gift.efg", INNER_OUTCOMES).await;
    let matrix = app
        .get(&format!("/api/games/{id}/as/normal"))
        .await
        .expect(200);
    assert_eq!(
        matrix["payoffs"],
        json!([[[2.0, 2.0], [-1.0, 2.0]], [[0.0, 0.0], [0.0, 0.0]]])
    );
}

#[tokio::test]
async fn a_matrix_becomes_a_tree_whose_second_player_does_not_see() {
    let app = TestApp::start().await;
    let tree = app
        .get("/api/games/matching-pennies/as/extensive")
        .await
        .expect(200);
    assert_eq!(tree["id"], "matching-pennies-efg");
    assert_eq!(tree["format_name"], "extensive");
    let root = &tree["nodes"][tree["root"].as_str().expect("a root")];
    assert_eq!(root["player"], "Matcher");
    let mut sets = Vec::new();
    for (row, action) in root["actions"]
        .as_array()
        .expect("actions")
        .iter()
        .enumerate()
    {
        let node = &tree["nodes"][action["target"].as_str().expect("a node")];
        assert_eq!(node["player"], "Mismatcher");
        sets.push(node["information_set"].clone());
        for (column, action) in node["actions"]
            .as_array()
            .expect("actions")
            .iter()
            .enumerate()
        {
            let outcome = &tree["outcomes"][action["target"].as_str().expect("an outcome")];
            let won = if row == column { 1 } else { -1 };
            assert_eq!(
                outcome["payoffs"],
                json!({ "Matcher": won, "Mismatcher": -won })
            );
        }
    }
    assert_eq!(sets.len(), 2);
    assert!(sets[0].is_string());
    assert_eq!(sets[0], sets[1]);
    // There and back again.
    let summary = app
        .get("/api/games/matching-pennies/summary")
        .await
        .expect(200);
    assert_eq!(
        summary["conversions"]["extensive"],
        json!({ "possible": true, "warnings": ["Simultaneity represented via information sets"], "blockers": [] })
    );
}

/// A tree of three players cannot be shown as a matrix.
const THREE_IN_TURN: &str = r#"EFG 2 R "Three" { "A" "B" "C" }
p "" 1 1 "" { "l" "r" } 0
t "" 1 "" { 1, 0, 0 }
p "" 2 1 "" { "l" "r" } 0
t "" 2 "" { 0, 1, 0 }
p "" 3 1 "" { "l" "r" } 0
t "" 3 "" { 0, 0, 1 }
t "" 4 "" { 0, 0, 0 }
"#;

#[tokio::test]
async fn a_form_that_is_none_or_cannot_be_is_refused() {
    let app = TestApp::start().await;
    app.get("/api/games/trust-game/as/matrix")
        .await
        .refused(400, "Invalid format: matrix");
    let same = app
        .get("/api/games/trust-game/as/extensive")
        .await
        .expect(200);
    assert_eq!(same, app.get("/api/games/trust-game").await.expect(200));
    let maid = app.get("/api/games/trust-game/as/maid").await.detail(400);
    assert_eq!(maid, "Cannot convert from extensive to maid");
    let id = upload(&app, "three.efg", THREE_IN_TURN).await;
    let three = app
        .get(&format!("/api/games/{id}/as/normal"))
        .await
        .detail(400);
    assert!(
        three.starts_with("Cannot convert from extensive to normal"),
        "{three}"
    );
    let summary = app
        .get(&format!("/api/games/{id}/summary"))
        .await
        .expect(200);
    assert_eq!(
        summary["conversions"]["normal"]["blockers"],
        json!(["Matrix view requires exactly 2 players (game has 3)"])
    );
}
