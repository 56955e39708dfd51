//! What most task tests do first: order something short or something endless.

use serde_json::Value;

use crate::harness::{Node, TestApp};
use crate::theory::steps::{endless_game, upload};

/// An order that any worker finishes at once.
pub const SHORT: &str = "/api/tasks?game_id=trust-game&plugin=Validation";

/// Orders it and returns its id.
pub async fn short(node: &Node) -> String {
    task_id(&node.post(SHORT).await.expect(200))
}

/// Orders an analysis that never ends by itself and returns its id.
pub async fn endless(node: &Node) -> String {
    let game = upload(node, "endless.nfg", &endless_game()).await;
    let order = format!("/api/tasks?game_id={game}&plugin=Nash%20Equilibrium");
    task_id(&node.post(&order).await.expect(200))
}

pub fn task_id(task: &Value) -> String {
    task["id"].as_str().expect("a task has an id").to_owned()
}

pub async fn get(node: &Node, id: &str) -> Value {
    node.get(&format!("/api/tasks/{id}")).await.expect(200)
}

/// The task once it has ended.
pub async fn ended(node: &Node, id: &str) -> Value {
    let task = node
        .get(&format!("/api/tasks/{id}?wait=60"))
        .await
        .expect(200);
    let status = task["status"].as_str().unwrap_or_default();
    assert!(
        ["completed", "failed", "cancelled"].contains(&status),
        "{task}"
    );
    task
}

/// Cancels a running task and waits for its end: its thread counts on for as long as nobody says stop.
pub async fn stop(app: &TestApp, id: &str) -> Value {
    app.delete(&format!("/api/tasks/{id}")).await.expect(200);
    ended(app, id).await
}
