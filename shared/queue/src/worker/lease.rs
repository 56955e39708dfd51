//! Keeps the leases of what this process holds, and hears of cancellations and of leases lost. On a thread and a
//! connection of its own: nothing that a job does may starve it.

use std::collections::HashSet;
use std::time::Duration;

use sqlx::postgres::PgPoolOptions;
use sqlx::{PgConnection, PgPool};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::bounded::bounded;
use crate::queue::Queue;
use crate::task::TaskId;
use crate::worker::claim::LEASE;
use crate::worker::held::Held;
use crate::worker::stop::Reason;

/// A third of the lease: two renewals may fail before it is lost.
pub(crate) const RENEW: Duration = Duration::from_secs(2);

/// Runs until `gone` is raised.
pub(crate) fn start(
    queue: &Queue,
    worker: String,
    held: Held,
    gone: CancellationToken,
) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let options = queue.inner.pool.connect_options().as_ref().clone();
    let queue = queue.clone();
    std::thread::Builder::new()
        .name("leases".to_owned())
        .spawn(move || {
            runtime.block_on(async move {
                let pool = PgPoolOptions::new()
                    .max_connections(1)
                    .acquire_timeout(RENEW)
                    .connect_lazy_with(options);
                let keeper = Keeper { pool, worker, held };
                tokio::select! {
                    () = keeper.keep(&queue) => {}
                    () = gone.cancelled() => {}
                }
            });
        })?;
    Ok(())
}

pub(super) struct Keeper {
    /// Of one connection.
    pub(super) pool: PgPool,
    pub(super) worker: String,
    pub(super) held: Held,
}

/// Ids and attempts, side by side as the statements take them.
type Tokens = (Vec<Uuid>, Vec<i32>);

impl Keeper {
    async fn keep(&self, queue: &Queue) {
        let cancels = queue
            .inner
            .hub
            .watch(queue.inner.keys.cancel_requested())
            .await;
        let mut renewal = tokio::time::interval(RENEW);
        renewal.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let looked = tokio::select! {
                _ = renewal.tick() => self.renew().await,
                _ = cancels.heard() => self.look().await,
            };
            if let Err(error) = looked {
                tracing::warn!(%error, "leases were not renewed; trying again");
            }
        }
    }

    pub(super) async fn renew(&self) -> Result<(), sqlx::Error> {
        let tokens = self.held.tokens();
        if tokens.0.is_empty() {
            return Ok(());
        }
        let renewed = bounded(&self.pool, RENEW, async |connection| {
            self.extend(connection, &tokens).await?;
            self.compare(connection, &tokens).await
        });
        renewed.await
    }

    async fn look(&self) -> Result<(), sqlx::Error> {
        let tokens = self.held.tokens();
        if tokens.0.is_empty() {
            return Ok(());
        }
        let looked = bounded(&self.pool, RENEW, async |connection| {
            self.compare(connection, &tokens).await
        });
        looked.await
    }

    async fn extend(
        &self,
        connection: &mut PgConnection,
        (ids, attempts): &Tokens,
    ) -> Result<(), sqlx::Error> {
        // A row that is locked is just being settled, or its progress written: the next renewal is soon enough.
        sqlx::query!(
            "update tasks set lease_until = clock_timestamp() + make_interval(secs => $2) where id in (
                select t.id from unnest($3::uuid[], $4::int[]) as held (id, attempt)
                join tasks t on t.id = held.id and t.attempt = held.attempt and t.status = 'running' and t.worker = $1
                for update of t skip locked)",
            self.worker,
            LEASE.as_secs_f64(),
            ids,
            attempts,
        )
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Whether what is held is still ours, and still wanted.
    async fn compare(
        &self,
        connection: &mut PgConnection,
        (ids, attempts): &Tokens,
    ) -> Result<(), sqlx::Error> {
        let ours = sqlx::query!(
            "select t.id, t.attempt, t.cancel_requested from unnest($2::uuid[], $3::int[]) as held (id, attempt)
            join tasks t on t.id = held.id and t.attempt = held.attempt and t.status = 'running' and t.worker = $1",
            self.worker,
            ids,
            attempts,
        )
        .fetch_all(connection)
        .await?;
        for row in ours.iter().filter(|row| row.cancel_requested) {
            self.held
                .stop(TaskId(row.id), row.attempt, Reason::Cancelled);
        }
        let ours: HashSet<_> = ours.iter().map(|row| (row.id, row.attempt)).collect();
        let tokens = ids.iter().copied().zip(attempts.iter().copied());
        for (id, attempt) in tokens.filter(|token| !ours.contains(token)) {
            // Also met by a task that was settled meanwhile: then nobody looks at the flag any more.
            self.held.stop(TaskId(id), attempt, Reason::Lost);
        }
        Ok(())
    }
}
