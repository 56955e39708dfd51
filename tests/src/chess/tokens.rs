//! Who may ask: tokens that are missing, expired, forged or of no algorithm change nothing.

use rookery_api::auth::Tokens;
use serde_json::json;
use uuid::Uuid;

use super::players::{ACTIONS, Game, SECRET, app, step, terms};

/// The second part of a token is what it says; anybody can write that.
fn claims_of(token: &str) -> &str {
    token.split('.').nth(1).expect("a token has three parts")
}

/// Headers that name no algorithm, as anybody can make them: `{"alg":"none","typ":"JWT"}` and `{"alg":"NONE"}` in base64url.
const NO_ALGORITHM: [&str; 2] = ["eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0", "eyJhbGciOiJOT05FIn0"];

#[tokio::test]
async fn a_bad_token_opens_nothing() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    let before = game.look().await;
    let white: Uuid = game.white.id.parse().expect("an id");
    let mint = |secret: &str, ttl_s| {
        Tokens::new(secret)
            .mint(white, ttl_s)
            .expect("a token can be made")
    };
    let good = mint(SECRET, 60);
    let mut bad = vec![
        mint(SECRET, -1),
        mint(SECRET, -86_400),
        mint("the secret of somebody else, also long enough", 60),
        String::new(),
        "x".to_owned(),
        "a.b.c".to_owned(),
        "x".repeat(5000),
        good.rsplit_once('.').expect("three parts").0.to_owned(),
        format!("{}.", good.rsplit_once('.').expect("three parts").0),
    ];
    for header in NO_ALGORITHM {
        bad.push(format!("{header}.{}.", claims_of(&good)));
        bad.push(format!("{header}.{}", claims_of(&good)));
    }
    // What it says is another's, under the signature of this one.
    let other = Tokens::new(SECRET).mint(Uuid::new_v4(), 60);
    let other = other.expect("a token can be made");
    let (head, _) = other.rsplit_once('.').expect("three parts");
    let (_, signature) = good.rsplit_once('.').expect("three parts");
    bad.push(format!("{head}.{signature}"));

    let moves = game.path("moves");
    for token in &bad {
        let bearer = format!("Bearer {token}");
        let refused = app.post(&moves).header("authorization", &bearer);
        let refused = refused.json(&step("e2e4")).await;
        refused.refused_as(401, "unauthorized");
        assert!(!refused.text().contains(SECRET));
    }
    for scheme in ["Basic", "Token", ""] {
        let shown = format!("{scheme} {good}");
        let refused = app.post(&moves).header("authorization", &shown);
        refused
            .json(&step("e2e4"))
            .await
            .refused_as(401, "unauthorized");
    }
    let in_query = format!("{moves}?access_token={good}");
    let refused = app.post(&in_query).json(&step("e2e4")).await;
    refused.refused_as(401, "unauthorized");
    assert_eq!(game.look().await["version"], before["version"]);
}

#[tokio::test]
async fn without_a_token_there_is_nothing_but_health() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    let before = game.look().await;
    for action in ACTIONS {
        app.post(&game.path(action))
            .await
            .refused_as(401, "unauthorized");
    }
    for path in [
        "/v1/games".to_owned(),
        format!("/v1/games/{}", game.id),
        game.path("pgn"),
    ] {
        app.get(&path).await.refused_as(401, "unauthorized");
    }
    let body = terms(&json!({}));
    app.post("/v1/games")
        .json(&body)
        .await
        .refused_as(401, "unauthorized");
    app.get("/health").await.expect(200);
    assert_eq!(game.look().await["version"], before["version"]);
}
