//! `POST /api/tasks`: what an order says, what it is checked for, and what comes back.

use rookery_queue::Status;
use serde_json::{Value, json};

use super::steps::{SHORT, ended, get, task_id};
use crate::harness::TestApp;
use crate::theory::steps::{AXELROD, endless_game, stairs, upload};

#[tokio::test]
async fn an_order_is_answered_with_the_task() {
    let app = TestApp::start().await;
    let reply = app
        .post("/api/tasks?game_id=trust-game&plugin=Nash%20Equilibrium")
        .await;
    let task = reply.expect(200);
    // The contract's answer …
    assert_eq!(task["status"], "pending");
    assert_eq!(task["plugin"], "Nash Equilibrium");
    assert_eq!(task["game_id"], "trust-game");
    assert!(task["task_id"].is_string());
    // … and the task as the original answers by now.
    assert_eq!(task["id"], task["task_id"]);
    assert_eq!(task["plugin_name"], "Nash Equilibrium");
    let id = task_id(&task);
    assert_eq!(
        reply.header("location"),
        Some(format!("/api/tasks/{id}").as_str())
    );
    let seen = get(&app, &id).await;
    for (name, value) in [
        ("id", json!(id)),
        ("owner", json!("anonymous")),
        ("status", json!("pending")),
        ("plugin_name", json!("Nash Equilibrium")),
        ("game_id", json!("trust-game")),
        ("config", json!({})),
        ("result", Value::Null),
        ("error", Value::Null),
        ("started_at", Value::Null),
        ("completed_at", Value::Null),
        ("kind", json!("theory.analyze")),
        ("subject", json!("trust-game")),
        ("attempt", json!(0)),
        ("priority", json!("normal")),
        ("progress", Value::Null),
        ("partial", Value::Null),
        ("cancel_requested", json!(false)),
    ] {
        assert_eq!(seen.get(name), Some(&value), "{name}: {seen}");
    }
    assert!(
        seen["created_at"].as_f64().is_some_and(|time| time > 1.7e9),
        "{seen}"
    );
    assert!(
        seen["max_attempts"].as_u64().is_some_and(|most| most >= 1),
        "{seen}"
    );
}

#[tokio::test]
async fn a_completed_task_has_a_result_and_times_in_order() {
    let app = TestApp::start().await;
    let task = app
        .post("/api/tasks?game_id=trust-game&plugin=Nash%20Equilibrium&solver=exhaustive&owner=session-xyz")
        .await
        .expect(200);
    app.work().await;
    let done = get(&app, &task_id(&task)).await;
    assert_eq!(done["status"], "completed");
    assert_eq!(done["owner"], "session-xyz");
    assert_eq!(done["config"], json!({ "solver": "exhaustive" }));
    assert_eq!(done["error"], Value::Null);
    assert_eq!(done["attempt"], 1);
    assert_eq!(done["result"]["summary"], "2 Nash equilibria");
    assert!(done["result"]["details"]["computation_time_ms"].is_u64());
    let time = |name: &str| {
        done[name]
            .as_f64()
            .unwrap_or_else(|| panic!("{name}: {done}"))
    };
    assert!(time("created_at") <= time("started_at"));
    assert!(time("started_at") <= time("completed_at"));
}

#[tokio::test]
async fn the_plugin_is_checked_first_then_the_game_then_whether_they_fit() {
    let app = TestApp::start().await;
    let order = |game: &str, plugin: &str| {
        app.post("/api/tasks")
            .query(&[("game_id", game), ("plugin", plugin)])
    };
    let unknown = order("invalid-id", "BadPlugin").await.detail(400);
    assert!(
        unknown.starts_with("Unknown plugin: BadPlugin. Available: ['"),
        "{unknown}"
    );
    for name in ["'Nash Equilibrium'", "'IESDS'", "'Validation'"] {
        assert!(unknown.contains(name), "{unknown}");
    }
    assert!(unknown.ends_with(']'), "{unknown}");
    order("invalid-id", "Validation")
        .await
        .refused(404, "Game not found: invalid-id");
    order("a\0b", "Validation")
        .await
        .refused(404, "Game not found: a\0b");
    order("trust-game", "nash equilibrium").await.detail(400);
    assert_eq!(app.get("/api/tasks").await.expect(200), json!([]));
}

#[tokio::test]
async fn an_option_that_makes_no_sense_is_named() {
    let app = TestApp::start().await;
    for (query, name) in [
        ("solver=magic", "solver"),
        ("max_equilibria=0", "max_equilibria"),
        ("max_equilibria=-1", "max_equilibria"),
        ("max_equilibria=several", "max_equilibria"),
        ("timeout=0", "timeout"),
        ("timeout=-5", "timeout"),
        ("timeout=NaN", "timeout"),
        ("timeout=3601", "timeout"),
        ("priority=urgent", "priority"),
        ("owner=a%00b", "owner"),
    ] {
        let fault = app.post(&format!("{SHORT}&{query}")).await.expect(422);
        assert_eq!(
            fault["detail"][0]["loc"],
            json!(["query", name]),
            "{query}: {fault}"
        );
    }
    let body = json!({ "config": { "colour": 1.5 } });
    let fault = app.post(SHORT).json(&body).await.expect(422);
    assert_eq!(
        fault["detail"][0]["loc"],
        json!(["body", "config", "colour"]),
        "{fault}"
    );
    assert_eq!(app.get("/api/tasks").await.expect(200), json!([]));
}

#[tokio::test]
async fn options_may_come_in_the_body() {
    let app = TestApp::start().await;
    let body = json!({ "config": { "solver": "pure", "max_equilibria": 1 } });
    let order = "/api/tasks?game_id=battle-of-sexes&plugin=Nash%20Equilibrium";
    let task = app.post(order).json(&body).await.expect(200);
    assert_eq!(task["config"], body["config"]);
    app.work().await;
    let done = get(&app, &task_id(&task)).await;
    assert_eq!(done["result"]["summary"], "1 Nash equilibrium+");
    // No body at all, with and without its type.
    app.post(SHORT).await.expect(200);
    app.post(SHORT)
        .header("content-type", "application/json")
        .await
        .expect(200);
}

/// The analysis is of the game as it was ordered, whatever became of it since.
#[tokio::test]
async fn a_game_that_changes_or_goes_does_not_change_the_order() {
    let app = TestApp::start().await;
    upload(&app, "axelrod.json", AXELROD).await;
    let order = |plugin: &str| {
        app.post("/api/tasks")
            .query(&[("game_id", "axelrod"), ("plugin", plugin)])
    };
    let first = order("Nash Equilibrium").await.expect(200);
    upload(
        &app,
        "axelrod.json",
        &AXELROD
            .replace("[5, 0]", "[2, 0]")
            .replace("[0, 5]", "[0, 2]"),
    )
    .await;
    let second = order("Nash Equilibrium").await.expect(200);
    app.delete("/api/games/axelrod").await.expect(200);
    app.work().await;
    // Axelrod's dilemma has one equilibrium; without the temptation cooperation is one too, and a mixture.
    let first = get(&app, &task_id(&first)).await;
    assert_eq!(first["result"]["summary"], "1 Nash equilibrium");
    let second = get(&app, &task_id(&second)).await;
    assert_eq!(second["result"]["summary"], "3 Nash equilibria");
}

#[tokio::test]
async fn a_client_may_wait_in_the_order_itself() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let reply = app.post(SHORT).header("prefer", "wait=60").await;
    assert_eq!(reply.expect(200)["status"], "completed");
    assert_eq!(reply.header("preference-applied"), Some("wait=60"));
    assert_eq!(app.post(SHORT).await.header("preference-applied"), None);
}

#[tokio::test]
async fn what_exceeds_its_time_ends_with_what_it_has() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let game = upload(&app, "endless.nfg", &endless_game()).await;
    let order = format!("/api/tasks?game_id={game}&plugin=Nash%20Equilibrium&timeout=0.3");
    let task = app.post(&order).await.expect(200);
    assert_eq!(task["timeout"], 0.3);
    let ended = ended(&app, &task_id(&task)).await;
    assert_eq!(ended["status"], "completed");
    let details = &ended["result"]["details"];
    assert_eq!(details["exhaustive"], false);
    assert_eq!(details["timed_out"], true);
    assert!(details["equilibria"].is_array());
    assert_eq!(
        ended["config"],
        json!({}),
        "the limit is no option of the analysis"
    );
}

/// Half a dominance order is no result.
#[tokio::test]
async fn what_exceeds_its_time_with_nothing_to_show_fails_in_the_contract_s_words() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let game = upload(&app, "stairs.nfg", &stairs()).await;
    let order = format!("/api/tasks?game_id={game}&plugin=IESDS&timeout=0.000001");
    let task = app.post(&order).await.expect(200);
    let failed = ended(&app, &task_id(&task)).await;
    assert_eq!(failed["status"], "failed");
    assert_eq!(failed["error"], "TimeoutError: computation exceeded limit");
    assert_eq!(failed["result"], Value::Null);
}

#[tokio::test]
async fn a_priority_is_kept_and_shown() {
    let app = TestApp::start().await;
    for priority in ["low", "normal", "high"] {
        let task = app
            .post(&format!("{SHORT}&priority={priority}"))
            .await
            .expect(200);
        assert_eq!(get(&app, &task_id(&task)).await["priority"], priority);
    }
}

#[tokio::test]
async fn an_order_is_accepted_and_run_without_redis() {
    let app =
        TestApp::start_with(|config| config.store.redis_url = "redis://127.0.0.1:1/".into()).await;
    let id = task_id(&app.post(SHORT).await.expect(200));
    let _worker = app.worker();
    assert_eq!(ended(&app, &id).await["status"], "completed");
    assert_ne!(app.begun(&id).await, Status::Pending);
}
