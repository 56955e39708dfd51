//! Where characters are measured: an API and as many workers as are asked for, on a stage of their own.

use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};
use tokio::process::Child;
use tokio::time::{Instant, sleep};

use super::model::Model;
use crate::api_process::ApiProcess;
use crate::connection::{Connection, anonymous};
use crate::machine::Machine;
use crate::processes::Spent;
use crate::stage::Stage;

pub struct Town {
    pub stage: Stage,
    machine: Machine,
    api: ApiProcess,
    workers: Vec<Child>,
}

/// What workers are told of their language model.
pub struct Allowed<'a> {
    pub model: &'a Model,
    /// Calls at once, all workers together.
    pub concurrency: u32,
    /// Calls a minute, all workers together.
    pub rpm: Option<u32>,
}

/// The fast tick of a world in which nobody is asked of itself: as long as the API lets it be.
pub const NEVER_MS: u64 = 86_400_000;

impl Town {
    /// Nobody works here yet.
    pub async fn open(machine: &Machine) -> anyhow::Result<Self> {
        let stage = Stage::open(machine).await?;
        let api = ApiProcess::start(machine, &stage).await?;
        Ok(Self {
            stage,
            machine: machine.clone(),
            api,
            workers: Vec::new(),
        })
    }

    /// Workers of the offline provider, or of the model that they are told of.
    pub fn employ(&mut self, count: usize, allowed: Option<&Allowed<'_>>) -> anyhow::Result<()> {
        let program = self.machine.binary("rookery-worker")?;
        for _ in 0..count {
            let mut command = self.stage.command(&program);
            command.arg("run").stdout(Stdio::null());
            if let Some(allowed) = allowed {
                command
                    .env("ROOKERY_LLM_PROVIDER", "openai")
                    .env("ROOKERY_LLM_BASE_URL", allowed.model.url())
                    .env("ROOKERY_LLM_MODEL", "stub")
                    .env("ROOKERY_LLM_CONCURRENCY", allowed.concurrency.to_string());
                if let Some(rpm) = allowed.rpm {
                    command.env("ROOKERY_LLM_RPM", rpm.to_string());
                }
            }
            let worker = command.spawn().context("rookery-worker does not start")?;
            self.workers.push(worker);
        }
        Ok(())
    }

    pub async fn close(self) -> anyhow::Result<()> {
        drop((self.workers, self.api));
        self.stage.close().await
    }

    pub async fn connect(&self) -> anyhow::Result<Connection> {
        Connection::open(&self.api.address).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<()> {
        let mut connection = self.connect().await?;
        let request = anonymous("POST", path, &body.to_string());
        connection.succeed(&request).await?;
        Ok(())
    }

    pub async fn tick(&self, fast_ms: u64, batch_size: u32) -> anyhow::Result<()> {
        let settings = json!({ "tick": { "fastTickMs": fast_ms, "batchSize": batch_size } });
        self.post("/api/config", &settings).await
    }

    /// Processor time of all that play a part.
    pub async fn spent(&self) -> anyhow::Result<Spent> {
        let workers = self.workers.iter().filter_map(Child::id);
        Spent::by(&self.stage, self.api.pid()?, workers).await
    }

    /// What was counted under a name, with the decisions themselves and so exactly.
    pub async fn counted(&self, name: &str) -> anyhow::Result<i64> {
        Ok(sqlx::query_scalar(
            "select coalesce(sum(count), 0)::bigint from characters_tallies where name = $1",
        )
        .bind(name)
        .fetch_one(&self.stage.pool)
        .await?)
    }

    /// How often a second something was counted meanwhile.
    pub async fn rate(&self, name: &str, during: Duration) -> anyhow::Result<f64> {
        let (before, from) = (self.counted(name).await?, Instant::now());
        sleep(during).await;
        let after = self.counted(name).await?;
        Ok((after - before) as f64 / from.elapsed().as_secs_f64())
    }
}
