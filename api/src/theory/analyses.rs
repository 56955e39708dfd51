//! `/api/analyses` and `/api/games/{game_id}/analyses`: what there is, and the continuous ones at once.

use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use rookery_shared::Store;
use rookery_shared::theory::{Outcome, Request, analyses_of};
use rookery_theory::analysis::options::OptionInfo;
use serde_json::{Map, Value, json};

use super::order::{Options, Place};
use super::{GameMissing, Tag};
use crate::edge::trace::TraceContext;
use crate::errors::{Fail, Problem};

pub struct Analyses {
    store: Store,
}

/// An analysis that tasks can run.
#[derive(Object)]
#[oai(example)]
struct AnalysisInfo {
    /// What `plugin` means in an order.
    name: String,
    description: String,
    /// The forms of games that it takes. Others are converted when they can be.
    applicable_to: Vec<String>,
    /// Quick enough to be run whenever a game is looked at.
    continuous: bool,
    /// What it can be told, in the `config` of an order.
    options: Vec<AnalysisOption>,
}

/// An option of an analysis.
#[derive(Object)]
struct AnalysisOption {
    name: String,
    description: String,
    /// What it can be, in words.
    values: String,
    /// What holds when it is not given; null where it depends on the game or must be given.
    default: Value,
}

/// What an analysis found.
#[derive(Object, Clone)]
struct AnalysisResult {
    summary: String,
    /// Depends on the analysis; always with `computation_time_ms`.
    details: Value,
}

/// One continuous analysis and what it found.
#[derive(Object)]
#[oai(example)]
struct GameAnalysis {
    plugin_name: String,
    summary: String,
    /// Depends on the analysis; always with `computation_time_ms`.
    details: Value,
    /// The same once more.
    result: AnalysisResult,
}

#[OpenApi]
impl Analyses {
    pub(super) fn new(store: Store) -> Self {
        Self { store }
    }

    /// List the analyses
    ///
    /// What `plugin` may be in an order, and the forms of games that each takes.
    #[oai(
        path = "/api/analyses",
        method = "get",
        tag = "Tag::Analyses",
        operation_id = "list_analyses"
    )]
    async fn list_analyses(&self) -> Json<Vec<AnalysisInfo>> {
        Json(
            rookery_theory::analyses()
                .iter()
                .map(AnalysisInfo::from)
                .collect(),
        )
    }

    /// Run the continuous analyses
    ///
    /// Every analysis that is `continuous` and can take the game, run as tasks and waited for. One that is not done in 20 seconds is
    /// stopped and shows what it has found. For longer work order a task.
    #[oai(
        path = "/api/games/:game_id/analyses",
        method = "get",
        tag = "Tag::Analyses",
        operation_id = "run_analyses"
    )]
    async fn run_analyses(
        &self,
        /// The game's id.
        game_id: Path<String>,
        trace: Data<&TraceContext>,
        /// How to look for Nash equilibria:
        solver: Query<Option<String>>,
        /// Equilibria to find at most.
        max_equilibria: Query<Option<u64>>,
    ) -> Result<Json<Vec<GameAnalysis>>, Fail<GameMissing>> {
        let options = Options {
            solver: solver.0,
            max_equilibria: max_equilibria.0,
        };
        let request = Request {
            game_id: game_id.0,
            config: options.over(&Map::new(), &Place::Query)?,
            trace_context: Some(trace.to_string()),
        };
        let outcomes = analyses_of(&self.store, &request)
            .await
            .map_err(Problem::from)?;
        Ok(Json(outcomes.into_iter().map(GameAnalysis::from).collect()))
    }
}

impl From<&rookery_theory::AnalysisInfo> for AnalysisInfo {
    fn from(info: &rookery_theory::AnalysisInfo) -> Self {
        Self {
            name: info.name.to_owned(),
            description: info.description.to_owned(),
            applicable_to: info
                .applicable_to
                .iter()
                .map(|format| format.name().to_owned())
                .collect(),
            continuous: info.continuous,
            options: info
                .options
                .iter()
                .map(|option| AnalysisOption::from(*option))
                .collect(),
        }
    }
}

impl From<&OptionInfo> for AnalysisOption {
    fn from(option: &OptionInfo) -> Self {
        Self {
            name: option.name.to_owned(),
            description: option.description.to_owned(),
            values: option.values(),
            default: option.default(),
        }
    }
}

impl From<Outcome> for GameAnalysis {
    fn from(outcome: Outcome) -> Self {
        let (summary, details) = match outcome.result {
            Ok(analyzed) => (analyzed.summary, Value::Object(analyzed.details)),
            Err(error) => (
                format!("{}: error", outcome.plugin),
                json!({"error": format!("Analysis failed: {error}"), "computation_time_ms": 0}),
            ),
        };
        Self {
            plugin_name: outcome.plugin.to_owned(),
            summary: summary.clone(),
            details: details.clone(),
            result: AnalysisResult { summary, details },
        }
    }
}

impl Example for AnalysisInfo {
    fn example() -> Self {
        Self {
            name: "IESDS".to_owned(),
            description: "Iterated elimination of strictly dominated strategies".to_owned(),
            applicable_to: vec!["extensive".to_owned(), "normal".to_owned()],
            continuous: true,
            options: vec![AnalysisOption {
                name: "max_equilibria".to_owned(),
                description: "Stop after this many equilibria".to_owned(),
                values: "whole number, 1 to 4294967295".to_owned(),
                default: Value::Null,
            }],
        }
    }
}

impl Example for GameAnalysis {
    fn example() -> Self {
        let (summary, details) = (
            "Valid".to_owned(),
            json!({"errors": [], "warnings": [], "computation_time_ms": 0}),
        );
        Self {
            plugin_name: "Validation".to_owned(),
            summary: summary.clone(),
            details: details.clone(),
            result: AnalysisResult { summary, details },
        }
    }
}
