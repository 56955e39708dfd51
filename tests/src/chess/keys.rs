//! `Idempotency-Key`: the same request twice is one game or one move; another request under the key is refused.

use futures_util::future::join_all;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::players::{Account, Game, app, number, passed, seconds, step, terms, time};
use crate::harness::{Node, Reply};

async fn post(account: &Account, node: &Node, path: &str, (key, body): (&str, &Value)) -> Reply {
    let call = account.post(node, path).header("idempotency-key", key);
    call.json(body).await
}

async fn games_of(pool: &PgPool, creator: &Account) -> i64 {
    sqlx::query_scalar("select count(*) from chess_games where creator_account_id::text = $1")
        .bind(&creator.id)
        .fetch_one(pool)
        .await
        .expect("the games can be counted")
}

#[track_caller]
fn is_replay(reply: &Reply, first: &Reply) {
    assert_eq!(reply.header("idempotency-replayed"), Some("true"));
    assert_eq!((reply.status, reply.json()), (first.status, first.json()));
}

#[tokio::test]
async fn a_game_is_made_once() {
    let app = app().await;
    let other = app.another_node().await;
    let bot = json!({
        "difficulty": "easy",
        "player_color": "white",
        "time_control": { "initial_seconds": 300, "increment_seconds": 0 },
    });
    let mut other_bot = bot.clone();
    other_bot["difficulty"] = json!("hard");
    for (path, body, another) in [
        (
            "/v1/games",
            terms(&json!({})),
            terms(&json!({ "rated": false })),
        ),
        ("/v1/games/bot", bot, other_bot),
    ] {
        let creator = Account::new();
        let first = post(&creator, &app, path, ("a", &body)).await;
        first.expect(201);
        assert_eq!(first.header("idempotency-replayed"), None);
        let again = post(&creator, &other, path, ("a", &body)).await;
        is_replay(&again, &first);
        assert_eq!(again.header("location"), first.header("location"));
        assert_eq!(games_of(&app.store.pool, &creator).await, 1);
        let mismatch = post(&creator, &other, path, ("a", &another)).await;
        let refused = mismatch.expect(422);
        assert!(refused["error"].is_string() && refused["message"].is_string());
        assert_eq!(games_of(&app.store.pool, &creator).await, 1);
        // Another key, and the same key of somebody else.
        post(&creator, &app, path, ("b", &body)).await.expect(201);
        assert_eq!(games_of(&app.store.pool, &creator).await, 2);
        let foreign = post(&Account::new(), &app, path, ("a", &body)).await;
        foreign.expect(201);
        assert_eq!(foreign.header("idempotency-replayed"), None);
    }
}

#[tokio::test]
async fn a_move_is_played_once() {
    let app = app().await;
    let other = app.another_node().await;
    let game = Game::start(&[&app, &other], &json!({})).await;
    let path = game.path("moves");
    let first = post(&game.white, &app, &path, ("m1", &step("e2e4"))).await;
    first.expect(200);
    is_replay(
        &post(&game.white, &other, &path, ("m1", &step("e2e4"))).await,
        &first,
    );
    let mismatch = post(&game.white, &app, &path, ("m1", &step("d2d4"))).await;
    assert_eq!(mismatch.status, 422);
    // The answer stays what it was when the game has gone on.
    post(&game.black, &app, &path, ("m1", &step("e7e5")))
        .await
        .expect(200);
    is_replay(
        &post(&game.white, &app, &path, ("m1", &step("e2e4"))).await,
        &first,
    );
    assert_eq!(game.look().await["ply"], 2);
}

/// A refusal is no answer to keep: the key is free for when the move is legal.
#[tokio::test]
async fn a_refused_move_leaves_its_key_free() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    let path = game.path("moves");
    let early = post(&game.black, &app, &path, ("m", &step("e7e5"))).await;
    early.refused_as(409, "not_your_turn");
    game.play("e2e4").await;
    let played = post(&game.black, &app, &path, ("m", &step("e7e5"))).await;
    assert_eq!(played.expect(200)["ply"], 2);
    assert_eq!(played.header("idempotency-replayed"), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_once_under_one_key_all_hear_the_same() {
    let app = app().await;
    let other = app.another_node().await;
    let game = Game::start(&[&app, &other], &json!({})).await;
    let before = number(&game.look().await, "version");
    let path = game.path("moves");
    let body = step("e2e4");
    let posts = (0..8).map(|_| post(&game.white, game.node(), &path, ("k", &body)));
    let replies = join_all(posts).await;
    for reply in &replies {
        assert_eq!(reply.expect(200), replies[0].json());
    }
    let first = replies
        .iter()
        .filter(|reply| reply.header("idempotency-replayed").is_none());
    assert_eq!(first.count(), 1);
    assert_eq!(number(&game.look().await, "version"), before + 1);
}

/// The flag falls as it would without the key.
#[tokio::test]
async fn a_key_does_not_hold_the_clock() {
    let app = app().await;
    let game = Game::start(&[&app], &seconds(1, 0)).await;
    let deadline = time(&game.look().await, "deadline_at");
    passed(&app.store.pool, deadline).await;
    let late = post(&game.white, &app, &game.path("moves"), ("k", &step("e2e4"))).await;
    late.refused_as(409, "game_ended");
    let seen = game.look().await;
    assert_eq!(seen["end_reason"], "timeout");
    assert_eq!(time(&seen, "ended_at"), deadline);
}

#[tokio::test]
async fn a_key_has_a_length() {
    let app = app().await;
    let creator = Account::new();
    for key in [String::new(), "x".repeat(256)] {
        let refused = post(&creator, &app, "/v1/games", (&key, &terms(&json!({})))).await;
        assert!((400..500).contains(&refused.status), "{}", refused.status);
        assert!(refused.json()["error"].is_string());
    }
    assert_eq!(games_of(&app.store.pool, &creator).await, 0);
}
