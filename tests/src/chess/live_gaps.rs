//! Publications may be lost, come twice or too fast: watchers end up with the truth all the same.

use serde_json::{Value, json};
use uuid::Uuid;

use super::board::{BLACK, WATCHER, WHITE, app, game, play, token};
use crate::harness::{Events, TestApp};

async fn watch(app: &TestApp, id: &str) -> Events {
    let path = format!("/v1/games/{id}/events?access_token={}", token(WATCHER));
    let mut events = app.events(&path, None).await;
    assert_eq!(next(&mut events).await["type"], "snapshot");
    events
}

async fn next(events: &mut Events) -> Value {
    events.next().await.expect("the stream goes on").data
}

fn channel(id: &str) -> String {
    rookery_shared::chess::channel(id.parse().expect("a game's id is a UUID"))
}

/// A change that nobody hears of: its node died between commit and publication.
async fn change_unheard(app: &TestApp, id: &str) {
    sqlx::query(
        "with changed as (update chess_games set version = version + 1 where id = $1 returning id, version)
        insert into chess_game_events (game_id, version, event_type, payload, created_at)
        select id, version, 'draw_declined', '{\"color\": \"b\"}', clock_timestamp() from changed",
    )
    .bind(id.parse::<Uuid>().expect("a game's id is a UUID"))
    .execute(&app.store.pool)
    .await
    .expect("the game is changed");
}

#[tokio::test]
async fn a_change_that_was_never_published_is_found() {
    let app = app().await;
    let id = game(&app).await;
    let mut events = watch(&app, &id).await;
    change_unheard(&app, &id).await;
    assert_eq!(next(&mut events).await["type"], "draw_declined");
}

#[tokio::test]
async fn a_change_that_shows_a_gap_comes_after_what_was_missed() {
    let app = app().await;
    let id = game(&app).await;
    let mut events = watch(&app, &id).await;
    change_unheard(&app, &id).await;
    play(&app, WHITE, &id, "e2e4").await;
    assert_eq!(next(&mut events).await["type"], "draw_declined");
    assert_eq!(next(&mut events).await["type"], "move");
}

#[tokio::test]
async fn what_is_published_twice_or_is_no_event_is_not_passed_on() {
    let app = app().await;
    let id = game(&app).await;
    let mut events = watch(&app, &id).await;
    play(&app, WHITE, &id, "e2e4").await;
    let first = next(&mut events).await;
    for payload in [
        first.to_string(),
        "nonsense".to_owned(),
        "{}".to_owned(),
        "\"\u{0}\"".to_owned(),
    ] {
        app.store.queue.publish(&channel(&id), payload);
    }
    app.store.queue.publish(&channel(&id), [0xff, 0xfe]);
    play(&app, BLACK, &id, "e7e5").await;
    assert_eq!(next(&mut events).await["move"]["san"], "e5");
}

#[tokio::test]
async fn a_line_to_redis_that_broke_costs_nothing_but_time() {
    let app = app().await;
    let id = game(&app).await;
    let mut events = watch(&app, &id).await;
    let client = redis::Client::open(app.config.store.redis_url.as_str());
    let client = client.expect("the address makes sense");
    let mut redis = client
        .get_multiplexed_async_connection()
        .await
        .expect("Redis answers");
    for (mover, uci) in [(WHITE, "e2e4"), (BLACK, "e7e5"), (WHITE, "g1f3")] {
        let _killed: i64 = redis::cmd("CLIENT")
            .arg(&["KILL", "TYPE", "pubsub"])
            .query_async(&mut redis)
            .await
            .expect("Redis hangs up");
        play(&app, mover, &id, uci).await;
    }
    for san in ["e4", "e5", "Nf3"] {
        assert_eq!(next(&mut events).await["move"]["san"], san);
    }
}

/// More is published than the line to the watcher holds. What is kept for it is bounded, and it gets the game as it is then.
#[tokio::test]
async fn a_watcher_who_does_not_read_is_shown_the_game_when_it_does() {
    let app = app().await;
    let id = game(&app).await;
    let mut events = watch(&app, &id).await;
    let from = sqlx::query_scalar::<_, i64>("select version from chess_games");
    let from = from
        .fetch_one(&app.store.pool)
        .await
        .expect("there is one game");
    let padding = "x".repeat(64 * 1024);
    const MANY: i64 = 500;
    for seq in from + 1..=from + MANY {
        let event = json!({ "type": "draw_declined", "seq": seq, "padding": padding });
        app.store.queue.publish(&channel(&id), event.to_string());
    }
    sqlx::query("update chess_games set version = version + $1")
        .bind(MANY)
        .execute(&app.store.pool)
        .await
        .expect("the game is changed");
    let mut told = 0;
    let last = loop {
        let message = next(&mut events).await;
        if message["type"] == "snapshot" {
            break message;
        }
        told += 1;
        assert_eq!(message["seq"], from + told, "what is told is told in order");
    };
    assert_eq!(last["seq"], from + MANY);
    assert!(
        told < MANY,
        "everything was kept for a watcher who does not read"
    );
}
