//! Draws: by repetition and by quiet under each policy, offered, accepted, declined and lapsed.

use serde_json::json;

use super::known_games::{QUIET, THERE_AND_BACK};
use super::players::{Account, Game, app, drawn};

/// The first so many half-moves, and the others.
fn split(moves: &str, count: usize) -> (String, String) {
    let moves: Vec<_> = moves.split(' ').collect();
    (moves[..count].join(" "), moves[count..].join(" "))
}

#[tokio::test]
async fn threefold_is_claimed_by_either_side_and_not_before() {
    let app = app().await;
    for claimant in ["white", "black"] {
        let game = Game::start(&[&app], &json!({})).await;
        let before = "g1f3 g8f6 f3g1 f6g8 g1f3 g8f6 f3g1";
        game.play_all(before).await;
        for early in [
            game.white("claim-draw").await,
            game.black("claim-draw").await,
        ] {
            early.refused_as(409, "nothing_to_claim");
        }
        let third = game.play("f6g8").await;
        assert_eq!(third["status"], "in_progress", "by claim only");
        let stranger = Account::new().post(&app, &game.path("claim-draw")).await;
        stranger.refused_as(403, "not_a_player");
        let claimed = match claimant {
            "white" => game.white("claim-draw").await,
            _ => game.black("claim-draw").await,
        };
        drawn(&claimed.expect(200), "threefold_repetition");
    }
}

/// Who does not claim plays on, and the claim is gone with the position.
#[tokio::test]
async fn a_claim_is_for_the_position_on_the_board() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    game.play_all(THERE_AND_BACK).await;
    game.play_all(THERE_AND_BACK).await;
    game.play("e2e4").await;
    let late = game.black("claim-draw").await;
    late.refused_as(409, "nothing_to_claim");
}

#[tokio::test]
async fn fivefold_ends_the_game_by_itself() {
    let app = app().await;
    for policy in ["fide", "lichess"] {
        let game = Game::start(&[&app], &json!({ "draw_policy": policy })).await;
        for _ in 0..3 {
            game.play_all(THERE_AND_BACK).await;
        }
        let fourth = game.play_all("g1f3 g8f6 f3g1").await;
        assert_eq!(fourth["status"], "in_progress");
        let fifth = game.play("f6g8").await;
        drawn(&fifth, "fivefold_repetition");
    }
}

#[tokio::test]
async fn where_chesscom_plays_threefold_needs_no_claim() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({ "draw_policy": "chesscom" })).await;
    game.play_all(THERE_AND_BACK).await;
    let second = game.play_all("g1f3 g8f6 f3g1").await;
    assert_eq!(second["status"], "in_progress");
    drawn(&game.play("f6g8").await, "threefold_repetition");
}

#[tokio::test]
async fn fifty_moves_are_claimed_and_75_end_the_game() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    let (before, after) = split(QUIET, 103);
    game.play_all(&before).await;
    let early = game.white("claim-draw").await;
    early.refused_as(409, "nothing_to_claim");
    let (fiftieth, after) = split(&after, 1);
    let fifty = game.play(&fiftieth).await;
    assert_eq!(fifty["status"], "in_progress", "by claim only");
    let ended = game.play_all(&after).await;
    assert_eq!(ended["ply"], 154);
    drawn(&ended, "seventy_five_moves");

    let game = Game::start(&[&app], &json!({})).await;
    game.play_all(&format!("{before} {fiftieth}")).await;
    drawn(&game.black("claim-draw").await.expect(200), "fifty_moves");
}

#[tokio::test]
async fn elsewhere_fifty_moves_need_no_claim() {
    let app = app().await;
    let (before, after) = split(QUIET, 103);
    let (fiftieth, _) = split(&after, 1);
    for policy in ["lichess", "chesscom"] {
        let game = Game::start(&[&app], &json!({ "draw_policy": policy })).await;
        let last = game.play_all(&before).await;
        assert_eq!(last["status"], "in_progress");
        drawn(&game.play(&fiftieth).await, "fifty_moves");
    }
}

#[tokio::test]
async fn an_offer_outlives_ones_own_move_and_lapses_with_the_answer() {
    let app = app().await;
    let other = app.another_node().await;
    let game = Game::start(&[&app, &other], &json!({})).await;
    let offered = game.white("offer-draw").await.expect(200);
    assert_eq!(offered["draw_offer"], "w");
    let twice = game.white("offer-draw").await;
    twice.refused_as(409, "already_offered");
    let own_move = game.play("e2e4").await;
    assert_eq!(own_move["draw_offer"], "w");
    let own = game.white("accept-draw").await;
    own.refused_as(409, "no_draw_offer");
    let answered = game.play("e7e5").await;
    assert_eq!(answered["draw_offer"], serde_json::Value::Null);
    let lapsed = game.black("accept-draw").await;
    lapsed.refused_as(409, "no_draw_offer");

    game.black("offer-draw").await.expect(200);
    let agreed = game.white("accept-draw").await.expect(200);
    drawn(&agreed, "draw_agreed");
    assert_eq!(agreed["draw_offer"], serde_json::Value::Null);
}

#[tokio::test]
async fn an_offer_is_declined_and_may_come_again() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    for side in ["white", "black"] {
        let none = match side {
            "white" => game.white("decline-draw").await,
            _ => game.black("decline-draw").await,
        };
        none.refused_as(409, "no_draw_offer");
    }
    game.black("offer-draw").await.expect(200);
    game.black("decline-draw")
        .await
        .refused_as(409, "no_draw_offer");
    let declined = game.white("decline-draw").await.expect(200);
    assert_eq!(declined["draw_offer"], serde_json::Value::Null);
    assert_eq!(declined["status"], "in_progress");
    let gone = game.white("accept-draw").await;
    gone.refused_as(409, "no_draw_offer");
    game.black("offer-draw").await.expect(200);
    drawn(&game.white("accept-draw").await.expect(200), "draw_agreed");
}

#[tokio::test]
async fn two_offers_are_an_agreement() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    game.play("e2e4").await;
    game.white("offer-draw").await.expect(200);
    drawn(&game.black("offer-draw").await.expect(200), "draw_agreed");
    for action in ["offer-draw", "accept-draw", "decline-draw", "claim-draw"] {
        game.white(action).await.refused_as(409, "game_ended");
    }
}

#[tokio::test]
async fn strangers_neither_offer_nor_accept() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    game.white("offer-draw").await.expect(200);
    let stranger = Account::new();
    for action in ["offer-draw", "accept-draw", "decline-draw"] {
        let foreign = stranger.post(&app, &game.path(action)).await;
        foreign.refused_as(403, "not_a_player");
    }
    assert_eq!(game.look().await["draw_offer"], "w");
}
