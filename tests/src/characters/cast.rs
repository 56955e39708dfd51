//! Who the tests are about: the tavern's people of the contract, in a world whose time stands still.

use rookery_api::config::Config;
use rookery_shared::characters::seed_tavern;
use serde_json::{Value, json};

use crate::harness::{Node, Reply, TestApp};

/// A server with a world that only the test moves.
pub async fn tavern() -> TestApp {
    let app = TestApp::start().await;
    stop_time(&app).await;
    for (id, archetype) in [
        ("barkeep", "barkeep"),
        ("merchant", "merchant"),
        ("bard", "bard"),
        ("guard", "guard"),
    ] {
        register(&app, id, archetype).await;
    }
    app
}

/// Greta, Fynn, Elara and Theron, in a world whose time stands still.
pub async fn furnished() -> TestApp {
    furnished_with(|_| {}).await
}

/// The same, with settings of its own.
pub async fn furnished_with(change: impl FnOnce(&mut Config)) -> TestApp {
    let app = TestApp::start_with(change).await;
    stop_time(&app).await;
    seed_tavern(&app.store)
        .await
        .expect("the tavern is furnished");
    app
}

/// What fades or grows stays as it is.
pub async fn stop_time(app: &TestApp) {
    settings(app, json!({ "tick": { "running": false } })).await;
}

/// So many ticks pass at once.
pub async fn pass(app: &TestApp, fast: i64, slow: i64) {
    sqlx::query(
        "update characters_world set fast_ticks = fast_ticks + $1, slow_ticks = slow_ticks + $2",
    )
    .bind(fast)
    .bind(slow)
    .execute(&app.store.pool)
    .await
    .expect("the clock can be moved");
}

async fn settings(app: &TestApp, config: Value) {
    sqlx::query("update characters_world set config = $1")
        .bind(config)
        .execute(&app.store.pool)
        .await
        .expect("the settings can be written");
}

pub async fn register(node: &Node, id: &str, archetype: &str) -> Value {
    let body = json!({ "id": id, "name": id, "archetype": archetype, "identity": {} });
    node.post("/api/characters").json(&body).await.expect(201)
}

/// Asserts a refusal in the contract's envelope, in these words.
#[track_caller]
pub fn refused(reply: &Reply, status: u16, code: &str, text: &str) {
    let body = reply.expect(status);
    let id = reply.header("x-request-id");
    let expected = json!({ "error": text, "code": code, "requestId": id });
    assert_eq!(body, expected, "{}", reply.call);
}

#[track_caller]
pub fn invalid(reply: &Reply, text: &str) {
    refused(reply, 400, "VALIDATION_ERROR", text);
}

#[track_caller]
pub fn missing(reply: &Reply, text: &str) {
    refused(reply, 404, "NOT_FOUND", text);
}

/// Asserts a refusal of bad input in the contract's envelope, in whatever words.
#[track_caller]
pub fn wrong(reply: &Reply) {
    let body = reply.expect(400);
    let text = body["error"].as_str().unwrap_or_default();
    assert!(!text.is_empty(), "{}: {body}", reply.call);
    invalid(reply, text);
}
