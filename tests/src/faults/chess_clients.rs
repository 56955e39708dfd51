//! Chess clients that do not give up: each plays both sides of one game after another, through whichever node answers.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use reqwest::Method;
use serde_json::{Value, json};
use shakmaty::uci::UciMove;
use shakmaty::{Chess, Position as _};
use tokio::sync::RwLock;

use super::programs::Api;
use super::until::{PATIENCE, until};
use crate::chess::players::{Account, step};

/// The nodes as they are at the moment, and what all clients together were told.
pub struct Nodes {
    pub nodes: [RwLock<Api>; 2],
    /// Half-moves answered with 200.
    pub acknowledged: AtomicUsize,
    /// How often something was killed or emptied.
    pub troubles: AtomicUsize,
    /// Whom to ask next.
    turn: AtomicUsize,
    enough: Enough,
}

/// What has to have happened before the clients stop.
pub struct Enough {
    pub moves: usize,
    pub troubles: usize,
}

/// What a client knows of a game.
pub struct Played {
    pub id: String,
    /// In UCI notation; all of them were acknowledged.
    pub moves: Vec<String>,
    /// When the flag must have fallen, where the client left the game to that and knows it.
    pub deadline: Option<DateTime<Utc>>,
    pub is_left: bool,
}

enum Sent {
    Played(Value),
    /// An earlier try, whose answer was lost, had played it.
    WasThere,
    /// The flag was faster.
    Over,
}

/// Half-moves after which a client ends its game.
const LONGEST: usize = 32;

/// Of so many games one is left alone, for its flag to fall.
const LEFT: usize = 6;

impl Nodes {
    pub fn new(one: Api, other: Api, enough: Enough) -> Self {
        Self {
            nodes: [RwLock::new(one), RwLock::new(other)],
            acknowledged: AtomicUsize::new(0),
            troubles: AtomicUsize::new(0),
            turn: AtomicUsize::new(0),
            enough,
        }
    }

    pub fn has_enough(&self) -> bool {
        self.acknowledged.load(Ordering::Relaxed) >= self.enough.moves
            && self.troubles.load(Ordering::Relaxed) >= self.enough.troubles
    }

    /// Asks one node after the other until one answers with something else than that it is in trouble. Returns also whether an
    /// earlier try may have been heard although its answer never came.
    async fn ask(
        &self,
        account: &Account,
        path: &str,
        (key, body): (Option<&str>, Value),
    ) -> anyhow::Result<(u16, Value, bool)> {
        let mut is_uncertain = false;
        let (status, answer) = until(path, PATIENCE, async || {
            let turn = self.turn.fetch_add(1, Ordering::Relaxed);
            let node = &self.nodes[turn % self.nodes.len()];
            let call = node.read().await.call(Method::POST, path);
            let call = call.header("authorization", account.bearer()).json(&body);
            let call = match key {
                Some(key) => call.header("idempotency-key", key),
                None => call,
            };
            let answer = async {
                let answer = call.send().await?;
                Ok::<_, reqwest::Error>((answer.status().as_u16(), answer.json::<Value>().await?))
            };
            match answer.await {
                Ok((status, answer)) if status < 500 && answer["error"] != "version_conflict" => {
                    Ok(Some((status, answer)))
                }
                _ => {
                    is_uncertain = true;
                    Ok(None)
                }
            }
        })
        .await?;
        Ok((status, answer, is_uncertain))
    }

    /// Plays until all clients together have played enough.
    pub async fn play_games(&self, seed: u64) -> anyhow::Result<Vec<Played>> {
        let mut chance = StdRng::seed_from_u64(seed);
        let mut games = Vec::new();
        while !self.has_enough() {
            let is_left = games.len() % LEFT == LEFT - 1;
            games.push(self.play_game(&mut chance, is_left).await?);
        }
        Ok(games)
    }

    async fn play_game(&self, chance: &mut StdRng, is_left: bool) -> anyhow::Result<Played> {
        let (white, black) = (Account::new(), Account::new());
        let seconds = if is_left { 2 } else { 600 };
        let challenge = json!({
            "opponent_account_id": black.id,
            "color_preference": "white",
            "time_control": { "initial_seconds": seconds, "increment_seconds": 0 },
        });
        let made = self.ask(&white, "/v1/games", (Some("the game"), challenge));
        let (status, made, _) = made.await?;
        anyhow::ensure!(status == 201, "{status} {made}");
        let id = made["id"].as_str().context("no id")?.to_owned();
        let join = format!("/v1/games/{id}/join");
        let (status, joined, is_uncertain) = self.ask(&black, &join, (None, Value::Null)).await?;
        let has_joined = status == 200 || is_uncertain && joined["error"] == "game_started";
        anyhow::ensure!(has_joined, "{status} {joined}");

        let mut played = Played {
            id,
            moves: Vec::new(),
            deadline: deadline(&joined),
            is_left,
        };
        let longest = if is_left {
            chance.random_range(0..6)
        } else {
            LONGEST
        };
        let mut position = Chess::default();
        while played.moves.len() < longest && !position.is_game_over() {
            let legal = position.legal_moves();
            let wish = legal[chance.random_range(0..legal.len())];
            let mover = if position.turn().is_white() {
                &white
            } else {
                &black
            };
            let uci = UciMove::from_standard(wish).to_string();
            match self.send(mover, &played, &uci).await? {
                Sent::Over => return Ok(played),
                Sent::WasThere => played.deadline = None,
                Sent::Played(game) => {
                    self.acknowledged.fetch_add(1, Ordering::Relaxed);
                    played.deadline = deadline(&game);
                }
            }
            played.moves.push(uci);
            position = position.play(wish)?;
        }
        if !is_left {
            let path = format!("/v1/games/{}/resign", played.id);
            let (status, answer, _) = self.ask(&black, &path, (None, Value::Null)).await?;
            let is_over = status == 200 || answer["error"] == "game_ended";
            anyhow::ensure!(is_over, "{status} {answer}");
        }
        Ok(played)
    }

    async fn send(&self, mover: &Account, game: &Played, uci: &str) -> anyhow::Result<Sent> {
        let ply = game.moves.len() + 1;
        let mut body = step(uci);
        body["ply"] = json!(ply);
        let path = format!("/v1/games/{}/moves", game.id);
        let (status, answer, is_uncertain) = self.ask(mover, &path, (None, body)).await?;
        match (status, answer["error"].as_str()) {
            (200, _) => Ok(Sent::Played(answer)),
            (409, Some("ply_conflict" | "game_ended"))
                if is_uncertain && is_there(&answer["game"], ply, uci) =>
            {
                Ok(Sent::WasThere)
            }
            // By the flag, or by the fivefold repetition that random moves may come to.
            (409, Some("game_ended")) => Ok(Sent::Over),
            _ => anyhow::bail!("{uci} as half-move {ply} of {}: {status} {answer}", game.id),
        }
    }
}

fn is_there(game: &Value, ply: usize, uci: &str) -> bool {
    let played = &game["moves"][ply - 1];
    let text = |field: &str| played[field].as_str().unwrap_or_default().to_owned();
    text("from") + &text("to") + &text("promotion") == uci
}

fn deadline(game: &Value) -> Option<DateTime<Utc>> {
    let text = game["deadline_at"].as_str()?;
    Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc())
}
