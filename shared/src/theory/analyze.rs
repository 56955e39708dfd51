//! The task of running one analysis on one game as it was when it was ordered.

use rookery_queue::Task;
use rookery_theory::{AnalysisResult, Config};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::document::DocumentId;
use super::summary::GameId;

/// What the row of an analysis holds; also where readers find its plugin and config.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Analyze {
    pub game_id: GameId,
    pub plugin: String,
    #[serde(default)]
    pub config: Config,
    /// Of one attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    pub document: DocumentId,
}

impl Task for Analyze {
    const KIND: &'static str = "theory.analyze";
    type Output = Analyzed;
}

/// The same for somebody who waits for it: served by slots and threads of its own, beside the long runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Look(pub Analyze);

impl Task for Look {
    const KIND: &'static str = "theory.look";
    type Output = Analyzed;
}

/// What a finished analysis says; every `details` holds `computation_time_ms`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Analyzed {
    pub summary: String,
    pub details: Map<String, Value>,
}

impl From<AnalysisResult> for Analyzed {
    fn from(result: AnalysisResult) -> Self {
        Self {
            summary: result.summary,
            details: result.details,
        }
    }
}
