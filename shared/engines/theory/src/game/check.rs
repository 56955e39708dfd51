//! What makes the parts of a tree a game: checked once, in as few passes over its memory as the checks allow.

use std::collections::HashSet;

use super::extensive::{Members, first_repeated};
use super::{Action, Defect, ExtensiveParts, Mover, Name, NodeId, Place, Series, Target};
use crate::rational::Rational;

/// Checks what [`super::ExtensiveGame::new`] promises; returns the nodes in pre-order and the members of each information set.
pub(super) fn check(parts: &ExtensiveParts) -> Result<(Vec<NodeId>, Members), Defect> {
    check_players(&parts.players)?;
    let mut first_nodes = vec![None; parts.infosets.len()];
    let mut ascent = Ascent {
        next: [0; Series::ALL.len()],
        holds: true,
    };
    for (number, node) in parts.nodes.iter().enumerate() {
        ascent.meet(&node.id);
        check_labels(parts, number, &mut first_nodes)?;
        check_node(parts, number)?;
    }
    for (number, outcome) in parts.outcomes.iter().enumerate() {
        ascent.meet(&outcome.id);
        check_outcome(parts, number)?;
    }
    if !ascent.holds {
        check_ids(parts)?;
    }
    let order = preorder(parts)?;
    let members = members(parts, &order)?;
    Ok((order, members))
}

fn defect<T>(place: Place, what: impl Into<String>) -> Result<T, Defect> {
    Err(Defect {
        place,
        what: what.into(),
    })
}

fn check_players(players: &[String]) -> Result<(), Defect> {
    if players.is_empty() {
        return defect(Place::Players, "a game needs at least one player");
    }
    if let Some(name) = first_repeated(players) {
        return defect(Place::Players, format!("two players are called `{name}`"));
    }
    Ok(())
}

fn check_outcome(parts: &ExtensiveParts, number: usize) -> Result<(), Defect> {
    let outcome = &parts.outcomes[number];
    if outcome.payoffs.len() == parts.players.len() {
        return Ok(());
    }
    let what = format!(
        "outcome `{}` has {} payoffs for {} players",
        outcome.id,
        outcome.payoffs.len(),
        parts.players.len()
    );
    defect(Place::Outcome(number), what)
}

/// Whether ids counted by a reader ascend, which shows without a set of them that they differ.
struct Ascent {
    /// For each series the least number that is still free.
    next: [u64; Series::ALL.len()],
    holds: bool,
}

impl Ascent {
    fn meet(&mut self, id: &Name) {
        let Some((series, number)) = id.number() else {
            self.holds = false;
            return;
        };
        let next = &mut self.next[series as usize];
        self.holds &= u64::from(number) >= *next;
        *next = u64::from(number) + 1;
    }
}

fn check_ids(parts: &ExtensiveParts) -> Result<(), Defect> {
    let nodes = parts.nodes.iter().enumerate();
    let outcomes = parts.outcomes.iter().enumerate();
    let mut ids = nodes
        .map(|(number, node)| (Place::Node(number), &node.id))
        .chain(outcomes.map(|(number, outcome)| (Place::Outcome(number), &outcome.id)));
    let mut seen = HashSet::with_capacity(parts.nodes.len() + parts.outcomes.len());
    match ids.find(|(_, id)| !seen.insert(*id)) {
        None => Ok(()),
        Some((place, id)) => defect(place, format!("the id `{id}` is used twice")),
    }
}

/// The labels of a node's actions: distinct at the first node of an information set, the same as there at the others.
fn check_labels(
    parts: &ExtensiveParts,
    number: usize,
    first_nodes: &mut [Option<NodeId>],
) -> Result<(), Defect> {
    let node = &parts.nodes[number];
    if let Mover::Infoset(set) = node.mover
        && let Some(first) = first_nodes.get_mut(set.index())
    {
        if let Some(first) = *first {
            let first = &parts.nodes[first.index()];
            let same = first.actions.len() == node.actions.len()
                && first
                    .actions
                    .iter()
                    .zip(&node.actions)
                    .all(|(one, other)| one.label == other.label);
            if same {
                return Ok(());
            }
            let what = format!(
                "nodes `{}` and `{}` are in one information set but have different actions",
                first.id, node.id
            );
            return defect(Place::Node(number), what);
        }
        *first = Some(NodeId::new(number));
    }
    match repeated_action(&node.actions) {
        None => Ok(()),
        Some(position) => {
            let what = format!(
                "node `{}` has two actions `{}`",
                node.id, node.actions[position].label
            );
            defect(Place::Action(number, position), what)
        }
    }
}

/// The first action with the label of an earlier one.
fn repeated_action(actions: &[Action]) -> Option<usize> {
    /// Up to here comparing all pairs is faster than hashing.
    const FEW: usize = 12;
    if actions.len() <= FEW {
        return (1..actions.len()).find(|position| {
            let label = &actions[*position].label;
            actions[..*position]
                .iter()
                .any(|action| action.label == *label)
        });
    }
    let mut seen = HashSet::with_capacity(actions.len());
    actions
        .iter()
        .position(|action| !seen.insert(action.label.as_str()))
}

fn check_node(parts: &ExtensiveParts, number: usize) -> Result<(), Defect> {
    let node = &parts.nodes[number];
    let place = Place::Node(number);
    if node.actions.is_empty() {
        return defect(place, format!("node `{}` has no actions", node.id));
    }
    if node
        .outcome
        .is_some_and(|outcome| outcome.index() >= parts.outcomes.len())
    {
        return defect(
            place,
            format!("node `{}` has an outcome that does not exist", node.id),
        );
    }
    for (position, action) in node.actions.iter().enumerate() {
        let at = Place::Action(number, position);
        check_target(parts, action.target, at)?;
        if action
            .probability
            .as_ref()
            .is_some_and(Rational::is_negative)
        {
            return defect(
                at,
                format!("action `{}` has a negative probability", action.label),
            );
        }
    }
    match node.mover {
        Mover::Infoset(set) => {
            let Some(infoset) = parts.infosets.get(set.index()) else {
                return defect(
                    place,
                    format!(
                        "node `{}` is in an information set that does not exist",
                        node.id
                    ),
                );
            };
            if infoset.player.index() >= parts.players.len() {
                return defect(
                    place,
                    format!("node `{}` belongs to a player that does not exist", node.id),
                );
            }
        }
        Mover::Chance => {
            if let Some(position) = node
                .actions
                .iter()
                .position(|action| action.probability.is_none())
            {
                return defect(
                    Place::Action(number, position),
                    format!(
                        "action `{}` of a chance node has no probability",
                        node.actions[position].label
                    ),
                );
            }
            let probabilities = node
                .actions
                .iter()
                .filter_map(|action| action.probability.as_ref());
            let Some(total) = Rational::bounded_sum(probabilities) else {
                let what = format!(
                    "the probabilities of chance node `{}` have no common denominator of a sensible length",
                    node.id
                );
                return defect(place, what);
            };
            if total != Rational::ONE {
                return defect(
                    place,
                    format!(
                        "the probabilities of chance node `{}` sum to {total}, not to 1",
                        node.id
                    ),
                );
            }
        }
    }
    Ok(())
}

fn check_target(parts: &ExtensiveParts, target: Target, place: Place) -> Result<(), Defect> {
    let exists = match target {
        Target::Node(node) => node.index() < parts.nodes.len(),
        Target::Outcome(outcome) => outcome.index() < parts.outcomes.len(),
    };
    if exists {
        Ok(())
    } else {
        defect(place, "the target does not exist")
    }
}

fn preorder(parts: &ExtensiveParts) -> Result<Vec<NodeId>, Defect> {
    let Some(root) = parts.root else {
        return defect(Place::Root, "the game has no root");
    };
    check_target(parts, root, Place::Root)?;
    let mut order = Vec::with_capacity(parts.nodes.len());
    let mut reached = vec![false; parts.nodes.len()];
    let mut pending = vec![(root, Place::Root)];
    while let Some((target, place)) = pending.pop() {
        let Target::Node(node) = target else { continue };
        if std::mem::replace(&mut reached[node.index()], true) {
            let what = format!(
                "node `{}` can be reached in two ways; a game tree has one path to each node",
                parts.nodes[node.index()].id
            );
            return defect(place, what);
        }
        order.push(node);
        let actions = parts.nodes[node.index()].actions.iter().enumerate().rev();
        pending.extend(
            actions
                .filter(|(_, action)| matches!(action.target, Target::Node(_)))
                .map(|(position, action)| (action.target, Place::Action(node.index(), position))),
        );
    }
    if let Some(number) = reached.iter().position(|reached| !reached) {
        return defect(
            Place::Node(number),
            format!(
                "node `{}` cannot be reached from the root",
                parts.nodes[number].id
            ),
        );
    }
    Ok(order)
}

/// Sorts the nodes by information set; a counting sort, so that pre-order is kept.
fn members(parts: &ExtensiveParts, order: &[NodeId]) -> Result<Members, Defect> {
    let set_of = |id: &NodeId| match parts.nodes[id.index()].mover {
        Mover::Chance => None,
        Mover::Infoset(set) => Some(set.index()),
    };
    let mut starts = vec![0u32; parts.infosets.len() + 1];
    for set in order.iter().filter_map(set_of) {
        starts[set + 1] += 1;
    }
    if starts[1..].contains(&0) {
        return defect(Place::Root, "an information set has no nodes");
    }
    for set in 1..starts.len() {
        starts[set] += starts[set - 1];
    }
    let mut next = starts.clone();
    let mut nodes = vec![NodeId::FIRST; next.last().map_or(0, |end| *end as usize)];
    for id in order {
        let Some(set) = set_of(id) else { continue };
        nodes[next[set] as usize] = *id;
        next[set] += 1;
    }
    Ok(Members { nodes, starts })
}
