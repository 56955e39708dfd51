//! The analysis "IESDS": iterated elimination of strictly dominated strategies, round by round.

use serde_json::{Map, Value, json};

use super::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, STRATEGIC, has_normal_form,
    nothing_to_check, strategic,
};
use crate::game::Game;
use crate::solve::dominance::eliminate;

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

/// In each round all strategies go that another surviving pure strategy beats against everything the others have left.
fn run(
    game: &Game,
    _config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let table = strategic(game)?;
    let elimination = eliminate(&table, control.stop);
    let name = |player: usize, strategy: usize| {
        (
            &table.players()[player],
            &table.strategies()[player][strategy],
        )
    };
    let eliminated: Vec<Value> = elimination
        .eliminated
        .iter()
        .map(|gone| {
            let (player, strategy) = name(gone.player, gone.strategy);
            json!({"player": player, "strategy": strategy, "round": gone.round})
        })
        .collect();
    let surviving: Map<String, Value> = elimination
        .surviving
        .iter()
        .enumerate()
        .map(|(player, strategies)| {
            let labels: Vec<&String> = strategies
                .iter()
                .map(|strategy| name(player, *strategy).1)
                .collect();
            (table.players()[player].clone(), json!(labels))
        })
        .collect();
    let rounds = elimination.rounds();
    let summary = match elimination.eliminated.as_slice() {
        [] => "No dominated strategies found".to_owned(),
        [gone] => {
            let (player, strategy) = name(gone.player, gone.strategy);
            format!("Eliminated: {player}.{strategy}")
        }
        several => format!(
            "{} strategies eliminated in {rounds} round{}",
            several.len(),
            if rounds == 1 { "" } else { "s" }
        ),
    };
    let details = Map::from_iter([
        ("eliminated".to_owned(), Value::Array(eliminated)),
        ("rounds".to_owned(), json!(rounds)),
        ("surviving".to_owned(), Value::Object(surviving)),
    ]);
    Ok(AnalysisResult { summary, details })
}
