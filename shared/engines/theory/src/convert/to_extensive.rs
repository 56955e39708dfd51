//! Normal to extensive form: the players move one after the other without seeing what the others chose.

use crate::game::{
    Action, ExtensiveGame, ExtensiveParts, InformationSet, InfosetId, Meta, Mover, Name, Node,
    NodeId, NormalGame, Outcome, OutcomeId, PlayerId, Target, Text,
};

/// How many nodes, ends included, the tree of a table has.
pub fn nodes_of_simultaneous_tree(game: &NormalGame) -> usize {
    let mut level = 1;
    let mut nodes = 1;
    for size in game.sizes() {
        level *= size;
        nodes += level;
    }
    nodes
}

/// The tree in which player 1 moves first and each later player in one information set.
///
/// Two players get the ids `n_root`, `n_p2_i`, `o_i_j` and `h_p2`; more players `n_k`, `o_k` in pre-order and `h_k` for player k (from 0).
pub fn simultaneous_tree(game: &NormalGame, meta: Meta) -> ExtensiveGame {
    let sizes = game.sizes();
    let last = sizes.len() - 1;
    let two = sizes.len() == 2;
    let set_id = |player: usize| match player {
        0 => None,
        _ if two => Some("h_p2".to_owned()),
        _ => Some(format!("h_{player}")),
    };
    let mut parts = ExtensiveParts {
        meta,
        players: game.players().to_vec(),
        root: Some(Target::Node(NodeId::new(0))),
        infosets: (0..sizes.len())
            .map(|player| InformationSet {
                id: set_id(player).map(Name::from),
                player: PlayerId::new(player),
            })
            .collect(),
        ..ExtensiveParts::default()
    };
    // The strategies chosen on the way to the next node or end, and the nodes on that way.
    let mut chosen: Vec<usize> = Vec::new();
    let mut path: Vec<NodeId> = Vec::new();
    loop {
        while chosen.len() < sizes.len() {
            let player = chosen.len();
            let id = match (two, player) {
                (true, 0) => "n_root".to_owned(),
                (true, _) => format!("n_p2_{}", chosen[0]),
                (false, _) => format!("n_{}", parts.nodes.len()),
            };
            let pending = Target::Node(NodeId::new(0));
            let labels = game.strategies()[player].iter();
            let actions = labels
                .map(|label| Action {
                    label: label.into(),
                    target: pending,
                    probability: None,
                    warning: None,
                })
                .collect();
            let node = NodeId::new(parts.nodes.len());
            if let (Some(parent), Some(action)) = (path.last(), chosen.last()) {
                parts.nodes[parent.index()].actions[*action].target = Target::Node(node);
            }
            path.push(node);
            parts.nodes.push(Node {
                id: id.into(),
                label: Text::EMPTY,
                mover: Mover::Infoset(InfosetId::new(player)),
                actions,
                outcome: None,
                warning: None,
            });
            chosen.push(0);
        }
        let profile = parts.outcomes.len();
        let id = if two {
            format!("o_{}_{}", chosen[0], chosen[1])
        } else {
            format!("o_{profile}")
        };
        let labels: Vec<&str> = chosen
            .iter()
            .zip(game.strategies())
            .map(|(strategy, labels)| labels[*strategy].as_str())
            .collect();
        parts.nodes[path[last].index()].actions[chosen[last]].target =
            Target::Outcome(OutcomeId::new(profile));
        parts.outcomes.push(Outcome {
            id: id.into(),
            label: labels.join(", ").into(),
            payoffs: game.payoffs_at(profile).to_vec(),
        });
        while let Some(strategy) = chosen.last_mut() {
            *strategy += 1;
            if *strategy < sizes[chosen.len() - 1] {
                break;
            }
            chosen.pop();
            path.pop();
        }
        if chosen.is_empty() {
            return ExtensiveGame::new(parts).expect("the tree of a table is well formed");
        }
    }
}
