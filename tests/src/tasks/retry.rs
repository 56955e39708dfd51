//! `POST /api/tasks/{id}/retry`: another round for what failed or was cancelled.

use serde_json::Value;

use super::steps::{SHORT, ended, get, short, task_id};
use crate::harness::TestApp;
use crate::theory::steps::{stairs, upload};

#[tokio::test]
async fn a_cancelled_task_runs_after_all() {
    let app = TestApp::start().await;
    let id = short(&app).await;
    let path = format!("/api/tasks/{id}");
    app.delete(&path).await.expect(200);
    let again = app.post(&format!("{path}/retry")).await.expect(200);
    assert_eq!(again["id"], id);
    assert_eq!(again["status"], "pending");
    assert_eq!(again["cancel_requested"], false);
    assert_eq!(again["completed_at"], Value::Null);
    app.work().await;
    assert_eq!(get(&app, &id).await["status"], "completed");
}

#[tokio::test]
async fn a_failed_task_keeps_the_story_of_its_attempts() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let game = upload(&app, "stairs.nfg", &stairs()).await;
    let order = format!("/api/tasks?game_id={game}&plugin=IESDS&timeout=0.000001");
    let id = task_id(&app.post(&order).await.expect(200));
    assert_eq!(ended(&app, &id).await["status"], "failed");
    let again = app
        .post(&format!("/api/tasks/{id}/retry"))
        .await
        .expect(200);
    assert_eq!(again["error"], Value::Null);
    let failed = ended(&app, &id).await;
    assert_eq!(failed["status"], "failed");
    assert_eq!(failed["attempt"], 2);
    let attempts = app
        .get(&format!("/api/tasks/{id}/attempts"))
        .await
        .expect(200);
    let attempts = attempts.as_array().expect("a list");
    assert_eq!(attempts.len(), 2);
    for (number, attempt) in (1..).zip(attempts) {
        assert_eq!(attempt["attempt"], number);
        assert_eq!(
            attempt["error"], "TimeoutError: computation exceeded limit",
            "{attempt}"
        );
        assert!(attempt["ended_at"].is_f64());
    }
}

#[tokio::test]
async fn what_has_not_failed_is_not_tried_again() {
    let app = TestApp::start().await;
    let id = short(&app).await;
    let retry = format!("/api/tasks/{id}/retry");
    let text = app.post(&retry).await.detail(409);
    assert!(text.starts_with("Task is pending"), "{text}");
    app.work().await;
    let before = get(&app, &id).await;
    let text = app.post(&retry).await.detail(409);
    assert!(text.starts_with("Task is completed"), "{text}");
    assert_eq!(get(&app, &id).await, before);
}

#[tokio::test]
async fn ten_at_once_make_one_round() {
    let app = TestApp::start().await;
    let id = task_id(&app.post(SHORT).await.expect(200));
    app.delete(&format!("/api/tasks/{id}")).await.expect(200);
    let path = format!("/api/tasks/{id}/retry");
    let all =
        futures_util::future::join_all((0..10).map(|_| async { app.post(&path).await.status }))
            .await;
    assert_eq!(
        all.iter().filter(|status| **status == 200).count(),
        1,
        "{all:?}"
    );
    assert_eq!(
        all.iter().filter(|status| **status == 409).count(),
        9,
        "{all:?}"
    );
    app.work().await;
    assert_eq!(get(&app, &id).await["attempt"], 1);
}
