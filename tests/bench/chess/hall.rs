//! What chess is played in: an API, workers, accounts with their tokens, and games that have begun.

use std::process::Stdio;
use std::sync::Arc;

use anyhow::Context;
use rookery_api::auth::Tokens;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::process::Child;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::api_process::{ApiProcess, SECRET};
use crate::connection::{Connection, request};
use crate::machine::Machine;
use crate::processes::Spent;
use crate::stage::Stage;

pub struct Hall {
    pub stage: Stage,
    pub api: ApiProcess,
    pub workers: Vec<Child>,
    tokens: Tokens,
}

/// Two accounts and the game between them.
#[derive(Clone)]
pub struct Pair {
    pub game: Uuid,
    pub white: Arc<str>,
    pub black: Arc<str>,
}

/// The part of a game's JSON that is looked at here.
#[derive(Deserialize)]
pub struct Seen {
    pub id: Uuid,
}

/// Connections that prepare games side by side.
const HELPERS: usize = 32;

impl Hall {
    pub async fn open(machine: &Machine, workers: usize) -> anyhow::Result<Self> {
        let stage = Stage::open(machine).await?;
        let program = machine.binary("rookery-worker")?;
        let start = |_| {
            stage
                .command(&program)
                .arg("run")
                .stdout(Stdio::null())
                .spawn()
                .context("rookery-worker does not start")
        };
        let workers = (0..workers).map(start).collect::<Result<_, _>>()?;
        let api = ApiProcess::start(machine, &stage).await?;
        Ok(Self {
            stage,
            api,
            workers,
            tokens: Tokens::new(SECRET),
        })
    }

    pub async fn close(self) -> anyhow::Result<()> {
        drop((self.workers, self.api));
        self.stage.close().await
    }

    /// Processor time of all that play a part.
    pub async fn spent(&self) -> anyhow::Result<Spent> {
        let workers = self.workers.iter().filter_map(Child::id);
        Spent::by(&self.stage, self.api.pid()?, workers).await
    }

    pub async fn connect(&self) -> anyhow::Result<Connection> {
        Connection::open(&self.api.address).await
    }

    /// Of an account that nobody has had before.
    pub fn token(&self) -> anyhow::Result<Arc<str>> {
        Ok(self.tokens.mint(Uuid::new_v4(), 24 * 3600)?.into())
    }

    /// Challenges that nobody has joined, with the token of the one who will.
    pub async fn challenges(&self, count: usize, seconds: u32) -> anyhow::Result<Vec<Pair>> {
        let mut helpers = JoinSet::new();
        for helper in 0..HELPERS {
            let mine = (helper..count).step_by(HELPERS);
            let tokens = mine
                .map(|_| anyhow::Ok((self.token()?, self.token()?)))
                .collect::<Result<Vec<_>, _>>()?;
            let mut connection = self.connect().await?;
            helpers.spawn(async move {
                let mut pairs = Vec::with_capacity(tokens.len());
                for (white, black) in tokens {
                    let wish = challenge(seconds).to_string();
                    let create = request("POST", "/v1/games", &white, &wish);
                    let game = connection.get::<Seen>(&create).await?.id;
                    pairs.push(Pair { game, white, black });
                }
                anyhow::Ok(pairs)
            });
        }
        let pairs = helpers.join_all().await;
        let pairs: Vec<Vec<Pair>> = pairs.into_iter().collect::<Result<_, _>>()?;
        Ok(pairs.into_iter().flatten().collect())
    }

    /// Games that have begun, on clocks that will not run out.
    pub async fn games(&self, count: usize) -> anyhow::Result<Vec<Pair>> {
        let pairs = self.challenges(count, LONG).await?;
        let mut helpers = JoinSet::new();
        for mine in pairs.chunks(count.div_ceil(HELPERS).max(1)) {
            let mine = mine.to_vec();
            let mut connection = self.connect().await?;
            helpers.spawn(async move {
                for pair in &mine {
                    connection.succeed(&pair.join()).await?;
                }
                anyhow::Ok(())
            });
        }
        for joined in helpers.join_all().await {
            joined?;
        }
        Ok(pairs)
    }
}

/// Three hours: the most that there is.
const LONG: u32 = 10_800;

fn challenge(seconds: u32) -> Value {
    json!({
        "color_preference": "white",
        "time_control": { "initial_seconds": seconds, "increment_seconds": 0 },
        "rated": false,
    })
}

impl Pair {
    pub fn join(&self) -> Vec<u8> {
        let path = format!("/v1/games/{}/join", self.game);
        request("POST", &path, &self.black, "")
    }

    /// The half-move after `ply` of them.
    pub fn play(&self, ply: usize, body: &str) -> Vec<u8> {
        let token = if ply.is_multiple_of(2) {
            &self.white
        } else {
            &self.black
        };
        let path = format!("/v1/games/{}/moves", self.game);
        request("POST", &path, token, body)
    }
}
