//! The framework's own errors leave in the envelope of the area that owns the path.

use reqwest::Method;
use serde_json::json;

use crate::harness::TestApp;

#[tokio::test]
async fn what_nobody_serves_is_not_found_in_the_area_s_words() {
    let app = TestApp::start().await;
    for path in [
        "/nothing",
        "/api/games/a/b/c",
        "/api/tasks/a/b/c",
        "/api/plugins/x",
    ] {
        app.get(path).await.refused(404, "Not Found");
    }
    let characters = app
        .get("/api/state/nowhere")
        .header("x-request-id", "mine")
        .await;
    assert_eq!(
        characters.expect(404),
        json!({ "error": "Not found", "code": "NOT_FOUND", "path": "/api/state/nowhere", "requestId": "mine" })
    );
    for path in ["/api/v1/games/nowhere/x", "/api/v1/agents"] {
        let worlds = app.get(path).await;
        assert_eq!(
            worlds.expect(404),
            json!({ "error": "not_found", "message": "Not Found" })
        );
    }
}

#[tokio::test]
async fn a_wrong_method_names_the_right_ones() {
    let app = TestApp::start().await;
    for (method, path, allowed) in [
        (Method::PUT, "/api/games", "GET"),
        (Method::PATCH, "/api/games/trust-game", "DELETE, GET"),
        (Method::POST, "/livez", "GET"),
        (Method::DELETE, "/api/tasks", "GET, POST"),
    ] {
        let reply = app.call(method, path).await;
        reply.refused(405, "Method Not Allowed");
        let mut given: Vec<&str> = reply
            .header("allow")
            .unwrap_or_default()
            .split(", ")
            .collect();
        given.sort_unstable();
        assert_eq!(given.join(", "), allowed, "{path}");
    }
}

#[tokio::test]
async fn a_missing_parameter_is_named_as_the_contract_shows() {
    let app = TestApp::start().await;
    let missing = |name: &str| json!({ "detail": [{ "loc": ["query", name], "msg": "field required", "type": "value_error.missing" }] });
    let reply = app.post("/api/tasks?plugin=Validation").await;
    assert_eq!(reply.expect(422), missing("game_id"));
    let reply = app.post("/api/tasks?game_id=trust-game").await;
    assert_eq!(reply.expect(422), missing("plugin"));
}

#[tokio::test]
async fn a_parameter_that_cannot_be_read_is_named() {
    let app = TestApp::start().await;
    for (path, name) in [
        ("/api/tasks?limit=many", "limit"),
        ("/api/tasks?limit=0", "limit"),
        ("/api/tasks?limit=1001", "limit"),
        ("/api/tasks?limit=-1", "limit"),
        ("/api/tasks?status=done", "status"),
        ("/api/tasks?cursor=nonsense", "cursor"),
        ("/api/tasks?owner=a%00b", "owner"),
        ("/api/games?limit=0", "limit"),
        (
            "/api/tasks/00000000-0000-0000-0000-000000000000?wait=61",
            "wait",
        ),
        (
            "/api/tasks/00000000-0000-0000-0000-000000000000?wait=soon",
            "wait",
        ),
    ] {
        let fault = app.get(path).await.expect(422);
        assert_eq!(
            fault["detail"][0]["loc"],
            json!(["query", name]),
            "{path}: {fault}"
        );
        assert!(fault["detail"][0]["msg"].is_string(), "{path}: {fault}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_or_of_another_kind_is_refused() {
    let app = TestApp::start().await;
    let order = "/api/tasks?game_id=trust-game&plugin=Validation";
    for broken in ["{", "{\"config\": }", "nonsense", "\"text\"", "[1"] {
        let reply = app
            .post(order)
            .header("content-type", "application/json")
            .body(broken)
            .await;
        let fault = reply.expect(422);
        assert_eq!(fault["detail"][0]["loc"][0], "body", "{broken}: {fault}");
    }
    let reply = app
        .post("/api/games/upload")
        .header("content-type", "application/xml")
        .body("<game/>")
        .await;
    assert!(reply.expect(415)["detail"].is_string());
    let tasks = app.get("/api/tasks").await.expect(200);
    assert_eq!(tasks, json!([]), "nothing was half-written");
}
