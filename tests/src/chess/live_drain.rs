//! A server that leaves takes its leave of those who watch: they go on at another one.

use super::board::{WATCHER, WHITE, app, game, play, token};
use super::socket::Socket;

#[tokio::test]
async fn streams_end_when_the_server_leaves_and_go_on_elsewhere() {
    let app = app().await;
    let id = game(&app).await;
    let leaving = app.another_node().await;
    let path = format!("/v1/games/{id}/events?access_token={}", token(WATCHER));
    let mut events = leaving.events(&path, None).await;
    let seen = events.next().await.expect("the stream begins");
    let mut socket = Socket::open(&leaving, WATCHER, &id, "").await;
    socket.told("snapshot").await;

    leaving.drain.begin();
    assert!(events.next().await.is_none());
    assert_eq!(socket.next().await, Err(1001));

    play(&app, WHITE, &id, "e2e4").await;
    let mut events = app.events(&path, Some(&seen.id)).await;
    let told = events.next().await.expect("the stream goes on");
    assert_eq!(told.data["move"]["san"], "e4");
}
