//! `GameEnded`: told on the Redis stream, at least once, always under the same id.

use std::collections::HashMap;

use serde_json::{Value, json};
use sqlx::PgPool;

use super::known_games::FOOLS_MATE;
use super::players::{Account, Game, SECRET, app, ends_by_itself, seconds, terms, text};
use crate::faults::own_redis::OwnRedis;
use crate::faults::until::{holds, until};
use crate::harness::{PATIENCE, Servers, TestApp};

const STREAM: &str = "events:game_ended";

/// The entries about a game, oldest first, as (event_id, payload). Other tests tell of theirs on the same stream.
async fn told(redis_url: &str, game: &str) -> anyhow::Result<Vec<(String, Value)>> {
    let client = redis::Client::open(redis_url)?;
    let mut connection = client.get_multiplexed_async_connection().await?;
    let mut range = redis::cmd("XRANGE");
    let range = range.arg(STREAM).arg("-").arg("+");
    let all: Vec<(String, HashMap<String, String>)> = range.query_async(&mut connection).await?;
    let mut found = Vec::new();
    for (_, mut entry) in all {
        let mut field = |name| entry.remove(name).unwrap_or_default();
        if field("game_id") == game {
            assert_eq!(field("type"), "GameEnded");
            let payload = serde_json::from_str(&field("payload"))?;
            found.push((field("event_id"), payload));
        }
    }
    Ok(found)
}

async fn told_times(redis_url: &str, game: &str, times: usize) -> Vec<(String, Value)> {
    until("the ending is told", PATIENCE, async || {
        let found = told(redis_url, game).await?;
        Ok((found.len() >= times).then_some(found))
    })
    .await
    .expect("a worker tells it")
}

/// Waits until the outbox knows that it was told.
async fn is_marked(pool: &PgPool, game: &str) {
    holds("the outbox is marked", PATIENCE, async || {
        let unsent: i64 = sqlx::query_scalar(
            "select count(*) from chess_outbox where game_id::text = $1 and sent_at is null",
        )
        .bind(game)
        .fetch_one(pool)
        .await?;
        Ok(unsent == 0)
    })
    .await
    .expect("the worker notes what it told");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ending_is_told_with_the_contracts_fields() {
    let app = app().await;
    let redis = Servers::of_this_run().redis_url;
    let _workers = (app.worker(), app.worker());
    let game = Game::start(&[&app], &seconds(300, 2)).await;
    game.play_all(FOOLS_MATE).await;
    let entries = told_times(&redis, &game.id, 1).await;
    let (event_id, payload) = &entries[0];
    for (name, value) in [
        ("type", json!("GameEnded")),
        ("game_id", json!(game.id)),
        ("white_account_id", json!(game.white.id)),
        ("black_account_id", json!(game.black.id)),
        ("result", json!("0-1")),
        ("end_reason", json!("checkmate")),
        (
            "time_control",
            json!({ "initial_seconds": 300, "increment_seconds": 2 }),
        ),
        ("event_id", json!(event_id)),
    ] {
        assert_eq!(payload[name], value, "{name} in {payload}");
    }
    is_marked(&app.store.pool, &game.id).await;

    // Once more, under the same id.
    let path = format!("/internal/games/{}/finalize", game.id);
    let again = game.white.post(&app, &path).await.expect(200);
    assert_eq!(&again, payload);
    let entries = told_times(&redis, &game.id, 2).await;
    assert!(entries.iter().all(|entry| entry == &entries[0]));
    is_marked(&app.store.pool, &game.id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_ending_is_told_and_those_without_a_game_are_not() {
    let app = app().await;
    let redis = Servers::of_this_run().redis_url;
    let _worker = app.worker();
    let declined = {
        let (creator, invited) = (Account::new(), Account::new());
        let own = terms(&json!({ "opponent_account_id": invited.id }));
        let made = creator.post(&app, "/v1/games").json(&own).await;
        let id = text(&made.expect(201), "id");
        let path = format!("/v1/games/{id}/decline");
        invited.post(&app, &path).await.expect(200);
        id
    };
    let flagged = Game::start(&[&app], &seconds(1, 0)).await;
    let resigned = Game::start(&[&app], &json!({})).await;
    resigned.white("resign").await.expect(200);
    let agreed = Game::start(&[&app], &json!({})).await;
    agreed.white("offer-draw").await.expect(200);
    agreed.black("accept-draw").await.expect(200);
    ends_by_itself(&app.store.pool, &flagged.id).await;
    for (game, result, reason) in [
        (&flagged, "0-1", "timeout"),
        (&resigned, "0-1", "resignation"),
        (&agreed, "1/2-1/2", "draw_agreed"),
    ] {
        let entries = told_times(&redis, &game.id, 1).await;
        let payload = &entries[0].1;
        assert_eq!(
            (&payload["result"], &payload["end_reason"]),
            (&json!(result), &json!(reason))
        );
    }
    // What was never played has no result to tell. Later endings are there already.
    let unplayed = told(&redis, &declined)
        .await
        .expect("the stream can be read");
    assert_eq!(unplayed, []);
}

#[tokio::test]
async fn what_has_not_ended_is_not_told() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    let path = format!("/internal/games/{}/finalize", game.id);
    let refused = game.white.post(&app, &path).await;
    refused.refused_as(409, "game_not_ended");
    app.post(&path).await.refused_as(401, "unauthorized");
    let nowhere = format!("/internal/games/{}/finalize", uuid::Uuid::new_v4());
    let missing = game.white.post(&app, &nowhere).await;
    missing.refused_as(404, "game_not_found");
}

/// Redis is away when the game ends: the move counts, and the ending is told when Redis is back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ended_without_redis_is_told_later() -> anyhow::Result<()> {
    let mut redis = OwnRedis::start().await?;
    let servers = Servers {
        redis_url: redis.url(),
        ..Servers::of_this_run()
    };
    let app = TestApp::start_on(&servers, |config| config.jwt_secret = Some(SECRET.into())).await;
    let worker = app.worker();
    let game = Game::start(&[&app], &json!({})).await;
    game.play("e2e4").await;
    redis.kill()?;
    game.play("e7e5").await;
    let ended = game.white("resign").await.expect(200);
    assert_eq!(ended["status"], "ended");
    redis.start_again().await?;
    let entries = told_times(&redis.url(), &game.id, 1).await;
    assert_eq!(entries[0].1["end_reason"], "resignation");
    is_marked(&app.store.pool, &game.id).await;
    worker.leave().await;
    Ok(())
}
