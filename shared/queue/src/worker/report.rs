//! Progress and partial results of running tasks: the newest of each, stored at most twice a second.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use tokio::sync::Notify;

use crate::bounded::{PATIENCE, bounded};
use crate::ring::Ringer;
use crate::task::TaskId;

/// One task's line to its readers. Never waits, so an engine may call it from its inner loop.
#[derive(Clone)]
pub struct Reporter {
    board: Board,
    id: TaskId,
    attempt: i32,
}

impl Reporter {
    /// `fraction` between 0 and 1 when the end is known.
    pub fn progress(&self, fraction: Option<f64>, message: impl Into<String>) {
        let progress = Progress {
            fraction,
            message: message.into(),
        };
        self.board.note(self, |note| note.progress = Some(progress));
    }

    /// What has been found so far, whole.
    pub fn partial(&self, found: Value) {
        self.board.note(self, |note| note.partial = Some(found));
    }
}

#[derive(Serialize)]
struct Progress {
    #[serde(skip_serializing_if = "Option::is_none")]
    fraction: Option<f64>,
    message: String,
}

/// Newest unwritten notes of all tasks of this process.
#[derive(Clone, Default)]
pub(crate) struct Board {
    notes: Arc<Mutex<HashMap<TaskId, Note>>>,
    noted: Arc<Notify>,
}

struct Note {
    attempt: i32,
    progress: Option<Progress>,
    partial: Option<Value>,
    not_before: Instant,
}

impl Note {
    fn is_fresh(&self) -> bool {
        self.progress.is_some() || self.partial.is_some()
    }

    fn is_due(&self) -> bool {
        self.is_fresh() && Instant::now() >= self.not_before
    }
}

const PAUSE: Duration = Duration::from_millis(500);
/// An attempt that is over by then is not worth a statement about its progress.
const FIRST: Duration = Duration::from_millis(100);
/// How soon a note is looked at again that came too early after the last.
const LOOK: Duration = Duration::from_millis(100);

impl Board {
    /// Opens the attempt's line; notes count until [`Board::forget`].
    pub(crate) fn reporter(&self, id: TaskId, attempt: i32) -> Reporter {
        self.lock().insert(
            id,
            Note {
                attempt,
                progress: None,
                partial: None,
                not_before: Instant::now() + FIRST,
            },
        );
        Reporter {
            board: self.clone(),
            id,
            attempt,
        }
    }

    /// The attempt has ended: what is still unwritten does not matter any more.
    pub(crate) fn forget(&self, id: TaskId, attempt: i32) {
        let mut notes = self.lock();
        if notes.get(&id).is_some_and(|note| note.attempt == attempt) {
            notes.remove(&id);
        }
    }

    /// Writes notes until dropped.
    pub(crate) async fn write(self, pool: PgPool, worker: String, ringer: Ringer) {
        loop {
            let due = self.take_due();
            if due.is_empty() {
                let soon = self.lock().values().any(Note::is_fresh);
                if soon {
                    tokio::time::sleep(LOOK).await;
                } else {
                    self.noted.notified().await;
                }
                continue;
            }
            let stored = bounded(&pool, PATIENCE, async |connection| {
                store(connection, &worker, &due).await
            });
            match stored.await {
                Ok(changed) => ringer.changed(changed),
                // The next note says more than this one did.
                Err(error) => tracing::debug!(%error, "progress was not stored"),
            }
        }
    }

    fn note(&self, reporter: &Reporter, change: impl FnOnce(&mut Note)) {
        let mut notes = self.lock();
        // A computation that has not yet noticed its end may still speak.
        if let Some(note) = notes.get_mut(&reporter.id)
            && note.attempt == reporter.attempt
        {
            change(note);
            drop(notes);
            self.noted.notify_one();
        }
    }

    fn take_due(&self) -> Vec<Stored> {
        let mut notes = self.lock();
        let due = notes.iter_mut().filter(|(_, note)| note.is_due());
        due.map(|(id, note)| {
            note.not_before = Instant::now() + PAUSE;
            Stored {
                id: *id,
                attempt: note.attempt,
                progress: note
                    .progress
                    .take()
                    .and_then(|progress| serde_json::to_string(&progress).ok()),
                partial: note.partial.take().map(|found| found.to_string()),
            }
        })
        .collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TaskId, Note>> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Stored {
    id: TaskId,
    attempt: i32,
    progress: Option<String>,
    partial: Option<String>,
}

async fn store(
    connection: &mut PgConnection,
    worker: &str,
    due: &[Stored],
) -> Result<Vec<TaskId>, sqlx::Error> {
    let ids: Vec<_> = due.iter().map(|note| note.id.0).collect();
    let attempts: Vec<_> = due.iter().map(|note| note.attempt).collect();
    let progress: Vec<_> = due.iter().map(|note| note.progress.clone()).collect();
    let partial: Vec<_> = due.iter().map(|note| note.partial.clone()).collect();
    let changed = sqlx::query_scalar!(
        "update tasks t set version = version + 1, progress = coalesce(new.progress::json, t.progress),
            partial = coalesce(new.partial::json, t.partial)
        from (select t.id, new.progress, new.partial
            from unnest($2::uuid[], $3::int[], $4::text[], $5::text[]) as new (id, attempt, progress, partial)
            join tasks t on t.id = new.id and t.attempt = new.attempt and t.status = 'running' and t.worker = $1
            for update of t skip locked) new
        where t.id = new.id
        returning t.id",
        worker,
        &ids,
        &attempts,
        &progress as &[Option<String>],
        &partial as &[Option<String>],
    )
    .fetch_all(connection)
    .await?;
    Ok(changed.into_iter().map(TaskId).collect())
}
