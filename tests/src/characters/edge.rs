//! What the contract of the characters asks of the server around its operations: CORS, names of requests, sizes, unknown paths.

use std::collections::HashSet;

use futures_util::future::join_all;
use futures_util::stream;
use reqwest::{Body, Method};
use serde_json::json;

use crate::harness::TestApp;

const MIB: usize = 1024 * 1024;
const TOO_LARGE: &str = "Request body exceeds 1048576 bytes";

#[tokio::test]
async fn pages_of_every_origin_may_call() {
    let app = TestApp::start().await;
    for path in ["/api/characters", "/api/state/nowhere", "/api/health"] {
        let reply = app.get(path).await;
        for (header, value) in [
            ("access-control-allow-origin", "*"),
            (
                "access-control-allow-methods",
                "GET, POST, PUT, DELETE, OPTIONS",
            ),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(reply.header(header), Some(value), "{path}");
        }
    }
    let closed = app
        .get("/api/games")
        .header("origin", "https://a.org")
        .await;
    assert_eq!(closed.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn options_is_answered_anywhere() {
    let app = TestApp::start().await;
    for path in [
        "/api/characters",
        "/api/characters/barkeep/introspection",
        "/api/nowhere",
        "/api/games",
        "/v1/games",
    ] {
        let reply = app.call(Method::OPTIONS, path).await;
        assert_eq!((reply.status, reply.body.len()), (204, 0), "{path}");
        assert!(reply.header("x-request-id").is_some(), "{path}");
    }
    let preflight = app
        .call(Method::OPTIONS, "/api/chat/barkeep")
        .header("origin", "https://game.example.org")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type")
        .await;
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
    let headers = preflight.header("access-control-allow-headers");
    assert!(headers.is_some_and(|headers| headers.contains("Content-Type")));
}

#[tokio::test]
async fn a_request_is_named_by_a_number_that_no_other_process_gives() {
    let app = TestApp::start().await;
    let other = app.another_node().await;
    let calls = (0..200).map(|number| match number % 2 {
        0 => app.get("/api/state/nowhere").send(),
        _ => other.get("/api/state/nowhere").send(),
    });
    let mut names = HashSet::new();
    for reply in join_all(calls).await {
        let name = reply
            .header("x-request-id")
            .expect("it is named")
            .to_owned();
        assert_eq!(
            reply.json()["requestId"],
            json!(name),
            "header and body agree"
        );
        let number = name.strip_prefix("req_").unwrap_or_default();
        assert!(
            !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()),
            "{name}"
        );
        assert!(names.insert(name.clone()), "{name} came twice");
    }
    let own = app
        .get("/api/state/nowhere")
        .header("x-request-id", "req_42")
        .await;
    assert_eq!(own.expect(404)["requestId"], "req_42");
}

#[tokio::test]
async fn what_is_not_served_is_not_found_and_names_its_path() {
    let app = TestApp::start().await;
    for (method, path) in [
        (Method::GET, "/api/state/nowhere"),
        (Method::POST, "/api/characters/a/b/c/d"),
        (Method::PATCH, "/api/stats"),
    ] {
        let reply = app
            .call(method, &format!("{path}?x=1"))
            .header("x-request-id", "mine")
            .await;
        let expected =
            json!({ "error": "Not found", "code": "NOT_FOUND", "path": path, "requestId": "mine" });
        assert_eq!(reply.expect(404), expected);
    }
    // Nobody owns it: two contracts have words for it.
    let nobody = app.get("/api/nowhere").header("x-request-id", "mine").await;
    let expected = json!({
        "error": "Not found", "code": "NOT_FOUND", "requestId": "mine", "detail": "Not Found",
    });
    assert_eq!(nobody.expect(404), expected);
}

#[tokio::test]
async fn a_body_beyond_a_mebibyte_is_refused_and_the_refusal_arrives() {
    let app = TestApp::start().await;
    for bytes in [MIB + 1, 3 * MIB, 20 * MIB] {
        let declared = app
            .post("/api/chat/barkeep")
            .header("content-type", "application/json")
            .body(vec![b' '; bytes])
            .await
            .expect(400);
        assert_eq!(declared["error"], TOO_LARGE);
        assert_eq!(declared["code"], "VALIDATION_ERROR");
        assert!(declared["requestId"].is_string());
        let chunks = (0..bytes / 65_536 + 1).map(|_| Ok::<_, std::io::Error>(vec![b' '; 65_536]));
        let chunked = app
            .post("/api/chat/barkeep")
            .body(Body::wrap_stream(stream::iter(chunks)))
            .await
            .expect(400);
        assert_eq!(chunked["error"], TOO_LARGE);
    }
}
