//! The edge around the real router, without a network, a database or Redis: what is left must still answer well.

use std::sync::Arc;

use clap::Parser;
use poem::endpoint::make_sync;
use poem::http::{Method, StatusCode, Uri};
use poem::{Endpoint, Request, Response};
use rookery_shared::Store;
use serde_json::{Value, json};

use super::{Edge, Settings};
use crate::app;
use crate::auth::Tokens;
use crate::config::Config;
use crate::platform::drain::Drain;
use crate::routes::Routes;

const SECRET: &str = "a secret of thirty-two bytes or more";

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    config: Config,
}

/// Nothing listens on port 1.
fn config(options: &[&str]) -> Config {
    let stores = [
        "test",
        "--database-url",
        "postgres://x@127.0.0.1:1/x",
        "--redis-url",
        "redis://127.0.0.1:1",
    ];
    Cli::parse_from(stores.iter().chain(options)).config
}

fn server(options: &[&str]) -> impl Endpoint<Output = Response> + use<> {
    let config = config(options);
    let store = Store::connect(&config.store).expect("the addresses are well formed");
    app(&config, store, &Drain::default()).expect("the configuration is valid")
}

fn get(path: &'static str) -> Request {
    Request::builder().uri(Uri::from_static(path)).finish()
}

async fn body(response: Response) -> Value {
    let bytes = response
        .into_body()
        .into_bytes()
        .await
        .expect("a body can be read");
    serde_json::from_slice(&bytes).expect("an error is JSON")
}

#[tokio::test]
async fn an_unknown_path_answers_in_the_envelope_of_its_area() {
    let server = server(&[]);
    for (path, expected) in [
        ("/nowhere", json!({ "detail": "Not Found" })),
        ("/api/games/a/b/c/d", json!({ "detail": "Not Found" })),
        (
            "/api/v1/games",
            json!({ "error": "not_found", "message": "Not Found" }),
        ),
    ] {
        let response = server.get_response(get(path)).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(body(response).await, expected, "{path}");
    }
    let request = Request::builder()
        .uri(Uri::from_static("/api/chat"))
        .header("x-request-id", "mine-1")
        .finish();
    let response = server.get_response(request).await;
    assert_eq!(response.header("x-request-id"), Some("mine-1"));
    let expected = json!({ "error": "Not found", "code": "NOT_FOUND", "path": "/api/chat", "requestId": "mine-1" });
    assert_eq!(body(response).await, expected);
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let request = Request::builder()
        .method(Method::PUT)
        .uri(Uri::from_static("/livez"))
        .finish();
    let response = server(&[]).get_response(request).await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(response.header("allow"), Some("GET"));
}

#[tokio::test]
async fn every_answer_says_how_a_browser_may_use_it() {
    let response = server(&[]).get_response(get("/livez")).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(response.header("x-frame-options"), Some("DENY"));
    assert!(response.header("x-request-id").is_some());
}

#[tokio::test]
async fn keys_close_the_open_areas_once_they_are_set() {
    let server = server(&["--api-keys", "0123456789abcdef,fedcba9876543210"]);
    let status = async |name: &str, value: &str| {
        let request = Request::builder()
            .uri(Uri::from_static("/api/chat"))
            .header(name, value)
            .finish();
        server.get_response(request).await.status()
    };
    assert_eq!(status("accept", "*/*").await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        status("x-api-key", "0123456789abcdeX").await,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        status("x-api-key", "fedcba9876543210").await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        status("authorization", "bearer 0123456789abcdef").await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        server.get_response(get("/livez")).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn accounts_need_a_token_even_on_paths_that_do_not_exist() {
    let server = server(&["--jwt-secret", SECRET]);
    let status = async |token: String| {
        let request = Request::builder()
            .uri(Uri::from_static("/v1/games/7/nothing"))
            .header("authorization", token)
            .finish();
        server.get_response(request).await.status()
    };
    let mint = |ttl_s| {
        Tokens::new(SECRET)
            .mint(uuid::Uuid::from_u128(7), ttl_s)
            .expect("a token can be made")
    };
    assert_eq!(
        status(format!("Bearer {}", mint(60))).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        status(format!("Bearer {}", mint(-60))).await,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        status("Basic eA==".to_owned()).await,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_limit_holds_while_redis_is_away_and_spares_probes() {
    let server = server(&["--rate-per-second", "1", "--rate-burst", "2"]);
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(
            server
                .get_response(get("/api/chat"))
                .await
                .status()
                .as_u16(),
        );
    }
    assert_eq!(statuses, [404, 404, 429]);
    let refused = server.get_response(get("/api/chat")).await;
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(
        refused.header("ratelimit-policy"),
        Some("\"default\";q=2;w=2")
    );
    assert_eq!(
        server.get_response(get("/livez")).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_database_that_is_away_is_a_503_that_says_when_to_come_again() {
    let response = server(&[]).get_response(get("/api/games")).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.header("retry-after"), Some("2"));
    assert_eq!(
        body(response).await,
        json!({ "detail": "Service temporarily unavailable" })
    );
}

#[tokio::test]
async fn a_body_without_a_length_is_limited_too() {
    let request = Request::builder()
        .method(Method::POST)
        .uri(Uri::from_static("/api/chat"))
        .header("transfer-encoding", "chunked")
        .body(vec![b' '; 1024 * 1024 + 1]);
    let response = server(&[]).get_response(request).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(
        body(response).await["error"],
        "Request body exceeds 1048576 bytes"
    );
}

#[tokio::test]
async fn a_panic_is_a_500_that_tells_nothing() {
    let config = config(&[]);
    let store = Store::connect(&config.store).expect("the addresses are well formed");
    let routes = Routes::of(&json!({}));
    let settings = Settings::new(&config, &store, routes).expect("the configuration is valid");
    let panics = make_sync(|_| -> Response { panic!("the password is hunter2") });
    let response = Edge::new(panics, Arc::new(settings))
        .get_response(get("/api/v1/games"))
        .await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let expected = json!({ "error": "internal_error", "message": "Internal server error" });
    assert_eq!(body(response).await, expected);
}

#[tokio::test]
async fn a_body_that_does_not_fit_is_told_which_field() {
    let order = r#"{"tasks": [{"plugin": "IESDS"}]}"#;
    let request = Request::builder()
        .method(Method::POST)
        .uri(Uri::from_static("/api/tasks/batch"))
        .content_type("application/json")
        .header("content-length", order.len())
        .body(order);
    let response = server(&[]).get_response(request).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        body(response).await["detail"][0]["loc"],
        json!(["body", "tasks", 0, "game_id"])
    );
}
