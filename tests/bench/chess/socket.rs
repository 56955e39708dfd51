//! A player's WebSocket: it reads all the time, and notes when each half-move was told.

use anyhow::Context;
use futures_util::StreamExt as _;
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_tungstenite::connect_async_with_config;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use super::hall::{Hall, Pair};

pub struct Socket {
    news: mpsc::UnboundedReceiver<News>,
    reader: JoinHandle<()>,
}

/// A change of the game, and when it came.
pub struct News {
    /// Of a move: its half-move, from 1.
    pub ply: Option<usize>,
    pub ended: bool,
    /// Of a move.
    pub uci: Option<String>,
    pub at: Instant,
}

#[derive(Deserialize)]
struct Told {
    #[serde(rename = "type")]
    kind: String,
    #[serde(rename = "move")]
    played: Option<Played>,
    ending: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Played {
    ply: usize,
    from: String,
    to: String,
    promotion: Option<String>,
}

impl Socket {
    /// Returns once the game as it is has been told: whatever happens from now on is.
    pub async fn open(hall: &Hall, pair: &Pair, token: &str) -> anyhow::Result<Self> {
        let host = hall
            .api
            .address
            .strip_prefix("http")
            .context("plain HTTP")?;
        let url = format!("ws{host}/v1/games/{}/ws?access_token={token}", pair.game);
        // Ten thousand of these are open at once.
        let small = WebSocketConfig::default()
            .read_buffer_size(1024)
            .write_buffer_size(0);
        let (mut socket, _) = connect_async_with_config(url, Some(small), true).await?;
        let first = socket.next().await.context("the socket closed")??;
        anyhow::ensure!(first.is_text(), "the first message is the game");
        let (sender, news) = mpsc::unbounded_channel();
        let reader = tokio::spawn(async move {
            while let Some(Ok(message)) = socket.next().await {
                let at = Instant::now();
                let Message::Text(text) = message else {
                    continue;
                };
                let Ok(told) = serde_json::from_str::<Told>(&text) else {
                    continue;
                };
                if sender.send(told.news(at)).is_err() {
                    break;
                }
            }
        });
        Ok(Self { news, reader })
    }

    pub async fn next(&mut self) -> anyhow::Result<News> {
        self.news.recv().await.context("the socket closed")
    }

    /// When the half-move was told.
    pub async fn heard(&mut self, ply: usize) -> anyhow::Result<Instant> {
        loop {
            let news = self.next().await?;
            if news.ply == Some(ply) {
                return Ok(news.at);
            }
        }
    }
}

impl Told {
    fn news(self, at: Instant) -> News {
        let is_move = self.kind == "move";
        let played = self.played.filter(|_| is_move);
        News {
            ply: played.as_ref().map(|played| played.ply),
            ended: self.ending.is_some(),
            uci: played.map(|played| {
                let promotion = played.promotion.unwrap_or_default();
                format!("{}{}{promotion}", played.from, played.to)
            }),
            at,
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.reader.abort();
    }
}
