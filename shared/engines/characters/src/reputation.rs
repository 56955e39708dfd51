//! What the world holds of somebody.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Scores from -100 to 100 by dimension (`general` is the usual one), as of a slow tick; they fade toward 0.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Reputation {
    pub scores: BTreeMap<String, f64>,
    pub at_slow: u64,
}
