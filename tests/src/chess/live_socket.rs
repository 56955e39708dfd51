//! Watching and playing over a WebSocket.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::board::{BLACK, WATCHER, WHITE, app, as_account, game, play, token};
use super::socket::Socket;

fn step(id: u32, uci: &str) -> Value {
    json!({ "type": "move", "id": id, "from": &uci[..2], "to": &uci[2..4] })
}

/// Players are told their own moves too.
async fn moved_to(socket: &mut Socket, square: &str) -> Value {
    loop {
        let told = socket.told("move").await;
        if told["move"]["to"] == square {
            return told;
        }
    }
}

#[tokio::test]
async fn a_game_is_played_over_sockets_on_two_nodes() {
    let app = app().await;
    let other = app.another_node().await;
    let id = game(&app).await;
    let mut white = Socket::open(&app, WHITE, &id, "").await;
    let mut black = Socket::open(&other, BLACK, &id, "").await;
    for socket in [&mut white, &mut black] {
        let snapshot = socket.next().await.expect("the socket is open");
        assert_eq!(snapshot["type"], "snapshot");
        assert_eq!(snapshot["game"]["id"], id.as_str());
    }
    for (ply, uci) in ["f2f3", "e7e5", "g2g4"].into_iter().enumerate() {
        let (mover, opponent) = match ply % 2 {
            0 => (&mut white, &mut black),
            _ => (&mut black, &mut white),
        };
        mover.say(&step(7, uci)).await;
        let seen = moved_to(opponent, &uci[2..]).await;
        let done = mover.told("ok").await;
        assert_eq!((&done["id"], &done["seq"]), (&json!(7), &seen["seq"]));
    }
    // The same moves are there for who asks by HTTP, and a posted move is seen on the sockets.
    play(&app, BLACK, &id, "d8h4").await;
    let mate = moved_to(&mut white, "h4").await;
    assert_eq!(mate["move"]["san"], "Qh4#");
    assert_eq!(mate["ending"]["result"], "0-1");
    assert_eq!(white.next().await, Err(1000));
    assert_eq!(black.closed().await, 1000);
}

#[tokio::test]
async fn an_order_that_cannot_be_carried_out_is_refused_in_the_words_of_the_api() {
    let app = app().await;
    let id = game(&app).await;
    let mut white = Socket::open(&app, WHITE, &id, "").await;
    for (order, error) in [
        (step(1, "e2e5"), "illegal_move"),
        (step(2, "z9e4"), "invalid_request"),
        (json!({ "type": "move", "from": "e2" }), "invalid_request"),
        (
            json!({ "type": "move", "from": "e2", "to": "e4", "ply": 2 }),
            "ply_conflict",
        ),
        (json!({ "type": "castle" }), "invalid_request"),
        (json!({}), "invalid_request"),
        (json!([1]), "invalid_request"),
        (json!("move"), "invalid_request"),
    ] {
        white.say(&order).await;
        let refused = white.told("refused").await;
        assert_eq!(refused["error"], error, "{order}");
        assert!(refused["message"].is_string(), "{order}");
        assert_eq!(refused.get("id"), order.get("id"), "{order}");
    }
    white.send(Message::text("{")).await;
    assert_eq!(white.told("refused").await["error"], "invalid_request");
    let mut black = Socket::open(&app, BLACK, &id, "").await;
    black.say(&step(3, "e7e5")).await;
    let refused = black.told("refused").await;
    assert_eq!(refused["error"], "not_your_turn");
    assert_eq!(refused["game"]["id"], id.as_str());
    let mut watcher = Socket::open(&app, WATCHER, &id, "").await;
    watcher.say(&step(4, "e2e4")).await;
    assert_eq!(watcher.told("refused").await["error"], "not_a_player");
    // None of it changed anything.
    let call = app.get(&format!("/v1/games/{id}"));
    assert_eq!(as_account(WATCHER, call).await.expect(200)["ply"], 0);
}

#[tokio::test]
async fn a_socket_is_taken_up_again_where_it_was_lost() {
    let app = app().await;
    let id = game(&app).await;
    let mut socket = Socket::open(&app, WATCHER, &id, "").await;
    let seen = socket.told("snapshot").await["seq"].clone();
    drop(socket);
    play(&app, WHITE, &id, "e2e4").await;
    play(&app, BLACK, &id, "e7e5").await;
    let mut socket = Socket::open(&app, WATCHER, &id, &format!("&since={seen}")).await;
    for san in ["e4", "e5"] {
        let told = socket.next().await.expect("the socket is open");
        assert_eq!(told["move"]["san"], san);
    }
}

#[tokio::test]
async fn a_handshake_is_refused_before_the_connection_changes() {
    let app = app().await;
    let id = game(&app).await;
    assert_eq!(Socket::refused(&app, &id, "").await, 401);
    assert_eq!(Socket::refused(&app, &id, "?access_token=x").await, 401);
    let token = format!("?access_token={}", token(WATCHER));
    for unknown in ["00000000-0000-0000-0000-000000000000", "no-id"] {
        assert_eq!(Socket::refused(&app, unknown, &token).await, 404);
    }
    assert_eq!(
        Socket::refused(&app, &id, &format!("{token}&since=x")).await,
        400
    );
    // Who asks for a page and not for a socket.
    let call = app.get(&format!("/v1/games/{id}/ws"));
    assert_eq!(
        as_account(WATCHER, call).await.expect(400)["error"],
        "invalid_request"
    );
}

#[tokio::test]
async fn who_says_too_much_or_the_wrong_thing_is_hung_up_on() {
    let app = app().await;
    let id = game(&app).await;
    let long = |bytes: usize| {
        Message::text(format!(
            "{{\"type\": \"ping\", \"x\": \"{}\"}}",
            "x".repeat(bytes)
        ))
    };
    for (message, code) in [
        (Message::binary(vec![1, 2, 3]), 1003),
        (long(5_000), 1009),
        (long(1_000_000), 1002),
    ] {
        let mut socket = Socket::open(&app, WATCHER, &id, "").await;
        socket.send(message).await;
        assert_eq!(socket.closed().await, code);
    }
    let mut socket = Socket::open(&app, WATCHER, &id, "").await;
    socket.say(&json!({ "type": "ping", "id": "a" })).await;
    assert_eq!(socket.told("pong").await["id"], "a");
    for _ in 0..100 {
        socket.say(&json!({ "type": "ping" })).await;
    }
    assert_eq!(socket.closed().await, 1008);
}
