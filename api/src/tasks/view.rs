//! A task as clients see it: the contract's fields, the newer ones, and what the core knows beside them.

use chrono::{DateTime, Utc};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use rookery_queue::{Priority, Record, Status, Task};
use rookery_shared::theory::{Analyze, Look};
use serde_json::{Value, json};

/// One task. What it is about and what came out depends on its `kind`.
#[derive(Object, Clone, Debug)]
#[oai(rename = "Task", example)]
pub struct TaskView {
    /// A UUID; ids grow with the time of creation.
    pub id: String,
    /// The same as `id`.
    pub task_id: String,
    /// What sort of work it is, for example `theory.analyze`.
    pub kind: String,
    pub status: TaskStatus,
    /// Who ordered it, in the client's own words.
    pub owner: String,
    /// The analysis; for a task of another kind, its kind.
    pub plugin_name: String,
    /// The same as `plugin_name`.
    pub plugin: String,
    /// The game; for a task of another kind, its subject.
    pub game_id: String,
    /// What it is about.
    pub subject: Option<String>,
    /// The options of the analysis that were given.
    pub config: Value,
    /// Limit of one attempt in seconds, if one was asked for.
    pub timeout: Option<f64>,
    /// What came out: of an analysis, `summary` and `details`. A cancelled one keeps what it had found, with `exhaustive` false.
    pub result: Option<Value>,
    /// Why it failed, as `CODE: message`.
    pub error: Option<String>,
    /// How far a running task is.
    pub progress: Option<TaskProgress>,
    /// What a running task has found so far.
    pub partial: Option<Value>,
    pub priority: TaskPriority,
    /// Tries so far, the running one included.
    pub attempt: i32,
    /// Tries after which it ends `failed`.
    pub max_attempts: i32,
    /// Cancellation was asked for; a running task ends `cancelled` as soon as it notices.
    pub cancel_requested: bool,
    /// The W3C trace in which it was ordered.
    pub trace_id: Option<String>,
    /// Grows with every change; the number in the `ETag` and the `id` of events.
    pub version: i64,
    /// Not before this moment, in Unix seconds.
    pub run_at: f64,
    /// Unix seconds.
    pub created_at: f64,
    /// Unix seconds.
    pub started_at: Option<f64>,
    /// Unix seconds.
    pub completed_at: Option<f64>,
}

/// Where a task stands. The last three are final.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
pub enum TaskStatus {
    Pending,
    Running,
    Completed,
    Failed,
    Cancelled,
}

/// Who is served first within a kind.
#[derive(Enum, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
pub enum TaskPriority {
    High,
    #[default]
    Normal,
    Low,
}

/// How far a running task is.
#[derive(Object, Clone, Debug, serde::Deserialize)]
pub struct TaskProgress {
    /// Between 0 and 1, when the end is known.
    #[oai(validator(minimum(value = "0"), maximum(value = "1")))]
    pub fraction: Option<f64>,
    pub message: String,
}

impl TaskView {
    pub fn of(task: &Record) -> Self {
        let analyze: Option<Analyze> =
            of_kind(task).or_else(|| of_kind(task).map(|Look(analyze)| analyze));
        let id = task.id.to_string();
        let subject = task.subject.clone();
        let plugin = analyze
            .as_ref()
            .map_or_else(|| task.kind.clone(), |analyze| analyze.plugin.clone());
        let config = analyze
            .as_ref()
            .map_or_else(|| json!({}), |analyze| analyze.config.to_json());
        Self {
            task_id: id.clone(),
            id,
            kind: task.kind.clone(),
            status: task.status.into(),
            owner: task.owner.clone(),
            plugin_name: plugin.clone(),
            plugin,
            game_id: subject.clone().unwrap_or_default(),
            subject,
            config,
            timeout: analyze
                .and_then(|analyze| analyze.timeout_ms)
                .map(|ms| ms as f64 / 1000.0),
            result: task.result.as_ref().map(|json| read(json.get())),
            error: task.error.clone(),
            progress: task
                .progress
                .as_ref()
                .and_then(|json| serde_json::from_str(json.get()).ok()),
            partial: task.partial.as_ref().map(|json| read(json.get())),
            priority: task.priority.into(),
            attempt: task.attempt,
            max_attempts: task.max_attempts,
            cancel_requested: task.cancel_requested,
            trace_id: task.trace_context.as_deref().and_then(trace_id),
            version: task.version,
            run_at: unix_seconds(task.run_at),
            created_at: unix_seconds(task.created_at),
            started_at: task.started_at.map(unix_seconds),
            completed_at: task.completed_at.map(unix_seconds),
        }
    }
}

fn of_kind<T: Task>(task: &Record) -> Option<T> {
    if task.kind != T::KIND {
        return None;
    }
    serde_json::from_str(task.payload.get())
        .inspect_err(
            |error| tracing::error!(task.id = %task.id, %error, "a payload cannot be read"),
        )
        .ok()
}

/// What Postgres stores as `json` is JSON.
fn read(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|_| json!(json))
}

/// The second field of a `traceparent`.
fn trace_id(traceparent: &str) -> Option<String> {
    traceparent.split('-').nth(1).map(str::to_owned)
}

pub fn unix_seconds(time: DateTime<Utc>) -> f64 {
    time.timestamp_micros() as f64 / 1e6
}

impl From<Status> for TaskStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Pending => Self::Pending,
            Status::Running => Self::Running,
            Status::Completed => Self::Completed,
            Status::Failed => Self::Failed,
            Status::Cancelled => Self::Cancelled,
        }
    }
}

impl From<TaskStatus> for Status {
    fn from(status: TaskStatus) -> Self {
        match status {
            TaskStatus::Pending => Self::Pending,
            TaskStatus::Running => Self::Running,
            TaskStatus::Completed => Self::Completed,
            TaskStatus::Failed => Self::Failed,
            TaskStatus::Cancelled => Self::Cancelled,
        }
    }
}

impl From<Priority> for TaskPriority {
    fn from(priority: Priority) -> Self {
        match priority {
            Priority::High => Self::High,
            Priority::Normal => Self::Normal,
            Priority::Low => Self::Low,
        }
    }
}

impl From<TaskPriority> for Priority {
    fn from(priority: TaskPriority) -> Self {
        match priority {
            TaskPriority::High => Self::High,
            TaskPriority::Normal => Self::Normal,
            TaskPriority::Low => Self::Low,
        }
    }
}

impl Example for TaskView {
    fn example() -> Self {
        let id = "019a9f3c-7d10-7cc3-98c4-dc0c0c07398f".to_owned();
        Self {
            task_id: id.clone(),
            id,
            kind: Analyze::KIND.to_owned(),
            status: TaskStatus::Completed,
            owner: "anonymous".to_owned(),
            plugin_name: "Nash Equilibrium".to_owned(),
            plugin: "Nash Equilibrium".to_owned(),
            game_id: "matching-pennies".to_owned(),
            subject: Some("matching-pennies".to_owned()),
            config: json!({"solver": "exhaustive"}),
            timeout: None,
            result: Some(json!({
                "summary": "1 Nash equilibrium",
                "details": {"equilibria": [{
                    "description": "Mixed equilibrium",
                    "behavior_profile": {
                        "Matcher": {"Heads": 0.5, "Tails": 0.5},
                        "Mismatcher": {"Heads": 0.5, "Tails": 0.5},
                    },
                    "outcomes": {"Matcher": 0.0, "Mismatcher": 0.0},
                }], "exhaustive": true, "computation_time_ms": 1},
            })),
            error: None,
            progress: None,
            partial: None,
            priority: TaskPriority::Normal,
            attempt: 1,
            max_attempts: 3,
            cancel_requested: false,
            trace_id: Some("4bf92f3577b34da6a3ce929d0e0e4736".to_owned()),
            version: 3,
            run_at: 1_706_500_000.0,
            created_at: 1_706_500_000.0,
            started_at: Some(1_706_500_000.5),
            completed_at: Some(1_706_500_001.2),
        }
    }
}
