//! What every answer carries, and what the edge makes of a request's own headers.

use serde_json::json;

use crate::harness::TestApp;

#[tokio::test]
async fn a_request_has_a_name_of_its_own_or_the_client_s() {
    let app = TestApp::start().await;
    let first = app.get("/livez").await;
    let second = app.get("/no/such/path").await;
    let name = first.header("x-request-id").expect("every answer is named");
    assert!(!name.is_empty());
    assert_ne!(Some(name), second.header("x-request-id"));
    let named = app
        .get("/livez")
        .header("x-request-id", "order-66:retry.2")
        .await;
    assert_eq!(named.header("x-request-id"), Some("order-66:retry.2"));
    for bad in ["two words", "<script>", &"x".repeat(129)] {
        let reply = app.get("/livez").header("x-request-id", bad).await;
        assert_ne!(reply.header("x-request-id"), Some(bad));
    }
}

#[tokio::test]
async fn every_answer_keeps_browsers_in_their_place() {
    let app = TestApp::start().await;
    for path in ["/livez", "/api/games", "/no/such/path", "/docs"] {
        let reply = app.get(path).await;
        assert_eq!(
            reply.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(reply.header("x-frame-options"), Some("DENY"), "{path}");
        assert_eq!(
            reply.header("referrer-policy"),
            Some("no-referrer"),
            "{path}"
        );
        let policy = reply.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(
            !policy.contains("script-src 'unsafe-inline'"),
            "{path}: {policy}"
        );
    }
}

#[tokio::test]
async fn large_answers_are_compressed_for_who_accepts_it() {
    let app = TestApp::start().await;
    let plain = app.get("/openapi.json").await;
    assert_eq!(plain.header("content-encoding"), None);
    let packed = app
        .get("/openapi.json")
        .header("accept-encoding", "gzip")
        .await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(
        packed
            .header("vary")
            .is_some_and(|vary| vary.contains("Accept-Encoding"))
    );
    // The first two bytes of every gzip member (RFC 1952, 2.3.1).
    assert_eq!(&packed.body[..2], &[0x1f, 0x8b]);
    assert!(packed.body.len() * 2 < plain.body.len());
}

#[tokio::test]
async fn a_trace_goes_on_in_the_task() {
    let app = TestApp::start().await;
    let order = "/api/tasks?game_id=trust-game&plugin=Validation";
    // The example of the W3C recommendation.
    let task = app
        .post(order)
        .header(
            "traceparent",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        )
        .await
        .expect(200);
    assert_eq!(task["trace_id"], json!("4bf92f3577b34da6a3ce929d0e0e4736"));
    for broken in [
        "",
        "00-0-0-0",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
    ] {
        let task = app
            .post(order)
            .header("traceparent", broken)
            .await
            .expect(200);
        let trace = task["trace_id"].as_str().expect("a trace is begun");
        assert_eq!(trace.len(), 32);
        assert!(trace.bytes().any(|digit| digit != b'0'));
        assert!(trace.bytes().all(|digit| digit.is_ascii_hexdigit()));
    }
}
