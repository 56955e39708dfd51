//! What somebody does at which time of day.

use serde::{Deserialize, Serialize};

/// A day's plan. A day of the world has `day_fast_ticks` fast ticks; hours are twenty-fourths of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Routine {
    pub day_fast_ticks: u64,
    /// In order of their hours.
    pub phases: Vec<Phase>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Phase {
    /// 0 to below 24: it lasts until the next one begins.
    pub from_hour: f64,
    pub activity: String,
    /// Where it takes place; the character goes there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub location: Option<String>,
    /// Tools that belong to it.
    #[serde(default)]
    pub tools: Vec<String>,
}
