//! What a provider's failures come to: their codes, who tries again and who does not, what the ledger says of it.

use std::time::Duration;

use rookery_characters::inference::Purpose;
use rookery_shared::characters::{calls, inference_health};
use rookery_worker::characters::provider::{About, Answer, ModelError};
use tokio::time::{Instant, timeout};

use super::asking::{Asking, question};
use super::stub::{Act, Stub};
use crate::faults::until::until;
use crate::harness::{PATIENCE, Servers};

async fn ask(asking: &Asking) -> Result<Answer, ModelError> {
    let request = question(Purpose::Chat);
    asking.model.ask(&request, &About::default(), None).await
}

/// The worker's own look may come a moment later.
async fn is_told_to_be_down(asking: &Asking) {
    let told = until("health says it", PATIENCE, async || {
        let up = inference_health::inference_is_up(&asking.store).await;
        Ok((!up).then_some(()))
    });
    told.await.expect("health says it");
}

/// The outcomes in the ledger, oldest first.
async fn ledger(asking: &Asking) -> Vec<String> {
    asking.model.close().await;
    sqlx::query_scalar("select outcome from characters_llm_calls order by created_at, id")
        .fetch_all(&asking.store.pool)
        .await
        .expect("the ledger can be read")
}

fn status(status: u16, headers: &[(&str, &str)]) -> Act {
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let body = r#"{"error":{"message":"no","type":"test"}}"#;
    Act::Status(status, headers.collect(), body.to_owned())
}

#[tokio::test]
async fn failures_have_the_codes_of_the_contract() {
    for (error, code, status) in [
        (ModelError::Timeout, "TIMEOUT_ERROR", 408),
        (
            ModelError::RateLimited {
                retry_after: Duration::from_millis(1500),
            },
            "RATE_LIMIT_ERROR",
            429,
        ),
        (ModelError::Failed, "INFERENCE_ERROR", 500),
    ] {
        assert_eq!((error.code(), error.status()), (code, status));
    }
}

#[tokio::test]
async fn a_failure_that_passes_is_not_noticed() {
    let asking = Asking::start(&[]).await;
    asking.stub.then([status(500, &[]), Act::HangUp]);
    let answer = ask(&asking).await.expect("the third call is answered");
    assert_eq!(answer.reply.text, "Well met, träveller.");
    assert_eq!(ledger(&asking).await, ["error", "error", "ok"]);
}

#[tokio::test]
async fn broken_and_empty_replies_are_asked_for_again_and_never_given_on() {
    let asking = Asking::start(&[]).await;
    asking
        .stub
        .then([Act::Malformed, Act::Empty { cut_off: false }]);
    assert!(ask(&asking).await.is_ok());
    asking.stub.usually(Act::Empty { cut_off: false });
    assert_eq!(ask(&asking).await, Err(ModelError::Failed));
    assert_eq!(
        ledger(&asking).await,
        ["malformed", "empty", "ok", "empty", "empty", "empty"]
    );
}

#[tokio::test]
async fn a_model_that_thought_until_its_tokens_were_used_up_gets_more_once() {
    let asking = Asking::start(&[]).await;
    asking.stub.then([Act::Empty { cut_off: true }]);
    assert!(ask(&asking).await.is_ok());
    assert_eq!(asking.stub.last()["max_tokens"], 1024);
    asking.stub.usually(Act::Empty { cut_off: true });
    assert_eq!(ask(&asking).await, Err(ModelError::Failed));
    assert_eq!(asking.stub.seen().calls, 4, "once more, and no more");
}

#[tokio::test]
async fn a_wrong_question_is_not_put_twice() {
    let asking = Asking::start(&[]).await;
    for wrong in [400, 401, 403, 404] {
        asking.stub.then([status(wrong, &[])]);
        assert_eq!(ask(&asking).await, Err(ModelError::Failed));
    }
    assert_eq!(asking.stub.seen().calls, 4);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_waited_for_once() {
    let asking = Asking::start(&["--llm-timeout-ms", "200"]).await;
    asking.stub.usually(Act::Wait(PATIENCE));
    let answer = timeout(PATIENCE, ask(&asking))
        .await
        .expect("it gives up by itself");
    assert_eq!(answer, Err(ModelError::Timeout));
    assert_eq!(asking.stub.seen().calls, 1);
    assert_eq!(ledger(&asking).await, ["timeout"]);
}

#[tokio::test]
async fn everybody_leaves_a_provider_alone_that_asked_for_it() {
    let asking = Asking::start(&[]).await;
    let other = asking.another(&[]);
    asking.stub.then([status(429, &[("Retry-After", "77")])]);
    let limited = |answer| match answer {
        Err(ModelError::RateLimited { retry_after }) => retry_after,
        other => panic!("{other:?}"),
    };
    assert_eq!(limited(ask(&asking).await), Duration::from_secs(77));
    asking.model.close().await;
    let request = question(Purpose::Chat);
    let left = limited(other.ask(&request, &About::default(), None).await);
    assert!(
        left <= Duration::from_secs(77) && left > Duration::from_secs(7),
        "{left:?}"
    );
    assert_eq!(
        asking.stub.seen().calls,
        1,
        "the other worker did not even ask"
    );
}

#[tokio::test]
async fn a_short_pause_is_waited_for() {
    let asking = Asking::start(&[]).await;
    asking
        .stub
        .then([status(429, &[("Retry-After-Ms", "300")])]);
    let began = Instant::now();
    assert!(ask(&asking).await.is_ok());
    assert!(began.elapsed() >= Duration::from_millis(300));
    assert_eq!(ledger(&asking).await, ["rate_limited", "ok"]);
}

#[tokio::test]
async fn an_empty_account_is_not_asked_again() {
    let asking = Asking::start(&[]).await;
    let body =
        r#"{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}"#;
    asking
        .stub
        .then([Act::Status(429, Vec::new(), body.to_owned())]);
    assert_eq!(ask(&asking).await, Err(ModelError::CapReached));
    asking.model.close().await;
    assert_eq!(ask(&asking).await, Err(ModelError::CapReached));
    assert_eq!(asking.stub.seen().calls, 1);
}

#[tokio::test]
async fn the_next_in_the_chain_is_asked_when_the_first_one_fails() {
    let second = Stub::start().await.expect("a port is free");
    let url = second.url();
    let asking = Asking::start(&[
        "--llm-fallback-provider",
        "anthropic",
        "--llm-fallback-base-url",
        &url,
        "--llm-fallback-model",
        "other",
        "--llm-timeout-ms",
        "1000",
    ])
    .await;
    let answer = ask(&asking).await.expect("the first one answers");
    assert_eq!(answer.provider, "openai");
    for act in [
        status(401, &[]),
        Act::Wait(PATIENCE),
        status(429, &[("Retry-After", "60")]),
    ] {
        asking.stub.then([act]);
        let answer = ask(&asking).await.expect("the second one answers");
        assert_eq!(
            (answer.provider, answer.model.as_str()),
            ("anthropic-fallback", "other")
        );
    }
    assert_eq!(second.seen().calls, 3);
}

#[tokio::test]
async fn a_provider_that_fails_again_and_again_is_left_alone_and_health_says_so() {
    let asking = Asking::start(&[]).await;
    assert!(inference_health::inference_is_up(&asking.store).await);
    asking.stub.usually(Act::HangUp);
    for _ in 0..2 {
        assert_eq!(ask(&asking).await, Err(ModelError::Failed));
        asking.model.close().await;
    }
    // The breaker has opened: nobody is asked any more, in whatever worker.
    let calls = asking.stub.seen().calls;
    assert_eq!(ask(&asking).await, Err(ModelError::Failed));
    let other = asking.another(&[]);
    let request = question(Purpose::Chat);
    assert_eq!(
        other.ask(&request, &About::default(), None).await,
        Err(ModelError::Failed)
    );
    assert_eq!(asking.stub.seen().calls, calls);
    is_told_to_be_down(&asking).await;
}

#[tokio::test]
async fn who_hangs_up_gives_back_what_was_reserved() {
    let asking = Asking::start(&["--llm-concurrency", "1"]).await;
    asking.stub.then([Act::Wait(PATIENCE)]);
    let request = question(Purpose::Chat);
    let about = About::default();
    let impatient = asking.model.ask(&request, &about, None);
    let called = until("it is called", PATIENCE, async || {
        Ok((asking.stub.seen().calls == 1).then_some(()))
    });
    tokio::select! {
        answer = impatient => panic!("it does not wait: {answer:?}"),
        called = called => called.expect("it asks"),
    }
    assert!(ask(&asking).await.is_ok(), "the only place is free again");
    assert_eq!(ledger(&asking).await, ["cancelled", "ok"]);
}

#[tokio::test]
async fn the_ledger_says_what_everything_cost() {
    let settings = ["--llm-price-in", "2.5", "--llm-price-out", "10"];
    let asking = Asking::start(&settings).await;
    let about = About {
        character_id: Some("barkeep".to_owned()),
        player_id: Some("default".to_owned()),
        task_id: None,
    };
    for _ in 0..3 {
        let request = question(Purpose::Chat);
        assert!(asking.model.ask(&request, &about, None).await.is_ok());
    }
    asking.model.close().await;
    let totals = calls::totals(&asking.store)
        .await
        .expect("the ledger can be read");
    // 100 tokens for 2.5 and 10 for 10 dollars a million, as the stub counts them.
    assert_eq!(
        (
            totals.total_requests,
            totals.total_tokens,
            totals.total_micro_usd
        ),
        (3, 330, 1050)
    );
    assert_eq!(
        calls::spent_today(&asking.store, "openai")
            .await
            .expect("it can be read"),
        1050
    );
    let (purpose, tier, character): (String, String, String) =
        sqlx::query_as("select purpose, tier, character_id from characters_llm_calls limit 1")
            .fetch_one(&asking.store.pool)
            .await
            .expect("there is a row");
    assert_eq!(
        (purpose.as_str(), tier.as_str(), character.as_str()),
        ("chat", "mid", "barkeep")
    );
}

#[tokio::test]
async fn nothing_is_up_where_nobody_listens() {
    let stub = Stub::start().await.expect("a port is free");
    let nobody = format!("{}/", stub.url());
    drop(stub);
    let other = Stub::start().await.expect("a port is free");
    let asking =
        Asking::start_on(&Servers::of_this_run(), other, &["--llm-base-url", &nobody]).await;
    is_told_to_be_down(&asking).await;
    assert_eq!(ask(&asking).await, Err(ModelError::Failed));
}
