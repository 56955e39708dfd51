//! What the bodies hold: the contract's fields, flat and nested, from the challenge to the last move.

use serde_json::{Value, json};

use super::players::{Account, Game, app, number, terms, text, time};

const START: &str = "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1";

/// Holds what is there against what the contract shows; more may be there.
#[track_caller]
fn assert_shows(body: &Value, expected: &Value) {
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(body.get(name), Some(value), "{name} in {body}");
    }
}

#[tokio::test]
async fn a_challenge_waits_without_colours() {
    let app = app().await;
    let (creator, opponent) = (Account::new(), Account::new());
    let body = json!({
        "opponent_account_id": opponent.id,
        "color_preference": "white",
        "time_control": { "initial_seconds": 300, "increment_seconds": 2 },
        "rated": true,
    });
    let reply = creator.post(&app, "/v1/games").json(&body).await;
    let made = reply.expect(201);
    let location = format!("/v1/games/{}", text(&made, "id"));
    assert_eq!(reply.header("location"), Some(location.as_str()));
    assert_shows(
        &made,
        &json!({
            "status": "waiting_for_opponent",
            "creator_account_id": creator.id,
            "opponent_account_id": opponent.id,
            "white_account_id": null,
            "black_account_id": null,
            "white": { "account_id": null, "remaining_ms": 300_000 },
            "black": { "account_id": null, "remaining_ms": 300_000 },
            "white_clock_ms": 300_000,
            "black_clock_ms": 300_000,
            "time_control": { "initial_seconds": 300, "increment_seconds": 2 },
            "rated": true,
            "variant_code": "standard",
            "fen": START,
            "side_to_move": "w",
            "moves": [],
            "result": null,
            "end_reason": null,
            "started_at": null,
            "ended_at": null,
            "turn_started_at": null,
            "draw_offer": null,
            "bot_id": null,
            "bot_color": null,
            "draw_policy": "fide",
        }),
    );
    assert!(number(&made, "version") >= 1);
    let seen = opponent.get(&app, &location).await.expect(200);
    assert_eq!(seen["version"], made["version"]);
    assert_eq!(seen["created_at"], made["created_at"]);
}

#[tokio::test]
async fn what_is_not_said_has_a_default() {
    let app = app().await;
    let creator = Account::new();
    let body = json!({ "time_control": { "initial_seconds": 60 } });
    let made = creator.post(&app, "/v1/games").json(&body).await;
    assert_shows(
        &made.expect(201),
        &json!({
            "opponent_account_id": null,
            "color_preference": "random",
            "time_control": { "initial_seconds": 60, "increment_seconds": 0 },
            "rated": true,
        }),
    );
}

#[tokio::test]
async fn colours_follow_the_creators_preference() {
    let app = app().await;
    for (preference, creators) in [("white", "white"), ("black", "black")] {
        let (creator, guest) = (Account::new(), Account::new());
        let challenge = terms(&json!({ "color_preference": preference }));
        let made = creator.post(&app, "/v1/games").json(&challenge).await;
        let path = format!("/v1/games/{}/join", text(&made.expect(201), "id"));
        let joined = guest.post(&app, &path).await.expect(200);
        let other = if creators == "white" {
            "black"
        } else {
            "white"
        };
        assert_eq!(joined[creators]["account_id"], creator.id.as_str());
        assert_eq!(joined[other]["account_id"], guest.id.as_str());
    }
    // By chance: forty of one colour come once in 2^39 runs.
    let (creator, guest) = (Account::new(), Account::new());
    let mut whites = 0;
    for _ in 0..40 {
        let challenge = terms(&json!({ "color_preference": "random" }));
        let made = creator.post(&app, "/v1/games").json(&challenge).await;
        let path = format!("/v1/games/{}/join", text(&made.expect(201), "id"));
        let joined = guest.post(&app, &path).await.expect(200);
        let accounts = (
            text(&joined, "white_account_id"),
            text(&joined, "black_account_id"),
        );
        if accounts.0 == creator.id {
            whites += 1;
            assert_eq!(accounts.1, guest.id);
        } else {
            assert_eq!(accounts, (guest.id.clone(), creator.id.clone()));
        }
    }
    assert!((1..40).contains(&whites), "{whites} of 40");
}

#[tokio::test]
async fn a_game_in_progress_shows_both_sides_and_its_moves() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    let joined = game.look().await;
    assert_shows(
        &joined,
        &json!({
            "status": "in_progress",
            "white_account_id": game.white.id,
            "black_account_id": game.black.id,
            "side_to_move": "w",
            "fen": START,
            "ply": 0,
        }),
    );
    assert!(number(&joined, "white_clock_ms") <= 300_000);
    assert_eq!(joined["white"]["remaining_ms"], joined["white_clock_ms"]);
    assert_eq!(joined["white"]["account_id"], game.white.id.as_str());

    // The contract's own example sends a promotion with it.
    let played = game.send("e2e4q").await.expect(200);
    assert_shows(
        &played,
        &json!({
            "side_to_move": "b",
            "fen": "rnbqkbnr/pppppppp/8/8/4P3/8/PPPP1PPP/RNBQKBNR b KQkq - 0 1",
            "ply": 1,
            "version": number(&joined, "version") + 1,
            "result": null,
        }),
    );
    let first = &played["moves"][0];
    assert_shows(
        first,
        &json!({
            "ply": 1, "move_number": 1, "color": "w", "from": "e2", "to": "e4", "promotion": null, "san": "e4",
        }),
    );
    let elapsed = number(first, "elapsed_ms");
    assert!(elapsed >= 0);
    assert_eq!(number(&played, "white_clock_ms"), 300_000 - elapsed);
    assert!(time(first, "played_at") >= time(&joined, "started_at"));
    assert_eq!(played["turn_started_at"], first["played_at"]);

    let second = game.play("e7e5").await["moves"][1].clone();
    assert_shows(
        &second,
        &json!({ "ply": 2, "move_number": 1, "color": "b", "san": "e5" }),
    );
    let third = game.play("g1f3").await["moves"][2].clone();
    assert_shows(
        &third,
        &json!({ "ply": 3, "move_number": 2, "color": "w", "san": "Nf3" }),
    );
}

#[tokio::test]
async fn only_the_last_moves_are_shown_if_that_is_asked_for() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    game.play_all("e2e4 e7e5 g1f3").await;
    for (most, shown) in [(0, 0), (1, 1), (2, 2), (3, 3), (100, 3)] {
        let path = format!("/v1/games/{}?moves={most}", game.id);
        let seen = game.black.get(&app, &path).await.expect(200);
        let moves = seen["moves"].as_array().expect("a list");
        assert_eq!(moves.len(), shown, "{most}");
        if let Some(last) = moves.last() {
            assert_eq!(last["san"], "Nf3");
        }
        assert_eq!(seen["ply"], 3);
    }
}

#[tokio::test]
async fn the_service_says_that_it_answers() {
    let app = app().await;
    let health = app.get("/health").await.expect(200);
    assert_eq!(
        health,
        json!({ "status": "ok", "service": "live-game-api" })
    );
}

#[tokio::test]
async fn any_account_may_watch() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    let path = format!("/v1/games/{}", game.id);
    let seen = Account::new().get(&app, &path).await.expect(200);
    assert_eq!(seen["white_account_id"], game.white.id.as_str());
}

#[tokio::test]
async fn a_bot_game_begins_at_once_and_is_never_rated() {
    let app = app().await;
    let player = Account::new();
    for (difficulty, bot_id) in [
        ("beginner", "bot-beginner-400"),
        ("easy", "bot-easy-800"),
        ("medium", "bot-medium-1200"),
        ("hard", "bot-hard-1600"),
        ("expert", "bot-expert-2000"),
        ("master", "bot-master-2400"),
    ] {
        let body = json!({
            "difficulty": difficulty,
            "player_color": "white",
            "time_control": { "initial_seconds": 300, "increment_seconds": 0 },
            "rated": true,
        });
        let made = player.post(&app, "/v1/games/bot").json(&body).await;
        let made = made.expect(201);
        assert_shows(
            &made,
            &json!({
                "status": "in_progress",
                "rated": false,
                "bot_id": bot_id,
                "bot_color": "b",
                "white_account_id": player.id,
                "black_account_id": null,
                "creator_account_id": player.id,
                "side_to_move": "w",
                "fen": START,
            }),
        );
        assert_eq!(made["started_at"], made["turn_started_at"]);
    }
    let body = json!({
        "difficulty": "easy",
        "player_color": "black",
        "time_control": { "initial_seconds": 300, "increment_seconds": 0 },
    });
    let made = player.post(&app, "/v1/games/bot").json(&body).await;
    assert_shows(
        &made.expect(201),
        &json!({ "bot_color": "w", "white_account_id": null, "black_account_id": player.id }),
    );
}
