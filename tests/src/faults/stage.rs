//! A database, a queue prefix and a journal of one test, and the workers on them. All of it goes with the stage.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use rookery_queue::worker::{Ended, Worker};
use rookery_queue::{NewTask, Queue, Record, TaskId, Until};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, PgPool};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::alarm::{Alarm, Ringing, Row, Rows, now_us};
use super::folder::Folder;
use super::journal::{Entry, Event, Journal};
use super::probe::{Act, Hasty, Probe};
use super::process::{Process, command};
use super::until::{PATIENCE, until};

pub struct Stage {
    pub pool: PgPool,
    pub queue: Queue,
    pub addresses: Addresses,
    pub name: String,
    journal: Journal,
    folder: Folder,
    server_url: String,
}

/// Every end that a row ever came to, whoever wrote it: a second one cannot hide behind the first.
const RECORD_ENDINGS: &str = "
    create table endings (id uuid not null, status text not null, attempt int not null);
    create function record_ending() returns trigger language plpgsql as $$
        begin
            insert into endings values (new.id, new.status, new.attempt);
            return null;
        end $$;
    create trigger endings after update on tasks for each row
        when (new.completed_at is not null and new.version <> old.version)
        execute function record_ending();
";

/// Where a process finds the stores: straight, or through a proxy.
#[derive(Clone)]
pub struct Addresses {
    pub database: String,
    pub redis: String,
}

/// How a worker is set up.
#[derive(Clone, Copy)]
pub struct Setup {
    pub slots: usize,
    pub grace: Duration,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            slots: 16,
            grace: Duration::from_secs(10),
        }
    }
}

impl Stage {
    /// On the servers that all tests share.
    pub async fn open() -> anyhow::Result<Self> {
        let database = server("ROOKERY_TEST_DATABASE_URL")?;
        Self::on(&database, &server("ROOKERY_TEST_REDIS_URL")?).await
    }

    /// On a Redis that this test may hurt.
    pub async fn with_redis(redis: &str) -> anyhow::Result<Self> {
        Self::on(&server("ROOKERY_TEST_DATABASE_URL")?, redis).await
    }

    pub async fn on(server_url: &str, redis: &str) -> anyhow::Result<Self> {
        let name = format!("faults_{}", Uuid::new_v4().simple());
        let mut admin = PgConnection::connect(server_url)
            .await
            .context("postgres does not answer")?;
        sqlx::raw_sql(AssertSqlSafe(format!("create database {name}")))
            .execute(&mut admin)
            .await?;
        admin.close().await?;
        let options: PgConnectOptions = server_url.parse()?;
        let options = options.database(&name);
        let addresses = Addresses {
            database: options.to_url_lossy().to_string(),
            redis: redis.to_owned(),
        };
        let pool = PgPoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(3))
            .connect_with(options)
            .await?;
        rookery_shared::migrate(&pool).await?;
        sqlx::raw_sql(RECORD_ENDINGS).execute(&pool).await?;
        let client = redis::Client::open(redis)?;
        let folder = Folder::new()?;
        Ok(Self {
            queue: Queue::new(pool.clone(), client, name.clone())?,
            journal: Journal::at(folder.path().join("journal")),
            server_url: server_url.to_owned(),
            pool,
            addresses,
            name,
            folder,
        })
    }

    /// A file that jobs wait for; [`Self::open_gate`] makes it.
    pub fn gate(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn open_gate(&self, name: &str) -> anyhow::Result<()> {
        Ok(std::fs::write(self.gate(name), "")?)
    }

    /// A worker process.
    pub fn worker(&self) -> anyhow::Result<Process> {
        self.worker_at(&self.addresses, Setup::default())
    }

    pub fn worker_at(&self, addresses: &Addresses, setup: Setup) -> anyhow::Result<Process> {
        Process::start(
            command(env!("CARGO_BIN_EXE_rookery-test-worker"))
                .env("DATABASE_URL", &addresses.database)
                .env("REDIS_URL", &addresses.redis)
                .env("ROOKERY_QUEUE_PREFIX", &self.name)
                .env("ROOKERY_DATABASE_CONNECTIONS", "6")
                .env("RUST_LOG", "error")
                .arg("--journal")
                .arg(&self.journal.path)
                .args(["--slots", &setup.slots.to_string()])
                .args(["--grace-ms", &setup.grace.as_millis().to_string()]),
        )
    }

    /// A worker in this process.
    pub fn work(&self, slots: usize) -> anyhow::Result<InProcess> {
        let leave = CancellationToken::new();
        let worker = Worker::new(self.queue.clone(), Arc::new(self.journal.clone()))?
            .job::<Probe>()
            .job::<Hasty>()
            .due::<Alarm>()
            .slots(|_, _| slots)
            .grace(Duration::ZERO);
        let asked = leave.clone().cancelled_owned();
        Ok(InProcess {
            running: tokio::spawn(worker.run(asked)),
            leave,
        })
    }

    pub async fn submit(&self, acts: &[Act]) -> anyhow::Result<TaskId> {
        Ok(self.queue.submit(order(acts)?).await?)
    }

    /// The same script for each of so many tasks, in one statement.
    pub async fn submit_many(&self, count: usize, act: &Act) -> anyhow::Result<Vec<TaskId>> {
        let tasks = (0..count)
            .map(|_| order(std::slice::from_ref(act)))
            .collect::<anyhow::Result<Vec<_>>>()?;
        self.queue.submit_many(&tasks).await?;
        Ok(tasks.iter().map(NewTask::id).collect())
    }

    /// Writes a row of due work (or another in its place) and sets its alarm; returns when it is due.
    pub fn alarm_for(&self, id: Uuid, delay: Duration, act: Ringing) -> anyhow::Result<i64> {
        let due_us = now_us()? + i64::try_from(delay.as_micros())?;
        let rows = Rows::beside(&self.journal)?;
        let new = rows.done.join(format!("{id}.new"));
        std::fs::write(&new, serde_json::to_string(&Row { due_us, act })?)?;
        // At once, for whoever is reading.
        std::fs::rename(new, rows.waiting.join(id.to_string()))?;
        self.queue.arm::<Alarm>(id, delay);
        Ok(due_us)
    }

    /// So many rows that are due at the same time.
    pub fn alarms(
        &self,
        count: usize,
        delay: Duration,
        act: &Ringing,
    ) -> anyhow::Result<Vec<Uuid>> {
        let ids: Vec<_> = (0..count).map(|_| Uuid::new_v4()).collect();
        for id in &ids {
            self.alarm_for(*id, delay, act.clone())?;
        }
        Ok(ids)
    }

    /// Waits until the work of these alarms has been done.
    pub async fn rung(&self, ids: &[Uuid]) -> anyhow::Result<()> {
        until("the alarms have rung", PATIENCE, async || {
            let answered = self.events(Event::Answered)?.into_iter();
            let answered: HashSet<_> = answered.map(|entry| entry.task.0).collect();
            Ok(ids.iter().all(|id| answered.contains(id)).then_some(()))
        })
        .await
    }

    pub async fn task(&self, id: TaskId) -> anyhow::Result<Record> {
        self.queue.get(id).await?.context("the task is gone")
    }

    /// The task once it has ended.
    pub async fn ended(&self, id: TaskId) -> anyhow::Result<Record> {
        let waited = self.queue.wait(id, Until::Final, PATIENCE).await?;
        let task = waited.context("the task is gone")?;
        anyhow::ensure!(task.status.is_final(), "the task has not ended: {task:?}");
        Ok(task)
    }

    /// Everything written down so far, oldest first.
    pub fn entries(&self) -> anyhow::Result<Vec<Entry>> {
        let text = match std::fs::read_to_string(&self.journal.path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            text => text?,
        };
        // A line that is just being written has no end yet.
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        let lines = whole.lines().map(serde_json::from_str);
        Ok(lines.collect::<Result<_, _>>()?)
    }

    /// Events of this kind, oldest first.
    pub fn events(&self, event: Event) -> anyhow::Result<Vec<Entry>> {
        let entries = self.entries()?.into_iter();
        Ok(entries.filter(|entry| entry.event == event).collect())
    }

    /// The entry that says so of this task's attempt, once it is there.
    pub async fn event(&self, event: Event, task: TaskId, attempt: u32) -> anyhow::Result<Entry> {
        let what = format!("{event:?} of attempt {attempt}");
        until(&what, PATIENCE, async || {
            let found = self.events(event)?.into_iter();
            Ok(found
                .rev()
                .find(|entry| entry.task == task && entry.attempt == attempt))
        })
        .await
    }

    /// Waits until so many starts have been written down.
    pub async fn started(&self, count: usize) -> anyhow::Result<Vec<Entry>> {
        until(&format!("{count} starts"), PATIENCE, async || {
            let started = self.events(Event::Started)?;
            Ok((started.len() >= count).then_some(started))
        })
        .await
    }
}

pub fn order(acts: &[Act]) -> anyhow::Result<NewTask> {
    let acts = acts.to_vec();
    Ok(NewTask::of(&Probe { acts })?)
}

pub fn hasty(acts: &[Act]) -> anyhow::Result<NewTask> {
    let acts = acts.to_vec();
    Ok(NewTask::of(&Hasty { acts })?)
}

fn server(variable: &str) -> anyhow::Result<String> {
    std::env::var(variable)
        .with_context(|| format!("{variable} is unset; run the tests by ./dev test"))
}

/// The worker core on the test's own runtime.
pub struct InProcess {
    running: JoinHandle<Result<(), Ended>>,
    leave: CancellationToken,
}

impl InProcess {
    pub async fn leave(self) -> anyhow::Result<()> {
        self.leave.cancel();
        Ok(self.running.await??)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let url = self.server_url.clone();
        let drop_database = format!("drop database if exists {} with (force)", self.name);
        // A destructor cannot wait in the test's runtime; a server that was hurt for good took its databases with it.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let mut admin = PgConnection::connect(&url).await?;
                sqlx::raw_sql(AssertSqlSafe(drop_database))
                    .execute(&mut admin)
                    .await?;
                anyhow::Ok(())
            })
        });
        let _best_effort = dropped.join();
    }
}
