//! Due work whose rows are files, so that a truth outlives every server: what is due lies in a folder, what is done in another.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use rookery_queue::worker::{Chore, DueContext, JobError, Stop};
use rookery_queue::{Due, TaskId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::journal::{Event, Journal};

/// The journal says `Started` with the size of the batch as the attempt, and `Answered` for whoever took the row.
pub struct Alarm;

/// One row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    /// Microseconds since 1970.
    pub due_us: i64,
    pub act: Ringing,
}

/// What a run does with it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ringing {
    Ring,
    /// Waits until the file is there; gives up when asked to stop.
    Await(PathBuf),
    Hang,
    Fail,
    Panic,
}

impl Due for Alarm {
    const KIND: &'static str = "test.alarm";
}

/// What the alarms missed.
const GRACE_US: i64 = 500_000;

impl Chore<Journal> for Alarm {
    const TIMEOUT: Duration = Duration::from_secs(5);
    const CONCURRENCY: usize = 1;
    const BATCH: usize = 256;

    async fn overdue(app: &Journal, limit: usize) -> anyhow::Result<Vec<Uuid>> {
        let rows = Rows::beside(app)?;
        let before = now_us()? - GRACE_US;
        let mut overdue = Vec::new();
        for entry in fs::read_dir(&rows.waiting)? {
            let Ok(id) = entry?.file_name().to_string_lossy().parse() else {
                continue;
            };
            // One that is gone meanwhile is done.
            if let Some(row) = rows.read(id)?
                && row.due_us < before
            {
                overdue.push((row.due_us, id));
            }
        }
        overdue.sort_unstable();
        Ok(overdue.into_iter().map(|(_, id)| id).take(limit).collect())
    }

    async fn run(ids: Vec<Uuid>, ctx: DueContext<Journal>, stop: Stop) -> Result<(), JobError> {
        let rows = Rows::beside(&ctx.app)?;
        let size = u32::try_from(ids.len()).context("a batch is small")?;
        for id in &ids {
            ctx.app.write(Event::Started, TaskId(*id), size)?;
        }
        for id in ids {
            let Some(row) = rows.read(id)? else { continue };
            match row.act {
                Ringing::Ring => {}
                Ringing::Await(gate) => {
                    while !gate.exists() {
                        if stop.reason().is_some() {
                            ctx.app.write(Event::Stopped, TaskId(id), size)?;
                            return Err(JobError::Stopped);
                        }
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                }
                Ringing::Hang => std::future::pending().await,
                Ringing::Fail => return Err(anyhow::anyhow!("no").into()),
                Ringing::Panic => panic!("at the alarm"),
            }
            if rows.finish(id)? {
                ctx.app.write(Event::Answered, TaskId(id), size)?;
            }
        }
        Ok(())
    }
}

/// The two folders.
pub struct Rows {
    pub waiting: PathBuf,
    pub done: PathBuf,
}

impl Rows {
    pub fn beside(journal: &Journal) -> anyhow::Result<Self> {
        let folder = journal.path.parent().context("it lies in a folder")?;
        let rows = Self {
            waiting: folder.join("waiting"),
            done: folder.join("done"),
        };
        fs::create_dir_all(&rows.waiting)?;
        fs::create_dir_all(&rows.done)?;
        Ok(rows)
    }

    fn read(&self, id: Uuid) -> anyhow::Result<Option<Row>> {
        match fs::read_to_string(self.waiting.join(id.to_string())) {
            Ok(text) => Ok(Some(serde_json::from_str(&text)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether it was this call that did: of two renamings one finds the file.
    fn finish(&self, id: Uuid) -> anyhow::Result<bool> {
        let name = id.to_string();
        match fs::rename(self.waiting.join(&name), self.done.join(&name)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

pub fn now_us() -> anyhow::Result<i64> {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    Ok(i64::try_from(since_1970.as_micros())?)
}
