//! How much one request may carry, and how often one caller may come.

use futures_util::stream;
use reqwest::Body;
use serde_json::json;

use crate::harness::TestApp;

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

#[tokio::test]
async fn a_caller_who_comes_too_often_is_told_when_to_come_again() {
    let app = TestApp::start_with(|config| {
        config.rate_per_second = Some(1);
        config.rate_burst = Some(3);
    })
    .await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(app.get("/api/games/trust-game").await.status);
    }
    assert_eq!(&statuses[..3], [200, 200, 200]);
    assert!(statuses[3..].contains(&429), "{statuses:?}");
    let refused = loop {
        let reply = app.get("/api/games/trust-game").await;
        if reply.status == 429 {
            break reply;
        }
    };
    assert!(
        refused
            .detail(429)
            .to_lowercase()
            .contains("too many requests")
    );
    let seconds: u64 = refused
        .header("retry-after")
        .and_then(|seconds| seconds.parse().ok())
        .expect("it says when");
    assert!((1..=3).contains(&seconds), "{seconds}");
    assert!(refused.header("ratelimit").is_some());
    for path in ["/livez", "/readyz", "/metrics"] {
        for _ in 0..5 {
            assert_eq!(app.get(path).await.status, 200, "{path}");
        }
    }
}

#[tokio::test]
async fn two_nodes_count_together() {
    let app = TestApp::start_with(|config| {
        config.rate_per_second = Some(1);
        config.rate_burst = Some(4);
    })
    .await;
    let other = app.another_node().await;
    let mut let_in = 0;
    for _ in 0..8 {
        for node in [&*app, &other] {
            let_in += u32::from(node.get("/api/games/trust-game").await.status == 200);
        }
    }
    // Four at once, and one more for each second that the sixteen requests may have taken.
    assert!((4..8).contains(&let_in), "{let_in}");
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

#[tokio::test]
async fn without_redis_the_limit_holds_in_each_server() {
    let app = TestApp::start_with(|config| {
        config.store.redis_url = "redis://127.0.0.1:1/".into();
        config.rate_per_second = Some(1);
        config.rate_burst = Some(2);
    })
    .await;
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(app.get("/api/games/trust-game").await.status);
    }
    assert_eq!(&statuses[..2], [200, 200]);
    assert!(statuses.contains(&429), "{statuses:?}");
}
