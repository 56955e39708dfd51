//! A Redis of the benchmark's own, set up as the product's is, for the peers and for redis-benchmark: what they leave behind goes with it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::Context;
use tokio::process::{Child, Command};

pub struct ScratchRedis {
    folder: PathBuf,
    socket: PathBuf,
    server: Child,
}

impl ScratchRedis {
    pub async fn start() -> anyhow::Result<Self> {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        // Straight below the temporary folder: a socket's path may have 107 bytes.
        let folder =
            std::env::temp_dir().join(format!("rookery-bench-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let socket = folder.join("redis.sock");
        let server = Command::new("redis-server")
            .args([
                "--port",
                "0",
                "--save",
                "",
                "--appendonly",
                "yes",
                "--appendfsync",
                "everysec",
            ])
            .args(["--maxmemory-policy", "noeviction", "--unixsocket"])
            .arg(&socket)
            .arg("--dir")
            .arg(&folder)
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("redis-server does not start")?;
        let redis = Self {
            folder,
            socket,
            server,
        };
        redis.answers().await?;
        Ok(redis)
    }

    pub fn socket(&self) -> &Path {
        &self.socket
    }

    async fn answers(&self) -> anyhow::Result<()> {
        let client = redis::Client::open(format!("redis+unix://{}", self.socket.display()))?;
        let ready = async {
            let mut pause = tokio::time::interval(Duration::from_millis(20));
            loop {
                pause.tick().await;
                if let Ok(mut connection) = client.get_multiplexed_async_connection().await
                    && redis::cmd("PING")
                        .query_async::<()>(&mut connection)
                        .await
                        .is_ok()
                {
                    return;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(10), ready)
            .await
            .context("redis-server does not answer")
    }
}

impl Drop for ScratchRedis {
    fn drop(&mut self) {
        // Best effort: the folder lies in the temporary one and holds nothing of value.
        let _ = self.server.start_kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
