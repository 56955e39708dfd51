//! Many at once, through two nodes: one of them, and everybody sees the same.

use futures_util::future::join_all;
use serde_json::json;

use super::players::{Account, Game, app, ended, number, step, terms, text};

const AT_ONCE: usize = 32;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_posts_of_one_half_move_one_is_played() {
    let app = app().await;
    let other = app.another_node().await;
    for (ply, code) in [(Some(1), "ply_conflict"), (None, "not_your_turn")] {
        let game = Game::start(&[&app, &other], &json!({})).await;
        let before = game.look().await;
        let mut body = step("e2e4");
        if let Some(ply) = ply {
            body["ply"] = json!(ply);
        }
        let path = game.path("moves");
        let posts = (0..AT_ONCE).map(|_| game.white.post(game.node(), &path).json(&body).send());
        let replies = join_all(posts).await;
        let played = replies.iter().filter(|reply| reply.status == 200);
        assert_eq!(played.count(), 1);
        for reply in replies.iter().filter(|reply| reply.status != 200) {
            reply.refused_as(409, code);
            assert_eq!(reply.json()["game"]["ply"], 1, "a conflict shows the game");
        }
        let after = game.look().await;
        assert_eq!(number(&after, "version"), number(&before, "version") + 1);
        let rows: i64 =
            sqlx::query_scalar("select count(*) from chess_game_moves where game_id::text = $1")
                .bind(&game.id)
                .fetch_one(&app.store.pool)
                .await
                .expect("the moves can be counted");
        assert_eq!(rows, 1);
    }
}

/// Different moves for the same half-move: the one that was acknowledged is the one that is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_different_moves_the_acknowledged_one_stays() {
    let app = app().await;
    let other = app.another_node().await;
    let game = Game::start(&[&app, &other], &json!({})).await;
    let path = game.path("moves");
    let wishes = [
        "e2e4", "d2d4", "c2c4", "g1f3", "b1c3", "f2f4", "b2b3", "g2g3",
    ];
    let posts = wishes.map(|uci| game.white.post(game.node(), &path).json(&step(uci)).send());
    let replies = join_all(posts).await;
    let played = wishes.iter().zip(&replies);
    let played: Vec<_> = played.filter(|(_, reply)| reply.status == 200).collect();
    let [(uci, _)] = played[..] else {
        panic!("{} were acknowledged", played.len());
    };
    let seen = game.look().await;
    let moves = seen["moves"].as_array().expect("a list");
    assert_eq!(moves.len(), 1);
    assert_eq!(
        format!("{}{}", text(&moves[0], "from"), text(&moves[0], "to")),
        *uci
    );
}

#[tokio::test]
async fn a_ply_that_is_not_the_next_is_a_conflict() {
    let app = app().await;
    let game = Game::start(&[&app], &json!({})).await;
    let path = game.path("moves");
    let send = |account: &Account, uci: &str, ply: i64| {
        let mut body = step(uci);
        body["ply"] = json!(ply);
        account.post(&app, &path).json(&body).send()
    };
    for wrong in [0, 2, 3, 4_294_967_295] {
        let refused = send(&game.white, "e2e4", wrong).await;
        refused.refused_as(409, "ply_conflict");
    }
    send(&game.white, "e2e4", 1).await.expect(200);
    // Who sends it twice hears that it was played.
    let twice = send(&game.white, "e2e4", 1).await;
    twice.refused_as(409, "ply_conflict");
    assert_eq!(twice.json()["game"]["moves"][0]["san"], "e4");
    send(&game.black, "e7e5", 2).await.expect(200);
    assert_eq!(game.look().await["ply"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_resignations_one_counts() {
    let app = app().await;
    let other = app.another_node().await;
    for _ in 0..8 {
        let game = Game::start(&[&app, &other], &json!({})).await;
        let (white, black) = tokio::join!(game.white("resign"), game.black("resign"));
        let (first, second, result) = match white.status {
            200 => (white, black, "0-1"),
            _ => (black, white, "1-0"),
        };
        let won = first.expect(200);
        assert_eq!(ended(&won), ("resignation".into(), Some(result.into())));
        second.refused_as(409, "game_ended");
        assert_eq!(game.look().await["version"], won["version"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_join_an_open_challenge_one_plays() {
    let app = app().await;
    let other = app.another_node().await;
    let creator = Account::new();
    let made = creator
        .post(&app, "/v1/games")
        .json(&terms(&json!({})))
        .await;
    let path = format!("/v1/games/{}/join", text(&made.expect(201), "id"));
    let guests: Vec<_> = (0..16).map(|_| Account::new()).collect();
    let nodes = [&*app, &other];
    let joins = guests.iter().zip(nodes.into_iter().cycle());
    let replies = join_all(joins.map(|(guest, node)| guest.post(node, &path).send())).await;
    let joined: Vec<_> = guests
        .iter()
        .zip(&replies)
        .filter(|(_, reply)| reply.status == 200)
        .collect();
    let [(guest, reply)] = joined[..] else {
        panic!("{} joined", joined.len());
    };
    assert_eq!(reply.json()["black_account_id"], guest.id.as_str());
    for reply in replies.iter().filter(|reply| reply.status != 200) {
        reply.refused_as(409, "game_started");
    }
}

/// A resignation, an agreement and a mate at the same moment: one ending, and one event of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_game_ends_once() {
    let app = app().await;
    let other = app.another_node().await;
    for _ in 0..5 {
        let game = Game::start(&[&app, &other], &json!({})).await;
        game.play_all("f2f3 e7e5 g2g4").await;
        game.white("offer-draw").await.expect(200);
        let (mate, resigned, agreed) = tokio::join!(
            game.send("d8h4"),
            game.white("resign"),
            game.black("accept-draw")
        );
        let replies = [mate, resigned, agreed];
        let ends: Vec<_> = replies.iter().filter(|reply| reply.status == 200).collect();
        assert_eq!(ends.len(), 1);
        for reply in replies.iter().filter(|reply| reply.status != 200) {
            reply.refused_as(409, "game_ended");
        }
        let seen = game.look().await;
        assert_eq!(ended(&seen), ended(&ends[0].json()));
        let told: i64 =
            sqlx::query_scalar("select count(*) from chess_outbox where game_id::text = $1")
                .bind(&game.id)
                .fetch_one(&app.store.pool)
                .await
                .expect("the outbox can be counted");
        assert_eq!(told, 1);
    }
}
