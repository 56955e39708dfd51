//! `GET /api/tasks/{id}/events`: a task's life as server-sent events, from any node, resumed where it broke off.

use serde_json::Value;

use super::steps::{endless, get, short, stop};
use crate::harness::TestApp;

#[tokio::test]
async fn a_life_is_told_from_the_beginning_to_its_end() {
    let app = TestApp::start().await;
    let id = short(&app).await;
    let path = format!("/api/tasks/{id}/events");
    let mut events = app.events(&path, None).await;
    assert_eq!(events.status, 200);
    assert_eq!(events.headers["content-type"], "text/event-stream");
    let first = events.next().await.expect("the task as it is");
    assert_eq!(first.name, "task");
    assert_eq!(first.data, get(&app, &id).await);
    assert_eq!(first.data["status"], "pending");
    app.work().await;
    let rest = events.rest().await;
    let last = rest.last().expect("it has ended");
    assert_eq!(last.data["status"], "completed");
    assert_eq!(last.data, get(&app, &id).await);
    let mut version = 0;
    for event in [&first].into_iter().chain(&rest) {
        assert_eq!(
            event.data["version"],
            event.id.parse::<u64>().expect("a number")
        );
        assert!(event.data["version"].as_u64() > Some(version), "{event:?}");
        version = event.data["version"].as_u64().unwrap_or_default();
    }
}

#[tokio::test]
async fn what_was_seen_is_not_told_again() {
    let app = TestApp::start().await;
    let other = app.another_node().await;
    let id = short(&app).await;
    let path = format!("/api/tasks/{id}/events");
    let seen = app
        .events(&path, None)
        .await
        .next()
        .await
        .expect("the task as it is");
    // On another node, as a client whose first one went away.
    let mut resumed = other.events(&path, Some(&seen.id)).await;
    assert_eq!(resumed.status, 200);
    app.delete(&format!("/api/tasks/{id}")).await.expect(200);
    let rest = resumed.rest().await;
    assert_eq!(rest.len(), 1, "{rest:?}");
    assert_eq!(rest[0].data["status"], "cancelled");
    let over = app.events(&path, Some(&rest[0].id)).await;
    assert_eq!(over.status, 204, "an EventSource must not come back");
    // Whoever missed the end gets it, however old what they saw.
    for old in [None, Some("1"), Some("0"), Some("not-a-version")] {
        let late = app.events(&path, old).await.rest().await;
        assert_eq!(late.len(), 1, "{late:?}");
        assert_eq!(late[0].data["status"], "cancelled");
    }
}

#[tokio::test]
async fn two_nodes_tell_the_same_end() {
    let app = TestApp::start().await;
    let other = app.another_node().await;
    let id = endless(&app).await;
    let path = format!("/api/tasks/{id}/events");
    let mut here = app.events(&path, None).await;
    let mut there = other.events(&path, None).await;
    let worker = app.worker();
    app.begun(&id).await;
    stop(&app, &id).await;
    let end = |events: Vec<crate::harness::Event>| {
        events
            .last()
            .map_or(Value::Null, |event| event.data.clone())
    };
    let (here, there) = (end(here.rest().await), end(there.rest().await));
    assert_eq!(here["status"], "cancelled");
    assert_eq!(here, there);
    worker.leave().await;
}

#[tokio::test]
async fn an_unknown_task_has_no_events() {
    let app = TestApp::start().await;
    app.get("/api/tasks/invalid-id/events")
        .await
        .refused(404, "Task not found: invalid-id");
}
