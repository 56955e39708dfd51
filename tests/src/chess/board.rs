//! A game between two accounts, and what one does with it in a test.

use rookery_api::auth::Tokens;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Call, Node, TestApp};

pub const SECRET: &str = "a secret of thirty-two bytes or more";

/// Accounts of white, of black, and of somebody who watches.
pub const WHITE: Uuid = Uuid::from_u128(1);
pub const BLACK: Uuid = Uuid::from_u128(2);
pub const WATCHER: Uuid = Uuid::from_u128(3);

pub async fn app() -> TestApp {
    TestApp::start_with(|config| config.jwt_secret = Some(SECRET.to_owned())).await
}

pub fn token(account: Uuid) -> String {
    let token = Tokens::new(SECRET).mint(account, 600);
    token.expect("a token can be made")
}

/// A request of this account's.
pub fn as_account(account: Uuid, call: Call) -> Call {
    call.header("authorization", &format!("Bearer {}", token(account)))
}

/// A challenge of white's; its id.
pub async fn challenge(node: &Node) -> String {
    let wish = json!({
        "color_preference": "white",
        "opponent_account_id": BLACK,
        "time_control": { "initial_seconds": 300, "increment_seconds": 0 },
        "rated": false,
    });
    let call = as_account(WHITE, node.post("/v1/games").json(&wish));
    let game = call.await.expect(201);
    game["id"].as_str().expect("a game has an id").to_owned()
}

/// A game that has begun.
pub async fn game(node: &Node) -> String {
    let id = challenge(node).await;
    act(node, BLACK, &id, "join").await;
    id
}

/// One of the operations without a body.
pub async fn act(node: &Node, account: Uuid, id: &str, what: &str) -> Value {
    let call = node.post(&format!("/v1/games/{id}/{what}"));
    as_account(account, call).await.expect(200)
}

/// A move such as `e2e4`.
pub async fn play(node: &Node, account: Uuid, id: &str, uci: &str) -> Value {
    let call = node.post(&format!("/v1/games/{id}/moves"));
    let body = json!({ "from": &uci[..2], "to": &uci[2..4] });
    as_account(account, call.json(&body)).await.expect(200)
}

/// So many half-moves: knights out and back, with a pawn's step between so that nothing repeats.
pub async fn shuffle(node: &Node, id: &str, plies: usize) {
    let moves = [
        "g1f3", "g8f6", "a2a3", "a7a6", "f3g1", "f6g8", "b2b3", "b7b6", "g1f3", "g8f6", "c2c3",
        "c7c6", "f3g1", "f6g8", "d2d3", "d7d6",
    ];
    assert!(plies <= moves.len(), "there are not as many moves");
    for (ply, uci) in moves.iter().take(plies).enumerate() {
        let mover = if ply % 2 == 0 { WHITE } else { BLACK };
        play(node, mover, id, uci).await;
    }
}
