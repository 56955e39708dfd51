//! Who may call: API keys once they are set, and pages of other origins.

use reqwest::Method;
use rookery_api::auth::Tokens;
use rookery_api::config::Config;
use rookery_api::platform::drain::Drain;
use serde_json::json;
use uuid::Uuid;

use crate::harness::TestApp;

const KEY: &str = "a-key-of-some-length-1";
const OTHER_KEY: &str = "a-key-of-some-length-2";

#[tokio::test]
async fn keys_close_the_open_areas_and_leave_the_platform_open() {
    let app =
        TestApp::start_with(|config| config.api_keys = vec![KEY.into(), OTHER_KEY.into()]).await;
    for path in [
        "/api/games",
        "/api/tasks",
        "/api/tasks/x",
        "/api/games/nowhere",
    ] {
        let refused = app.get(path).await;
        refused.refused(401, "A valid API key is required");
        assert!(refused.header("x-request-id").is_some());
    }
    app.post("/api/reset")
        .await
        .refused(401, "A valid API key is required");
    for path in [
        "/livez",
        "/readyz",
        "/api/health",
        "/metrics",
        "/docs",
        "/openapi.json",
    ] {
        assert_eq!(app.get(path).await.status, 200, "{path}");
    }
    for key in [KEY, OTHER_KEY] {
        app.get("/api/games")
            .header("x-api-key", key)
            .await
            .expect(200);
        let bearer = format!("bearer {key}");
        app.get("/api/games")
            .header("authorization", &bearer)
            .await
            .expect(200);
    }
    for wrong in [
        "",
        "a-key-of-some-length-",
        "a-key-of-some-length-11",
        "A-KEY-OF-SOME-LENGTH-1",
    ] {
        app.get("/api/games")
            .header("x-api-key", wrong)
            .await
            .expect(401);
    }
    app.get("/api/games")
        .header("authorization", &format!("Basic {KEY}"))
        .await
        .expect(401);
}

#[tokio::test]
async fn chess_and_arena_ask_for_a_token_in_their_own_envelope() {
    let app = TestApp::start().await;
    let chess = app.get("/v1/games/1").await.expect(401);
    assert_eq!(chess["error"], "unauthorized");
    assert!(chess["message"].is_string());
    let arena = app.get("/api/chess/games").await.expect(401);
    assert!(arena["detail"].is_string());
}

#[tokio::test]
async fn a_token_opens_what_asks_for_one_until_it_expires() {
    const SECRET: &str = "a secret of thirty-two bytes or more";
    let app = TestApp::start_with(|config| config.jwt_secret = Some(SECRET.into())).await;
    let ask = |secret: &str, ttl_s: i64| {
        let token = Tokens::new(secret)
            .mint(Uuid::from_u128(7), ttl_s)
            .expect("a token can be made");
        app.get("/v1/games/1")
            .header("authorization", &format!("Bearer {token}"))
            .send()
    };
    // Let in, and then there is no such game.
    assert_eq!(ask(SECRET, 60).await.expect(404)["error"], "game_not_found");
    let expired = ask(SECRET, -60).await.expect(401);
    assert_eq!(
        expired,
        json!({ "error": "unauthorized", "message": "The token has expired" })
    );
    let foreign = ask("another secret of thirty-two bytes...", 60)
        .await
        .expect(401);
    assert_eq!(foreign["message"], "The token is not valid");
}

/// Each would only surprise later: the server does not start with it.
#[tokio::test]
async fn settings_that_make_no_sense_are_refused_at_the_start() {
    let app = TestApp::start().await;
    let refused = |change: fn(&mut Config)| {
        let mut config = app.config.clone();
        change(&mut config);
        match rookery_api::app(&config, app.store.clone(), &Drain::default()) {
            Ok(_) => "accepted".to_owned(),
            Err(error) => error.to_string(),
        }
    };
    for (text, setting) in [
        (
            refused(|config| config.rate_burst = Some(5)),
            "ROOKERY_RATE_BURST",
        ),
        (
            refused(|config| config.rate_per_second = Some(0)),
            "ROOKERY_RATE_PER_SECOND",
        ),
        (
            refused(|config| config.jwt_secret = Some("short".into())),
            "ROOKERY_JWT_SECRET",
        ),
        (
            refused(|config| config.api_keys = vec!["short".into()]),
            "ROOKERY_API_KEYS",
        ),
        (
            refused(|config| config.cors_origins = vec!["example.org".into()]),
            "ROOKERY_CORS_ORIGINS",
        ),
    ] {
        assert!(text.contains(setting), "{setting}: {text}");
    }
}

#[tokio::test]
async fn pages_of_other_origins_are_let_in_by_name_only() {
    let open = |origin: &str| {
        let origins = vec![origin.to_owned()];
        TestApp::start_with(move |config| config.cors_origins = origins)
    };
    let app = open("https://app.example.org").await;
    let ask = |origin: &'static str| {
        app.call(Method::OPTIONS, "/api/tasks")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
    };
    let allowed = ask("https://app.example.org").await;
    assert_eq!(allowed.status, 204);
    assert_eq!(
        allowed.header("access-control-allow-origin"),
        Some("https://app.example.org")
    );
    assert!(
        allowed
            .header("access-control-allow-methods")
            .is_some_and(|methods| methods.contains("DELETE"))
    );
    let headers = allowed
        .header("access-control-allow-headers")
        .unwrap_or_default()
        .to_lowercase();
    for header in ["idempotency-key", "content-type", "last-event-id", "prefer"] {
        assert!(headers.contains(header), "{headers}");
    }
    let refused = ask("https://evil.example.org").await;
    assert_eq!(refused.header("access-control-allow-origin"), None);
    let reply = app
        .get("/api/games")
        .header("origin", "https://app.example.org")
        .await;
    assert_eq!(
        reply.header("access-control-allow-origin"),
        Some("https://app.example.org")
    );
    let exposed = reply
        .header("access-control-expose-headers")
        .unwrap_or_default()
        .to_lowercase();
    assert!(
        exposed.contains("x-request-id") && exposed.contains("x-next-cursor"),
        "{exposed}"
    );
    let reply = app
        .get("/api/games")
        .header("origin", "https://evil.example.org")
        .await;
    assert_eq!(reply.header("access-control-allow-origin"), None);
    assert!(
        reply
            .header("vary")
            .is_some_and(|vary| vary.contains("Origin"))
    );
}

#[tokio::test]
async fn by_default_no_other_origin_is_let_in() {
    let app = TestApp::start().await;
    let reply = app
        .get("/api/games")
        .header("origin", "https://app.example.org")
        .await;
    assert_eq!(reply.header("access-control-allow-origin"), None);
}

/// Whoever opens a stream in a browser cannot set headers.
#[tokio::test]
async fn streams_alone_take_a_token_in_the_query() {
    const SECRET: &str = "a secret of thirty-two bytes or more";
    let app = TestApp::start_with(|config| config.jwt_secret = Some(SECRET.into())).await;
    let token = Tokens::new(SECRET).mint(Uuid::from_u128(7), 60);
    let query = format!("access_token={}", token.expect("a token can be made"));
    let nowhere = "/v1/games/00000000-0000-0000-0000-000000000001";
    app.get(&format!("{nowhere}/events?since=1&{query}"))
        .await
        .expect(404);
    app.get(&format!("{nowhere}?{query}")).await.expect(401);
    // Who shows one in the header is judged by that.
    app.get(&format!("{nowhere}/events?{query}"))
        .header("authorization", "Bearer x")
        .await
        .expect(401);
}
