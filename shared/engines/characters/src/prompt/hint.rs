//! A word to a model that does the same over and over.

use crate::archetype::Tool;
use crate::mind::Mind;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// This was done too often of late.
    Variety(String),
    /// This could be done and was not, for a while.
    UnusedTool(String),
}

/// How many of the last deeds are looked at, and the share of one action that is too much: defaults of the contract's engine.
const RECENT: usize = 5;
const TOO_OFTEN: f64 = 0.4;
/// Of fewer deeds nothing can be said.
const LEAST: usize = 3;

impl Hint {
    /// As the metrics name it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Variety(_) => "variety",
            Self::UnusedTool(_) => "unused_tool",
        }
    }

    pub(super) fn text(&self) -> String {
        match self {
            Self::Variety(action) => format!("You did {action} often lately: vary."),
            Self::UnusedTool(tool) => format!("You have not used {tool} in a while."),
        }
    }
}

/// What is worth a hint, given the tools that are offered.
pub(crate) fn hints(mind: &Mind, offered: &[Tool]) -> Vec<Hint> {
    if mind.recent.len() < LEAST {
        return Vec::new();
    }
    let last: Vec<&str> = mind
        .recent
        .iter()
        .rev()
        .take(RECENT)
        .map(|deed| deed.action.as_str())
        .collect();
    let often = last.iter().find(|action| {
        let times = last.iter().filter(|other| other == action).count();
        times as f64 > TOO_OFTEN * last.len() as f64
    });
    let unused = offered.iter().find(|tool| {
        mind.recent.len() >= RECENT && mind.recent.iter().all(|deed| deed.action != tool.name)
    });
    let often = often.map(|action| Hint::Variety(super::quote::plain(action, 60)));
    let unused = unused.map(|tool| Hint::UnusedTool(super::quote::plain(&tool.name, 60)));
    often.into_iter().chain(unused).collect()
}
