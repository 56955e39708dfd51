//! What players expect beside the game: decline, withdraw, abort, take back, play again.

use serde_json::{Value, json};

use super::players::{Account, Game, app, drawn, ended, terms, text};
use crate::harness::TestApp;

/// A challenge and its path.
async fn challenge(app: &TestApp, creator: &Account, own: &Value) -> String {
    let made = creator.post(app, "/v1/games").json(&terms(own)).await;
    format!("/v1/games/{}", text(&made.expect(201), "id"))
}

#[tokio::test]
async fn only_the_invited_may_join() {
    let app = app().await;
    let (creator, invited, stranger) = (Account::new(), Account::new(), Account::new());
    let own = json!({ "opponent_account_id": invited.id });
    let join = format!("{}/join", challenge(&app, &creator, &own).await);
    stranger
        .post(&app, &join)
        .await
        .refused_as(403, "not_a_player");
    creator
        .post(&app, &join)
        .await
        .refused_as(403, "own_challenge");
    invited.post(&app, &join).await.expect(200);
    invited
        .post(&app, &join)
        .await
        .refused_as(409, "game_started");
}

#[tokio::test]
async fn an_open_challenge_takes_anyone_but_its_creator() {
    let app = app().await;
    let (creator, guest, late) = (Account::new(), Account::new(), Account::new());
    let join = format!("{}/join", challenge(&app, &creator, &json!({})).await);
    creator
        .post(&app, &join)
        .await
        .refused_as(403, "own_challenge");
    let joined = guest.post(&app, &join).await.expect(200);
    assert_eq!(joined["black_account_id"], guest.id.as_str());
    late.post(&app, &join).await.refused_as(409, "game_started");
}

#[tokio::test]
async fn nobody_challenges_oneself() {
    let app = app().await;
    let creator = Account::new();
    let own = terms(&json!({ "opponent_account_id": creator.id }));
    let refused = creator.post(&app, "/v1/games").json(&own).await;
    refused.refused_as(400, "invalid_request");
}

#[tokio::test]
async fn a_challenge_is_declined_or_withdrawn() {
    let app = app().await;
    let (creator, invited) = (Account::new(), Account::new());
    let own = json!({ "opponent_account_id": invited.id });
    for (who, reason) in [(&invited, "declined"), (&creator, "aborted")] {
        let game = challenge(&app, &creator, &own).await;
        let decline = format!("{game}/decline");
        let foreign = Account::new().post(&app, &decline).await;
        foreign.refused_as(403, "not_a_player");
        let declined = who.post(&app, &decline).await.expect(200);
        assert_eq!(ended(&declined), (reason.into(), None));
        let late = invited.post(&app, &format!("{game}/join")).await;
        late.refused_as(409, "game_ended");
    }
    // Not of a game that is played.
    let game = Game::start(&[&app], &json!({})).await;
    for reply in [game.white("decline").await, game.black("decline").await] {
        reply.refused_as(409, "game_started");
    }
}

#[tokio::test]
async fn a_game_is_aborted_before_its_second_half_move_only() {
    let app = app().await;
    for moves in ["", "e2e4"] {
        let game = Game::start(&[&app], &json!({})).await;
        game.play_all(moves).await;
        let foreign = Account::new().post(&app, &game.path("abort")).await;
        foreign.refused_as(403, "not_a_player");
        let aborted = game.black("abort").await.expect(200);
        assert_eq!(ended(&aborted), ("aborted".into(), None));
    }
    let game = Game::start(&[&app], &json!({})).await;
    game.play_all("e2e4 e7e5").await;
    for reply in [game.white("abort").await, game.black("abort").await] {
        reply.refused_as(409, "too_late_to_abort");
    }
    assert_eq!(game.look().await["status"], "in_progress");
}

#[tokio::test]
async fn moves_of_an_unrated_game_are_taken_back_by_both() {
    let app = app().await;
    let other = app.another_node().await;
    let game = Game::start(&[&app, &other], &json!({ "rated": false })).await;
    game.white("takeback")
        .await
        .refused_as(409, "nothing_to_take_back");
    let first = game.play("e2e4").await;
    game.black("takeback")
        .await
        .refused_as(409, "nothing_to_take_back");

    // One half-move, as long as nobody has answered.
    let offered = game.white("takeback").await.expect(200);
    assert_eq!(offered["takeback_offer"], "w");
    assert_eq!(offered["ply"], 1);
    game.white("takeback")
        .await
        .refused_as(409, "already_offered");
    let back = game.black("takeback").await.expect(200);
    assert_eq!((&back["ply"], &back["moves"]), (&json!(0), &json!([])));
    assert_eq!(back["side_to_move"], "w");
    assert_eq!(back["takeback_offer"], Value::Null);

    // Two, when the opponent has; what was played before stays.
    let again = game.play("e2e4").await;
    assert_eq!(again["fen"], first["fen"]);
    game.play_all("e7e5 g1f3 b8c6").await;
    game.white("takeback").await.expect(200);
    let back = game.black("takeback").await.expect(200);
    assert_eq!(back["ply"], 2);
    assert_eq!(
        back["fen"],
        "rnbqkbnr/pppp1ppp/8/4p3/4P3/8/PPPP1PPP/RNBQKBNR w KQkq - 0 2"
    );
    let on = game.play("f1c4").await;
    let moves = on["moves"].as_array().expect("a list");
    let sans: Vec<_> = moves.iter().map(|played| text(played, "san")).collect();
    assert_eq!(sans, ["e4", "e5", "Bc4"]);
}

/// What stood before the moves that are gone does not count for repetition any more.
#[tokio::test]
async fn a_takeback_takes_its_positions_along() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({ "rated": false })).await;
    game.play_all("g1f3 g8f6 f3g1 f6g8 g1f3 g8f6 f3g1 f6g8")
        .await;
    game.white("takeback").await.expect(200);
    let back = game.black("takeback").await.expect(200);
    assert_eq!(back["ply"], 6);
    game.white("claim-draw")
        .await
        .refused_as(409, "nothing_to_claim");
    game.play_all("f3g1 f6g8").await;
    let claimed = game.white("claim-draw").await.expect(200);
    drawn(&claimed, "threefold_repetition");
}

#[tokio::test]
async fn a_rated_game_is_not_taken_back() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({ "rated": true })).await;
    let before = game.play("e2e4").await;
    for reply in [game.white("takeback").await, game.black("takeback").await] {
        reply.refused_as(409, "rated_game");
    }
    assert_eq!(game.look().await["version"], before["version"]);
}

#[tokio::test]
async fn a_takeback_offer_lapses_with_the_answer() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({ "rated": false })).await;
    game.play("e2e4").await;
    game.white("takeback").await.expect(200);
    let answered = game.play("e7e5").await;
    assert_eq!(answered["takeback_offer"], Value::Null);
}

#[tokio::test]
async fn a_rematch_exchanges_the_colours() {
    let app = app().await;
    let other = app.another_node().await;
    let game = Game::start(&[&app, &other], &json!({ "draw_policy": "lichess" })).await;
    game.white("rematch")
        .await
        .refused_as(409, "game_not_ended");
    game.white("resign").await.expect(200);
    let foreign = Account::new().post(&app, &game.path("rematch")).await;
    foreign.refused_as(403, "not_a_player");

    let offered = game.black("rematch").await.expect(200);
    assert_eq!(offered["rematch_offer"], "b");
    assert_eq!(offered["rematch_id"], Value::Null);
    let twice = game.black("rematch").await.expect(200);
    assert_eq!(
        twice["rematch_id"],
        Value::Null,
        "one side alone agrees with nobody"
    );
    let agreed = game.white("rematch").await.expect(200);
    let id = text(&agreed, "rematch_id");
    let path = format!("/v1/games/{id}");
    let new = game.white.get(&other, &path).await.expect(200);
    assert_eq!(new["status"], "in_progress");
    assert_eq!(new["white_account_id"], game.black.id.as_str());
    assert_eq!(new["black_account_id"], game.white.id.as_str());
    assert_eq!(new["rematch_of"], game.id.as_str());
    assert_eq!(new["draw_policy"], "lichess");
    assert_eq!((&new["ply"], &new["rated"]), (&json!(0), &json!(true)));
    // Once more is the same one.
    let again = game.black("rematch").await.expect(200);
    assert_eq!(again["rematch_id"], id.as_str());
    // How the first one ended stays.
    assert_eq!(ended(&again), ("resignation".into(), Some("0-1".into())));
    assert_eq!(again["ended_at"], offered["ended_at"]);
}

/// Both at the same moment, through two nodes: one new game.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_ask_for_a_rematch_at_once_get_one() {
    let app = app().await;
    let other = app.another_node().await;
    for _ in 0..5 {
        let game = Game::start(&[&app, &other], &json!({})).await;
        game.white("resign").await.expect(200);
        let (one, two) = tokio::join!(game.white("rematch"), game.black("rematch"));
        one.expect(200);
        two.expect(200);
        let rematches: i64 =
            sqlx::query_scalar("select count(*) from chess_games where rematch_of::text = $1")
                .bind(&game.id)
                .fetch_one(&app.store.pool)
                .await
                .expect("the games can be counted");
        assert_eq!(rematches, 1);
    }
}
