//! The API as its users run it: the release binary, on a port of its own.

use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use tokio::process::Child;

use crate::machine::Machine;
use crate::stage::Stage;

/// Signs the tokens of those who play.
pub const SECRET: &str = "a secret that only this benchmark uses";

pub struct ApiProcess {
    child: Child,
    pub address: String,
}

impl ApiProcess {
    pub async fn start(machine: &Machine, stage: &Stage) -> anyhow::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let listen = format!("127.0.0.1:{port}");
        let child = stage
            .command(&machine.binary("rookery-api")?)
            .arg("serve")
            .env("ROOKERY_LISTEN", &listen)
            .env("ROOKERY_JWT_SECRET", SECRET)
            .stdout(Stdio::null())
            .spawn()
            .context("rookery-api does not start")?;
        let api = Self {
            child,
            address: format!("http://{listen}"),
        };
        tokio::time::timeout(Duration::from_secs(15), api.ready())
            .await
            .context("rookery-api is not ready")?;
        Ok(api)
    }

    pub fn pid(&self) -> anyhow::Result<u32> {
        self.child.id().context("rookery-api has gone")
    }

    async fn ready(&self) {
        let mut pause = tokio::time::interval(Duration::from_millis(50));
        loop {
            pause.tick().await;
            let answer = reqwest::get(format!("{}/readyz", self.address)).await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return;
            }
        }
    }
}
