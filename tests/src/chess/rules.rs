//! Moves over HTTP: promotion, castling, en passant, and whose turn it is.

use serde_json::{Value, json};

use super::known_games::{BARE_KINGS, BLACK_IS_BARE, FOOLS_MATE, STALEMATE};
use super::players::{Account, Game, app, drawn, ended, step, terms, text};

/// The last move as (from, to, promotion, SAN).
fn last(game: &Value) -> Value {
    let moves = game["moves"].as_array().expect("a list of moves");
    let last = moves.last().expect("a move was played");
    json!([last["from"], last["to"], last["promotion"], last["san"]])
}

#[tokio::test]
async fn a_promotion_is_asked_for_where_it_is_one_and_ignored_elsewhere() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    let ignored = game.send("h2h4q").await.expect(200);
    assert_eq!(last(&ignored), json!(["h2", "h4", null, "h4"]));
    let before = game.play_all("g7g5 h4g5 h7h6 g5h6 a7a6 h6h7 a6a5").await;
    let asked = game.send("h7g8").await;
    asked.refused_as(400, "promotion_required");
    for king_or_pawn in ["h7g8k", "h7g8p", "h7g8Q", "h7g8x"] {
        let refused = game.send(king_or_pawn).await;
        refused.refused_as(400, "invalid_request");
    }
    assert_eq!(game.look().await["version"], before["version"]);
    let promoted = game.play("h7g8n").await;
    assert_eq!(last(&promoted), json!(["h7", "g8", "n", "hxg8=N"]));
}

#[tokio::test]
async fn each_piece_that_a_pawn_may_become() {
    let app = app().await;
    for (piece, san, row) in [
        ("q", "hxg8=Q", "rnbqkbQr"),
        ("r", "hxg8=R", "rnbqkbRr"),
        ("b", "hxg8=B", "rnbqkbBr"),
        ("n", "hxg8=N", "rnbqkbNr"),
    ] {
        let game = Game::start(&[&app], &json!({})).await;
        game.play_all("h2h4 g7g5 h4g5 h7h6 g5h6 a7a6 h6h7 a6a5")
            .await;
        let promoted = game.play(&format!("h7g8{piece}")).await;
        assert_eq!(last(&promoted), json!(["h7", "g8", piece, san]));
        let fen = promoted["fen"].as_str().expect("a FEN");
        assert!(fen.starts_with(&format!("{row}/")), "{fen}");
    }
}

/// As the king's step, however it was sent.
#[tokio::test]
async fn castling_is_stored_as_the_kings_step() {
    let app = app().await;
    let before = "e2e4 e7e5 g1f3 g8f6 f1c4 f8c5";
    for sent in ["e1g1", "e1h1"] {
        let game = Game::start(&[&app], &json!({})).await;
        game.play_all(before).await;
        let castled = game.play(sent).await;
        assert_eq!(last(&castled), json!(["e1", "g1", null, "O-O"]));
        assert_eq!(
            castled["fen"],
            "rnbqk2r/pppp1ppp/5n2/2b1p3/2B1P3/5N2/PPPP1PPP/RNBQ1RK1 b kq - 5 4"
        );
    }
    let before = "d2d4 d7d5 b1c3 b8c6 c1f4 c8f5 d1d2 d8d7 a2a3";
    for sent in ["e8c8", "e8a8"] {
        let game = Game::start(&[&app], &json!({})).await;
        game.play_all(before).await;
        let castled = game.play(sent).await;
        assert_eq!(last(&castled), json!(["e8", "c8", null, "O-O-O"]));
    }
    // The king has moved and is back: no castling any more, in either spelling.
    for sent in ["e1g1", "e1h1"] {
        let game = Game::start(&[&app], &json!({})).await;
        game.play_all("e2e4 e7e5 g1f3 g8f6 f1c4 f8c5 e1e2 a7a6 e2e1 a6a5")
            .await;
        game.send(sent).await.refused_as(400, "illegal_move");
    }
}

#[tokio::test]
async fn en_passant_is_now_or_never() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    let advanced = game.play_all("e2e4 a7a6 e4e5 d7d5").await;
    assert_eq!(
        advanced["fen"],
        "rnbqkbnr/1pp1pppp/p7/3pP3/8/8/PPPP1PPP/RNBQKBNR w KQkq d6 0 3"
    );
    let taken = game.play("e5d6").await;
    assert_eq!(last(&taken), json!(["e5", "d6", null, "exd6"]));
    assert_eq!(
        taken["fen"],
        "rnbqkbnr/1pp1pppp/p2P4/8/8/8/PPPP1PPP/RNBQKBNR b KQkq - 0 3"
    );
    let game = Game::start(&[&app], &json!({})).await;
    game.play_all("e2e4 a7a6 e4e5 d7d5 a2a3 a6a5").await;
    game.send("e5d6").await.refused_as(400, "illegal_move");
}

#[tokio::test]
async fn what_breaks_the_rules_is_illegal() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    for wrong in [
        "e2e5", "e2d3", "a1a2", "e1e2", "g1e2", "e7e5", "e4e5", "e2e2", "c1e3", "e1g1",
    ] {
        let message = format!("Move {wrong} is not legal from current position.");
        let refused = game.send(wrong).await.expect(400);
        assert_eq!(
            refused,
            json!({ "error": "illegal_move", "message": message })
        );
    }
    // A pinned piece, and a king that would stand in check.
    game.play_all("e2e4 e7e5 d2d3 f8b4").await;
    for wrong in ["a2a3", "d3d4", "e1d2", "b1a3"] {
        game.send(wrong).await.refused_as(400, "illegal_move");
    }
    let blocked = game.play("b1c3").await;
    assert_eq!(last(&blocked), json!(["b1", "c3", null, "Nc3"]));
    game.play("a7a6").await;
    game.send("c3d5").await.refused_as(400, "illegal_move");
}

#[tokio::test]
async fn mate_and_stalemate_and_bare_kings_end_the_game() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    let mated = game.play_all(FOOLS_MATE).await;
    assert_eq!(ended(&mated), ("checkmate".into(), Some("0-1".into())));
    assert_eq!(last(&mated)[3], "Qh4#");

    let game = Game::start(&[&app], &json!({})).await;
    let stale = game.play_all(STALEMATE).await;
    drawn(&stale, "stalemate");
    assert_eq!(
        stale["fen"],
        "5bnr/4p1pq/4Qpkr/7p/7P/4P3/PPPP1PP1/RNB1KBNR b KQ - 2 10"
    );

    let game = Game::start(&[&app], &json!({})).await;
    let bare = game.play_all(BARE_KINGS).await;
    drawn(&bare, "insufficient_material");
    assert_eq!(bare["fen"], "7k/8/8/8/4K3/8/8/8 b - - 0 26");
}

#[tokio::test]
async fn a_promotion_by_capture_keeps_its_notation() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    let after = game.play_all(BLACK_IS_BARE).await;
    assert_eq!(after["moves"][8]["san"], "exd8=Q+");
    assert_eq!(after["fen"], "8/8/7Q/4k3/8/8/PPPPP1PP/RNBQKBNR w KQ - 1 17");
    assert_eq!(after["status"], "in_progress");
}

#[tokio::test]
async fn only_those_at_the_board_move_and_only_in_turn() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    let before = game.look().await;
    let moves = game.path("moves");
    let early = game.black.post(&app, &moves).json(&step("e7e5")).await;
    early.refused_as(409, "not_your_turn");
    assert_eq!(early.json()["game"]["fen"], before["fen"]);
    let stranger = Account::new();
    for uci in ["e2e4", "e2e5"] {
        let foreign = stranger.post(&app, &moves).json(&step(uci)).await;
        foreign.refused_as(403, "not_a_player");
    }
    assert_eq!(game.look().await["version"], before["version"]);
}

#[tokio::test]
async fn nobody_moves_before_the_join() {
    let app = app().await;
    let creator = Account::new();
    let body = terms(&json!({}));
    let made = creator
        .post(&app, "/v1/games")
        .json(&body)
        .await
        .expect(201);
    let path = format!("/v1/games/{}/moves", text(&made, "id"));
    let early = creator.post(&app, &path).json(&step("e2e4")).await;
    early.refused_as(409, "game_not_started");
}
