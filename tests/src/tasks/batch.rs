//! `POST /api/tasks/batch`: many orders, all or none.

use serde_json::{Value, json};

use super::steps::{get, task_id};
use crate::harness::TestApp;

#[tokio::test]
async fn a_batch_is_accepted_in_its_order() {
    let app = TestApp::start().await;
    let batch = json!({ "tasks": [
        { "game_id": "trust-game", "plugin": "Validation", "owner": "ann", "priority": "low" },
        { "game_id": "prisoners-dilemma", "plugin": "Nash Equilibrium", "config": { "solver": "pure" }, "timeout": 30 },
        { "game_id": "matching-pennies", "plugin": "IESDS" },
    ] });
    let tasks = app.post("/api/tasks/batch").json(&batch).await.expect(200);
    let field = |name: &str| {
        tasks
            .as_array()
            .expect("a list")
            .iter()
            .map(|task| task[name].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        field("plugin_name"),
        ["Validation", "Nash Equilibrium", "IESDS"]
    );
    assert_eq!(field("owner"), ["ann", "anonymous", "anonymous"]);
    assert_eq!(field("priority"), ["low", "normal", "normal"]);
    assert_eq!(
        field("config"),
        [json!({}), json!({ "solver": "pure" }), json!({})]
    );
    assert_eq!(field("timeout"), [Value::Null, json!(30.0), Value::Null]);
    app.work().await;
    for task in tasks.as_array().expect("a list") {
        assert_eq!(get(&app, &task_id(task)).await["status"], "completed");
    }
}

#[tokio::test]
async fn one_bad_order_is_named_and_none_is_accepted() {
    let app = TestApp::start().await;
    let good = json!({ "game_id": "trust-game", "plugin": "Validation" });
    let with = |bad: Value| json!({ "tasks": [good, bad] });
    let send = |batch: Value| app.post("/api/tasks/batch").json(&batch);
    let unknown = send(with(json!({ "game_id": "trust-game", "plugin": "Magic" })))
        .await
        .detail(400);
    assert!(
        unknown.contains("tasks.1") && unknown.contains("Unknown plugin: Magic"),
        "{unknown}"
    );
    let missing = send(with(
        json!({ "game_id": "nowhere", "plugin": "Validation" }),
    ))
    .await
    .detail(404);
    assert!(
        missing.contains("tasks.1") && missing.contains("Game not found: nowhere"),
        "{missing}"
    );
    let option =
        with(json!({ "game_id": "trust-game", "plugin": "Validation", "config": { "colour": 1 } }));
    let fault = send(option).await.expect(422);
    assert_eq!(
        fault["detail"][0]["loc"],
        json!(["body", "tasks", 1, "config", "colour"])
    );
    for (what, batch) in [
        ("empty", json!({ "tasks": [] })),
        ("missing", json!({})),
        ("a word", json!({ "tasks": "all" })),
        (
            "an order without a game",
            with(json!({ "plugin": "Validation" })),
        ),
        ("too many", json!({ "tasks": vec![good.clone(); 1001] })),
    ] {
        let fault = send(batch).await.expect(422);
        assert_eq!(fault["detail"][0]["loc"][0], "body", "{what}: {fault}");
    }
    assert_eq!(app.get("/api/tasks").await.expect(200), json!([]));
}

#[tokio::test]
async fn a_thousand_at_once_are_accepted() {
    let app = TestApp::start().await;
    let order = json!({ "game_id": "trust-game", "plugin": "Validation" });
    let batch = json!({ "tasks": vec![order; 1000] });
    let tasks = app.post("/api/tasks/batch").json(&batch).await.expect(200);
    assert_eq!(tasks.as_array().map(Vec::len), Some(1000));
    app.work().await;
    let left = app
        .get("/api/tasks?status=completed&limit=1000")
        .await
        .expect(200);
    assert_eq!(left.as_array().map(Vec::len), Some(1000));
}
