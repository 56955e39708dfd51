//! The product's own programs, `rookery-api` and `rookery-worker`, as processes on a stage.

use std::fs::File;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::process::{Process, command};
use super::stage::Stage;
use super::until::{PATIENCE, until};
use crate::chess::players::SECRET;

/// An API node.
pub struct Api {
    pub process: Process,
    url: String,
    client: reqwest::Client,
}

impl Api {
    /// Returns when it listens.
    pub async fn start(stage: &Stage, name: &str) -> anyhow::Result<Self> {
        let log = stage.gate(&format!("{name}.log"));
        let mut api = program(stage, "rookery-api")?;
        api.arg("serve")
            .env("ROOKERY_LISTEN", "127.0.0.1:0")
            .env("RUST_LOG", "info")
            .stderr(File::create(&log)?);
        let process = Process::start(&mut api)?;
        let url = until("the API says where it listens", PATIENCE, async || {
            let said = std::fs::read_to_string(&log)?;
            let address = said.split_once("listening on ").and_then(|(_, rest)| {
                let (address, _) = rest.split_once('\n')?;
                Some(address.trim().to_owned())
            });
            Ok(address)
        })
        .await?;
        let client = reqwest::Client::builder().timeout(2 * PATIENCE).build()?;
        Ok(Self {
            process,
            url,
            client,
        })
    }

    pub fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        read(self.call(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str) -> anyhow::Result<Value> {
        read(self.call(Method::POST, path)).await
    }

    /// The id of the game in this file.
    pub async fn upload(&self, name: &'static str, content: String) -> anyhow::Result<String> {
        let part = reqwest::multipart::Part::text(content).file_name(name);
        let form = reqwest::multipart::Form::new().part("file", part);
        let game = read(self.call(Method::POST, "/api/games/upload").multipart(form)).await?;
        Ok(game["id"].as_str().context("no id")?.to_owned())
    }
}

async fn read(call: RequestBuilder) -> anyhow::Result<Value> {
    let answer = call.send().await?;
    let (url, status) = (answer.url().clone(), answer.status());
    let text = answer.text().await?;
    anyhow::ensure!(status == 200, "{url}: {status} {text}");
    Ok(serde_json::from_str(&text)?)
}

/// A worker that does the product's jobs.
pub fn worker(stage: &Stage) -> anyhow::Result<Process> {
    let mut worker = program(stage, "rookery-worker")?;
    Process::start(worker.arg("run").env("RUST_LOG", "error"))
}

/// One whose characters ask the language model at this address.
pub fn asking_worker(stage: &Stage, url: &str) -> anyhow::Result<Process> {
    let mut worker = program(stage, "rookery-worker")?;
    worker
        .arg("run")
        .env("RUST_LOG", "error")
        .env("ROOKERY_LLM_PROVIDER", "openai")
        .env("ROOKERY_LLM_MODEL", "stub")
        .env("ROOKERY_LLM_BASE_URL", url);
    Process::start(&mut worker)
}

/// Schema and example games.
pub async fn migrate(stage: &Stage) -> anyhow::Result<()> {
    let mut migrating = Process::start(program(stage, "rookery-api")?.arg("migrate"))?;
    let status = until("the migration ends", PATIENCE, async || migrating.ended()).await?;
    anyhow::ensure!(status.success(), "the migration ended with {status}");
    Ok(())
}

fn program(stage: &Stage, name: &str) -> anyhow::Result<Command> {
    let tests = std::env::current_exe()?;
    let folder = tests.parent().and_then(|deps| deps.parent());
    let path: PathBuf = folder.context("no target folder")?.join(name);
    anyhow::ensure!(
        path.exists(),
        "{name} is not built; run the tests by ./dev test"
    );
    let mut program = command(path);
    program
        .env("DATABASE_URL", &stage.addresses.database)
        .env("REDIS_URL", &stage.addresses.redis)
        .env("ROOKERY_QUEUE_PREFIX", &stage.name)
        .env("ROOKERY_DATABASE_CONNECTIONS", "6")
        .env("ROOKERY_JWT_SECRET", SECRET);
    Ok(program)
}

/// Server-sent events as they come, as text.
pub struct Stream {
    response: reqwest::Response,
    unread: String,
}

impl Stream {
    pub async fn open(api: &Api, task: &str) -> anyhow::Result<Self> {
        let path = format!("/api/tasks/{task}/events");
        let response = api.call(Method::GET, &path).send().await?;
        anyhow::ensure!(response.status() == 200, "{}", response.status());
        Ok(Self {
            response,
            unread: String::new(),
        })
    }

    /// Passes over the states of the task until this holds of one.
    pub async fn task_that(
        &mut self,
        patience: Duration,
        holds: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        let found = async {
            loop {
                while let Some((event, rest)) = self.unread.split_once("\n\n") {
                    let data = event.lines().find_map(|line| line.strip_prefix("data:"));
                    let task = data
                        .map(|data| serde_json::from_str(data.trim()))
                        .transpose()?;
                    self.unread = rest.to_owned();
                    if let Some(task) = task.filter(|task| holds(task)) {
                        return Ok(task);
                    }
                }
                let piece = self.response.chunk().await?.context("the stream ended")?;
                self.unread += std::str::from_utf8(&piece)?;
            }
        };
        tokio::time::timeout(patience, found)
            .await
            .context("the stream does not say it")?
    }
}
