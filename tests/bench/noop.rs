//! A task that does nothing, or sleeps, and tells its parent process when it did: what the benchmark feeds the queue with.

use std::io::Write as _;
use std::time::{Duration, SystemTime};

use rookery_queue::worker::{Context, Job, JobError, Stop};
use rookery_queue::{Task, TaskId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Noop {
    pub tell: Tell,
    /// How long the first attempt takes; a later one returns at once, so that a rerun ends the task.
    pub sleep_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tell {
    #[default]
    Nothing,
    Times,
}

impl Task for Noop {
    const KIND: &'static str = "bench.noop";
    type Output = ();
}

impl Job<()> for Noop {
    const TIMEOUT: Duration = Duration::from_secs(120);
    const CONCURRENCY: usize = 64;

    async fn run(self, ctx: Context<()>, stop: Stop) -> Result<(), JobError> {
        self.tell(Event::Started, ctx.id);
        if self.sleep_ms == 0 || ctx.attempt > 1 {
            return Ok(());
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(self.sleep_ms)) => Ok(()),
            () = stop.raised() => {
                self.tell(Event::Stopped, ctx.id);
                Err(JobError::Stopped)
            }
        }
    }
}

impl Noop {
    fn tell(self, event: Event, id: TaskId) {
        if self.tell == Tell::Times {
            let mark = Mark {
                event,
                id,
                at_us: now_us(),
            };
            // A parent that is gone needs no times.
            let _ = writeln!(std::io::stdout(), "{}", mark.line());
        }
    }
}

/// What happened to a task in a worker process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Started,
    Stopped,
}

/// One line on a worker process' standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub event: Event,
    pub id: TaskId,
    /// Microseconds since 1970 on the clock that all processes of this machine share, Postgres too.
    pub at_us: i64,
}

impl Mark {
    fn line(self) -> String {
        let event = match self.event {
            Event::Started => "started",
            Event::Stopped => "stopped",
        };
        format!("{event} {} {}", self.id, self.at_us)
    }

    pub fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let event = match words.next()? {
            "started" => Event::Started,
            "stopped" => Event::Stopped,
            _ => return None,
        };
        Some(Self {
            event,
            id: words.next()?.parse().ok()?,
            at_us: words.next()?.parse().ok()?,
        })
    }
}

pub fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
    })
}
