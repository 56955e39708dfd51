//! `rookery-worker run`: takes tasks and does them until told to stop.

use clap::{Parser, Subcommand};
use rookery_shared::telemetry;
use rookery_worker::{Config, Shutdown, run};

/// A worker of Rookery. Everything is configured by the environment.
#[derive(Parser)]
#[command(name = "rookery-worker", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Takes tasks until SIGTERM or Ctrl-C; then finishes what it holds or hands it back. A second signal stops it at once.
    Run(Box<Config>),
}

fn main() -> anyhow::Result<()> {
    let Command::Run(config) = Cli::parse().command;
    telemetry::init("rookery-worker", config.log_format)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let outcome = runtime.block_on(async { run(*config, Shutdown::at_signal()?).await });
    // Not waiting for threads that still count: their tasks have been handed back.
    runtime.shutdown_background();
    outcome
}
