//! Accounts with tokens, and a game between two of them whose requests go to several nodes in turn.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use rookery_api::auth::Tokens;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::faults::until::holds;
use crate::harness::{Call, Node, PATIENCE, Reply, TestApp};

pub const SECRET: &str = "the secret of those who test chess, long enough";

/// What is posted to a game without a body.
pub const ACTIONS: [&str; 11] = [
    "join",
    "decline",
    "abort",
    "resign",
    "offer-draw",
    "accept-draw",
    "decline-draw",
    "claim-draw",
    "takeback",
    "rematch",
    "tick",
];

/// A system that lets accounts in.
pub async fn app() -> TestApp {
    TestApp::start_with(|config| config.jwt_secret = Some(SECRET.into())).await
}

/// Somebody with a token.
#[derive(Clone)]
pub struct Account {
    pub id: String,
    bearer: String,
}

impl Account {
    pub fn new() -> Self {
        let id = Uuid::new_v4();
        let token = Tokens::new(SECRET)
            .mint(id, 3600)
            .expect("a token can be made");
        Self {
            id: id.to_string(),
            bearer: format!("Bearer {token}"),
        }
    }

    /// What the `Authorization` header has to say.
    pub fn bearer(&self) -> &str {
        &self.bearer
    }

    pub fn get(&self, node: &Node, path: &str) -> Call {
        node.get(path).header("authorization", &self.bearer)
    }

    pub fn post(&self, node: &Node, path: &str) -> Call {
        node.post(path).header("authorization", &self.bearer)
    }
}

/// What these tests ask for where they do not care: white for the creator, five minutes.
pub fn terms(own: &Value) -> Value {
    let mut terms = json!({
        "color_preference": "white",
        "time_control": { "initial_seconds": 300, "increment_seconds": 0 },
        "rated": true,
    });
    for (name, value) in own.as_object().into_iter().flatten() {
        terms[name] = value.clone();
    }
    terms
}

pub fn seconds(initial: u32, increment: u32) -> Value {
    json!({ "time_control": { "initial_seconds": initial, "increment_seconds": increment } })
}

/// The body of a move in UCI notation.
pub fn step(uci: &str) -> Value {
    let (from, rest) = uci.split_at(2);
    let (to, promotion) = rest.split_at(2);
    match promotion {
        "" => json!({ "from": from, "to": to }),
        _ => json!({ "from": from, "to": to, "promotion": promotion }),
    }
}

/// White made the challenge, black joined.
pub struct Game<'a> {
    pub id: String,
    pub white: Account,
    pub black: Account,
    nodes: Vec<&'a Node>,
    asked: AtomicUsize,
    ply: AtomicI64,
}

impl<'a> Game<'a> {
    /// `own` are terms that differ from the usual ones.
    pub async fn start(nodes: &[&'a Node], own: &Value) -> Self {
        let (white, black) = (Account::new(), Account::new());
        let mut terms = terms(own);
        terms["opponent_account_id"] = json!(black.id);
        let made = white.post(nodes[0], "/v1/games").json(&terms).await;
        let game = Self {
            id: text(&made.expect(201), "id"),
            white,
            black,
            nodes: nodes.to_vec(),
            asked: AtomicUsize::new(0),
            ply: AtomicI64::new(0),
        };
        game.black("join").await.expect(200);
        game
    }

    /// Another one each time.
    pub fn node(&self) -> &'a Node {
        let turn = self.asked.fetch_add(1, Ordering::Relaxed);
        self.nodes[turn % self.nodes.len()]
    }

    pub fn path(&self, action: &str) -> String {
        format!("/v1/games/{}/{action}", self.id)
    }

    /// As white's or black's client sees it.
    pub async fn look(&self) -> Value {
        let path = format!("/v1/games/{}", self.id);
        self.white.get(self.node(), &path).await.expect(200)
    }

    pub async fn white(&self, action: &str) -> Reply {
        self.act(&self.white, action).await
    }

    pub async fn black(&self, action: &str) -> Reply {
        self.act(&self.black, action).await
    }

    async fn act(&self, account: &Account, action: &str) -> Reply {
        let reply = account.post(self.node(), &self.path(action)).await;
        self.keep_count(&reply);
        reply
    }

    /// Plays a move that is legal for the side whose turn it is.
    pub async fn play(&self, uci: &str) -> Value {
        self.send(uci).await.expect(200)
    }

    /// Several of them, with spaces between; returns the game after the last.
    pub async fn play_all(&self, moves: &str) -> Value {
        let mut last = Value::Null;
        for uci in moves.split_whitespace() {
            last = self.play(uci).await;
        }
        last
    }

    /// Sends a move for the side whose turn it is.
    pub async fn send(&self, uci: &str) -> Reply {
        let white_moves = self.ply.load(Ordering::Relaxed) % 2 == 0;
        let mover = if white_moves {
            &self.white
        } else {
            &self.black
        };
        let call = mover.post(self.node(), &self.path("moves"));
        let reply = call.json(&step(uci)).await;
        self.keep_count(&reply);
        reply
    }

    fn keep_count(&self, reply: &Reply) {
        if reply.status == 200 {
            let ply = reply.json()["ply"].as_i64().expect("a game has a ply");
            self.ply.store(ply, Ordering::Relaxed);
        }
    }
}

#[track_caller]
pub fn text(body: &Value, field: &str) -> String {
    match body[field].as_str() {
        Some(text) => text.to_owned(),
        None => panic!("{field} is no text in {body}"),
    }
}

#[track_caller]
pub fn number(body: &Value, field: &str) -> i64 {
    match body[field].as_i64() {
        Some(number) => number,
        None => panic!("{field} is no whole number in {body}"),
    }
}

#[track_caller]
pub fn time(body: &Value, field: &str) -> DateTime<Utc> {
    let text = text(body, field);
    let parsed = DateTime::parse_from_rfc3339(&text);
    parsed.expect("times are RFC 3339").to_utc()
}

/// How a game stands, for comparing: everything that does not change by itself.
pub fn still(game: &Value) -> Value {
    let mut game = game.clone();
    for running in ["server_time", "white_clock_ms", "black_clock_ms"] {
        game[running] = Value::Null;
    }
    for side in ["white", "black"] {
        game[side]["remaining_ms"] = Value::Null;
    }
    game
}

/// What the game ended with, as a triple.
#[track_caller]
pub fn ended(game: &Value) -> (String, Option<String>) {
    assert_eq!(game["status"], "ended", "{game}");
    (
        text(game, "end_reason"),
        game["result"].as_str().map(str::to_owned),
    )
}

/// The same with the result of a drawn game.
#[track_caller]
pub fn drawn(game: &Value, reason: &str) {
    let draw = Some("1/2-1/2".to_owned());
    assert_eq!(ended(game), (reason.to_owned(), draw));
}

/// Waits for Postgres' clock, by which games are judged, without looking at the game.
pub async fn passed(pool: &PgPool, moment: DateTime<Utc>) {
    holds("Postgres' clock gets there", PATIENCE, async || {
        let passed = sqlx::query_scalar("select clock_timestamp() >= $1")
            .bind(moment)
            .fetch_one(pool)
            .await?;
        Ok(passed)
    })
    .await
    .expect("time passes");
}

/// Waits until the game has ended, without looking at it through the API: a look would end it.
pub async fn ends_by_itself(pool: &PgPool, game: &str) {
    let id: Uuid = game.parse().expect("a game's id is a UUID");
    holds("the game ends with nobody present", PATIENCE, async || {
        let ended = sqlx::query_scalar("select status = 'ended' from chess_games where id = $1")
            .bind(id)
            .fetch_one(pool)
            .await?;
        Ok(ended)
    })
    .await
    .expect("a worker watches the clock");
}
