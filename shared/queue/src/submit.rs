//! Ordering tasks: in the caller's transaction, or in a group of all orders that came while the last group was committed.

use std::sync::Arc;
use std::time::Instant;

use sqlx::{PgConnection, PgPool};
use tokio::sync::{mpsc, oneshot};

use crate::bounded::{PATIENCE, bounded, own_line};
use crate::queue::{Queue, QueueError, is_unavailable};
use crate::ring::Ringer;
use crate::task::{Hint, NewTask, TaskId};

impl Queue {
    /// Records tasks in the caller's transaction. After its commit the caller passes the hints to [`Queue::ring`];
    /// if it does not come to that, the sweep does.
    ///
    /// # Errors
    /// When Postgres is away.
    pub async fn insert(
        &self,
        transaction: &mut PgConnection,
        tasks: &[NewTask],
    ) -> Result<(), QueueError> {
        insert(transaction, tasks).await?;
        Ok(())
    }

    /// Wakes the workers for committed tasks.
    pub fn ring(&self, hints: Vec<Hint>) {
        self.inner.ringer.hints(hints);
    }

    /// Records one task and rings. When this returns, the task is durable.
    ///
    /// # Errors
    /// When Postgres is away, or went away before it confirmed.
    pub async fn submit(&self, task: NewTask) -> Result<TaskId, QueueError> {
        let id = task.id;
        self.inner.submitter.submit(task).await?;
        Ok(id)
    }

    /// Records many tasks in one statement and rings.
    ///
    /// # Errors
    /// When Postgres is away; then none is recorded.
    pub async fn submit_many(&self, tasks: &[NewTask]) -> Result<(), QueueError> {
        let sent = Instant::now();
        try_commit(&self.inner.pool, tasks).await?;
        self.ring(hints(tasks, sent));
        Ok(())
    }
}

async fn insert(connection: &mut PgConnection, tasks: &[NewTask]) -> Result<(), sqlx::Error> {
    let ids: Vec<_> = tasks.iter().map(|task| task.id.0).collect();
    let kinds: Vec<_> = tasks.iter().map(|task| task.kind.to_owned()).collect();
    let owners: Vec<_> = tasks.iter().map(|task| task.owner.clone()).collect();
    let subjects: Vec<_> = tasks.iter().map(|task| task.subject.clone()).collect();
    let payloads: Vec<_> = tasks.iter().map(|task| task.payload.clone()).collect();
    let priorities: Vec<_> = tasks.iter().map(|task| task.priority.number()).collect();
    let attempts: Vec<_> = tasks
        .iter()
        .map(|task| task.max_attempts.cast_signed())
        .collect();
    let delays: Vec<_> = tasks.iter().map(|task| task.delay.as_secs_f64()).collect();
    let traces: Vec<_> = tasks
        .iter()
        .map(|task| task.trace_context.clone())
        .collect();
    sqlx::query!(
        "insert into tasks (id, kind, owner, subject, payload, priority, max_attempts, run_at, trace_context)
        select id, kind, owner, subject, payload::json, priority, max_attempts,
            clock_timestamp() + make_interval(secs => delay_s), trace_context
        from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[], $7::int[], $8::float8[],
            $9::text[])
            as new (id, kind, owner, subject, payload, priority, max_attempts, delay_s, trace_context)
        on conflict (id) do nothing",
        &ids,
        &kinds,
        &owners,
        &subjects as &[Option<String>],
        &payloads,
        &priorities,
        &attempts,
        &delays,
        &traces as &[Option<String>],
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Group commit of single orders.
pub(crate) struct Submitter {
    orders: mpsc::Sender<Order>,
}

struct Order {
    task: NewTask,
    answer: oneshot::Sender<Result<(), Arc<sqlx::Error>>>,
}

/// Orders in one statement at most: keeps a statement in the low milliseconds.
const GROUP: usize = 256;

impl Submitter {
    pub(crate) fn start(pool: &PgPool, ringer: Ringer) -> Self {
        let (orders, line) = mpsc::channel(4 * GROUP);
        let pool = own_line(pool, 1, |options| options);
        tokio::spawn(commit_groups(line, pool, ringer));
        Self { orders }
    }

    async fn submit(&self, task: NewTask) -> Result<(), QueueError> {
        let (answer, answered) = oneshot::channel();
        let closed = || QueueError::Postgres(sqlx::Error::PoolClosed);
        self.orders
            .send(Order { task, answer })
            .await
            .map_err(|_| closed())?;
        answered
            .await
            .map_err(|_| closed())?
            .map_err(QueueError::Unconfirmed)
    }
}

async fn commit_groups(mut line: mpsc::Receiver<Order>, pool: PgPool, ringer: Ringer) {
    let mut group = Vec::with_capacity(GROUP);
    while line.recv_many(&mut group, GROUP).await > 0 {
        let (tasks, answers): (Vec<_>, Vec<_>) = group
            .drain(..)
            .map(|order| (order.task, order.answer))
            .unzip();
        match commit(&pool, &ringer, &tasks).await {
            Err(error) if !is_unavailable(&error) && tasks.len() > 1 => {
                // One of them is at fault, and not with its neighbours' knowledge: each gets an answer of its own.
                for (task, answer) in tasks.iter().zip(answers) {
                    let outcome = commit(&pool, &ringer, std::slice::from_ref(task)).await;
                    let _gone = answer.send(outcome.map_err(Arc::new));
                }
            }
            outcome => {
                let outcome = outcome.map_err(Arc::new);
                for answer in answers {
                    // Whoever ordered may have gone; the task stays.
                    let _gone = answer.send(outcome.clone());
                }
            }
        }
    }
}

/// A line that broke since the last group is noticed only now. Ids are ours, so a second try cannot order twice.
async fn commit(pool: &PgPool, ringer: &Ringer, tasks: &[NewTask]) -> Result<(), sqlx::Error> {
    let sent = Instant::now();
    let first = try_commit(pool, tasks).await;
    match first {
        Err(error) if is_unavailable(&error) && !matches!(error, sqlx::Error::PoolTimedOut) => {
            try_commit(pool, tasks).await?;
        }
        done_or_refused => done_or_refused?,
    }
    ringer.hints(hints(tasks, sent));
    Ok(())
}

/// Due times began to run on Postgres' clock when the statement arrived there, not when its answer came back.
fn hints(tasks: &[NewTask], sent: Instant) -> Vec<Hint> {
    let under_way = sent.elapsed();
    let hint = |task: &NewTask| {
        let hint = task.hint();
        Hint {
            delay: hint.delay.saturating_sub(under_way),
            ..hint
        }
    };
    tasks.iter().map(hint).collect()
}

async fn try_commit(pool: &PgPool, tasks: &[NewTask]) -> Result<(), sqlx::Error> {
    let inserted = bounded(pool, PATIENCE, async |connection| {
        insert(connection, tasks).await
    });
    inserted.await
}
