//! `/api/goals`: the contract's example, steps and how they end a goal, and what is refused.

use reqwest::Method;
use serde_json::{Value, json};

use super::cast::{invalid, missing, tavern};
use crate::harness::TestApp;

fn festival() -> Value {
    json!({
        "description": "Organize a tavern festival",
        "priority": 7,
        "steps": [
            { "description": "Buy decorations", "completed": false },
            { "description": "Invite performers" },
        ],
    })
}

async fn add(app: &TestApp, goal: &Value) -> Value {
    let added = app.post("/api/goals/barkeep").json(goal).await.expect(201);
    added["goal"].clone()
}

fn path(goal: &Value) -> String {
    let id = goal["id"].as_str().expect("a goal has an id");
    format!("/api/goals/barkeep/{id}")
}

#[tokio::test]
async fn a_goal_is_set_as_the_contract_shows() {
    let app = tavern().await;
    let goal = add(&app, &festival()).await;
    assert!(goal["id"].as_str().is_some_and(|id| id.starts_with("g_")));
    assert!(
        goal["createdAt"]
            .as_i64()
            .is_some_and(|ms| ms > 1_709_000_000_000)
    );
    let expected = json!({
        "id": goal["id"],
        "characterId": "barkeep",
        "description": "Organize a tavern festival",
        "priority": 7.0,
        "status": "pending",
        "steps": [
            { "description": "Buy decorations", "completed": false },
            { "description": "Invite performers", "completed": false },
        ],
        "createdAt": goal["createdAt"],
    });
    assert_eq!(goal, expected);
    let all = app.get("/api/goals/barkeep").await.expect(200);
    assert_eq!(all, json!({ "goals": [goal] }));
    assert_eq!(
        app.get("/api/goals/guard").await.expect(200),
        json!({ "goals": [] })
    );
}

#[tokio::test]
async fn priorities_are_clamped_and_five_unless_said() {
    let app = tavern().await;
    for (said, priority) in [(json!(99), 10.0), (json!(-3), 1.0), (json!(null), 5.0)] {
        let goal = add(&app, &json!({ "description": "Rest", "priority": said })).await;
        assert_eq!(
            (&goal["priority"], &goal["steps"]),
            (&json!(priority), &json!([]))
        );
    }
}

#[tokio::test]
async fn the_last_step_completes_a_goal() {
    let app = tavern().await;
    let goal = add(&app, &festival()).await;
    let complete = |step: &str| app.post(&format!("{}/steps/{step}/complete", path(&goal)));
    let first = complete("1").await.expect(200);
    assert_eq!(first["goal"]["status"], "active");
    assert_eq!(first["goal"]["steps"][1]["completed"], true);
    assert_eq!(first["goal"]["steps"][0]["completed"], false);
    let done = complete("0").await.expect(200);
    assert_eq!(done["goal"]["status"], "completed");
    assert!(done["goal"]["completedAt"].is_i64());
    missing(&complete("2").await, "Goal step not found: 2");
    assert_eq!(complete("-1").await.status, 400);
}

#[tokio::test]
async fn a_goal_is_changed_given_up_and_removed() {
    let app = tavern().await;
    let goal = add(&app, &festival()).await;
    let change = |body: Value| app.call(Method::PUT, &path(&goal)).json(&body).send();
    let changed = change(json!({ "priority": 9, "steps": [{ "description": "Rest" }] })).await;
    let changed = changed.expect(200)["goal"].take();
    assert_eq!(changed["priority"], 9.0);
    assert_eq!(changed["description"], goal["description"]);
    assert_eq!(
        changed["steps"],
        json!([{ "description": "Rest", "completed": false }])
    );
    let given_up = change(json!({ "status": "abandoned" })).await.expect(200);
    assert!(given_up["goal"]["completedAt"].is_i64());
    let again = change(json!({ "status": "active" })).await.expect(200);
    assert_eq!(again["goal"].get("completedAt"), None);
    invalid(
        &change(json!({ "status": "won" })).await,
        r#"Field 'status' must be one of "pending", "active", "completed", "abandoned""#,
    );
    let removed = app.delete(&path(&goal)).await.expect(200);
    assert_eq!(removed, json!({ "removed": goal["id"] }));
    let id = goal["id"].as_str().expect("a goal has an id");
    missing(
        &app.delete(&path(&goal)).await,
        &format!("Goal not found: {id}"),
    );
    missing(&change(json!({})).await, &format!("Goal not found: {id}"));
}

#[tokio::test]
async fn what_is_no_goal_is_refused() {
    let app = tavern().await;
    let post = |body: Value| app.post("/api/goals/barkeep").json(&body).send();
    for (body, text) in [
        (json!({}), "Missing required field: description"),
        (
            json!({ "description": 5 }),
            "Field 'description' must be string, got number",
        ),
        (
            json!({ "description": "x", "priority": "high" }),
            "Field 'priority' must be number, got string",
        ),
        (
            json!({ "description": "x", "steps": {} }),
            "Field 'steps' must be array, got object",
        ),
        (
            json!({ "description": "x", "steps": ["a"] }),
            "Field 'steps.0' must be object, got string",
        ),
        (
            json!({ "description": "x", "steps": [{}] }),
            "Missing required field: steps.0.description",
        ),
        (
            json!({ "description": "x", "steps": [{ "description": "y", "completed": "no" }] }),
            "Field 'steps.0.completed' must be boolean, got string",
        ),
        (
            json!({ "description": " " }),
            "Field 'description' must not be empty",
        ),
        (
            json!({ "description": "a\u{0}b" }),
            "Field 'description' must not contain NUL",
        ),
    ] {
        invalid(&post(body).await, text);
    }
    let unknown = app.post("/api/goals/nobody").json(&festival()).await;
    missing(&unknown, "Character not found: nobody");
    missing(
        &app.get("/api/goals/nobody").await,
        "Character not found: nobody",
    );
    assert_eq!(
        app.get("/api/goals/barkeep").await.expect(200),
        json!({ "goals": [] })
    );
}

#[tokio::test]
async fn a_character_has_sixty_four_goals_at_most() {
    let app = tavern().await;
    let small = json!({ "description": "Rest" });
    for _ in 0..64 {
        add(&app, &small).await;
    }
    let one_more = app.post("/api/goals/barkeep").json(&small).await;
    invalid(&one_more, "a character has at most 64 goals");
}
