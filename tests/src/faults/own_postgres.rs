//! A Postgres of one test, to be hurt. As durable as in earnest: what it confirmed survives its death.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use rustix::process::{Signal, geteuid};
use sqlx::{Connection as _, PgConnection};

use super::folder::Folder;
use super::process::Process;
use super::until::{PATIENCE, holds, until};

pub struct OwnPostgres {
    folder: Folder,
    server: Process,
}

impl OwnPostgres {
    pub async fn start() -> anyhow::Result<Self> {
        let folder = Folder::new()?;
        let home = folder.path().join("pg");
        std::fs::create_dir(&home)?;
        if geteuid().is_root() {
            std::os::unix::fs::chown(&home, Some(nobody()?), None)?;
        }
        let made = server_command("initdb")?
            .arg("-D")
            .arg(home.join("data"))
            .args(["-U", "rookery", "-A", "trust", "-E", "UTF8"])
            .args(["--locale=C.UTF-8", "--no-sync"])
            .output()?;
        anyhow::ensure!(
            made.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        let server = serve(&folder)?;
        let postgres = Self { folder, server };
        postgres.answers().await?;
        Ok(postgres)
    }

    pub fn url(&self) -> String {
        let home = self.folder.path().join("pg");
        format!(
            "postgres://rookery@localhost/postgres?host={}",
            home.display()
        )
    }

    /// As `pg_ctl stop -m immediate`: no goodbye to clients, no checkpoint; the next start recovers from the log.
    pub async fn stop_at_once(&mut self) -> anyhow::Result<()> {
        self.server.signal(Signal::QUIT)?;
        holds("postgres has ended", PATIENCE, async || {
            Ok(self.server.ended()?.is_some())
        })
        .await
    }

    pub async fn start_again(&mut self) -> anyhow::Result<()> {
        self.server = serve(&self.folder)?;
        self.answers().await
    }

    async fn answers(&self) -> anyhow::Result<()> {
        let connection = until("postgres answers", PATIENCE, async || {
            Ok(Some(PgConnection::connect(&self.url()).await?))
        })
        .await?;
        Ok(connection.close().await?)
    }
}

fn serve(folder: &Folder) -> anyhow::Result<Process> {
    let home = folder.path().join("pg");
    Process::start(
        server_command("postgres")?
            .arg("-D")
            .arg(home.join("data"))
            .arg("-k")
            .arg(&home)
            .args(["-c", "listen_addresses=", "-c", "max_connections=100"])
            .args(["-c", "shared_buffers=32MB"])
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    )
}

/// Postgres refuses to run as root.
fn server_command(program: &str) -> anyhow::Result<Command> {
    let folder: PathBuf = std::env::var_os("ROOKERY_PG_BIN")
        .context("ROOKERY_PG_BIN is unset; run the tests by ./dev test")?
        .into();
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]).current_dir("/");
    if geteuid().is_root() {
        let nobody = nobody()?;
        command
            .arg(format!("--reuid={nobody}"))
            .args(["--regid=nogroup", "--clear-groups"]);
    }
    command.arg(folder.join(program)).stdin(Stdio::null());
    Ok(command)
}

fn nobody() -> anyhow::Result<u32> {
    let id = Command::new("id").args(["-u", "nobody"]).output()?;
    Ok(String::from_utf8(id.stdout)?.trim().parse()?)
}
