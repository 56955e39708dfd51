//! `chess.game_ended`: tells other services of ended games, through the Redis stream.

use std::time::Duration;

use rookery_queue::worker::{Chore, DueContext, JobError, Stop};
use rookery_shared::chess::{GameEnded, overdue_endings};
use uuid::Uuid;

use crate::context::Context;

impl Chore<Context> for GameEnded {
    const TIMEOUT: Duration = Duration::from_secs(20);
    const CONCURRENCY: usize = 2;
    const BATCH: usize = 128;

    async fn overdue(context: &Context, limit: usize) -> anyhow::Result<Vec<Uuid>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(overdue_endings(&context.store, limit).await?)
    }

    async fn run(ids: Vec<Uuid>, context: DueContext<Context>, _: Stop) -> Result<(), JobError> {
        let told = context.app.chess.relay(&ids).await;
        told.map_err(|error| JobError::Retry(error.into()))
    }
}
