//! What only has to happen now and then: forgetting what no task needs any more.

use std::time::Duration;

use rookery_shared::characters::Characters;
use rookery_shared::{Store, StoreError, idempotency, theory};

const EVERY: Duration = Duration::from_secs(600);
/// A run that was cancelled or ran out of time can be tried again that long from where it stood.
const KEEP_CHECKPOINTS: Duration = Duration::from_secs(24 * 3600);

/// Of characters: a busy world makes millions a day.
const KEEP_DECISIONS: Duration = Duration::from_secs(7 * 24 * 3600);

/// Runs as long as the runtime. Several workers doing the same at once is harmless: each deletes what it still finds.
pub fn start(store: Store, retention: Duration) {
    tokio::spawn(async move {
        loop {
            if let Err(error) = tidy(&store, retention).await {
                tracing::warn!(%error, "housekeeping failed; it is tried again");
            }
            tokio::time::sleep(EVERY).await;
        }
    });
}

async fn tidy(store: &Store, retention: Duration) -> Result<(), StoreError> {
    let keys = idempotency::purge(store).await?;
    // A task waits at most one retention and is kept for another, and may be tried again to its last day.
    let documents = theory::purge(store, 2 * retention).await?;
    let results = theory::forget_results(store, retention).await?;
    let checkpoints = theory::forget_checkpoints(store, KEEP_CHECKPOINTS).await?;
    Characters::new(store.clone())
        .keep_house(KEEP_DECISIONS)
        .await?;
    tracing::debug!(
        purged.keys = keys,
        purged.documents = documents,
        purged.results = results,
        purged.checkpoints = checkpoints,
        "housekeeping done"
    );
    Ok(())
}
