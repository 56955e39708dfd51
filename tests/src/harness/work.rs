//! The real worker, in this process.

use clap::Parser;
use rookery_shared::StoreConfig;
use rookery_worker::characters::provider::ProviderConfig;
use rookery_worker::{Config, Shutdown, Teller};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::PATIENCE;

/// A worker that serves until it is told to leave, or until its test is over.
pub struct Working {
    teller: Teller,
    running: JoinHandle<anyhow::Result<()>>,
}

/// The configuration as `rookery-worker run` reads it, defaults included.
#[derive(Parser)]
struct Run {
    #[command(flatten)]
    config: Config,
}

impl Working {
    pub(super) fn start(store: &StoreConfig) -> Self {
        Self::start_with(store, |_| {})
    }

    fn start_with(store: &StoreConfig, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Run::parse_from([
            "rookery-worker",
            "--database-url",
            &store.database_url,
            "--redis-url",
            &store.redis_url,
        ])
        .config;
        config.store = store.clone();
        change(&mut config);
        let (teller, shutdown) = Shutdown::by_hand();
        Self {
            teller,
            running: tokio::spawn(rookery_worker::run(config, shutdown)),
        }
    }

    /// One that hands back what it holds as soon as it is told to leave.
    pub(super) fn hasty(store: &StoreConfig) -> Self {
        Self::start_with(store, |config| config.drain_seconds = 0)
    }

    /// One whose characters ask this language model.
    pub(super) fn asking(store: &StoreConfig, provider: ProviderConfig) -> Self {
        Self::start_with(store, |config| config.provider = provider)
    }

    /// Lets it finish what it holds.
    pub async fn leave(self) {
        self.teller.tell();
        timeout(PATIENCE, self.running)
            .await
            .expect("the worker leaves")
            .expect("the worker does not panic")
            .expect("the worker serves until it is told to leave");
    }
}
