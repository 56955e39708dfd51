//! The worker's configuration: the environment, nothing else.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use rookery_shared::StoreConfig;
use rookery_shared::telemetry::LogFormat;

use crate::characters::provider::ProviderConfig;
use crate::lanes::Lanes;

/// Everything `rookery-worker run` can be told.
#[derive(Args, Clone)]
pub struct Config {
    #[command(flatten)]
    pub store: StoreConfig,

    /// Slots by kind of task, separated by commas: `theory.*=2,chess.*=8`. The last that fits decides; 0 closes a lane. Kinds that are
    /// not named get what suits this machine. Unset: all do.
    #[arg(long, env = "ROOKERY_LANES", default_value = "")]
    pub lanes: Lanes,

    /// Seconds that running tasks may still take once the worker was told to stop; then they are handed back.
    #[arg(long, env = "ROOKERY_DRAIN_SECONDS", default_value_t = 25)]
    pub drain_seconds: u64,

    /// Address and port for `/livez`, `/readyz` and `/metrics`. Unset: no listener.
    #[arg(long = "listen", env = "ROOKERY_WORKER_LISTEN")]
    pub listen: Option<SocketAddr>,

    /// Days for which finished tasks are kept.
    #[arg(long, env = "ROOKERY_TASK_RETENTION_DAYS", default_value_t = 30,
          value_parser = clap::value_parser!(u64).range(1..=3650))]
    pub task_retention_days: u64,

    /// A UCI program that can limit its strength (`UCI_Elo`), such as Stockfish, for the strongest bot. Unset: our own engine.
    #[arg(long, env = "STOCKFISH_PATH")]
    pub stockfish_path: Option<PathBuf>,

    #[command(flatten)]
    pub provider: ProviderConfig,

    /// How a log line looks.
    #[arg(long, env = "ROOKERY_LOG_FORMAT", value_enum, default_value = "pretty")]
    pub log_format: LogFormat,
}

const DAY: Duration = Duration::from_secs(24 * 3600);

impl Config {
    pub fn grace(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }

    pub fn retention(&self) -> Duration {
        DAY * u32::try_from(self.task_retention_days).unwrap_or(u32::MAX)
    }
}
