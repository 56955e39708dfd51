//! What somebody lacks: five needs that grow until they are met.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    Rest,
    Social,
    Sustenance,
    Safety,
    Purpose,
}

/// How much of each is lacking, 0 to 1, as of a fast tick.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Needs {
    pub rest: f64,
    pub social: f64,
    pub sustenance: f64,
    pub safety: f64,
    pub purpose: f64,
    pub at_fast: u64,
}
