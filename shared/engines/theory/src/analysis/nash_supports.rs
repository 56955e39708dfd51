//! Nash equilibria of games of three players and more: every combination of supports, with proof.

use serde_json::{Map, Value, json};

use super::nash::{Brought, Method, Task};
use super::{AnalysisError, Progress};
use crate::game::NormalGame;
use crate::solve::nplayer::{Advance, Hunt, Hunted, Supports, all_supports};

const METHOD: Method = Method {
    solver: "gambit-enumpoly",
    method: "support enumeration, each polynomial system solved by interval branch and prune with Krawczyk certificates",
    shortfall: None,
};

/// How many undecided supports a result names.
const NAMED: usize = 100;

/// All equilibria, or so many with the smallest supports.
pub fn supports(task: &Task<'_>, most: Option<usize>) -> Result<Brought, AnalysisError> {
    let progress = |advance: Advance<'_>| {
        (task.control.progress)(Progress {
            fraction: Some((advance.done / advance.total).clamp(0.0, 1.0)),
            message: format!(
                "{} of {} combinations of supports, {} found",
                advance.done,
                advance.total,
                advance.found.len()
            ),
            partial: task.partial(METHOD, advance.found),
        });
    };
    let hunt = Hunt {
        stop: task.control.stop,
        most,
        threads: task.control.threads,
        progress: &progress,
    };
    let hunted = all_supports(task.table, &hunt);
    let mut brought = Brought::nothing(METHOD);
    brought.complete = hunted.complete();
    brought.note = note(&hunted);
    if !hunted.undecided.is_empty() {
        let named = hunted.undecided.iter().take(NAMED);
        let named: Vec<Value> = named.map(|supports| labels(task.table, supports)).collect();
        brought
            .more
            .insert("undecided_supports".to_owned(), json!(named));
    }
    brought.solutions = hunted.solutions;
    Ok(brought)
}

fn note(hunted: &Hunted) -> Option<String> {
    match hunted.undecided.len() {
        0 => None,
        count => Some(format!(
            "{count} combination{} of supports could not be decided: {} a continuum of equilibria, or a singular one, or none; where only one player mixes it is a continuum, whose extreme equilibria are listed",
            if count == 1 { "" } else { "s" },
            if count == 1 { "it holds" } else { "each holds" },
        )),
    }
}

/// `{player: [strategy]}`
pub fn labels(table: &NormalGame, supports: &Supports) -> Value {
    let players = table.players().iter().zip(table.strategies()).zip(supports);
    let shown: Map<String, Value> = players
        .map(|((player, labels), support)| {
            let chosen: Vec<&String> = support.iter().map(|strategy| &labels[*strategy]).collect();
            (player.clone(), json!(chosen))
        })
        .collect();
    Value::Object(shown)
}
