//! Bad input: each kind gets the code that is settled for it, and the game stays as it was.

use serde_json::{Value, json};
use uuid::Uuid;

use super::players::{ACTIONS, Account, Game, app, terms};
use crate::harness::TestApp;

#[tokio::test]
async fn an_unknown_id_names_no_game() {
    let app = app().await;
    let account = Account::new();
    for id in [
        Uuid::new_v4().to_string().as_str(),
        "00000000-0000-0000-0000-000000000000",
        "1",
        "not-a-game",
        "%00",
        "'%20or%201=1",
        "%F0%9F%90%A6",
    ] {
        let path = |action: &str| format!("/v1/games/{id}/{action}");
        let look = account.get(&app, &format!("/v1/games/{id}")).await;
        look.refused_as(404, "game_not_found");
        let body = json!({ "from": "e2", "to": "e4" });
        let play = account.post(&app, &path("moves")).json(&body).await;
        play.refused_as(404, "game_not_found");
        for action in ACTIONS {
            let refused = account.post(&app, &path(action)).await;
            refused.refused_as(404, "game_not_found");
        }
        let pgn = account.get(&app, &path("pgn")).await;
        pgn.refused_as(404, "game_not_found");
    }
}

#[tokio::test]
async fn a_malformed_move_is_no_move() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    let before = game.look().await;
    for body in [
        json!({}),
        json!([]),
        json!(null),
        json!("e2e4"),
        json!({ "from": "e2" }),
        json!({ "to": "e4" }),
        json!({ "from": null, "to": "e4" }),
        json!({ "from": 52, "to": "e4" }),
        json!({ "from": ["e2"], "to": "e4" }),
        json!({ "from": "", "to": "e4" }),
        json!({ "from": "e9", "to": "e4" }),
        json!({ "from": "i2", "to": "e4" }),
        json!({ "from": "e2 ", "to": "e4" }),
        json!({ "from": "e2e4", "to": "e4" }),
        json!({ "from": "E2", "to": "E4" }),
        json!({ "from": "e2", "to": "\u{0}4" }),
        json!({ "from": "e2", "to": "e4", "promotion": 1 }),
        json!({ "from": "e2", "to": "e4", "promotion": "queen" }),
        json!({ "from": "e2", "to": "e4", "promotion": "" }),
        json!({ "from": "e2", "to": "e4", "ply": "1" }),
        json!({ "from": "e2", "to": "e4", "ply": -1 }),
        json!({ "from": "e2", "to": "e4", "ply": 1.5 }),
        json!({ "from": "e2", "to": "e4", "ply": 4_294_967_296_u64 }),
        json!({ "from": "x".repeat(10_000), "to": "e4" }),
    ] {
        let call = game.white.post(&app, &game.path("moves"));
        call.json(&body).await.refused_as(400, "invalid_request");
    }
    assert_eq!(game.look().await["version"], before["version"]);
}

/// Bodies of the wrong kind or size, to every endpoint that reads one.
#[tokio::test]
async fn what_is_not_json_is_not_read() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    let before = game.look().await;
    let moves = game.path("moves");
    for path in ["/v1/games", "/v1/games/bot", &moves] {
        for text in [
            "",
            "{",
            "not json",
            "{\"from\":",
            "\u{feff}{}",
            "{}{}",
            "[1,2",
        ] {
            let call = game.white.post(&app, path);
            let refused = call
                .header("content-type", "application/json")
                .body(text.to_owned());
            refused.await.refused_as(400, "invalid_request");
        }
        let deep = "[".repeat(100_000);
        let call = game
            .white
            .post(&app, path)
            .header("content-type", "application/json");
        call.body(deep).await.refused_as(400, "invalid_request");
        let invalid_utf8 = vec![b'"', 0xff, 0xfe, b'"'];
        let call = game
            .white
            .post(&app, path)
            .header("content-type", "application/json");
        call.body(invalid_utf8)
            .await
            .refused_as(400, "invalid_request");
        let call = game
            .white
            .post(&app, path)
            .header("content-type", "application/json");
        let huge = format!("{{\"from\":\"{}\"}}", "x".repeat(2 * 1024 * 1024));
        let refused = call.body(huge).await.expect(413);
        assert!(refused["error"].is_string() && refused["message"].is_string());
        for kind in ["text/plain", "application/x-www-form-urlencoded"] {
            let call = game.white.post(&app, path).header("content-type", kind);
            let refused = call.body("from=e2&to=e4").await;
            assert!([400, 415].contains(&refused.status), "{}", refused.status);
            assert!(refused.json()["error"].is_string());
        }
    }
    assert_eq!(game.look().await["version"], before["version"]);
}

async fn games(app: &TestApp) -> i64 {
    sqlx::query_scalar("select count(*) from chess_games")
        .fetch_one(&app.store.pool)
        .await
        .expect("the games can be counted")
}

fn with(field: &str, value: Value) -> Value {
    terms(&json!({ field: value }))
}

#[tokio::test]
async fn an_absurd_challenge_makes_no_game() {
    let app = app().await;
    let creator = Account::new();
    let mut bodies = vec![
        json!({}),
        json!([]),
        json!(null),
        with("time_control", Value::Null),
        with("time_control", json!(300)),
        with("time_control", json!({})),
        with("time_control", json!({ "increment_seconds": 5 })),
        with("opponent_account_id", json!("somebody")),
        with("opponent_account_id", json!(7)),
        with("opponent_account_id", json!("")),
        with("color_preference", json!("green")),
        with("color_preference", json!("White")),
        with("color_preference", json!(1)),
        with("rated", json!("yes")),
        with("rated", json!(1)),
        with("draw_policy", json!("mine")),
    ];
    for (initial, increment) in absurd_times() {
        let time = json!({ "initial_seconds": initial, "increment_seconds": increment });
        bodies.push(with("time_control", time));
    }
    for body in &bodies {
        let refused = creator.post(&app, "/v1/games").json(body).await;
        refused.refused_as(400, "invalid_request");
    }
    assert_eq!(games(&app).await, 0);
}

fn absurd_times() -> Vec<(Value, Value)> {
    vec![
        (json!(0), json!(0)),
        (json!(10_801), json!(0)),
        (json!(300), json!(181)),
        (json!(-1), json!(0)),
        (json!(-5), json!(10)),
        (json!(300), json!(-1)),
        (json!(2_147_483_648_u64), json!(0)),
        (json!(1e300), json!(0)),
        (json!(1.5), json!(0)),
        (json!("300"), json!(0)),
        (json!(300), json!("0")),
        (json!(true), json!(0)),
        (json!(null), json!(0)),
    ]
}

#[tokio::test]
async fn the_extremes_of_what_is_allowed_are_accepted() {
    let app = app().await;
    let creator = Account::new();
    for (initial, increment) in [(10_800, 180), (10_800, 0), (1, 0), (0, 1), (0, 180)] {
        let time = json!({ "initial_seconds": initial, "increment_seconds": increment });
        let body = with("time_control", time.clone());
        let made = creator.post(&app, "/v1/games").json(&body).await;
        assert_eq!(made.expect(201)["time_control"], time);
    }
}

#[tokio::test]
async fn an_absurd_bot_game_is_not_made() {
    let app = app().await;
    let player = Account::new();
    let usual = json!({
        "difficulty": "easy",
        "player_color": "white",
        "time_control": { "initial_seconds": 300, "increment_seconds": 0 },
    });
    let with = |field: &str, value: Value| {
        let mut body = usual.clone();
        body[field] = value;
        body
    };
    let mut bodies = vec![
        json!({}),
        json!({ "difficulty": "easy" }),
        with("difficulty", Value::Null),
        with("difficulty", json!("godlike")),
        with("difficulty", json!("bot-easy-800")),
        with("difficulty", json!(3)),
        with("player_color", json!("both")),
        with("rated", json!("no")),
        with("seed", json!(-1)),
        with("seed", json!(9_007_199_254_740_992_u64)),
        with("seed", json!(9_007_199_254_740_993_u64)),
        with("seed", json!("x")),
        with("human_pace", json!("slow")),
    ];
    for (initial, increment) in absurd_times() {
        let time = json!({ "initial_seconds": initial, "increment_seconds": increment });
        bodies.push(with("time_control", time));
    }
    for body in &bodies {
        let refused = player.post(&app, "/v1/games/bot").json(body).await;
        refused.refused_as(400, "invalid_request");
    }
    assert_eq!(games(&app).await, 0);
}

#[tokio::test]
async fn methods_that_are_not_there_are_refused() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    let before = game.look().await;
    let path = format!("/v1/games/{}", game.id);
    for method in ["PUT", "PATCH", "DELETE"] {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let reply = app.call(method, &path).await;
        assert!([401, 404, 405].contains(&reply.status), "{}", reply.status);
    }
    let reply = game.white.post(&app, &game.path("cheat")).await;
    assert!([404, 405].contains(&reply.status), "{}", reply.status);
    assert_eq!(game.look().await["version"], before["version"]);
}
