//! Looks now and then whether the providers can be reached, and says so to all.

use std::sync::Weak;
use std::time::Duration;

use rookery_shared::Store;
use rookery_shared::characters::inference_health::{self, Seen, Sight};
use tokio::time::sleep;

use super::Chain;

const EVERY: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(5);

/// While somebody holds the chain.
pub(super) async fn watch(chain: Weak<Chain>, store: Store) {
    while let Some(chain) = chain.upgrade() {
        let mut sight = Sight::default();
        for link in &chain.links {
            sight.providers.push(Seen {
                name: link.name.to_owned(),
                reachable: link.is_reachable(PATIENCE).await,
            });
        }
        if let Some(lost) = sight.providers.iter().find(|seen| !seen.reachable) {
            tracing::warn!(provider = lost.name, "the provider cannot be reached");
        }
        if let Err(error) = inference_health::report(&store, &sight).await {
            tracing::debug!(%error, "nobody was told how the language models are");
        }
        drop(chain);
        sleep(EVERY).await;
    }
}
