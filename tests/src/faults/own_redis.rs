//! A Redis of one test, to be hurt. It keeps nothing on disk: what it held is gone when it dies.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use redis::aio::MultiplexedConnection;

use super::folder::Folder;
use super::process::{Process, command};
use super::until::{PATIENCE, until};

pub struct OwnRedis {
    socket: PathBuf,
    server: Process,
    _folder: Folder,
}

impl OwnRedis {
    pub async fn start() -> anyhow::Result<Self> {
        let folder = Folder::new()?;
        let socket = folder.path().join("redis.sock");
        let redis = Self {
            server: serve(&socket)?,
            socket,
            _folder: folder,
        };
        redis.connection().await?;
        Ok(redis)
    }

    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.socket.display())
    }

    pub fn socket(&self) -> &Path {
        &self.socket
    }

    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.server.kill()
    }

    pub async fn start_again(&mut self) -> anyhow::Result<()> {
        self.server = serve(&self.socket)?;
        self.connection().await?;
        Ok(())
    }

    /// Alive, its socket open, and answering nobody.
    pub fn freeze(&self) -> anyhow::Result<()> {
        self.server.freeze()
    }

    pub fn thaw(&self) -> anyhow::Result<()> {
        self.server.thaw()
    }

    pub async fn forget_everything(&self) -> anyhow::Result<()> {
        let mut connection = self.connection().await?;
        Ok(redis::cmd("FLUSHALL").query_async(&mut connection).await?)
    }

    async fn connection(&self) -> anyhow::Result<MultiplexedConnection> {
        let client = redis::Client::open(self.url())?;
        until("redis answers", PATIENCE, async || {
            let mut connection = client.get_multiplexed_async_connection().await?;
            redis::cmd("PING")
                .query_async::<()>(&mut connection)
                .await?;
            Ok(Some(connection))
        })
        .await
    }
}

fn serve(socket: &Path) -> anyhow::Result<Process> {
    Process::start(
        command("redis-server")
            .args([
                "--port",
                "0",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                "/",
            ])
            .arg("--unixsocket")
            .arg(socket)
            .stdout(Stdio::null()),
    )
}
