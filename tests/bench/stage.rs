//! A database, a queue prefix and the processes on them, fresh for every group of measures and gone after it.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use rookery_queue::{NewTask, Queue, TaskId};
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgPool};
use tokio::process::Command;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use crate::machine::Machine;
use crate::noop::{Event, Noop, Tell};
use crate::worker_process::WorkerProcess;

pub struct Stage {
    pub pool: PgPool,
    pub queue: Queue,
    pub database_url: String,
    admin_url: String,
    redis_url: String,
    name: String,
}

impl Stage {
    pub async fn open(machine: &Machine) -> anyhow::Result<Self> {
        let name = format!("rookery_bench_{}", Uuid::new_v4().simple());
        let mut admin = PgConnection::connect(&machine.database_url)
            .await
            .context("postgres does not answer")?;
        sqlx::raw_sql(AssertSqlSafe(format!("create database {name}")))
            .execute(&mut admin)
            .await?;
        admin.close().await?;
        let database_url = with_database(&machine.database_url, &name)?;
        let pool = PgPoolOptions::new()
            .max_connections(20)
            .connect(&database_url)
            .await?;
        rookery_shared::migrate(&pool).await?;
        let client = redis::Client::open(machine.redis_url.as_str())?;
        let queue = Queue::new(pool.clone(), client, name.clone())?;
        let (admin_url, redis_url) = (machine.database_url.clone(), machine.redis_url.clone());
        Ok(Self {
            pool,
            queue,
            database_url,
            admin_url,
            redis_url,
            name,
        })
    }

    pub async fn close(self) -> anyhow::Result<()> {
        let mut redis = self.queue.redis();
        let keys: Vec<String> = redis::cmd("KEYS")
            .arg(format!("{}:*", self.name))
            .query_async(&mut redis)
            .await?;
        if !keys.is_empty() {
            redis::cmd("UNLINK")
                .arg(keys)
                .query_async::<()>(&mut redis)
                .await?;
        }
        self.pool.close().await;
        let mut admin = PgConnection::connect(&self.admin_url).await?;
        sqlx::raw_sql(AssertSqlSafe(format!(
            "drop database {} with (force)",
            self.name
        )))
        .execute(&mut admin)
        .await?;
        Ok(())
    }

    /// A program with this stage's addresses in its environment; it dies with its handle.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env("DATABASE_URL", &self.database_url)
            .env("REDIS_URL", &self.redis_url)
            .env("ROOKERY_QUEUE_PREFIX", &self.name)
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// A worker process with this many slots for no-ops, which finishes nothing more once asked to leave.
    pub fn worker(&self, slots: usize) -> anyhow::Result<WorkerProcess> {
        let mut command = self.command(&std::env::current_exe()?);
        WorkerProcess::start(command.arg("worker").arg("--slots").arg(slots.to_string()))
    }

    /// The same, once it has started a task: whatever it needs to set up is set up.
    pub async fn ready_worker(&self, slots: usize) -> anyhow::Result<WorkerProcess> {
        let mut worker = self.worker(slots)?;
        let deadline = Instant::now() + Duration::from_secs(15);
        while Instant::now() < deadline {
            // Another worker may take the task: then this one is given a further one.
            self.queue.submit(told(0)?).await?;
            if timeout(Duration::from_millis(100), worker.next(Event::Started))
                .await
                .is_ok()
            {
                self.emptied().await?;
                worker.forget();
                return Ok(worker);
            }
        }
        anyhow::bail!("a worker process took no task for 15 s")
    }

    /// Waits until no task is pending or running.
    pub async fn emptied(&self) -> anyhow::Result<()> {
        let mut pause = tokio::time::interval(Duration::from_millis(100));
        loop {
            pause.tick().await;
            // Two questions, as each has its partial index: one would read a million finished rows.
            let open: bool = sqlx::query_scalar(
                "select exists (select from tasks where status = 'pending') or exists (select from tasks where status = 'running')",
            )
            .fetch_one(&self.pool)
            .await?;
            if !open {
                return Ok(());
            }
        }
    }

    /// Submits tasks that report their starts and then sleep, and returns their ids.
    pub async fn submit_sleepers(
        &self,
        count: usize,
        sleep_ms: u64,
    ) -> anyhow::Result<Vec<TaskId>> {
        let tasks = (0..count)
            .map(|_| told(sleep_ms))
            .collect::<anyhow::Result<Vec<_>>>()?;
        self.queue.submit_many(&tasks).await?;
        Ok(tasks.iter().map(NewTask::id).collect())
    }
}

/// An order for a no-op that tells when it starts and stops.
pub fn told(sleep_ms: u64) -> anyhow::Result<NewTask> {
    Ok(NewTask::of(&Noop {
        tell: Tell::Times,
        sleep_ms,
    })?)
}

/// An order for a no-op that tells nothing.
pub fn silent() -> anyhow::Result<NewTask> {
    Ok(NewTask::of(&Noop::default())?)
}

/// The same server's address for another database. Text, since sqlx would write parameters of its own into the address, which
/// pgbench refuses.
fn with_database(url: &str, name: &str) -> anyhow::Result<String> {
    let (scheme, rest) = url
        .split_once("://")
        .context("the database's address has no scheme")?;
    let (place, query) = rest
        .split_once('?')
        .map_or((rest, String::new()), |(place, query)| {
            (place, format!("?{query}"))
        });
    let server = place.split_once('/').map_or(place, |(server, _)| server);
    Ok(format!("{scheme}://{server}/{name}{query}"))
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn only_the_database_of_an_address_changes() {
        let changed: Vec<String> = [
            "postgres://me@localhost/old?host=/a/b",
            "postgres://localhost",
            "postgres://h:5432/",
        ]
        .into_iter()
        .filter_map(|url| with_database(url, "new").ok())
        .collect();
        assert_eq!(
            changed,
            [
                "postgres://me@localhost/new?host=/a/b",
                "postgres://localhost/new",
                "postgres://h:5432/new"
            ]
        );
    }
}
