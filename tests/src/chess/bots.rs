//! Bots over HTTP: they answer through the queue, with legal moves, and play the same game again under the same seed.

use serde_json::{Value, json};
use shakmaty::fen::Fen;
use shakmaty::uci::UciMove;
use shakmaty::{CastlingMode, Chess, Position as _};

use super::players::{Account, app, number, step, text};
use crate::faults::until::until;
use crate::harness::{Node, PATIENCE};

/// A human at the board, and the bot's game.
struct Human<'a> {
    node: &'a Node,
    account: Account,
    id: String,
    color: &'static str,
}

impl<'a> Human<'a> {
    async fn against(node: &'a Node, difficulty: &str, (color, seed): (&'static str, i64)) -> Self {
        let account = Account::new();
        let wish = json!({
            "difficulty": difficulty,
            "player_color": if color == "w" { "white" } else { "black" },
            "time_control": { "initial_seconds": 600, "increment_seconds": 0 },
            "seed": seed,
        });
        let made = account
            .post(node, "/v1/games/bot")
            .json(&wish)
            .await
            .expect(201);
        let id = text(&made, "id");
        Self {
            node,
            account,
            id,
            color,
        }
    }

    async fn look(&self) -> Value {
        let path = format!("/v1/games/{}", self.id);
        self.account.get(self.node, &path).await.expect(200)
    }

    async fn act(&self, action: &str) -> Value {
        let path = format!("/v1/games/{}/{action}", self.id);
        self.account.post(self.node, &path).await.expect(200)
    }

    async fn play(&self, uci: &str) -> Value {
        let path = format!("/v1/games/{}/moves", self.id);
        let call = self.account.post(self.node, &path);
        call.json(&step(uci)).await.expect(200)
    }

    /// The game once this holds of it.
    async fn sees(&self, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        until(what, PATIENCE, async || {
            let game = self.look().await;
            Ok(holds(&game).then_some(game))
        })
        .await
        .expect("the bot answers")
    }

    async fn turn(&self) -> Value {
        let is_due = |game: &Value| game["side_to_move"] == self.color || game["status"] == "ended";
        self.sees("the human's turn", is_due).await
    }

    /// Plays so many moves of its own, chosen by the position alone, and returns the game when it is its turn again.
    async fn play_along(&self, moves: usize) -> Value {
        let mut game = self.turn().await;
        for _ in 0..moves {
            if game["status"] == "ended" {
                break;
            }
            let position = position(&game);
            let mut legal: Vec<_> = position
                .legal_moves()
                .into_iter()
                .map(UciMove::from_standard)
                .collect();
            legal.sort_by_key(UciMove::to_string);
            let ply = usize::try_from(number(&game, "ply")).expect("a count");
            self.play(&legal[ply * 7 % legal.len()].to_string()).await;
            game = self.turn().await;
        }
        game
    }
}

fn position(game: &Value) -> Chess {
    let fen: Fen = text(game, "fen").parse().expect("a FEN");
    fen.into_position(CastlingMode::Standard)
        .expect("a legal position")
}

fn sans(game: &Value) -> Vec<String> {
    let moves = game["moves"].as_array().expect("a list");
    moves.iter().map(|played| text(played, "san")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_bot_answers_with_a_legal_move() {
    let app = app().await;
    let _worker = app.worker();
    for difficulty in ["beginner", "easy", "medium", "hard", "expert", "master"] {
        let human = Human::against(&app, difficulty, ("w", 1)).await;
        human.play("e2e4").await;
        let game = human.turn().await;
        assert_eq!(game["ply"], 2, "{difficulty}");
        let mut replayed = Chess::default();
        for played in game["moves"].as_array().expect("a list") {
            let uci = text(played, "from") + &text(played, "to");
            let uci: UciMove = uci.parse().expect("a move");
            let legal = uci.to_move(&replayed).expect("a legal move");
            replayed = replayed.play(legal).expect("a legal move");
        }
        assert_eq!(position(&game), replayed, "{difficulty}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_with_white_begins() {
    let app = app().await;
    let other = app.another_node().await;
    let _workers = (app.worker(), app.worker());
    let human = Human::against(&app, "medium", ("b", 2)).await;
    let game = human.turn().await;
    assert_eq!(
        (&game["ply"], &game["moves"][0]["color"]),
        (&json!(1), &json!("w"))
    );
    let path = format!("/v1/games/{}", human.id);
    let seen = human.account.get(&other, &path).await.expect(200);
    assert_eq!(seen["moves"], game["moves"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_seed_plays_the_same_game_again() {
    let app = app().await;
    let other = app.another_node().await;
    let _workers = (app.worker(), app.worker());
    for (difficulty, color) in [("beginner", "w"), ("easy", "b"), ("hard", "w")] {
        let mut games = Vec::new();
        for (node, seed) in [(&*app, 77), (&other, 77)] {
            let human = Human::against(node, difficulty, (color, seed)).await;
            let game = human.play_along(8).await;
            assert_eq!(game["bot_seed"], seed);
            games.push(sans(&game));
        }
        assert!(games[0].len() >= 16 || games[0].last().is_some_and(|san| san.ends_with('#')));
        assert_eq!(games[0], games[1], "{difficulty}");
    }
}

/// Not every seed plays alike: a beginner has a character.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_seed_is_another_character() {
    let app = app().await;
    let _worker = app.worker();
    let mut games = Vec::new();
    for seed in 1..=4 {
        let human = Human::against(&app, "beginner", ("w", seed)).await;
        games.push(sans(&human.play_along(6).await));
    }
    games.sort();
    games.dedup();
    assert!(games.len() > 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_lets_moves_be_taken_back() {
    let app = app().await;
    let _worker = app.worker();
    let human = Human::against(&app, "easy", ("w", 3)).await;
    human.play("e2e4").await;
    human.turn().await;
    let back = human.act("takeback").await;
    assert_eq!((&back["ply"], &back["moves"]), (&json!(0), &json!([])));
    human.play("d2d4").await;
    let game = human.turn().await;
    assert_eq!(
        (&game["ply"], &game["moves"][0]["san"]),
        (&json!(2), &json!("d4"))
    );
}

/// In the position before the first move nobody of sense takes a draw: the offer is declined, and the game goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_answers_a_draw_offer() {
    let app = app().await;
    let _worker = app.worker();
    let human = Human::against(&app, "hard", ("w", 4)).await;
    assert_eq!(human.act("offer-draw").await["draw_offer"], "w");
    let answered = human.sees("an answer to the offer", |game| {
        game["draw_offer"].is_null()
    });
    let game = answered.await;
    assert_eq!(
        (&game["status"], &game["ply"]),
        (&json!("in_progress"), &json!(0))
    );
    human.play("e2e4").await;
    assert_eq!(human.turn().await["ply"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_agrees_to_a_rematch_with_colours_exchanged() {
    let app = app().await;
    let _worker = app.worker();
    let mut human = Human::against(&app, "beginner", ("w", 5)).await;
    human.act("resign").await;
    let old = human.act("rematch").await;
    human.id = text(&old, "rematch_id");
    human.color = "b";
    let game = human.turn().await;
    assert_eq!((&game["bot_color"], &game["ply"]), (&json!("w"), &json!(1)));
    assert_eq!(game["bot_id"], "bot-beginner-400");
    assert_eq!(game["black_account_id"], human.account.id.as_str());
}

/// Without a worker nothing is lost: the bot answers when one comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bots_turn_waits_for_a_worker() {
    let app = app().await;
    let human = Human::against(&app, "easy", ("w", 6)).await;
    let played = human.play("e2e4").await;
    let seen = human.look().await;
    assert_eq!(seen["version"], played["version"]);
    let _worker = app.worker();
    assert_eq!(human.turn().await["ply"], 2);
}
