//! `characters.spread`: puts events into the mail of those whom they concern.
//!
//! Writes mail, calls, and `spread_at` in one transaction: an event that is spread is not spread again.

use std::time::Duration;

use rookery_queue::worker::{Chore, DueContext, JobError, Stop};
use rookery_shared::characters::Spread;
use uuid::Uuid;

use super::turns::{at_most, retry};
use crate::context::Context;

impl Chore<Context> for Spread {
    const TIMEOUT: Duration = Duration::from_secs(30);
    const CONCURRENCY: usize = 2;
    const BATCH: usize = 64;

    async fn overdue(context: &Context, limit: usize) -> anyhow::Result<Vec<Uuid>> {
        Ok(context.cast.overdue_events(at_most(limit)).await?)
    }

    async fn run(ids: Vec<Uuid>, context: DueContext<Context>, _: Stop) -> Result<(), JobError> {
        context.app.cast.spread(&ids).await.map_err(retry)
    }
}
