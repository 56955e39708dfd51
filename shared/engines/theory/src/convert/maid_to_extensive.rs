//! Influence diagram to extensive form: decisions and what they observe in turn, everything else averaged out.

use std::sync::atomic::AtomicBool;

use super::{Conversion, ConversionError, grouped};
use crate::game::{ExtensiveGame, MaidGame, Meta, PlayerId};
use crate::maid::{Diagram, Frame, Names, Size, tree};

/// Most nodes, ends included, of a tree that a diagram is unfolded to.
const MOST_NODES: usize = 200_000;

/// Whether the diagram can be unfolded; linear in its size.
pub fn check(game: &MaidGame) -> Conversion {
    match complete(game).and_then(|diagram| small(&diagram)) {
        Ok(()) => Conversion::possible(Vec::new()),
        Err(blocker) => Conversion::blocked(blocker.0),
    }
}

/// The tree of the diagram: each decision's information sets are the configurations of its parents, so whoever forgets in the
/// diagram forgets in the tree. Chance nodes that nobody observes are averaged out; payoffs at the ends are expectations over them.
pub fn unfold(game: &MaidGame, meta: Meta) -> Result<ExtensiveGame, ConversionError> {
    let diagram = complete(game)?;
    small(&diagram)?;
    let never = AtomicBool::new(false);
    let frame = Frame::of(&diagram, &never).map_err(|halt| ConversionError(halt.to_string()))?;
    let names = Names {
        agents: game.agents(),
        node: &|node| game.nodes()[node].id.clone(),
        value: &|node, value| game.nodes()[node].domain[value].to_string(),
    };
    let mut tree = tree(&frame, &names, meta);
    let mut places = std::mem::take(&mut tree.nodes);
    places.sort_by_key(|(decision, _)| *decision);
    tree.parts.maid_to_efg_nodes = places
        .into_iter()
        .map(|(decision, nodes)| (game.nodes()[decision].id.clone(), nodes))
        .collect();
    Ok(tree.game())
}

/// How many profiles of strategies the tree would have at most, and how many ends: counted without unfolding it.
pub fn size(game: &MaidGame) -> Option<(u128, usize)> {
    let diagram = complete(game).ok()?;
    let mut profiles: u128 = 1;
    for agent in (0..diagram.agents()).map(PlayerId::new) {
        for decision in diagram.decisions_of(agent) {
            let actions = diagram.sizes()[decision] as u128;
            let sets = u32::try_from(diagram.configurations(decision)).unwrap_or(u32::MAX);
            profiles = profiles.saturating_mul(actions.saturating_pow(sets));
        }
    }
    Some((profiles, Size::of(&diagram).ends))
}

fn complete(game: &MaidGame) -> Result<Diagram, ConversionError> {
    Diagram::of(game).map_err(|gap| ConversionError(format!("The diagram is incomplete: {gap}")))
}

fn small(diagram: &Diagram) -> Result<(), ConversionError> {
    let Size { nodes, ends } = Size::of(diagram);
    let nodes = nodes.saturating_add(ends);
    if nodes <= MOST_NODES {
        return Ok(());
    }
    Err(ConversionError(format!(
        "Too many tree nodes ({}) - conversion would be impractical",
        grouped(nodes as u128)
    )))
}
