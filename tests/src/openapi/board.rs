//! A live chess game as an operation's example wants it.

use serde_json::json;

use crate::chess::players::{Account, Game};
use crate::harness::TestApp;

/// Where an operation of live chess works, and for whom.
pub struct Board {
    pub game: String,
    /// What the `Authorization` header has to say: white's, unless only black can do this.
    pub bearer: String,
}

/// Of an unrated game that has begun, in the state that the operation needs.
pub async fn board(app: &TestApp, operation: &str) -> Board {
    match operation {
        "join_chess_game" | "decline_chess_game" => return challenge(app).await,
        _ => {}
    }
    let game = Game::start(&[app], &json!({ "rated": false })).await;
    match operation {
        "accept_chess_draw" | "decline_chess_draw" => {
            game.black("offer-draw").await.expect(200);
        }
        "claim_chess_draw" => {
            let there_and_back = "g1f3 g8f6 f3g1 f6g8";
            game.play_all(there_and_back).await;
            game.play_all(there_and_back).await;
        }
        "take_back_chess_move" => {
            game.play("e2e4").await;
        }
        // The events of one that goes on never end.
        "rematch_chess_game" | "finalize_chess_game" | "stream_chess_game_events" => {
            game.black("resign").await.expect(200);
        }
        _ => {}
    }
    Board {
        bearer: game.white.bearer().to_owned(),
        game: game.id,
    }
}

async fn challenge(app: &TestApp) -> Board {
    let (creator, invited) = (Account::new(), Account::new());
    let terms =
        json!({ "opponent_account_id": invited.id, "time_control": { "initial_seconds": 60 } });
    let made = creator
        .post(app, "/v1/games")
        .json(&terms)
        .await
        .expect(201);
    Board {
        game: made["id"].as_str().expect("a game has an id").to_owned(),
        bearer: invited.bearer().to_owned(),
    }
}
