//! `POST /api/games/upload`: every form of file becomes the game that it describes.

use serde_json::json;
use uuid::Uuid;

use super::steps::{AXELROD, POKER, THREE_AGREE, id_of, upload};
use crate::harness::TestApp;

#[tokio::test]
async fn a_json_game_keeps_its_id_and_is_shown_as_games_are() {
    let app = TestApp::start().await;
    let shown = app
        .post("/api/games/upload")
        .file("axelrod.json", AXELROD)
        .await
        .expect(200);
    for (name, value) in [
        ("id", json!("axelrod")),
        ("title", json!("Prisoner's Dilemma")),
        (
            "description",
            json!("The payoffs of Axelrod's tournaments (1984)."),
        ),
        ("players", json!(["Row", "Column"])),
        ("tags", json!(["classic"])),
        (
            "strategies",
            json!([["Cooperate", "Defect"], ["Cooperate", "Defect"]]),
        ),
        (
            "payoffs",
            json!([[[3.0, 3.0], [0.0, 5.0]], [[5.0, 0.0], [1.0, 1.0]]]),
        ),
        ("version", json!("v1")),
        ("format_name", json!("normal")),
    ] {
        assert_eq!(shown[name], value, "{name}");
    }
    assert_eq!(app.get("/api/games/axelrod").await.expect(200), shown);
}

#[tokio::test]
async fn what_the_api_shows_can_be_uploaded_again() {
    let app = TestApp::start().await;
    let games = app.get("/api/games").await.expect(200);
    for game in games.as_array().expect("a list") {
        let path = format!("/api/games/{}", id_of(game));
        let shown = app.get(&path).await.expect(200);
        let again = app
            .post("/api/games/upload")
            .file("again.json", shown.to_string())
            .await;
        assert_eq!(again.expect(200), shown);
    }
}

#[tokio::test]
async fn the_same_id_replaces() {
    let app = TestApp::start().await;
    let before = app.get("/api/games").await.expect(200);
    upload(
        &app,
        "trust.json",
        &AXELROD.replace("axelrod", "trust-game"),
    )
    .await;
    let game = app.get("/api/games/trust-game").await.expect(200);
    assert_eq!(game["format_name"], "normal");
    let after = app.get("/api/games").await.expect(200);
    assert_eq!(
        after.as_array().map(Vec::len),
        before.as_array().map(Vec::len)
    );
}

#[tokio::test]
async fn an_nfg_file_of_two_players_is_a_matrix() {
    let app = TestApp::start().await;
    // The first player's strategy changes fastest.
    let text = "NFG 1 R \"Chicken\" { \"Jim\" \"Buzz\" } { { \"Stay\" \"Jump\" } { \"Stay\" \"Jump\" } }\n-10 -10 -1 1 1 -1 0 0\n";
    let shown = app
        .post("/api/games/upload")
        .file("chicken.nfg", text)
        .await
        .expect(200);
    assert!(Uuid::parse_str(&id_of(&shown)).is_ok(), "{shown}");
    assert_eq!(shown["title"], "Chicken");
    assert_eq!(shown["players"], json!(["Jim", "Buzz"]));
    assert_eq!(
        shown["payoffs"],
        json!([[[-10.0, -10.0], [1.0, -1.0]], [[-1.0, 1.0], [0.0, 0.0]]])
    );
    for tag in ["imported", "nfg", "strategic-form"] {
        assert!(
            shown["tags"]
                .as_array()
                .is_some_and(|tags| tags.contains(&json!(tag))),
            "{tag}"
        );
    }
}

#[tokio::test]
async fn an_nfg_file_of_three_players_is_a_tree() {
    let app = TestApp::start().await;
    let shown = app
        .post("/api/games/upload")
        .file("agree.nfg", THREE_AGREE)
        .await
        .expect(200);
    assert_eq!(shown["format_name"], "extensive");
    assert_eq!(shown["players"], json!(["A", "B", "C"]));
    let listed = app
        .get(&format!("/api/games/{}/summary", id_of(&shown)))
        .await
        .expect(200);
    assert_eq!(listed["player_count"], 3);
}

#[tokio::test]
async fn an_efg_file_keeps_its_chance_moves_and_information_sets() {
    let app = TestApp::start().await;
    let shown = app
        .post("/api/games/upload")
        .file("poker.efg", POKER)
        .await
        .expect(200);
    assert!(Uuid::parse_str(&id_of(&shown)).is_ok(), "{shown}");
    assert_eq!(shown["title"], "Stripped-down poker");
    assert_eq!(shown["players"], json!(["Alice", "Bob"]));
    let root = &shown["nodes"][shown["root"].as_str().expect("a root")];
    assert_eq!(root["player"], "Chance");
    assert_eq!(root["actions"][0]["label"], "King");
    assert_eq!(root["actions"][0]["probability"], 0.5);
    let bob: Vec<_> = shown["nodes"]
        .as_object()
        .expect("nodes")
        .values()
        .filter(|node| node["player"] == "Bob")
        .map(|node| node["information_set"].clone())
        .collect();
    assert_eq!(bob.len(), 2);
    assert!(bob[0].is_string());
    assert_eq!(bob[0], bob[1]);
    for tag in ["imported", "extensive"] {
        assert!(
            shown["tags"]
                .as_array()
                .is_some_and(|tags| tags.contains(&json!(tag))),
            "{tag}"
        );
    }
}

/// Gambit's manual: quoted numbers in front of the payoffs, commas or none, any white space, fractions and exponents.
#[tokio::test]
async fn the_readers_take_what_gambit_takes() {
    let app = TestApp::start().await;
    for (name, text) in [
        (
            "dims.nfg",
            "NFG 1 R \"t\" { \"A\" \"B\" } { 2 2 }\n1 2 3 4 5 6 7 8",
        ),
        (
            "lines.nfg",
            "NFG\r\n1\r\nD \"t\"\t{\"A\" \"B\"}{2 2} 1.0 2e0 .3E1 4 5 6 14/2 8",
        ),
        (
            "quotes.nfg",
            "NFG 1 R \"the \\\"same\\\"\" { \"A\" \"B\" } { 2 2 } \"comment\" 1 2 3 4 5 6 7 8",
        ),
        (
            "UPPER.NFG",
            "NFG 1 R \"t\" { \"A\" \"B\" } { 2 2 } +1 2 3 4 5 6 7 8",
        ),
        (
            "mark.nfg",
            "\u{feff}NFG 1 R \"t\" { \"A\" \"B\" } { 2 2 } 1, 2, 3, 4, 5, 6, 7, 8",
        ),
    ] {
        let reply = app.post("/api/games/upload").file(name, text).await;
        let payoffs = reply.expect(200)["payoffs"].clone();
        assert_eq!(
            payoffs,
            json!([[[1.0, 2.0], [5.0, 6.0]], [[3.0, 4.0], [7.0, 8.0]]]),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_file_without_a_title_is_called_by_its_name() {
    let app = TestApp::start().await;
    let text = "NFG 1 R \"\" { \"A\" \"B\" } { 1 1 } 0 0";
    let shown = app
        .post("/api/games/upload")
        .file("nameless.nfg", text)
        .await
        .expect(200);
    assert_eq!(shown["title"], "nameless");
}
