//! `DELETE /api/tasks/{id}`: pending at once, running soon, ended never.

use std::time::{Duration, Instant};

use rookery_queue::Status;
use serde_json::{Value, json};

use super::steps::{ended, endless, get, short};
use crate::harness::TestApp;

#[tokio::test]
async fn a_pending_task_is_cancelled_at_once_and_never_runs() {
    let app = TestApp::start().await;
    let id = short(&app).await;
    let path = format!("/api/tasks/{id}");
    let answer = app.delete(&path).await.expect(200);
    assert_eq!(answer["task_id"], id);
    assert_eq!(answer["cancelled"], true);
    assert_eq!(answer.get("reason"), None, "{answer}");
    assert_eq!(answer["task"]["status"], "cancelled");
    app.work().await;
    let task = get(&app, &id).await;
    assert_eq!(task["status"], "cancelled");
    assert_eq!(task["attempt"], 0);
    assert_eq!(task["started_at"], Value::Null);
    assert_eq!(task["result"], Value::Null);
    assert!(task["completed_at"].is_f64());
}

#[tokio::test]
async fn a_running_task_is_stopped_and_keeps_what_it_found() {
    let app = TestApp::start().await;
    let worker = app.worker();
    let id = endless(&app).await;
    assert_eq!(app.begun(&id).await, Status::Running);
    let asked = Instant::now();
    let answer = app.delete(&format!("/api/tasks/{id}")).await.expect(200);
    assert_eq!(answer["cancelled"], true);
    assert_eq!(answer["task"]["cancel_requested"], true);
    let task = ended(&app, &id).await;
    // 50 ms on an idle machine; this one runs tests.
    assert!(
        asked.elapsed() < Duration::from_secs(5),
        "{:?}",
        asked.elapsed()
    );
    assert_eq!(task["status"], "cancelled");
    assert_eq!(task["result"]["details"]["exhaustive"], false);
    assert!(task["result"]["details"]["equilibria"].is_array());
    assert_eq!(task["error"], Value::Null);
    worker.leave().await;
}

#[tokio::test]
async fn an_ended_task_says_why_it_is_too_late() {
    let app = TestApp::start().await;
    let completed = short(&app).await;
    app.work().await;
    let cancelled = short(&app).await;
    app.delete(&format!("/api/tasks/{cancelled}"))
        .await
        .expect(200);
    for (id, status) in [(completed, "completed"), (cancelled, "cancelled")] {
        let before = get(&app, &id).await;
        let answer = app.delete(&format!("/api/tasks/{id}")).await.expect(200);
        assert_eq!(
            [&answer["task_id"], &answer["cancelled"], &answer["reason"]],
            [
                &json!(id),
                &json!(false),
                &json!(format!("Task already {status}"))
            ]
        );
        assert_eq!(get(&app, &id).await, before);
    }
}

#[tokio::test]
async fn a_cancelled_task_gives_its_place_to_the_next() {
    let app = TestApp::start().await;
    let worker = app.worker();
    let mut running = Vec::new();
    for _ in 0..4 {
        running.push(endless(&app).await);
    }
    for id in &running {
        app.begun(id).await;
    }
    let next = short(&app).await;
    for id in &running {
        app.delete(&format!("/api/tasks/{id}")).await.expect(200);
    }
    assert_eq!(ended(&app, &next).await["status"], "completed");
    for id in &running {
        assert_eq!(ended(&app, id).await["status"], "cancelled");
    }
    worker.leave().await;
}
