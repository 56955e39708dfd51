//! The game tree of a frame: each decision's information sets are the configurations of what it observes.

use super::frame::Frame;
use crate::game::{
    Action, ExtensiveGame, ExtensiveParts, InformationSet, InfosetId, Meta, Mover, Name, Node,
    NodeId, Outcome, OutcomeId, PlayerId, Series, Target, Text,
};
use crate::rational::Rational;

/// A tree and where its parts come from.
pub struct Tree {
    pub parts: ExtensiveParts,
    /// For each information set of the tree its number in the frame.
    pub infosets: Vec<usize>,
    /// For each decision of the diagram, in order of level, its nodes in the tree.
    pub nodes: Vec<(usize, Vec<NodeId>)>,
}

/// What the diagram's parts are called.
pub struct Names<'n> {
    pub agents: &'n [String],
    /// A node of the diagram.
    pub node: &'n dyn Fn(usize) -> String,
    /// One of its values.
    pub value: &'n dyn Fn(usize, usize) -> String,
}

/// The tree of all courses of play. What nature cannot choose is left out, and so is nature's move where it has no choice; ids are
/// `n_k` and `o_k` in pre-order, `h_agent_k` for information sets.
pub fn tree(frame: &Frame, names: &Names<'_>, meta: Meta) -> Tree {
    let mut builder = Builder {
        frame,
        reach: frame.reach(),
        labels: labels(frame, names),
        tree: Tree {
            parts: ExtensiveParts {
                meta,
                players: names.agents.to_vec(),
                ..ExtensiveParts::default()
            },
            infosets: Vec::new(),
            nodes: Vec::new(),
        },
        sets: vec![None; frame.infosets.len()],
        counts: vec![0; names.agents.len()],
        ids: frame
            .levels
            .iter()
            .map(|level| (names.node)(level.node))
            .collect(),
    };
    builder.tree.nodes = frame
        .levels
        .iter()
        .filter(|level| level.infosets.is_some())
        .map(|level| (level.node, Vec::new()))
        .collect();
    builder.build();
    builder.tree
}

impl Tree {
    pub fn game(self) -> ExtensiveGame {
        ExtensiveGame::new(self.parts).expect("the tree of a diagram is well formed")
    }
}

/// For each level the labels of its values.
fn labels(frame: &Frame, names: &Names<'_>) -> Vec<Vec<Text>> {
    let label = |node: usize, value: usize| Text::from((names.value)(node, value).as_str());
    frame
        .levels
        .iter()
        .map(|level| {
            (0..level.size)
                .map(|value| label(level.node, value))
                .collect()
        })
        .collect()
}

struct Builder<'f> {
    frame: &'f Frame,
    reach: Vec<Vec<Rational>>,
    labels: Vec<Vec<Text>>,
    /// The diagram's name of each level.
    ids: Vec<String>,
    tree: Tree,
    /// The tree's information set for each of the frame's.
    sets: Vec<Option<InfosetId>>,
    /// Information sets of each agent so far.
    counts: Vec<usize>,
}

/// A node of the frame to be placed below an action of the tree, or at its root.
struct Pending {
    level: usize,
    node: usize,
    above: Option<(NodeId, usize)>,
}

impl Builder<'_> {
    fn build(&mut self) {
        let mut pending = vec![Pending {
            level: 0,
            node: 0,
            above: None,
        }];
        while let Some(Pending { level, node, above }) = pending.pop() {
            let Some(here) = self.frame.levels.get(level) else {
                let end = self.end(node);
                self.attach(above, Target::Outcome(end));
                continue;
            };
            let child = |value: usize| node * here.size + value;
            let weight = &self.reach[level][node];
            let below = &self.reach[level + 1];
            let mover = here.infosets.as_ref().map(|sets| sets[node] as usize);
            let choices: Vec<usize> = match mover {
                Some(_) => (0..here.size).collect(),
                None => (0..here.size)
                    .filter(|value| !below[child(*value)].is_zero())
                    .collect(),
            };
            if let (None, [value]) = (mover, choices.as_slice()) {
                pending.push(Pending {
                    level: level + 1,
                    node: child(*value),
                    above,
                });
                continue;
            }
            // Targets are set when the children are placed.
            let action = |value: &usize| Action {
                label: self.labels[level][*value].clone(),
                target: Target::Node(NodeId::new(0)),
                probability: mover.is_none().then(|| &below[child(*value)] / weight),
                warning: None,
            };
            let actions = choices.iter().map(action).collect();
            let id = NodeId::new(self.tree.parts.nodes.len());
            let mover = match mover {
                None => Mover::Chance,
                Some(set) => {
                    let place = self.tree.nodes.iter_mut();
                    if let Some((_, nodes)) = place
                        .into_iter()
                        .find(|(decision, _)| *decision == here.node)
                    {
                        nodes.push(id);
                    }
                    Mover::Infoset(self.infoset(set))
                }
            };
            self.tree.parts.nodes.push(Node {
                id: Name::numbered(Series::Node, id.index()),
                label: Text::from(self.ids[level].as_str()),
                mover,
                actions,
                outcome: None,
                warning: None,
            });
            self.attach(above, Target::Node(id));
            pending.extend(
                choices
                    .iter()
                    .enumerate()
                    .rev()
                    .map(|(position, value)| Pending {
                        level: level + 1,
                        node: child(*value),
                        above: Some((id, position)),
                    }),
            );
        }
    }

    fn attach(&mut self, above: Option<(NodeId, usize)>, target: Target) {
        match above {
            None => self.tree.parts.root = Some(target),
            Some((node, action)) => {
                self.tree.parts.nodes[node.index()].actions[action].target = target;
            }
        }
    }

    fn infoset(&mut self, set: usize) -> InfosetId {
        if let Some(known) = self.sets[set] {
            return known;
        }
        let agent: PlayerId = self.frame.infosets[set].agent;
        let count = &mut self.counts[agent.index()];
        let name = format!("h_{}_{count}", self.tree.parts.players[agent.index()]);
        *count += 1;
        let id = InfosetId::new(self.tree.parts.infosets.len());
        self.tree.parts.infosets.push(InformationSet {
            id: Some(Name::from(name)),
            player: agent,
        });
        self.tree.infosets.push(set);
        self.sets[set] = Some(id);
        id
    }

    /// The outcome of an end: the payoffs expected there, labelled with what led to it.
    fn end(&mut self, leaf: usize) -> OutcomeId {
        let weight = &self.frame.weights[leaf];
        let payoffs = self.frame.payoffs.iter();
        let payoffs = payoffs.map(|payoffs| &payoffs[leaf] / weight).collect();
        let mut parts = Vec::with_capacity(self.ids.len());
        let mut node = leaf;
        for (level, here) in self.frame.levels.iter().enumerate().rev() {
            let label = &self.labels[level][node % here.size];
            parts.push(format!("{}={label}", self.ids[level]));
            node /= here.size;
        }
        parts.reverse();
        let id = OutcomeId::new(self.tree.parts.outcomes.len());
        self.tree.parts.outcomes.push(Outcome {
            id: Name::numbered(Series::Outcome, id.index()),
            label: Name::from(parts.join(", ")),
            payoffs,
        });
        id
    }
}
