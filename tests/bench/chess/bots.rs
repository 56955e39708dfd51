//! A bot's reply through the queue: from when a player's move is sent to when the player's socket tells of the bot's.

use std::time::Duration;

use anyhow::Context;
use rookery_chess::bot::{Bot, Difficulty, Record, Turn};
use rookery_chess::search::Unwatched;
use serde_json::json;
use tokio::time::{Instant, timeout};

use super::Measured;
use super::hall::{Hall, Pair, Seen};
use super::playouts::body;
use super::socket::Socket;
use crate::connection::{Connection, request};
use crate::machine::Machine;
use crate::queue::Size;
use crate::samples::Samples;
use crate::table::{Figure, Line, Reach};

const PATIENCE: Duration = Duration::from_secs(30);

pub async fn measure(machine: &Machine, size: Size) -> anyhow::Result<Measured> {
    let hall = Hall::open(machine, 1).await?;
    let mut measured = Measured::default();
    for difficulty in Difficulty::ALL {
        let (replies, most) = match difficulty {
            Difficulty::Expert => (200, 0.15),
            Difficulty::Master => (100, 0.8),
            _ => (300, 0.05),
        };
        let replies = if size == Size::Full {
            replies
        } else {
            replies / 10
        };
        let waited = replies_of(&hall, difficulty, replies).await?;
        measured.lines.extend([
            Line::new(
                format!("{difficulty} bot's reply over the queue, {replies} replies, p50"),
                Figure::Seconds(waited.quantile(0.5)?),
            ),
            Line::new("… p99", Figure::Seconds(waited.quantile(0.99)?))
                .reach(Reach::AtMost(Figure::Seconds(most))),
        ]);
    }
    measured.notes.push(
        "Bots: one game at a time, the player's moves by our medium bot, from the player's POST to the reply on the player's socket."
            .to_owned(),
    );
    hall.close().await?;
    Ok(measured)
}

async fn replies_of(hall: &Hall, bot: Difficulty, replies: usize) -> anyhow::Result<Samples> {
    let mut player = Bot::new(Difficulty::Medium);
    let mut connection = hall.connect().await?;
    let mut waited = Vec::with_capacity(replies);
    let mut seed = 0;
    while waited.len() < replies {
        seed += 1;
        let mut game = Game::begin(hall, &mut connection, (bot, seed)).await?;
        while waited.len() < replies {
            let Some(seconds) = game.exchange(&mut player, &mut connection).await? else {
                break;
            };
            waited.push(seconds);
        }
    }
    Ok(waited.into_iter().collect())
}

struct Game {
    pair: Pair,
    record: Record,
    seed: u64,
    socket: Socket,
    over: bool,
}

impl Game {
    async fn begin(
        hall: &Hall,
        connection: &mut Connection,
        (bot, seed): (Difficulty, u64),
    ) -> anyhow::Result<Self> {
        let token = hall.token()?;
        let wish = json!({
            "difficulty": bot.to_string(), "player_color": "white", "seed": seed,
            "time_control": { "initial_seconds": 10_800, "increment_seconds": 0 },
        });
        let create = request("POST", "/v1/games/bot", &token, &wish.to_string());
        let game = connection.get::<Seen>(&create).await?.id;
        let pair = Pair {
            game,
            white: token.clone(),
            black: token,
        };
        let socket = Socket::open(hall, &pair, &pair.white).await?;
        Ok(Self {
            pair,
            record: Record::default(),
            seed,
            socket,
            over: false,
        })
    }

    /// Plays a move and waits for the bot's: seconds; none when the game is over, or the player would end it.
    async fn exchange(
        &mut self,
        player: &mut Bot,
        connection: &mut Connection,
    ) -> anyhow::Result<Option<f64>> {
        if self.over {
            return Ok(None);
        }
        let turn = Turn {
            record: &self.record,
            seed: self.seed,
            clock: None,
            draw_offer: None,
        };
        let decision = player.decide(&turn, &mut Unwatched);
        let Some(chosen) = decision.and_then(|decision| decision.act.played()) else {
            return Ok(None);
        };
        let ply = self.record.ply() as usize;
        let post = self.pair.play(ply, &body(chosen, ply + 1));
        anyhow::ensure!(self.record.play(chosen), "the player's move is not legal");
        let sent = Instant::now();
        connection.succeed(&post).await?;
        loop {
            let news = timeout(PATIENCE, self.socket.next()).await;
            let news = news.context("the bot does not answer")??;
            let waited = (news.at - sent).as_secs_f64();
            let is_reply = news.ply == Some(ply + 2);
            if news.ended {
                self.over = true;
                // By the bot's mate or resignation; or by the player's own move, which is no reply.
                return Ok((news.ply != Some(ply + 1)).then_some(waited));
            }
            if is_reply {
                let reply = news.uci.context("a move tells its squares")?;
                let reply = self.record.read(&reply).context("an illegal reply")?;
                anyhow::ensure!(self.record.play(reply), "an illegal reply");
                return Ok(Some(waited));
            }
        }
    }
}
