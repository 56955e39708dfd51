//! Chats that a language model does not answer: the contract's statuses and codes, and nothing of them is kept.

use serde_json::json;

use super::asking::config;
use super::cast::{furnished_with, refused};
use super::stub::{Act, Stub};
use crate::harness::{PATIENCE, TestApp};

/// All that a talk leaves.
async fn traces(app: &TestApp) -> (i64, i64, i64) {
    sqlx::query_as(
        "select (select count(*) from characters_messages), (select count(*) from characters_memories),
            (select coalesce(sum(total_interactions), 0)::bigint from characters_proximity)",
    )
    .fetch_one(&app.store.pool)
    .await
    .expect("what is kept can be counted")
}

async fn is_refused(act: Act, status: u16, code: &str) {
    let app = furnished_with(|config| config.llm_timeout_ms = 3_000).await;
    let before = traces(&app).await;
    let stub = Stub::start().await.expect("a port is free");
    stub.usually(act);
    let worker = app.asking_worker(config(&stub, &["--llm-timeout-ms", "300"]));
    let body = json!({ "message": "What is the mood in the tavern tonight?" });
    let reply = app.post("/api/chat/barkeep").json(&body).await;
    let text = reply.json()["error"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    refused(&reply, status, code, &text);
    assert!(!text.is_empty());
    let streamed = app.post("/api/chat/barkeep/stream").json(&body).await;
    let heard = streamed.text();
    assert!(
        heard.contains("event:error") || heard.contains("event: error"),
        "{heard}"
    );
    assert!(heard.contains(code), "{heard}");
    assert!(stub.seen().calls > 0);
    app.idle().await;
    assert_eq!(traces(&app).await, before);
    worker.leave().await;
}

#[tokio::test]
async fn a_provider_that_is_asked_too_much_is_429() {
    let headers = vec![("Retry-After".to_owned(), "77".to_owned())];
    let body = r#"{"error":{"message":"slow down","type":"rate_limit"}}"#;
    let act = Act::Status(429, headers, body.to_owned());
    is_refused(act, 429, "RATE_LIMIT_ERROR").await;
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_408() {
    is_refused(Act::Wait(PATIENCE), 408, "TIMEOUT_ERROR").await;
}

#[tokio::test]
async fn a_provider_that_fails_is_500() {
    is_refused(Act::HangUp, 500, "INFERENCE_ERROR").await;
}

#[tokio::test]
async fn an_empty_reply_is_500_and_never_kept() {
    is_refused(Act::Empty { cut_off: false }, 500, "INFERENCE_ERROR").await;
}

#[tokio::test]
async fn a_broken_reply_is_500_and_never_kept() {
    is_refused(Act::Malformed, 500, "INFERENCE_ERROR").await;
}

#[tokio::test]
async fn a_reply_without_words_is_500_and_never_kept() {
    let thought = "<think>She should say something.</think>  ";
    is_refused(Act::Say(thought.to_owned()), 500, "INFERENCE_ERROR").await;
}
