//! `GET /api/games/{id}/export/{file_format}`: files for other programs, and for this one.

use serde_json::Value;

use super::steps::{POKER, upload};
use crate::harness::TestApp;

/// What is exported and uploaded again is the same game, whatever its form.
#[tokio::test]
async fn an_exported_game_is_the_same_game() {
    let app = TestApp::start().await;
    upload(&app, "poker.efg", POKER).await;
    let games = app.get("/api/games").await.expect(200);
    for game in games.as_array().expect("a list") {
        let id = game["id"].as_str().expect("an id");
        let own = match game["format"].as_str() {
            Some("extensive") => vec!["json", "efg"],
            Some("normal") => vec!["json", "nfg"],
            Some("vegas") => vec!["vg"],
            _ => vec!["json"],
        };
        let mut before = app.get(&format!("/api/games/{id}")).await.expect(200);
        // What it was read from is no part of the game.
        before
            .as_object_mut()
            .expect("a game")
            .remove("efg_content");
        for format in own {
            let file = app.get(&format!("/api/games/{id}/export/{format}")).await;
            assert_eq!(file.status, 200, "{id} {format}: {}", file.text());
            assert_eq!(
                file.header("content-disposition"),
                Some(format!("attachment; filename=\"{id}.{format}\"").as_str())
            );
            let name = format!("again.{format}");
            let again = app.post("/api/games/upload").file(&name, file.text()).await;
            let again = again.expect(200);
            if format == "vg" {
                assert_eq!(again["source_code"], before["source_code"], "{id}");
            } else if format == "json" {
                assert_eq!(again, before, "{id}");
            } else {
                assert_eq!(rules(&again), rules(&before), "{id} {format}");
            }
        }
    }
}

/// The payoffs in the order of the file, which is all that ids cannot hide.
fn rules(game: &Value) -> (Value, Value, Vec<String>) {
    let mut ends: Vec<String> = game["outcomes"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(_, outcome)| outcome["payoffs"].to_string())
        .collect();
    ends.sort();
    (game["players"].clone(), game["payoffs"].clone(), ends)
}

#[tokio::test]
async fn a_game_in_another_form_is_converted_for_its_file() {
    let app = TestApp::start().await;
    let tree = app.get("/api/games/matching-pennies/export/efg").await;
    assert!(tree.text().starts_with("EFG 2 R "), "{}", tree.text());
    let table = app.get("/api/games/trust-game/export/nfg").await;
    assert!(table.text().starts_with("NFG 1 R "), "{}", table.text());
}

#[tokio::test]
async fn what_cannot_be_written_is_refused() {
    let app = TestApp::start().await;
    app.get("/api/games/trust-game/export/pdf")
        .await
        .refused(400, "Invalid format: pdf");
    app.get("/api/games/none/export/efg")
        .await
        .refused(404, "Game not found: none");
}
