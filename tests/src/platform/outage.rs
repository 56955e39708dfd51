//! A server whose Postgres is away says so, in the area's envelope and in time, and lives on.

use rookery_shared::Store;

use crate::harness::{Node, TestApp};
use crate::tasks::steps::SHORT;
use crate::theory::steps::AXELROD;

/// A node of this installation that looks for Postgres where there is none.
async fn lost(app: &TestApp) -> Node {
    let mut config = app.config.clone();
    config.store.database_url = "postgres://nobody@127.0.0.1:1/nothing".to_owned();
    let store = Store::connect(&config.store).expect("the address makes sense");
    Node::start(&config, store).await
}

#[tokio::test]
async fn probes_tell_living_from_ready() {
    let app = TestApp::start().await;
    let node = lost(&app).await;
    node.get("/livez").await.expect(200);
    let unready = node.get("/readyz").await.expect(503);
    assert_eq!(unready["status"], "unready");
    assert_eq!(unready["database"], "down");
    assert_eq!(unready["redis"], "ok");
    let health = node.get("/api/health").await.expect(503);
    assert_eq!(health["status"], "degraded");
    assert_eq!(health["database"], false);
    assert_eq!(health["games_loaded"], 0);
    assert_eq!(node.get("/metrics").await.status, 200);
    assert_eq!(node.get("/docs").await.status, 200);
}

#[tokio::test]
async fn nothing_is_acknowledged_that_is_not_recorded() {
    let app = TestApp::start().await;
    let node = lost(&app).await;
    let task = "00000000-0000-0000-0000-000000000000";
    let calls = [
        node.get("/api/games"),
        node.get("/api/games/trust-game"),
        node.delete("/api/games/trust-game"),
        node.post("/api/games/upload").file("axelrod.json", AXELROD),
        node.post("/api/reset"),
        node.post(SHORT),
        node.post(SHORT).header("idempotency-key", "once"),
        node.get("/api/tasks"),
        node.get(&format!("/api/tasks/{task}?wait=30")),
        node.get(&format!("/api/tasks/{task}/events")),
        node.delete(&format!("/api/tasks/{task}")),
    ];
    let replies = futures_util::future::join_all(calls.map(|call| call.send())).await;
    for reply in replies {
        reply.refused(503, "Service temporarily unavailable");
        let seconds = reply
            .header("retry-after")
            .and_then(|text| text.parse::<u64>().ok());
        assert!(seconds.is_some_and(|seconds| seconds > 0), "{}", reply.call);
    }
    // What needs no database is still checked, and still refused.
    node.post("/api/tasks?plugin=Validation").await.expect(422);
}
