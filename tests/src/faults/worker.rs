//! `rookery-test-worker`: the real worker core with scripted jobs, as a process that tests may kill, freeze and ask to leave.

mod alarm;
mod journal;
mod probe;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use rookery_queue::worker::Worker;
use rookery_shared::telemetry::{self, LogFormat};
use rookery_shared::{Store, StoreConfig};
use tokio::signal::unix::{SignalKind, signal};

use alarm::Alarm;
use journal::Journal;
use probe::{Hasty, Probe};

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    store: StoreConfig,
    /// Where attempts are written down.
    #[arg(long)]
    journal: PathBuf,
    /// Jobs of each kind at once.
    #[arg(long)]
    slots: usize,
    /// Milliseconds that jobs may go on after SIGTERM.
    #[arg(long)]
    grace_ms: u64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    telemetry::init("rookery-test-worker", LogFormat::Pretty)?;
    let mut asked = signal(SignalKind::terminate())?;
    let store = Store::connect(&cli.store)?;
    Worker::new(store.queue, Arc::new(Journal::at(cli.journal)))?
        .job::<Probe>()
        .job::<Hasty>()
        .due::<Alarm>()
        .slots(|_, _| cli.slots)
        .grace(Duration::from_millis(cli.grace_ms))
        .run(async {
            asked.recv().await;
        })
        .await?;
    Ok(())
}
