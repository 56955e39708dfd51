//! `/livez`, `/readyz`, `/api/health` and `/metrics`, as operators and load balancers ask them.

use serde_json::json;
use sqlx::Executor as _;

use crate::harness::TestApp;

#[tokio::test]
async fn a_server_lives_and_is_ready() {
    let app = TestApp::start().await;
    assert_eq!(
        app.get("/livez").await.expect(200),
        json!({ "status": "ok" })
    );
    assert_eq!(
        app.get("/readyz").await.expect(200),
        json!({ "status": "ready", "database": "ok", "migrations": "ok", "redis": "ok" })
    );
}

#[tokio::test]
async fn without_redis_it_stays_ready() {
    // A port that nothing listens on.
    let app =
        TestApp::start_with(|config| config.store.redis_url = "redis://127.0.0.1:1/".into()).await;
    let ready = app.get("/readyz").await.expect(200);
    assert_eq!(ready["status"], "ready");
    assert_eq!(ready["redis"], "down");
}

#[tokio::test]
async fn without_its_migrations_it_is_not_ready() {
    let app = TestApp::start().await;
    app.store
        .pool
        .execute("delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)")
        .await
        .expect("the last migration is forgotten");
    let unready = app.get("/readyz").await.expect(503);
    assert_eq!(unready["status"], "unready");
    assert_eq!(unready["database"], "ok");
    assert_eq!(unready["migrations"], "down");
}

#[tokio::test]
async fn health_counts_the_loaded_games() {
    let app = TestApp::start().await;
    let before = app.get("/api/health").await.expect(200);
    assert_eq!(before["status"], "ok");
    let games = app.get("/api/games").await.expect(200);
    let loaded = games.as_array().map(Vec::len);
    assert_eq!(
        before["games_loaded"].as_u64(),
        loaded.map(|count| count as u64)
    );
    app.delete("/api/games/trust-game").await.expect(200);
    let after = app.get("/api/health").await.expect(200);
    assert_eq!(
        after["games_loaded"].as_u64().map(|count| count + 1),
        before["games_loaded"].as_u64()
    );
}

#[tokio::test]
async fn metrics_tell_requests_by_route_and_tasks_by_status() {
    let app = TestApp::start().await;
    app.get("/api/games/trust-game").await.expect(200);
    app.get("/api/games/matching-pennies").await.expect(200);
    app.get("/never/heard/of/8c1f").await.expect(404);
    app.post("/api/tasks?game_id=trust-game&plugin=Validation")
        .await
        .expect(200);
    let reply = app.get("/metrics").await;
    assert_eq!(reply.status, 200);
    assert!(
        reply
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/plain"))
    );
    let text = reply.text();
    let route = r#"route="/api/games/{game_id}""#;
    for expected in [
        "# TYPE http_server_request_duration_seconds histogram",
        route,
        r#"route="unmatched""#,
        r#"rookery_queue_depth{kind="theory.analyze",status="pending"} 1"#,
        r#"rookery_queue_oldest_age_seconds{kind="theory.analyze",status="pending"}"#,
    ] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
    // Labels are bounded: neither ids nor paths that clients made up.
    assert!(!text.contains("trust-game"), "{text}");
    assert!(!text.contains("8c1f"), "{text}");
}
