//! Whether analyses that are due are taken up by somebody.

use rookery_queue::Status;

use crate::{Store, StoreError};

/// An analysis that is due and that nobody takes for that long has nobody to take it.
const PATIENCE_S: f64 = 30.0;

/// For how many seconds the oldest analysis has been waiting for a worker, when that is too long.
///
/// # Errors
/// When Postgres is away.
pub async fn overdue(store: &Store) -> Result<Option<f64>, StoreError> {
    let depths = store.queue.depths().await?;
    let waiting = depths.iter().find(|depth| {
        depth.kind.starts_with("theory.")
            && depth.status == Status::Pending
            && depth.oldest_age_s > PATIENCE_S
    });
    Ok(waiting.map(|depth| depth.oldest_age_s))
}
