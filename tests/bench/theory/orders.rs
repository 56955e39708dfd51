//! One analysis of a 2×2 game over HTTP, from the order to its result: one client, an API and a worker, every game a new one.

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::Context;
use futures_util::StreamExt as _;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Response};
use serde_json::Value;

use super::Measured;
use super::games::Square;
use crate::api_process::ApiProcess;
use crate::machine::Machine;
use crate::queue::Size;
use crate::samples::Samples;
use crate::stage::Stage;
use crate::table::{Figure, Line, Reach};

/// How the client learns of the result.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// In the answer to the order itself.
    Prefer,
    /// By a second request that is answered when the task has ended.
    Wait,
    /// By the task's events.
    Events,
}

/// Orders before those that count: connections, caches, and the worker's own start.
const WARM_UP: u64 = 20;

pub async fn measure(machine: &Machine, size: Size) -> anyhow::Result<Measured> {
    let stage = Stage::open(machine).await?;
    let worker = stage
        .command(&machine.binary("rookery-worker")?)
        .arg("run")
        .stdout(Stdio::null())
        .spawn()
        .context("rookery-worker does not start")?;
    let api = ApiProcess::start(machine, &stage).await?;
    let visitor = Visitor {
        client: Client::new(),
        address: api.address.clone(),
    };
    let mut measured = Measured::default();
    let count = if size == Size::Full { 1_000 } else { 200 };
    let mut seeds = 1..;
    for (way, count, title) in [
        (Way::Prefer, count, "`Prefer: wait` on the order"),
        (Way::Wait, count / 4, "`?wait=` after the order"),
        (Way::Events, count / 4, "the event stream after the order"),
    ] {
        let mut latencies = Vec::new();
        for (number, seed) in (0..WARM_UP + count).zip(&mut seeds) {
            let game = visitor.upload(&Square::random(2, seed)).await?;
            let begun = Instant::now();
            visitor.order(&game, way).await?;
            if number >= WARM_UP {
                latencies.push(begun.elapsed().as_secs_f64());
            }
        }
        let latencies: Samples = latencies.into_iter().collect();
        let what = format!("HTTP, Nash equilibria of a 2×2 game, {count} orders, {title}");
        measured.lines.extend([
            Line::new(
                format!("{what}: p50"),
                Figure::Seconds(latencies.quantile(0.5)?),
            )
            .beside(
                "the original's polling step, published",
                Figure::Seconds(0.1),
            )
            .reach(Reach::AtMost(Figure::Seconds(0.01))),
            Line::new("… p99", Figure::Seconds(latencies.quantile(0.99)?))
                .reach(Reach::AtMost(Figure::Seconds(0.025))),
        ]);
    }
    drop((worker, api));
    stage.close().await?;
    Ok(measured)
}

struct Visitor {
    client: Client,
    address: String,
}

impl Visitor {
    /// The id under which the game is kept.
    async fn upload(&self, square: &Square) -> anyhow::Result<String> {
        let file = Part::bytes(square.nfg().into_bytes()).file_name("game.nfg");
        let answer = self
            .client
            .post(format!("{}/api/games/upload", self.address))
            .multipart(Form::new().part("file", file))
            .send()
            .await?
            .error_for_status()?;
        let game: Value = answer.json().await?;
        let id = game["id"].as_str().context("a game without an id")?;
        Ok(id.to_owned())
    }

    /// Orders the analysis and waits for its result.
    async fn order(&self, game: &str, way: Way) -> anyhow::Result<()> {
        let mut order = self
            .client
            .post(format!("{}/api/tasks", self.address))
            .query(&[("game_id", game), ("plugin", "Nash Equilibrium")]);
        if let Way::Prefer = way {
            order = order.header("Prefer", "wait=30");
        }
        let ordered = order.send().await?.error_for_status()?.text().await?;
        let task: Value = serde_json::from_str(&ordered)?;
        let id = task["task_id"].as_str().context("a task without an id")?;
        let task = format!("{}/api/tasks/{id}", self.address);
        let told = match way {
            Way::Prefer => ordered,
            Way::Wait => self.get(&format!("{task}?wait=30")).await?.text().await?,
            Way::Events => self.last_event(&format!("{task}/events")).await?,
        };
        anyhow::ensure!(is_completed(&told), "an analysis ended without a result");
        Ok(())
    }

    async fn last_event(&self, url: &str) -> anyhow::Result<String> {
        let mut chunks = self.get(url).await?.bytes_stream();
        let mut text = String::new();
        let patience = Duration::from_secs(30);
        while let Some(chunk) = tokio::time::timeout(patience, chunks.next()).await? {
            text.push_str(&String::from_utf8_lossy(&chunk?));
            if is_completed(&text) {
                break;
            }
        }
        Ok(text)
    }

    async fn get(&self, url: &str) -> anyhow::Result<Response> {
        Ok(self.client.get(url).send().await?.error_for_status()?)
    }
}

fn is_completed(json: &str) -> bool {
    json.contains("\"status\":\"completed\"")
}
