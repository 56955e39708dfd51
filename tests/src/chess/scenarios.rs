//! The contract's scenarios, 5.1 to 5.4, played through two API nodes and two workers.

use serde_json::{Value, json};

use super::known_games::SCHOLARS_MATE;
use super::players::{
    Account, Game, app, ended, ends_by_itself, passed, seconds, step, terms, text, time,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_direct_challenge_is_played_to_checkmate() {
    let app = app().await;
    let other = app.another_node().await;
    let _workers = (app.worker(), app.worker());
    let (a, b) = (Account::new(), Account::new());
    let mut challenge = terms(&json!({}));
    challenge["opponent_account_id"] = json!(b.id);
    let made = a.post(&app, "/v1/games").json(&challenge).await.expect(201);
    assert_eq!(made["status"], "waiting_for_opponent");
    assert_eq!(made["creator_account_id"], a.id.as_str());
    assert_eq!(made["started_at"], Value::Null);

    let id = text(&made, "id");
    let joined = b.post(&other, &format!("/v1/games/{id}/join")).await;
    let joined = joined.expect(200);
    assert_eq!(joined["status"], "in_progress");
    assert_eq!(joined["white_account_id"], a.id.as_str());
    assert_eq!(joined["black_account_id"], b.id.as_str());
    assert_eq!(joined["black_clock_ms"], 300_000);
    assert_eq!(
        time(&joined, "started_at"),
        time(&joined, "turn_started_at")
    );

    let mut game = Value::Null;
    for (uci, turn) in SCHOLARS_MATE.split(' ').zip(0..) {
        let (mover, watcher) = if turn % 2 == 0 { (&a, &b) } else { (&b, &a) };
        let (asked, seen_by) = if turn % 3 == 0 {
            (&*app, &other)
        } else {
            (&other, &*app)
        };
        let path = format!("/v1/games/{id}/moves");
        let played = mover.post(asked, &path).json(&step(uci)).await.expect(200);
        let path = format!("/v1/games/{id}");
        game = watcher.get(seen_by, &path).await.expect(200);
        assert_eq!(game["fen"], played["fen"], "after {uci}");
        assert_eq!(game["moves"], played["moves"], "after {uci}");
    }
    assert_eq!(ended(&game), ("checkmate".into(), Some("1-0".into())));
    assert!(time(&game, "ended_at") >= time(&game, "started_at"));
    assert_eq!(
        game["fen"],
        "r1bqkb1r/pppp1Qpp/2n2n2/4p3/2B1P3/8/PPPP1PPP/RNB1K1NR b KQkq - 0 4"
    );
    let moves = game["moves"].as_array().expect("a list");
    let sans: Vec<_> = moves.iter().map(|played| text(played, "san")).collect();
    assert_eq!(sans, ["e4", "e5", "Bc4", "Nc6", "Qh5", "Nf6", "Qxf7#"]);
    let late = b.post(&app, &format!("/v1/games/{id}/moves"));
    let late = late.json(&step("e8f7")).await;
    late.refused_as(409, "game_ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_player_resigns() {
    let app = app().await;
    let other = app.another_node().await;
    let _workers = (app.worker(), app.worker());
    let game = Game::start(&[&app, &other], &json!({})).await;
    game.play_all("e2e4 e7e5 g1f3").await;
    let resigned = game.black("resign").await.expect(200);
    assert_eq!(ended(&resigned), ("resignation".into(), Some("1-0".into())));
    assert_eq!(resigned["moves"].as_array().map(Vec::len), Some(3));
    let path = format!("/v1/games/{}", game.id);
    for node in [&*app, &other] {
        for player in [&game.white, &game.black] {
            let seen = player.get(node, &path).await.expect(200);
            assert_eq!(ended(&seen), ended(&resigned));
            assert_eq!(seen["ended_at"], resigned["ended_at"]);
        }
    }
    game.white("resign").await.refused_as(409, "game_ended");
}

/// Out of turn, and by White.
#[tokio::test]
async fn whoever_resigns_loses() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    game.play("e2e4").await;
    let resigned = game.white("resign").await.expect(200);
    assert_eq!(ended(&resigned), ("resignation".into(), Some("0-1".into())));
}

#[tokio::test]
async fn an_illegal_move_is_refused_in_the_contracts_words() {
    let app = app().await;
    let other = app.another_node().await;
    let game = Game::start(&[&app, &other], &json!({})).await;
    let before = game.look().await;
    let refused = game.send("e2e5").await.expect(400);
    assert_eq!(
        refused,
        json!({
            "error": "illegal_move",
            "message": "Move e2e5 is not legal from current position.",
        })
    );
    let after = game.look().await;
    assert_eq!(after["version"], before["version"]);
    assert_eq!(after["moves"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flag_falls_with_nobody_present() {
    let app = app().await;
    let other = app.another_node().await;
    let _workers = (app.worker(), app.worker());
    let game = Game::start(&[&app, &other], &seconds(2, 0)).await;
    let last = game.play_all("e2e4 e7e5").await;
    let deadline = time(&last, "deadline_at");
    ends_by_itself(&app.store.pool, &game.id).await;
    let seen = game.look().await;
    assert_eq!(ended(&seen), ("timeout".into(), Some("0-1".into())));
    assert_eq!(time(&seen, "ended_at"), deadline, "the deadline itself");
    assert_eq!(seen["white"]["remaining_ms"], 0);
    assert_eq!(seen["black"]["remaining_ms"], last["black"]["remaining_ms"]);
    assert_eq!(seen["moves"], last["moves"]);
    game.white("resign").await.refused_as(409, "game_ended");
}

#[tokio::test]
async fn without_any_worker_a_look_sees_the_flag() {
    let app = app().await;
    let other = app.another_node().await;
    let nodes = [&*app, &other];
    for look in ["get", "tick", "move"] {
        let game = Game::start(&nodes, &seconds(1, 0)).await;
        let last = game.play("e2e4").await;
        let deadline = time(&last, "deadline_at");
        passed(&app.store.pool, deadline).await;
        match look {
            "tick" => {
                let ticked = game.white("tick").await.expect(200);
                assert_eq!(ticked["status"], "ended");
            }
            "move" => {
                game.send("e7e5").await.refused_as(409, "game_ended");
            }
            _ => {}
        }
        let seen = game.look().await;
        assert_eq!(
            ended(&seen),
            ("timeout".into(), Some("1-0".into())),
            "{look}"
        );
        assert_eq!(time(&seen, "ended_at"), deadline, "{look}");
        assert_eq!(seen["black_clock_ms"], 0, "{look}");
        assert_eq!(seen["moves"], last["moves"], "{look}");
    }
}
