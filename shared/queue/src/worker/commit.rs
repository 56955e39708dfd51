//! Group commit of settled attempts: all that ended while the last group was under way go into the next statement.

use std::collections::HashMap;
use std::time::Duration;

use sqlx::{PgConnection, PgPool};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::bounded::{PATIENCE, bounded};
use crate::queue::is_unavailable;
use crate::ring::Ringer;
use crate::task::{Hint, Priority, TaskId};

/// How an attempt ended, with what is to be stored. What becomes of the row, `state::Ending` says.
#[derive(Debug, Clone)]
pub(crate) enum Ending {
    Completed(Option<String>),
    Failed(String),
    Retry { error: String, delay: Duration },
    Snooze(Duration),
    Release,
}

#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) id: TaskId,
    pub(crate) attempt: i32,
    pub(crate) kind: &'static str,
    pub(crate) ending: Ending,
}

#[derive(Clone)]
pub(crate) struct Committer {
    line: mpsc::Sender<Order>,
}

type Order = (Outcome, oneshot::Sender<()>);

/// One statement at most.
const GROUP: usize = 256;
const PAUSE: Duration = Duration::from_millis(100);

/// What the commits need.
pub(crate) struct Ledger {
    pub(crate) pool: PgPool,
    pub(crate) worker: String,
    pub(crate) ringer: Ringer,
    /// Raised when the process can wait no longer for Postgres.
    pub(crate) give_up: CancellationToken,
}

impl Committer {
    pub(crate) fn start(ledger: Ledger) -> Self {
        let (line, orders) = mpsc::channel(4 * GROUP);
        tokio::spawn(ledger.keep(orders));
        Self { line }
    }

    /// Returns when the outcome is durable, refused or given up.
    pub(crate) async fn commit(&self, outcome: Outcome) {
        let (done, committed) = oneshot::channel();
        // The ledger outlives its committers; if it does not, the runtime is ending and the lease will run out.
        let _ended = self.line.send((outcome, done)).await;
        let _ended = committed.await;
    }
}

impl Ledger {
    async fn keep(self, mut orders: mpsc::Receiver<Order>) {
        let mut group = Vec::with_capacity(GROUP);
        while orders.recv_many(&mut group, GROUP).await > 0 {
            let (outcomes, waiting): (Vec<_>, Vec<_>) = group.drain(..).unzip();
            self.settle(&outcomes).await;
            for done in waiting {
                let _gone = done.send(());
            }
        }
    }

    /// Keeps trying while Postgres is away: the results are in nobody else's hands. A statement that fails for another
    /// reason is broken up, so that one bad result does not take its neighbours with it.
    async fn settle(&self, outcomes: &[Outcome]) {
        let mut told = false;
        loop {
            let error = match self.store(outcomes).await {
                Ok(()) => return,
                Err(error) => error,
            };
            if is_unavailable(&error) {
                if !told {
                    tracing::warn!(%error, results = outcomes.len(), "postgres is away; keeping the results");
                }
                told = true;
                tokio::select! {
                    () = tokio::time::sleep(PAUSE) => continue,
                    () = self.give_up.cancelled() => return,
                }
            }
            match outcomes {
                [outcome] => return self.refuse(outcome, &error).await,
                several => {
                    for one in several.chunks(1) {
                        Box::pin(self.settle(one)).await;
                    }
                    return;
                }
            }
        }
    }

    /// Postgres does not take this result.
    async fn refuse(&self, outcome: &Outcome, error: &sqlx::Error) {
        tracing::error!(task.id = %outcome.id, %error, "the result cannot be stored");
        let ending = Ending::Failed("InternalError: the result cannot be stored".to_owned());
        let failed = Outcome {
            ending,
            ..outcome.clone()
        };
        if let Err(error) = self.store(&[failed]).await {
            tracing::error!(task.id = %outcome.id, %error, "nor can its failure; the lease will run out");
        }
    }

    pub(super) async fn store(&self, outcomes: &[Outcome]) -> Result<(), sqlx::Error> {
        let (finals, backs): (Vec<_>, Vec<_>) = outcomes.iter().partition(|outcome| {
            matches!(outcome.ending, Ending::Completed(_) | Ending::Failed(_))
        });
        if !finals.is_empty() {
            let stored = bounded(&self.pool, PATIENCE, async |connection| {
                self.finish(connection, &finals).await
            });
            let stored = stored.await?;
            self.count_refused(&finals, &stored);
            self.ringer.changed(stored);
        }
        if !backs.is_empty() {
            let stored = bounded(&self.pool, PATIENCE, async |connection| {
                self.put_back(connection, &backs).await
            });
            let stored = stored.await?;
            self.count_refused(&backs, &stored);
            self.ringer.changed(stored);
        }
        Ok(())
    }

    async fn finish(
        &self,
        connection: &mut PgConnection,
        outcomes: &[&Outcome],
    ) -> Result<Vec<TaskId>, sqlx::Error> {
        let (ids, attempts) = tokens(outcomes);
        let mut statuses = Vec::with_capacity(outcomes.len());
        let mut results = Vec::with_capacity(outcomes.len());
        let mut errors = Vec::with_capacity(outcomes.len());
        for outcome in outcomes {
            let (status, result, error) = match &outcome.ending {
                Ending::Failed(error) => ("failed", None, Some(without_nul(error))),
                Ending::Completed(result) => ("completed", result.clone(), None),
                _ => continue,
            };
            statuses.push(status.to_owned());
            results.push(result);
            errors.push(error);
        }
        let rows = sqlx::query!(
            r#"update tasks t set status = case when t.cancel_requested then 'cancelled' else new.status end,
                version = version + 1, lease_until = null, completed_at = clock_timestamp(),
                result = new.result::json, partial = null,
                error = case when t.cancel_requested then null else new.error end
            from unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[]) as new (id, attempt, status, result, error)
            where t.id = new.id and t.attempt = new.attempt and t.status = 'running' and t.worker = $1
            returning t.id, t.kind, t.status"#,
            self.worker,
            &ids,
            &attempts,
            &statuses,
            &results as &[Option<String>],
            &errors as &[Option<String>],
        )
        .fetch_all(connection)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                metrics::counter!("jobs_finished_total", "kind" => row.kind, "outcome" => row.status).increment(1);
                TaskId(row.id)
            })
            .collect())
    }

    async fn put_back(
        &self,
        connection: &mut PgConnection,
        outcomes: &[&Outcome],
    ) -> Result<Vec<TaskId>, sqlx::Error> {
        let (ids, attempts) = tokens(outcomes);
        let mut errors = Vec::with_capacity(outcomes.len());
        let mut delays = Vec::with_capacity(outcomes.len());
        for outcome in outcomes {
            let (error, delay) = match &outcome.ending {
                Ending::Retry { error, delay } => (Some(without_nul(error)), *delay),
                Ending::Snooze(delay) => (None, *delay),
                _ => (None, Duration::ZERO),
            };
            errors.push(error);
            delays.push(delay.as_secs_f64());
        }
        // An error is a try that failed. Without one (snooze, release) the attempt is as if it had not been: one more is
        // allowed, since `attempt`, the fencing token, never goes back.
        let rows = sqlx::query!(
            r#"with settled as (
                select t.id, new.error, new.delay_s, case
                    when t.cancel_requested then 'cancelled'
                    when new.error is not null and t.attempt >= t.max_attempts then 'failed'
                    else 'pending' end as status
                from unnest($2::uuid[], $3::int[], $4::text[], $5::float8[]) as new (id, attempt, error, delay_s)
                join tasks t on t.id = new.id and t.attempt = new.attempt and t.status = 'running' and t.worker = $1
                for update of t)
            update tasks t set status = settled.status, version = version + 1, lease_until = null,
                run_at = clock_timestamp() + make_interval(secs => settled.delay_s),
                max_attempts = max_attempts + case when settled.status = 'pending' and settled.error is null then 1 else 0 end,
                error = case when settled.status = 'failed' then settled.error end,
                completed_at = case when settled.status <> 'pending' then clock_timestamp() end,
                past_attempts = case when settled.status = 'pending' and settled.error is not null
                    then past_attempts || jsonb_build_object('attempt', attempt, 'worker', worker,
                        'ended_at', extract(epoch from clock_timestamp()), 'error', settled.error)
                    else past_attempts end
            from settled where t.id = settled.id
            returning t.id, t.kind, t.status, t.priority, settled.delay_s as "delay_s!""#,
            self.worker,
            &ids,
            &attempts,
            &errors as &[Option<String>],
            &delays,
        )
        .fetch_all(connection)
        .await?;
        let mut stored = Vec::with_capacity(rows.len());
        let mut hints = Vec::new();
        for row in rows {
            let id = TaskId(row.id);
            stored.push(id);
            if row.status == "pending" {
                metrics::counter!("job_retries_total", "kind" => row.kind.clone()).increment(1);
                let delay = Duration::from_secs_f64(row.delay_s);
                hints.push(Hint {
                    id,
                    kind: row.kind,
                    priority: Priority::from_number(row.priority),
                    delay,
                });
            } else {
                metrics::counter!("jobs_finished_total", "kind" => row.kind, "outcome" => row.status).increment(1);
            }
        }
        self.ringer.hints(hints);
        Ok(stored)
    }

    /// Fencing at work: somebody else holds or has ended these.
    fn count_refused(&self, outcomes: &[&Outcome], stored: &[TaskId]) {
        if outcomes.len() == stored.len() {
            return;
        }
        let stored: HashMap<_, ()> = stored.iter().map(|id| (*id, ())).collect();
        for outcome in outcomes
            .iter()
            .filter(|outcome| !stored.contains_key(&outcome.id))
        {
            tracing::warn!(task.id = %outcome.id, task.attempt = outcome.attempt, "a late result was refused");
            metrics::counter!("lease_lost_total", "kind" => outcome.kind).increment(1);
        }
    }
}

fn tokens(outcomes: &[&Outcome]) -> (Vec<uuid::Uuid>, Vec<i32>) {
    outcomes
        .iter()
        .map(|outcome| (outcome.id.0, outcome.attempt))
        .unzip()
}

/// Postgres' text has no NUL, and an error message may quote hostile input.
fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
