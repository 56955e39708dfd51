//! The analyses "IESDS" and "Weak IESDS": iterated elimination of dominated strategies, round by round.

use serde_json::{Map, Value, json};

use super::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, STRATEGIC, has_normal_form,
    nothing_to_check, strategic,
};
use crate::game::{Game, NormalGame};
use crate::solve::dominance::{Elimination, eliminate, eliminate_weakly};

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "IESDS",
    description: "Iterated elimination of strictly dominated strategies",
    applicable_to: STRATEGIC,
    continuous: true,
    options: &[],
    run,
    fit: has_normal_form,
    check: nothing_to_check,
};

pub const WEAK: AnalysisInfo = AnalysisInfo {
    name: "Weak IESDS",
    description: "Iterated elimination of weakly dominated strategies, all of a round at once",
    run: run_weak,
    ..INFO
};

/// In each round all strategies go that another surviving pure strategy beats against everything the others have left.
fn run(
    game: &Game,
    _config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let table = strategic(game)?;
    let elimination = finished(eliminate(&table, control.stop))?;
    let summary = match sole(&table, &elimination) {
        Some(gone) => format!("Eliminated: {gone}"),
        None if elimination.eliminated.is_empty() => "No dominated strategies found".to_owned(),
        None => several("strategies", &elimination),
    };
    Ok(AnalysisResult {
        summary,
        details: details(&table, &elimination),
    })
}

/// What survives depends on the order of elimination, so the order is stated.
fn run_weak(
    game: &Game,
    _config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let table = strategic(game)?;
    let elimination = finished(eliminate_weakly(&table, control.stop))?;
    let summary = match sole(&table, &elimination) {
        Some(gone) => format!("Weakly dominated: {gone}"),
        None if elimination.eliminated.is_empty() => {
            "No weakly dominated strategies found".to_owned()
        }
        None => several("weakly dominated strategies", &elimination),
    };
    let mut details = details(&table, &elimination);
    details.insert("dominance_type".to_owned(), json!("weak"));
    details.insert(
        "order".to_owned(),
        json!("all weakly dominated strategies of all players go together in each round"),
    );
    Ok(AnalysisResult { summary, details })
}

/// A stopped elimination is worth showing when at least one round was done.
fn finished(elimination: Elimination) -> Result<Elimination, AnalysisError> {
    if !elimination.complete && elimination.eliminated.is_empty() {
        return Err(AnalysisError::Stopped);
    }
    Ok(elimination)
}

/// The only strategy that went, as `player.strategy`.
fn sole(table: &NormalGame, elimination: &Elimination) -> Option<String> {
    match elimination.eliminated.as_slice() {
        [gone] => Some(format!(
            "{}.{}",
            table.players()[gone.player],
            table.strategies()[gone.player][gone.strategy]
        )),
        _ => None,
    }
}

fn several(what: &str, elimination: &Elimination) -> String {
    let rounds = elimination.rounds();
    let ending = if rounds == 1 { "" } else { "s" };
    let count = elimination.eliminated.len();
    format!("{count} {what} eliminated in {rounds} round{ending}")
}

fn details(table: &NormalGame, elimination: &Elimination) -> Map<String, Value> {
    let label = |player: usize, strategy: usize| &table.strategies()[player][strategy];
    let eliminated: Vec<Value> = elimination
        .eliminated
        .iter()
        .map(|gone| {
            json!({
                "player": table.players()[gone.player],
                "strategy": label(gone.player, gone.strategy),
                "round": gone.round,
            })
        })
        .collect();
    let surviving: Map<String, Value> = elimination
        .surviving
        .iter()
        .enumerate()
        .map(|(player, strategies)| {
            let labels: Vec<&String> = strategies
                .iter()
                .map(|strategy| label(player, *strategy))
                .collect();
            (table.players()[player].clone(), json!(labels))
        })
        .collect();
    let mut details = Map::from_iter([
        ("eliminated".to_owned(), Value::Array(eliminated)),
        ("rounds".to_owned(), json!(elimination.rounds())),
        ("surviving".to_owned(), Value::Object(surviving)),
    ]);
    if !elimination.complete {
        details.insert("exhaustive".to_owned(), json!(false));
    }
    details
}
