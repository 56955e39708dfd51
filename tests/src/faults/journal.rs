//! What really ran: one line per event of an attempt, appended to a file, which outlives every process and needs no server.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::SystemTime;

use rookery_queue::TaskId;
use serde::{Deserialize, Serialize};

/// One event of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub event: Event,
    pub task: TaskId,
    pub attempt: u32,
    pub process: u32,
    /// Microseconds since 1970 on the machine's clock, which Postgres here reads too.
    pub at_us: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    Started,
    /// The job saw the stop flag.
    Stopped,
    /// The job is about to return a result.
    Answered,
}

/// The file, written by any number of processes.
#[derive(Debug, Clone)]
pub struct Journal {
    pub path: PathBuf,
}

impl Journal {
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    pub fn write(&self, event: Event, task: TaskId, attempt: u32) -> anyhow::Result<()> {
        let at = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
        let entry = Entry {
            event,
            task,
            attempt,
            process: std::process::id(),
            at_us: i64::try_from(at.as_micros())?,
        };
        let mut line = serde_json::to_string(&entry)?;
        line.push('\n');
        // One write of one line in append mode: lines of several processes never mix.
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(&self.path)?;
        Ok(file.write_all(line.as_bytes())?)
    }
}
