//! `chess.clock`: ends games whose time is over, with nobody present.

use std::time::Duration;

use rookery_queue::worker::{Chore, DueContext, JobError, Stop};
use rookery_shared::chess::{ClockCheck, overdue_clocks};
use uuid::Uuid;

use crate::context::Context;

impl Chore<Context> for ClockCheck {
    const TIMEOUT: Duration = Duration::from_secs(20);
    /// Each is a statement or two: more at once would only wait for connections.
    const CONCURRENCY: usize = 4;
    const BATCH: usize = 128;

    async fn overdue(context: &Context, limit: usize) -> anyhow::Result<Vec<Uuid>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(overdue_clocks(&context.store, limit).await?)
    }

    async fn run(ids: Vec<Uuid>, context: DueContext<Context>, _: Stop) -> Result<(), JobError> {
        let checked = context.app.chess.check_clocks(&ids).await;
        checked.map_err(|error| JobError::Retry(error.into()))
    }
}
