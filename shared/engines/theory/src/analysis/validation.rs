//! The analysis "Validation": what is wrong, or merely odd, about a game.

use serde_json::{Map, json};

use super::{AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, nothing_to_check};
use crate::game::{ExtensiveGame, Format, Game, NodeId, PlayerId, Target};
use crate::rational::Rational;

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "Validation",
    description: "Checks the structure of a game for errors and warnings",
    applicable_to: &Format::ALL,
    continuous: true,
    options: &[],
    run,
    fit: |_| Ok(()),
    check: nothing_to_check,
};

/// Stored games are well formed (readers refuse what is not), so errors are those of a reading that was relaxed since;
/// warnings are what a reader put right and what other tools stumble over.
fn run(
    game: &Game,
    _config: &Config,
    _control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let mut warnings = game.meta().warnings.clone();
    if game.players().len() < 2 {
        warnings.push(format!("Game has only {} player(s)", game.players().len()));
    }
    if let Game::Extensive(tree) = game {
        warn_of_nodes(tree, &mut warnings);
        warn_of_unused(tree, &mut warnings);
        warn_of_recall(tree, &mut warnings);
    }
    let summary = match warnings.len() {
        0 => "Valid".to_owned(),
        count => format!("Valid with {count} warning(s)"),
    };
    let details = Map::from_iter([
        ("errors".to_owned(), json!([])),
        ("warnings".to_owned(), json!(warnings)),
    ]);
    Ok(AnalysisResult { summary, details })
}

fn warn_of_nodes(game: &ExtensiveGame, warnings: &mut Vec<String>) {
    for node in game.preorder().iter().map(|id: &NodeId| game.node(*id)) {
        if let Some(warning) = &node.warning {
            warnings.push(format!("Node '{}': {warning}", node.id));
        }
        for action in &node.actions {
            if let Some(warning) = &action.warning {
                warnings.push(format!(
                    "Action '{}' in node '{}': {warning}",
                    action.label, node.id
                ));
            }
            if node.mover == crate::game::Mover::Chance
                && action.probability.as_ref().is_some_and(Rational::is_zero)
            {
                warnings.push(format!(
                    "Action '{}' in node '{}' has probability 0",
                    action.label, node.id
                ));
            }
        }
    }
}

fn warn_of_unused(game: &ExtensiveGame, warnings: &mut Vec<String>) {
    let mut used = vec![false; game.outcomes().len()];
    let ends = game
        .nodes()
        .iter()
        .flat_map(|node| node.actions.iter().map(|action| action.target))
        .chain([game.root()]);
    for target in ends {
        if let Target::Outcome(outcome) = target {
            used[outcome.index()] = true;
        }
    }
    for outcome in game.nodes().iter().filter_map(|node| node.outcome) {
        used[outcome.index()] = true;
    }
    for (outcome, _) in game
        .outcomes()
        .iter()
        .zip(&used)
        .filter(|(_, used)| !**used)
    {
        warnings.push(format!("Outcome '{}' is unreachable from root", outcome.id));
    }
    for (number, player) in game.players().iter().enumerate() {
        if game.infosets_of(PlayerId::new(number)).is_empty() {
            warnings.push(format!("Player '{player}' never moves"));
        }
    }
}

fn warn_of_recall(game: &ExtensiveGame, warnings: &mut Vec<String>) {
    for set in game.forgetful_infosets() {
        let player = &game.players()[game.infoset(set).player.index()];
        let first = &game.node(game.members(set)[0]).id;
        warnings.push(format!(
            "Player '{player}' has imperfect recall at the information set of node '{first}'"
        ));
    }
}
