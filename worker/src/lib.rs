//! The worker: jobs on lanes, fed by the queue, until told to stop.

pub mod characters;
mod chess;
mod config;
mod context;
mod housekeeping;
mod jobs;
mod lanes;
mod listener;
mod shutdown;
mod theory;

use std::cell::RefCell;
use std::time::Duration;

use anyhow::Context as _;
use rookery_queue::worker::Worker;
use rookery_shared::{Store, StoreError};

use characters::provider::Model;
use chess::Stockfish;
pub use config::Config;
use context::Context;
pub use shutdown::{Shutdown, Teller};

/// Serves until `shutdown` and until what is held has been finished or handed back.
///
/// # Errors
/// When it could not start, or when its lanes ended unasked: then a new process should take its place.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let store = Store::connect(&config.store)?;
    let stockfish = match config.stockfish_path.clone() {
        Some(path) => Stockfish::open(path).await,
        None => None,
    };
    let model = Model::start(&config.provider, &store)?;
    let worker = worker(&config, &store, stockfish, model.clone())?;
    if let Some(address) = config.listen {
        listener::start(address, store.clone(), shutdown.clone()).await?;
    }
    tokio::select! {
        ready = wait_for_schema(&store) => ready?,
        () = shutdown.asked() => return Ok(()),
    }
    housekeeping::start(store, config.retention());
    tokio::select! {
        ended = worker.run(shutdown.asked()) => {
            model.close().await;
            ended.context("the worker ended")
        }
        () = shutdown.abandoned() => {
            tracing::warn!("told twice: leaving at once; the leases of what is held run out");
            Ok(())
        }
    }
}

/// The jobs with the slots that the operator gave them.
fn worker(
    config: &Config,
    store: &Store,
    stockfish: Option<Stockfish>,
    model: Model,
) -> anyhow::Result<Worker<Context>> {
    let kinds = RefCell::new(Vec::new());
    let worker = Worker::new(
        store.queue.clone(),
        Context::new(store.clone(), stockfish, model).into(),
    )?;
    let worker = jobs::all(worker).slots(|kind, usual| {
        kinds.borrow_mut().push(kind.to_owned());
        config.lanes.slots(kind, usual)
    });
    config.lanes.check(&kinds.into_inner())?;
    Ok(worker.grace(config.grace()).retention(config.retention()))
}

const LOOK_FOR_SCHEMA: Duration = Duration::from_millis(500);

/// A worker may be started before the migrations have run, and before Postgres.
async fn wait_for_schema(store: &Store) -> Result<(), StoreError> {
    let mut told = false;
    loop {
        match store.schema_is_current().await {
            Ok(true) => return Ok(()),
            Err(error) if !error.is_unavailable() => return Err(error),
            outdated_or_away => {
                if !told {
                    tracing::info!(
                        postgres.answers = outdated_or_away.is_ok(),
                        "waiting for the migrations"
                    );
                }
                told = true;
            }
        }
        tokio::time::sleep(LOOK_FOR_SCHEMA).await;
    }
}
