//! Clocks: who pays, what is gained, and what a look sees of the one that runs.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::players::{Account, Game, app, number, passed, seconds, terms, text, time};

/// A clock as the rules have it: what was left before the turn, less the turn, plus the increment.
fn assert_kept(game: &Value, color: &str, initial: i64, increment: i64) {
    let mut left = initial;
    for played in game["moves"].as_array().expect("a list") {
        if played["color"] == color {
            left = left - number(played, "elapsed_ms") + increment;
            assert_eq!(number(played, "clock_ms"), left, "{played}");
        }
    }
}

#[tokio::test]
async fn each_move_costs_its_time_and_gains_the_increment() {
    let app = app().await;
    let other = app.another_node().await;
    for (initial, increment) in [(300, 0), (60, 5), (10, 180)] {
        let game = Game::start(&[&app, &other], &seconds(initial, increment)).await;
        let after = game.play_all("e2e4 e7e5 g1f3 b8c6 f1b5 a7a6").await;
        let (initial, increment) = (i64::from(initial) * 1000, i64::from(increment) * 1000);
        assert_kept(&after, "w", initial, increment);
        assert_kept(&after, "b", initial, increment);
        let moves = after["moves"].as_array().expect("a list");
        // Black moved last: its clock stands.
        assert_eq!(after["black_clock_ms"], moves[5]["clock_ms"]);
        assert!(number(&after, "white_clock_ms") <= number(&moves[4], "clock_ms"));
    }
}

/// What is left falls by what Postgres' clock says since the turn began; the other side's stands.
#[tokio::test]
async fn a_look_sees_the_clock_run() {
    let app = app().await;
    let other = app.another_node().await;
    let game = Game::start(&[&app, &other], &seconds(300, 0)).await;
    let joined = game.look().await;
    let turn = time(&joined, "turn_started_at");
    for after_ms in [50, 150] {
        passed(&app.store.pool, turn + TimeDelta::milliseconds(after_ms)).await;
        let seen = game.look().await;
        let spent = time(&seen, "server_time") - time(&seen, "turn_started_at");
        assert!(spent.num_milliseconds() >= after_ms);
        let left = 300_000 - spent.num_milliseconds();
        assert_eq!(number(&seen["white"], "remaining_ms"), left);
        assert_eq!(number(&seen, "white_clock_ms"), left);
        assert_eq!(number(&seen["black"], "remaining_ms"), 300_000);
        assert_eq!(seen["version"], joined["version"], "a look changes nothing");
        let deadline = time(&seen, "turn_started_at") + TimeDelta::milliseconds(300_000);
        assert_eq!(time(&seen, "deadline_at"), deadline);
    }
    // White pays for it.
    let played = game.play("e2e4").await;
    let elapsed = number(&played["moves"][0], "elapsed_ms");
    // Up to 100 ms that the server itself needed are given back.
    assert!(elapsed >= 150 - 100, "{elapsed}");
    assert_eq!(number(&played, "white_clock_ms"), 300_000 - elapsed);
}

#[tokio::test]
async fn a_waiting_game_has_no_running_clock() {
    let app = app().await;
    let creator = Account::new();
    let body = terms(&seconds(1, 0));
    let made = creator
        .post(&app, "/v1/games")
        .json(&body)
        .await
        .expect(201);
    let later = time(&made, "created_at") + TimeDelta::milliseconds(1100);
    passed(&app.store.pool, later).await;
    let path = format!("/v1/games/{}", text(&made, "id"));
    let seen = creator.get(&app, &path).await.expect(200);
    assert_eq!(seen["status"], "waiting_for_opponent");
    assert_eq!(seen["white_clock_ms"], 1000);
    assert_eq!(seen["deadline_at"], Value::Null);
}

#[tokio::test]
async fn clocks_that_begin_empty_get_an_increment_first() {
    let app = app().await;
    let game = Game::start(&[&app], &seconds(0, 20)).await;
    let joined = game.look().await;
    assert_eq!(joined["black_clock_ms"], 20_000);
    let after = game.play_all("e2e4 e7e5 g1f3").await;
    assert_kept(&after, "w", 20_000, 20_000);
    assert_kept(&after, "b", 20_000, 20_000);
}

#[tokio::test]
async fn when_the_game_is_over_both_clocks_stand() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    game.play_all("e2e4 e7e5").await;
    let ended = game.white("resign").await.expect(200);
    let spent = time(&ended, "ended_at") - time(&ended, "turn_started_at");
    let before = number(&ended["moves"][0], "clock_ms");
    let paid = before - number(&ended, "white_clock_ms");
    // Less what the server needed before it got to it.
    assert!(
        (0..=spent.num_milliseconds()).contains(&paid),
        "{paid} of {spent}"
    );
    let later = time(&ended, "ended_at") + TimeDelta::milliseconds(50);
    passed(&app.store.pool, later).await;
    let seen = game.look().await;
    assert_eq!(seen["white_clock_ms"], ended["white_clock_ms"]);
    assert_eq!(seen["black_clock_ms"], ended["black_clock_ms"]);
    assert_eq!(seen["deadline_at"], Value::Null);
}

/// A takeback returns no time: whose turn it was pays, and whose turn it becomes goes on with what it had.
#[tokio::test]
async fn a_takeback_returns_no_time() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({ "rated": false })).await;
    let played = game.play_all("e2e4 e7e5").await;
    let had = (
        number(&played["moves"][0], "clock_ms"),
        number(&played["moves"][1], "clock_ms"),
    );
    game.black("takeback").await.expect(200);
    let back = game.white("takeback").await.expect(200);
    assert_eq!(back["ply"], 1);
    assert_eq!(back["side_to_move"], "b");
    assert!(number(&back, "white_clock_ms") <= had.0);
    assert!(number(&back, "black_clock_ms") <= had.1);
    let again = game.play("e7e5").await;
    assert!(number(&again, "black_clock_ms") <= had.1);
}
