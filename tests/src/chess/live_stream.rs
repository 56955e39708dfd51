//! Watching a game by server-sent events: the whole first, every change after it, from any node, and no further than the end.

use serde_json::{Value, json};

use super::board::{
    BLACK, WATCHER, WHITE, act, app, as_account, challenge, game, play, shuffle, token,
};
use crate::harness::{Event, Events, Node, document, faults};

async fn watch(node: &Node, id: &str, last_event_id: Option<&str>) -> Events {
    let path = format!("/v1/games/{id}/events?access_token={}", token(WATCHER));
    let events = node.events(&path, last_event_id).await;
    assert_eq!(events.status, 200);
    events
}

async fn next(events: &mut Events) -> Event {
    let event = events.next().await.expect("the stream goes on");
    assert_eq!(event.id, event.data["seq"].to_string());
    let message = json!({ "$ref": "#/components/schemas/LiveEvent" });
    assert_eq!(faults(&message, &event.data), Vec::<String>::new());
    event
}

#[tokio::test]
async fn a_watcher_is_shown_the_game_and_then_told_every_change() {
    let app = app().await;
    let id = challenge(&app).await;
    let mut events = watch(&app, &id, None).await;
    assert_eq!(events.headers["content-type"], "text/event-stream");
    let snapshot = next(&mut events).await.data;
    assert_eq!(snapshot["type"], "snapshot");
    assert_eq!(snapshot["game"]["status"], "waiting_for_opponent");
    assert_eq!(snapshot["game"]["version"], snapshot["seq"]);

    act(&app, BLACK, &id, "join").await;
    play(&app, WHITE, &id, "f2f3").await;
    act(&app, WHITE, &id, "offer-draw").await;
    act(&app, BLACK, &id, "decline-draw").await;
    play(&app, BLACK, &id, "e7e5").await;
    play(&app, WHITE, &id, "g2g4").await;
    let end = play(&app, BLACK, &id, "d8h4").await;
    assert_eq!(end["end_reason"], "checkmate");

    let told = events.rest().await;
    let kinds: Vec<&Value> = told.iter().map(|event| &event.data["type"]).collect();
    let expected = [
        "joined",
        "move",
        "draw_offered",
        "draw_declined",
        "move",
        "move",
        "move",
    ];
    assert_eq!(kinds, expected);
    let first = snapshot["seq"].as_i64().expect("a version");
    for (event, seq) in told.iter().zip(first + 1..) {
        assert_eq!(event.data["seq"], seq);
        assert_eq!(event.data["game_id"], id.as_str());
    }
    let (moved, mated) = (&told[1].data, &told[6].data);
    assert_eq!(moved["move"]["san"], "f3");
    assert_eq!(moved["move"]["ply"], 1);
    assert_eq!(
        moved["move"]["fen"],
        "rnbqkbnr/pppppppp/8/8/8/5P2/PPPPP1PP/RNBQKBNR b KQkq - 0 1"
    );
    assert_eq!(moved["move"]["black_clock_ms"], 300_000);
    assert_eq!(mated["move"]["san"], "Qh4#");
    assert_eq!(mated["ending"]["result"], "0-1");
    assert_eq!(mated["ending"]["end_reason"], "checkmate");
    assert_eq!(mated["seq"], end["version"]);
}

#[tokio::test]
async fn who_comes_back_gets_what_it_missed_from_any_node() {
    let app = app().await;
    let other = app.another_node().await;
    let id = game(&app).await;
    let mut events = watch(&app, &id, None).await;
    let snapshot = next(&mut events).await;
    play(&app, WHITE, &id, "e2e4").await;
    let seen = next(&mut events).await;
    drop(events);

    play(&other, BLACK, &id, "e7e5").await;
    play(&app, WHITE, &id, "g1f3").await;
    let mut events = watch(&other, &id, Some(&seen.id)).await;
    for (san, ply) in [("e5", 2), ("Nf3", 3)] {
        let told = next(&mut events).await.data;
        assert_eq!(
            (&told["move"]["san"], &told["move"]["ply"]),
            (&json!(san), &json!(ply))
        );
    }
    // And then what happens at the node where it was before.
    play(&app, BLACK, &id, "b8c6").await;
    assert_eq!(next(&mut events).await.data["move"]["san"], "Nc6");

    // The same by a parameter, for clients that cannot say it in a header.
    let path = format!(
        "/v1/games/{id}/events?since={}&access_token={}",
        snapshot.id,
        token(WHITE)
    );
    let mut again = other.events(&path, None).await;
    for san in ["e4", "e5", "Nf3", "Nc6"] {
        assert_eq!(next(&mut again).await.data["move"]["san"], san);
    }
}

#[tokio::test]
async fn a_version_that_cannot_be_followed_is_answered_with_the_game() {
    let app = app().await;
    let id = game(&app).await;
    let mut first = watch(&app, &id, None).await;
    let begun = next(&mut first).await.id;
    shuffle(&app, &id, 4).await;
    act(&app, WHITE, &id, "takeback").await;
    act(&app, BLACK, &id, "takeback").await;
    // Some of the moves since are gone; and nobody has seen version 999 or "x" yet.
    for known in [begun.as_str(), "999", "-1", "0", "x"] {
        let mut events = watch(&app, &id, Some(known)).await;
        let told = next(&mut events).await.data;
        assert_eq!(told["type"], "snapshot", "{known}");
        assert_eq!(
            told["game"]["moves"].as_array().map(Vec::len),
            told["game"]["ply"].as_u64().map(|ply| ply as usize)
        );
    }
    // Who was there all the time was told everything.
    let mut kinds = Vec::new();
    while kinds.last() != Some(&json!("takeback")) {
        kinds.push(next(&mut first).await.data["type"].clone());
    }
    assert_eq!(
        kinds,
        [
            "move",
            "move",
            "move",
            "move",
            "takeback_offered",
            "takeback"
        ]
    );
}

#[tokio::test]
async fn a_stream_ends_with_its_game_and_does_not_begin_again() {
    let app = app().await;
    let id = game(&app).await;
    let mut events = watch(&app, &id, None).await;
    next(&mut events).await;
    act(&app, BLACK, &id, "resign").await;
    let told = events.rest().await;
    let [ended] = told.as_slice() else {
        panic!("one change, then the end")
    };
    assert_eq!(ended.data["type"], "ended");
    assert_eq!(ended.data["ending"]["end_reason"], "resignation");

    // Who knows the end is told not to come again; who does not is shown the game, and no more.
    let path = format!("/v1/games/{id}/events");
    let call = app.get(&path).header("last-event-id", &ended.id);
    assert_eq!(as_account(WATCHER, call).await.status, 204);
    let whole = watch(&app, &id, None).await.rest().await;
    assert_eq!(whole.len(), 1);
    assert_eq!(whole[0].data["game"]["status"], "ended");
}

#[tokio::test]
async fn nobody_watches_without_a_token_or_what_is_not_there() {
    let app = app().await;
    let id = game(&app).await;
    let path = format!("/v1/games/{id}/events");
    assert_eq!(app.get(&path).await.expect(401)["error"], "unauthorized");
    app.get(&format!("{path}?access_token=x.y.z"))
        .await
        .expect(401);
    for unknown in ["00000000-0000-0000-0000-000000000000", "no-id"] {
        let call = app.get(&format!("/v1/games/{unknown}/events"));
        let refused = as_account(WATCHER, call).await.expect(404);
        assert_eq!(refused["error"], "game_not_found");
    }
    let call = app.get(&format!("{path}?since=soon"));
    assert_eq!(
        as_account(WATCHER, call).await.expect(400)["error"],
        "invalid_request"
    );
}

/// Clients are made from the document: it says what a message looks like.
#[test]
fn the_document_describes_the_messages() {
    let paths = &document()["paths"];
    let events = &paths["/v1/games/{game_id}/events"]["get"]["responses"]["200"]["content"];
    assert!(events["text/event-stream"].is_object());
    let socket = &paths["/v1/games/{game_id}/ws"]["get"]["responses"];
    assert!(socket["101"].is_object());
}
