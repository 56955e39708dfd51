//! Where the benchmark runs: the servers and programs that `./dev bench` hands over, and what the machine was doing meanwhile.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use clap::Args;

/// What `./dev bench` sets up: servers of its own, never an operator's.
#[derive(Debug, Clone, Args)]
pub struct Machine {
    /// A Postgres server in which databases may be created and dropped.
    #[arg(long, env = "ROOKERY_TEST_DATABASE_URL")]
    pub database_url: String,
    /// A Redis server on the same machine.
    #[arg(long, env = "ROOKERY_TEST_REDIS_URL")]
    pub redis_url: String,
    /// The folder of Postgres' own programs; without it, `PATH` is searched.
    #[arg(long, env = "ROOKERY_PG_BIN")]
    pub pg_bin: Option<PathBuf>,
}

impl Machine {
    pub fn postgres_program(&self, name: &str) -> PathBuf {
        self.pg_bin
            .as_ref()
            .map_or_else(|| PathBuf::from(name), |bin| bin.join(name))
    }

    /// A release binary beside this one, as `cargo build --release` leaves it.
    pub fn binary(&self, name: &str) -> anyhow::Result<PathBuf> {
        let path = build_folder()?.join(name);
        anyhow::ensure!(path.exists(), "{name} is not built: cargo build --release");
        Ok(path)
    }

    /// A folder below the target folder where a peer is installed once and found again.
    pub fn peer_folder(&self, name: &str) -> anyhow::Result<PathBuf> {
        let target = build_folder()?
            .parent()
            .map(Path::to_owned)
            .context("the binary lies outside a target folder")?;
        let folder = target.join("bench").join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

fn build_folder() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    own.parent()
        .map(Path::to_owned)
        .context("the benchmark's own path has no folder")
}

pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}

/// The one-minute load average: a figure taken on a busy machine says little.
pub fn load() -> String {
    std::fs::read_to_string("/proc/loadavg")
        .ok()
        .and_then(|text| text.split(' ').next().map(str::to_owned))
        .unwrap_or_else(|| "unknown".to_owned())
}

pub fn date() -> String {
    first_line(Command::new("date").args(["-u", "+%Y-%m-%d %H:%M UTC"]))
        .unwrap_or_else(|| "unknown".to_owned())
}

pub fn version(program: &Path) -> Option<String> {
    first_line(Command::new(program).arg("--version"))
}

/// Resident megabytes of a process.
pub fn resident_megabytes(pid: u32) -> anyhow::Result<f64> {
    Ok(kilobytes(pid, "VmRSS:")? / 1024.0)
}

/// The most memory that a process has held at once.
pub fn peak_bytes(pid: u32) -> anyhow::Result<f64> {
    Ok(kilobytes(pid, "VmHWM:")? * 1024.0)
}

fn kilobytes(pid: u32, field: &str) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix(field))
        .and_then(|rest| rest.split_whitespace().next())
        .with_context(|| format!("the process has no {field}"))?;
    Ok(kilobytes.parse()?)
}

fn first_line(command: &mut Command) -> Option<String> {
    let output = command
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    String::from_utf8(output.stdout)
        .ok()?
        .lines()
        .next()
        .map(str::to_owned)
}
