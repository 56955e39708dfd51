//! `Idempotency-Key`: the same request twice is done once, another request under the same key is refused.

use std::collections::HashSet;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::steps::{SHORT, task_id};
use crate::harness::{Call, TestApp};
use crate::theory::steps::{AXELROD, THREE_AGREE};

const HEADER: &str = "idempotency-key";

async fn tasks(app: &TestApp) -> usize {
    let tasks = app.get("/api/tasks").await.expect(200);
    tasks.as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn the_first_answer_is_given_again_on_any_node() {
    let app = TestApp::start().await;
    let other = app.another_node().await;
    let first = app.post(SHORT).header(HEADER, "once").await;
    assert_eq!(first.header("idempotency-replayed"), None);
    app.work().await;
    let second = other.post(SHORT).header(HEADER, "once").await;
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    assert_eq!(second.expect(200), first.expect(200));
    let other_key = app.post(SHORT).header(HEADER, "another").await.expect(200);
    assert_ne!(task_id(&other_key), task_id(&first.json()));
    assert_eq!(tasks(&app).await, 2);
}

#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    let app = TestApp::start().await;
    app.post(SHORT).header(HEADER, "once").await.expect(200);
    let keyed = |call: Call| call.header(HEADER, "once");
    for other in [
        keyed(app.post("/api/tasks?game_id=stag-hunt&plugin=Validation")),
        keyed(app.post("/api/tasks?game_id=trust-game&plugin=IESDS")),
        keyed(app.post(&format!("{SHORT}&owner=ann"))),
        keyed(app.post(&format!("{SHORT}&priority=high"))),
        keyed(app.post(&format!("{SHORT}&timeout=5"))),
        keyed(app.post(&format!("{SHORT}&solver=pure"))),
        keyed(
            app.post(SHORT)
                .json(&json!({ "config": { "max_equilibria": 3 } })),
        ),
    ] {
        let fault = other.await.expect(422);
        assert_eq!(
            fault["detail"][0]["loc"],
            json!(["header", "Idempotency-Key"]),
            "{fault}"
        );
    }
    assert_eq!(tasks(&app).await, 1);
}

/// The pools of both nodes have four connections each: waiting twins must not keep the first from its work.
#[tokio::test]
async fn a_hundred_twins_make_one_task() {
    let app = TestApp::start().await;
    let other = app.another_node().await;
    let twins = (0..100).map(|number| {
        let node = if number % 2 == 0 { &*app } else { &other };
        async move { node.post(SHORT).header(HEADER, "storm").await }
    });
    let replies = join_all(twins).await;
    let bodies: HashSet<String> = replies
        .iter()
        .map(|reply| reply.expect(200).to_string())
        .collect();
    assert_eq!(bodies.len(), 1);
    let first = replies
        .iter()
        .filter(|reply| reply.header("idempotency-replayed").is_none());
    assert_eq!(first.count(), 1);
    assert_eq!(tasks(&app).await, 1);
}

#[tokio::test]
async fn a_refused_order_leaves_the_key_free() {
    let app = TestApp::start().await;
    let bad = "/api/tasks?game_id=nowhere&plugin=Validation";
    app.post(bad)
        .header(HEADER, "once")
        .await
        .refused(404, "Game not found: nowhere");
    app.post(SHORT).header(HEADER, "once").await.expect(200);
}

#[tokio::test]
async fn a_key_must_be_a_key() {
    let app = TestApp::start().await;
    for key in ["", &"x".repeat(256)] {
        let fault = app.post(SHORT).header(HEADER, key).await.expect(422);
        assert_eq!(
            fault["detail"][0]["loc"],
            json!(["header", "Idempotency-Key"]),
            "{fault}"
        );
    }
    app.post(SHORT)
        .header(HEADER, &"x".repeat(255))
        .await
        .expect(200);
}

#[tokio::test]
async fn operations_do_not_share_keys_and_uploads_have_them_too() {
    let app = TestApp::start().await;
    let upload = |text: &str| {
        app.post("/api/games/upload")
            .file("game.nfg", text)
            .header(HEADER, "once")
    };
    app.post(SHORT).header(HEADER, "once").await.expect(200);
    // Without an id of its own each upload would make another game.
    let first = upload(THREE_AGREE).await;
    let second = upload(THREE_AGREE).await;
    assert_eq!(first.expect(200), second.expect(200));
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    let other = app
        .post("/api/games/upload")
        .file("game.json", AXELROD)
        .header(HEADER, "once")
        .await;
    other.expect(422);
    app.get("/api/games/axelrod")
        .await
        .refused(404, "Game not found: axelrod");
}

#[tokio::test]
async fn a_batch_sent_twice_is_one_batch() {
    let app = TestApp::start().await;
    let order = json!({ "game_id": "trust-game", "plugin": "Validation" });
    let send = |count: usize| {
        let batch = json!({ "tasks": vec![order.clone(); count] });
        app.post("/api/tasks/batch")
            .json(&batch)
            .header(HEADER, "batch")
    };
    let first = send(3).await.expect(200);
    let second = send(3).await;
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    assert_eq!(second.expect(200), first);
    let fault: Value = send(2).await.expect(422);
    assert_eq!(
        fault["detail"][0]["loc"],
        json!(["header", "Idempotency-Key"])
    );
    assert_eq!(tasks(&app).await, 3);
}

/// Two callers may pick the same key.
#[tokio::test]
async fn keys_belong_to_their_caller() {
    let callers = ["the-first-of-two-callers", "the-second-of-two-callers"];
    let app =
        TestApp::start_with(|config| config.api_keys = callers.map(String::from).to_vec()).await;
    let mut ids = HashSet::new();
    for caller in callers {
        let task = app
            .post(SHORT)
            .header("x-api-key", caller)
            .header(HEADER, "once")
            .await;
        ids.insert(task_id(&task.expect(200)));
    }
    assert_eq!(ids.len(), 2);
}
