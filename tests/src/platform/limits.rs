//! How much one request may carry, and how often one caller may come.

use std::ops::RangeInclusive;
use std::time::Instant;

use futures_util::future::join_all;
use futures_util::stream;
use reqwest::Body;
use serde_json::json;

use crate::harness::{Node, TestApp};

const MIB: usize = 1024 * 1024;

#[tokio::test]
async fn a_body_beyond_its_limit_is_refused_declared_or_not() {
    let app = TestApp::start().await;
    let order = "/api/tasks?game_id=trust-game&plugin=Validation";
    let declared = app
        .post(order)
        .header("content-type", "application/json")
        .body(vec![b' '; MIB + 1])
        .await;
    assert!(declared.detail(413).contains("1048576"));
    // Chunked: its length is found out while it is read.
    let chunks = (0..=64).map(|_| Ok::<_, std::io::Error>(vec![b' '; MIB / 64]));
    let chunked = app
        .post(order)
        .header("content-type", "application/json")
        .body(Body::wrap_stream(stream::iter(chunks)))
        .await;
    assert!(chunked.detail(413).contains("1048576"));
    let exactly = app
        .post(order)
        .header("content-type", "application/json")
        .body([vec![b' '; MIB - 2], b"{}".to_vec()].concat())
        .await;
    exactly.expect(200);
}

#[tokio::test]
async fn other_areas_say_it_in_their_own_way() {
    let app = TestApp::start().await;
    let body = vec![b'x'; MIB + 1];
    let characters = app.post("/api/chat").body(body.clone()).await.expect(400);
    assert_eq!(characters["error"], "Request body exceeds 1048576 bytes");
    let worlds = app.post("/api/v1/games").body(body).await.expect(413);
    assert_eq!(worlds["error"], "payload_too_large");
}

/// One request per second on average; how many come at once is the test's choice.
async fn limited(burst: u32) -> TestApp {
    TestApp::start_with(|config| {
        config.rate_per_second = Some(1);
        config.rate_burst = Some(burst);
    })
    .await
}

const PATH: &str = "/api/games/trust-game";

/// How many of so many requests at once were let in; every other one must have been refused for coming too often.
async fn let_in(nodes: &[&Node], count: usize) -> usize {
    let calls = (0..count).map(|number| nodes[number % nodes.len()].get(PATH).send());
    let replies = join_all(calls).await;
    let refused = replies.iter().filter(|reply| reply.status == 429).count();
    let admitted = replies.iter().filter(|reply| reply.status == 200).count();
    assert_eq!(refused + admitted, count);
    admitted
}

/// What a burst admits, and one more for each second that went by since.
fn allowance(burst: usize, since: Instant) -> RangeInclusive<usize> {
    let more = usize::try_from(since.elapsed().as_secs()).unwrap_or(usize::MAX) + 1;
    burst..=burst + more
}

#[tokio::test]
async fn a_caller_who_comes_too_often_is_told_when_to_come_again() {
    let app = limited(3).await;
    let started = Instant::now();
    let admitted = let_in(&[&app], 30).await;
    assert!(allowance(3, started).contains(&admitted), "{admitted}");
    let refused = loop {
        let reply = app.get(PATH).await;
        if reply.status == 429 {
            break reply;
        }
    };
    refused.refused(429, "Too many requests");
    let seconds: u64 = refused
        .header("retry-after")
        .and_then(|seconds| seconds.parse().ok())
        .expect("it says when");
    assert!((1..=3).contains(&seconds), "{seconds}");
    // draft-ietf-httpapi-ratelimit-headers: remaining requests and the seconds until they are more.
    let state = refused
        .header("ratelimit")
        .expect("it says how many are left");
    assert!(state.contains("r=0") && state.contains("t="), "{state}");
    assert!(
        refused
            .header("ratelimit-policy")
            .is_some_and(|policy| policy.contains("q=3"))
    );
    for path in ["/livez", "/readyz", "/metrics"] {
        for _ in 0..5 {
            assert_eq!(app.get(path).await.status, 200, "{path}");
        }
    }
}

#[tokio::test]
async fn two_nodes_count_together() {
    let app = limited(4).await;
    let other = app.another_node().await;
    let started = Instant::now();
    let admitted = let_in(&[&app, &other], 40).await;
    assert!(allowance(4, started).contains(&admitted), "{admitted}");
}

#[tokio::test]
async fn without_redis_the_limit_holds_in_each_server() {
    let app = TestApp::start_with(|config| {
        config.store.redis_url = "redis://127.0.0.1:1/".into();
        config.rate_per_second = Some(1);
        config.rate_burst = Some(2);
    })
    .await;
    let started = Instant::now();
    let admitted = let_in(&[&app], 30).await;
    assert!(allowance(2, started).contains(&admitted), "{admitted}");
}

#[tokio::test]
async fn keys_are_counted_apart() {
    let keys = ["the-first-of-two-keys", "the-second-of-two-keys"];
    let app = TestApp::start_with(|config| {
        config.api_keys = keys.map(String::from).to_vec();
        config.rate_per_second = Some(1);
        config.rate_burst = Some(2);
    })
    .await;
    for key in keys {
        for _ in 0..2 {
            let reply = app.get("/api/tasks").header("x-api-key", key).await;
            assert_eq!(reply.expect(200), json!([]));
        }
    }
}

/// Whoever is not behind a proxy of ours could write anything into the header.
#[tokio::test]
async fn an_address_in_a_header_is_believed_of_our_own_proxies_only() {
    for (proxies, expected) in [(0, 1), (1, 20)] {
        let app = TestApp::start_with(|config| {
            config.rate_per_second = Some(1);
            config.rate_burst = Some(1);
            config.trusted_proxies = proxies;
        })
        .await;
        let started = Instant::now();
        let calls = (0..20).map(|number| {
            let claimed = format!("203.0.113.{number}");
            app.get(PATH).header("x-forwarded-for", &claimed).send()
        });
        let replies = join_all(calls).await;
        let admitted = replies.iter().filter(|reply| reply.status == 200).count();
        assert!(
            allowance(expected, started).contains(&admitted),
            "{proxies} proxies: {admitted}"
        );
    }
}
