//! What must hold after any fault: nothing lost, one recorded result per task, none of them from an outdated claim.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use rookery_queue::{Record, Status, TaskId};
use serde_json::Value;

use super::journal::Event;
use super::stage::Stage;
use super::until::until;

impl Stage {
    /// Waits for the end of all, then holds rows against journal.
    pub async fn all_completed(&self, ids: &[TaskId], patience: Duration) -> anyhow::Result<()> {
        self.all_recorded(ids, patience).await?;
        let mut begun = HashMap::new();
        for entry in self.events(Event::Started)? {
            let token = (entry.task, entry.attempt, entry.process);
            let before = begun.insert(token, entry);
            ensure!(
                before.is_none(),
                "one claim, two runs: {before:?}, {entry:?}"
            );
        }
        Ok(())
    }

    /// The same where Postgres itself crashed: a claim of its last moments may be lost, and then its task runs again.
    pub async fn all_recorded(&self, ids: &[TaskId], patience: Duration) -> anyhow::Result<()> {
        until("all tasks end", patience, async || {
            let open: i64 = sqlx::query_scalar(
                "select count(*) from tasks where status in ('pending', 'running')",
            )
            .fetch_one(&self.pool)
            .await?;
            Ok((open == 0).then_some(()))
        })
        .await?;
        self.recorded_once(ids).await
    }

    /// All tasks are there, completed once, each with the signature of the attempt that the row names.
    async fn recorded_once(&self, ids: &[TaskId]) -> anyhow::Result<()> {
        let mut answered = HashSet::new();
        for entry in self.events(Event::Answered)? {
            answered.insert((entry.task, entry.attempt, entry.process));
        }
        let rows: Vec<(uuid::Uuid, String, i32, Option<Value>)> =
            sqlx::query_as("select id, status, attempt, result from tasks")
                .fetch_all(&self.pool)
                .await?;
        let rows: HashMap<_, _> = rows.into_iter().map(|row| (TaskId(row.0), row)).collect();
        let endings: Vec<uuid::Uuid> = sqlx::query_scalar("select id from endings")
            .fetch_all(&self.pool)
            .await?;
        let mut ended = HashSet::new();
        for id in endings {
            ensure!(ended.insert(id), "{id} ended twice");
        }
        for id in ids {
            let (_, status, attempt, result) = rows.get(id).context("a task is lost")?;
            ensure!(status == "completed", "{id} is {status}");
            let signed = signature(result.as_ref().context("no result")?)?;
            ensure!(
                signed.0 == attempt.cast_unsigned(),
                "{id}: the row is at attempt {attempt}, the result is of {signed:?}"
            );
            ensure!(
                answered.contains(&(*id, signed.0, signed.1)),
                "{id}: nobody gave the result {signed:?}"
            );
        }
        Ok(())
    }
}

/// Attempt and process that a result names.
pub fn signature(result: &Value) -> anyhow::Result<(u32, u32)> {
    let part = |name: &str| -> anyhow::Result<u32> {
        let number = result.get(name).and_then(Value::as_u64);
        Ok(u32::try_from(number.context("not a signature")?)?)
    };
    Ok((part("attempt")?, part("process")?))
}

pub fn result(task: &Record) -> anyhow::Result<Value> {
    ensure!(task.status == Status::Completed, "not completed: {task:?}");
    let result = task.result.as_ref().context("completed without a result")?;
    Ok(serde_json::from_str(result.get())?)
}

/// `(attempt, error)` of each attempt that did not settle the task.
pub fn past(task: &Record) -> anyhow::Result<Vec<(u64, String)>> {
    let attempts: Vec<Value> = serde_json::from_str(task.past_attempts.get())?;
    attempts
        .iter()
        .map(|attempt| {
            let number = attempt["attempt"].as_u64().context("no number")?;
            let error = attempt["error"].as_str().context("no error")?;
            Ok((number, error.to_owned()))
        })
        .collect()
}
