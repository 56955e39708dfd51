//! Finds by SQL what the hints missed: leases that ran out, due tasks that nobody was told of, tasks past their keeping.

use std::time::{Duration, SystemTime};

use sqlx::PgConnection;
use tokio::time::Instant;
use uuid::{NoContext, Timestamp, Uuid};

use crate::bounded::{PATIENCE, bounded};
use crate::queue::Queue;
use crate::task::{Hint, Priority, TaskId};
use crate::worker::lease::RENEW;

pub(crate) struct Sweep {
    pub(crate) queue: Queue,
    pub(crate) kinds: Vec<&'static str>,
    /// How long finished tasks are kept.
    pub(crate) retention: Duration,
}

const EVERY: Duration = Duration::from_millis(500);
/// Tasks touched by one statement.
const SLICE: i64 = 5000;
/// A due task whose hint may still be under way.
const GRACE: Duration = Duration::from_secs(1);
/// A due task behind a backlog: its hint is probably somewhere in the list.
const BACKLOG_GRACE: Duration = Duration::from_secs(30);
const BACKLOG_SLICE: i64 = 256;
const BACKLOG_ROUNDS: u64 = 60;
const PURGE_EVERY: Duration = Duration::from_secs(60);

impl Sweep {
    /// Runs until dropped. Workers share the work: each skips the rows that another has locked.
    pub(crate) async fn run(self) {
        let mut answering_since: Option<Instant> = None;
        let mut purged = Instant::now();
        for round in 0_u64.. {
            // Spread, so that a fleet does not sweep in step.
            tokio::time::sleep(EVERY.mul_f64(rand::random_range(0.8..1.2))).await;
            let since = *answering_since.get_or_insert_with(Instant::now);
            let pool = &self.queue.inner.pool;
            let swept = bounded(pool, PATIENCE, async |connection| {
                self.once(connection, since, round).await
            });
            if let Err(error) = swept.await {
                tracing::debug!(%error, "sweep failed");
                answering_since = None;
            } else if purged.elapsed() > PURGE_EVERY {
                purged = Instant::now();
                let purged = bounded(pool, PATIENCE, async |connection| {
                    purge(connection, self.retention).await
                });
                if let Err(error) = purged.await {
                    tracing::warn!(%error, "old tasks were not purged");
                }
            }
        }
    }

    async fn once(
        &self,
        connection: &mut PgConnection,
        answering_since: Instant,
        round: u64,
    ) -> Result<(), sqlx::Error> {
        // After an outage of Postgres every lease has run out, whoever holds it: holders renew first.
        if answering_since.elapsed() > RENEW + EVERY {
            self.expire(connection).await?;
        }
        for kind in &self.kinds {
            let Ok(listed) = self.listed(kind).await else {
                // Without Redis the pumps look at the table themselves, and leases are not to wait for it.
                break;
            };
            let pace = match listed {
                0 => (GRACE, SLICE),
                _ if round.is_multiple_of(BACKLOG_ROUNDS) => (BACKLOG_GRACE, BACKLOG_SLICE),
                _ => continue,
            };
            self.remind(connection, kind, pace).await?;
        }
        Ok(())
    }

    /// The end of leases that nobody renewed: as `State::expired` says.
    pub(super) async fn expire(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let rows = sqlx::query!(
            r#"with expired as (
                select id, case
                    when cancel_requested then 'cancelled'
                    when attempt >= max_attempts then 'failed'
                    else 'pending' end as status
                from tasks where status = 'running' and lease_until < clock_timestamp()
                order by lease_until limit $1 for update skip locked)
            update tasks t set status = expired.status, version = version + 1, lease_until = null,
                run_at = clock_timestamp(),
                error = case when expired.status = 'failed' then 'WorkerLost: the process running this task died' end,
                completed_at = case when expired.status <> 'pending' then clock_timestamp() end,
                past_attempts = case when expired.status = 'pending'
                    then past_attempts || jsonb_build_object('attempt', attempt, 'worker', worker,
                        'ended_at', extract(epoch from clock_timestamp()),
                        'error', 'WorkerLost: the process running this task died')
                    else past_attempts end
            from expired where t.id = expired.id
            returning t.id, t.kind, t.status, t.priority"#,
            SLICE
        )
        .fetch_all(&mut *connection)
        .await?;
        let mut hints = Vec::new();
        let mut changed = Vec::new();
        for row in rows {
            let id = TaskId(row.id);
            tracing::warn!(task.id = %id, task.kind = row.kind, task.status = row.status, "a lease ran out");
            metrics::counter!("jobs_rescued_total", "kind" => row.kind.clone()).increment(1);
            changed.push(id);
            if row.status == "pending" {
                let priority = Priority::from_number(row.priority);
                hints.push(Hint {
                    id,
                    kind: row.kind,
                    priority,
                    delay: Duration::ZERO,
                });
            }
        }
        self.queue.inner.ringer.changed(changed);
        self.queue.ring(hints);
        Ok(())
    }

    /// Hints again for due tasks that nobody seems to know of.
    async fn remind(
        &self,
        connection: &mut PgConnection,
        kind: &'static str,
        (grace, slice): (Duration, i64),
    ) -> Result<(), sqlx::Error> {
        let rows = sqlx::query!(
            "update tasks set hinted_at = clock_timestamp() where id in (
                select id from tasks
                where kind = $1 and status = 'pending' and run_at < clock_timestamp() - make_interval(secs => $2)
                    and (hinted_at is null or hinted_at < clock_timestamp() - make_interval(secs => $2))
                order by priority, run_at limit $3 for update skip locked)
            returning id, priority",
            kind,
            grace.as_secs_f64(),
            slice,
        )
        .fetch_all(&mut *connection)
        .await?;
        if rows.is_empty() {
            return Ok(());
        }
        tracing::info!(
            queue.kind = kind,
            count = rows.len(),
            "hinting again for tasks that wait unknown"
        );
        let hints = rows.into_iter().map(|row| Hint {
            id: TaskId(row.id),
            kind: kind.to_owned(),
            priority: Priority::from_number(row.priority),
            delay: Duration::ZERO,
        });
        self.queue.ring(hints.collect());
        Ok(())
    }

    async fn listed(&self, kind: &str) -> Result<usize, redis::RedisError> {
        let mut lengths = redis::pipe();
        for priority in Priority::ALL {
            lengths.llen(self.queue.inner.keys.waiting(kind, priority));
        }
        let lengths: Vec<usize> = lengths.query_async(&mut self.queue.redis()).await?;
        Ok(lengths.into_iter().sum())
    }
}

async fn purge(connection: &mut PgConnection, retention: Duration) -> Result<(), sqlx::Error> {
    // Ids carry the time of creation and have an index; the time of completion has none. A day of slack for clocks.
    let bound = SystemTime::now() - retention + Duration::from_secs(24 * 3600);
    let since_1970 = bound
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let bound = Uuid::new_v7(Timestamp::from_unix(NoContext, since_1970.as_secs(), 0));
    sqlx::query!(
        "delete from tasks where id in (
            select id from tasks
            where id < $1 and status in ('completed', 'failed', 'cancelled')
                and completed_at < clock_timestamp() - make_interval(secs => $2)
            order by id limit $3 for update skip locked)",
        bound,
        retention.as_secs_f64(),
        SLICE,
    )
    .execute(connection)
    .await?;
    Ok(())
}
