//! The analysis "Validation": what is wrong, or merely odd, about a game.

use serde_json::{Map, json};

use super::{AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, nothing_to_check};
use crate::game::{ExtensiveGame, Format, Game, MaidGame, MaidKind, NodeId, PlayerId, Target};
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

/// Most warnings that are listed; the rest is counted.
const MOST_LISTED: usize = 1_000;

/// Stored games are well formed (readers refuse what is not), so that the only errors are what an influence diagram still lacks;
/// warnings are what a reader put right and what other tools stumble over.
fn run(
    game: &Game,
    _config: &Config,
    _control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let mut errors = Vec::new();
    let mut warnings = game.meta().warnings.clone();
    if game.players().len() < 2 {
        warnings.push(format!("Game has only {} player(s)", game.players().len()));
    }
    match game {
        Game::Normal(_) => {}
        Game::Extensive(tree) => {
            warn_of_nodes(tree, &mut warnings);
            warn_of_unused(tree, &mut warnings);
            warn_of_recall(tree, &mut warnings);
        }
        Game::Maid(diagram) => {
            errors = diagram.gaps();
            warn_of_diagram(diagram, &mut warnings);
        }
        Game::Vegas(program) => {
            let blockers = [
                ("extensive form", &program.tree_blocker),
                ("influence diagram", &program.diagram_blocker),
            ];
            for (form, blocker) in blockers {
                if let Some(why) = blocker {
                    warnings.push(format!("Game has no {form}: {why}"));
                }
            }
        }
    }
    let summary = match (errors.len(), warnings.len()) {
        (0, 0) => "Valid".to_owned(),
        (0, count) => format!("Valid with {count} warning(s)"),
        (count, _) => format!("Invalid: {count} error(s)"),
    };
    let details = Map::from_iter([
        ("errors".to_owned(), json!(listed(errors))),
        ("warnings".to_owned(), json!(listed(warnings))),
    ]);
    Ok(AnalysisResult { summary, details })
}

fn listed(mut texts: Vec<String>) -> Vec<String> {
    if texts.len() > MOST_LISTED {
        let more = texts.len() - MOST_LISTED;
        texts.truncate(MOST_LISTED);
        texts.push(format!("... and {more} more"));
    }
    texts
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
    let mut moves = vec![false; game.players().len()];
    for infoset in game.infosets() {
        moves[infoset.player.index()] = true;
    }
    for (player, _) in game.players().iter().zip(moves).filter(|(_, moves)| !moves) {
        warnings.push(format!("Player '{player}' never moves"));
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

fn warn_of_diagram(diagram: &MaidGame, warnings: &mut Vec<String>) {
    let nodes = diagram.nodes();
    // By node, whose utilities it has an influence on.
    let mut moves: Vec<Vec<bool>> = vec![vec![false; diagram.agents().len()]; nodes.len()];
    for node in diagram.order().iter().rev() {
        if let MaidKind::Utility(agent) = nodes[*node].kind {
            moves[*node][agent.index()] = true;
        }
        let below = moves[*node].clone();
        for parent in diagram.parents(*node) {
            for (above, below) in moves[*parent].iter_mut().zip(&below) {
                *above |= below;
            }
        }
    }
    for (node, moves) in nodes.iter().zip(&moves) {
        match node.kind {
            MaidKind::Chance if !moves.contains(&true) => {
                warnings.push(format!(
                    "Chance node '{}' has no influence on any utility",
                    node.id
                ));
            }
            MaidKind::Decision(agent) if !moves[agent.index()] => warnings.push(format!(
                "Decision node '{}' has no influence on a utility of its agent '{}'",
                node.id,
                diagram.agents()[agent.index()]
            )),
            _ => {}
        }
    }
    for (number, agent) in diagram.agents().iter().enumerate() {
        let has = |kind: fn(PlayerId) -> MaidKind| {
            nodes
                .iter()
                .any(|node| node.kind == kind(PlayerId::new(number)))
        };
        if !has(MaidKind::Decision) {
            warnings.push(format!("Agent '{agent}' has no decision node"));
        }
        if !has(MaidKind::Utility) {
            warnings.push(format!("Agent '{agent}' has no utility node"));
        }
    }
}
