//! `GET /api/tasks/{id}`: now, later, or only when something is new.

use std::time::{Duration, Instant};

use super::steps::{ended, endless, get, short, stop};
use crate::harness::TestApp;

#[tokio::test]
async fn an_id_that_is_none_is_not_found() {
    let app = TestApp::start().await;
    for id in [
        "invalid-id",
        "00000000-0000-0000-0000-000000000000",
        "'",
        "1",
        "%F0%9F%90%A6",
    ] {
        let path = format!("/api/tasks/{id}");
        let text = app.get(&path).await.detail(404);
        assert!(text.starts_with("Task not found: "), "{text}");
        app.delete(&path).await.refused(404, &text);
        app.get(&format!("{path}/attempts"))
            .await
            .refused(404, &text);
        app.get(&format!("{path}/events")).await.refused(404, &text);
        app.post(&format!("{path}/retry")).await.refused(404, &text);
    }
    app.get("/api/tasks/invalid-id")
        .await
        .refused(404, "Task not found: invalid-id");
}

#[tokio::test]
async fn waiting_ends_with_the_task_or_with_patience() {
    let app = TestApp::start().await;
    let id = short(&app).await;
    let started = Instant::now();
    let reply = app.get(&format!("/api/tasks/{id}?wait=1")).await;
    assert_eq!(reply.expect(200)["status"], "pending");
    assert!(started.elapsed() >= Duration::from_secs(1));
    let waiting = app.get(&format!("/api/tasks/{id}?wait=60")).send();
    let (waited, ()) = tokio::join!(waiting, app.work());
    assert_eq!(waited.expect(200)["status"], "completed");
    assert_eq!(waited.header("preference-applied"), None);
}

#[tokio::test]
async fn a_preference_to_wait_is_confirmed_and_cut() {
    let app = TestApp::start().await;
    let id = short(&app).await;
    app.work().await;
    let path = format!("/api/tasks/{id}");
    for (asked, applied) in [
        ("wait=5", "wait=5"),
        ("respond-async, wait=7", "wait=7"),
        ("wait=3600", "wait=60"),
    ] {
        let reply = app.get(&path).header("prefer", asked).await;
        assert_eq!(reply.header("preference-applied"), Some(applied), "{asked}");
    }
    assert_eq!(app.get(&path).await.header("preference-applied"), None);
}

#[tokio::test]
async fn a_wait_on_one_node_ends_when_another_cancels() {
    let app = TestApp::start().await;
    let other = app.another_node().await;
    let id = short(&app).await;
    let path = format!("/api/tasks/{id}");
    let started = Instant::now();
    let waiting = app.get(&format!("{path}?wait=60")).send();
    let (waited, _) = tokio::join!(waiting, async {
        other.delete(&path).await.expect(200);
    });
    assert_eq!(waited.expect(200)["status"], "cancelled");
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let app = TestApp::start().await;
    let id = short(&app).await;
    let path = format!("/api/tasks/{id}");
    let first = app.get(&path).await;
    let tag = first.header("etag").expect("a version").to_owned();
    for seen in [tag.clone(), format!("W/{tag}").replace("W/W/", "W/")] {
        let same = app.get(&path).header("if-none-match", &seen).await;
        assert_eq!(same.status, 304, "{seen}");
        assert_eq!(same.header("etag"), Some(tag.as_str()));
        assert!(same.body.is_empty());
    }
    let still = app
        .get(&format!("{path}?wait=1"))
        .header("if-none-match", &tag)
        .await;
    assert_eq!(still.status, 304);
    app.work().await;
    let news = app.get(&path).header("if-none-match", &tag).await;
    assert_eq!(news.expect(200)["status"], "completed");
    assert_ne!(news.header("etag"), Some(tag.as_str()));
    let other = app
        .get(&path)
        .header("if-none-match", "\"something-else\"")
        .await;
    assert_eq!(other.status, 200);
}

#[tokio::test]
async fn a_client_that_waits_for_news_hears_of_the_start() {
    let app = TestApp::start().await;
    let id = endless(&app).await;
    let path = format!("/api/tasks/{id}?wait=60");
    let tag = app.get(&format!("/api/tasks/{id}")).await;
    let tag = tag.header("etag").expect("a version").to_owned();
    let waiting = app.get(&path).header("if-none-match", &tag);
    let worker = app.worker();
    let news = waiting.await.expect(200);
    assert_eq!(news["status"], "running", "{news}");
    assert!(news["started_at"].is_f64());
    stop(&app, &id).await;
    worker.leave().await;
}

#[tokio::test]
async fn a_running_task_shows_how_far_it_is_and_what_it_has() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = endless(&app).await;
    app.begun(&id).await;
    let mut task = get(&app, &id).await;
    while task["partial"].is_null() {
        let tag = format!("\"{}\"", task["version"]);
        let news = app
            .get(&format!("/api/tasks/{id}?wait=60"))
            .header("if-none-match", &tag)
            .await;
        task = news.expect(200);
        assert_eq!(
            task["status"], "running",
            "it ended before it found anything: {task}"
        );
    }
    assert!(
        task["progress"]["message"]
            .as_str()
            .is_some_and(|text| !text.is_empty()),
        "{task}"
    );
    assert_eq!(task["partial"]["exhaustive"], false);
    assert!(
        task["partial"]["equilibria"]
            .as_array()
            .is_some_and(|found| !found.is_empty())
    );
    let cancelled = stop(&app, &id).await;
    assert_eq!(cancelled["result"]["details"]["exhaustive"], false);
}

#[tokio::test]
async fn attempts_are_told_apart() {
    let app = TestApp::start().await;
    let id = short(&app).await;
    let path = format!("/api/tasks/{id}/attempts");
    assert_eq!(app.get(&path).await.expect(200), serde_json::json!([]));
    let _worker = app.worker();
    ended(&app, &id).await;
    let attempts = app.get(&path).await.expect(200);
    assert_eq!(attempts.as_array().map(Vec::len), Some(1));
    let attempt = &attempts[0];
    assert_eq!(attempt["attempt"], 1);
    assert!(attempt["worker"].is_string(), "{attempt}");
    assert!(
        attempt["started_at"].as_f64() <= attempt["ended_at"].as_f64(),
        "{attempt}"
    );
    assert_eq!(attempt["error"], serde_json::Value::Null);
}
