//! A stable hash of a game's rules: what a cache of results is keyed by.

use sha2::{Digest, Sha256};

use super::{
    DomainValue, ExtensiveGame, Game, MaidGame, MaidKind, Mover, NormalGame, Outcome, Target,
};
use crate::rational::Rational;

/// Changed whenever the same game would get another hash than before.
const VERSION: &str = "rookery game 1";

impl Game {
    /// SHA-256 of the rules and of the labels in which results speak: players, moves, information sets, probabilities, payoffs,
    /// strategy, action, node and outcome labels. Whatever else a document holds (id, title, description, tags, the reader's warnings, ids of
    /// nodes, sets and outcomes, the order of the nodes in a file, outcomes that no play reaches) does not count, so that one game
    /// uploaded as `.efg` and as JSON has one fingerprint. A result that names ids must be cached under
    /// [`Game::fingerprint_with_ids`].
    pub fn fingerprint(&self) -> [u8; 32] {
        self.hashed(Ids::Left)
    }

    /// As [`Game::fingerprint`], the ids of nodes and information sets counted too.
    pub fn fingerprint_with_ids(&self) -> [u8; 32] {
        self.hashed(Ids::Counted)
    }

    fn hashed(&self, ids: Ids) -> [u8; 32] {
        let mut hash = Hash(Sha256::new());
        hash.text(VERSION);
        hash.text(self.format().name());
        hash.texts(self.players().iter().map(String::as_str));
        match self {
            Game::Extensive(game) => hash.tree(game, ids),
            Game::Normal(game) => hash.table(game),
            Game::Maid(game) => hash.diagram(game),
            Game::Vegas(game) => hash.text(&game.source_code),
        }
        hash.0.finalize().into()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ids {
    Left,
    Counted,
}

/// Everything is written with its length or kind before it, so that different games are different byte strings.
struct Hash(Sha256);

impl Hash {
    fn count(&mut self, count: usize) {
        self.0.update((count as u64).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.update(text);
    }

    fn texts<'a>(&mut self, texts: impl ExactSizeIterator<Item = &'a str>) {
        self.count(texts.len());
        for text in texts {
            self.text(text);
        }
    }

    fn number(&mut self, number: &Rational) {
        match number.small_parts() {
            Some((numerator, denominator)) => {
                self.0.update([0]);
                self.0.update(numerator.to_le_bytes());
                self.0.update(denominator.to_le_bytes());
            }
            None => {
                self.0.update([1]);
                self.text(&number.to_string());
            }
        }
    }

    /// The tree in pre-order, information sets numbered by their first node.
    fn tree(&mut self, game: &ExtensiveGame, ids: Ids) {
        let outcomes: Vec<[u8; 32]> = game.outcomes().iter().map(content).collect();
        let mut sets = vec![None; game.infosets().len()];
        let mut met = 0;
        let mut pending = vec![game.root()];
        while let Some(target) = pending.pop() {
            let id = match target {
                Target::Outcome(outcome) => {
                    self.0.update([b't']);
                    self.0.update(outcomes[outcome.index()]);
                    continue;
                }
                Target::Node(id) => id,
            };
            let node = game.node(id);
            let labels = node.actions.iter().map(|action| action.label.as_str());
            match node.mover {
                Mover::Chance => {
                    self.0.update([b'c']);
                    self.texts(labels);
                    for action in &node.actions {
                        self.number(action.probability.as_ref().unwrap_or(&Rational::ZERO));
                    }
                }
                Mover::Infoset(set) => {
                    self.0.update([b'p']);
                    let infoset = game.infoset(set);
                    match sets[set.index()] {
                        Some(number) => self.count(number),
                        None => {
                            self.count(met);
                            self.count(infoset.player.index());
                            self.texts(labels);
                            sets[set.index()] = Some(met);
                            met += 1;
                        }
                    }
                    if ids == Ids::Counted {
                        let id = infoset.id.as_ref().map(ToString::to_string);
                        self.text(&id.unwrap_or_default());
                    }
                }
            }
            if ids == Ids::Counted {
                self.text(&node.id.to_string());
            }
            self.text(&node.label);
            match node.outcome {
                None => self.0.update([0]),
                Some(outcome) => {
                    self.0.update([1]);
                    self.0.update(outcomes[outcome.index()]);
                }
            }
            pending.extend(node.actions.iter().rev().map(|action| action.target));
        }
    }

    fn table(&mut self, game: &NormalGame) {
        for strategies in game.strategies() {
            self.texts(strategies.iter().map(String::as_str));
        }
        for profile in 0..game.profiles() {
            for payoff in game.payoffs_at(profile) {
                self.number(payoff);
            }
        }
    }

    /// The diagram as it stands: its variables' names and their order are what results are made of.
    fn diagram(&mut self, game: &MaidGame) {
        self.count(game.nodes().len());
        for node in game.nodes() {
            self.text(&node.id);
            let (kind, agent) = match node.kind {
                MaidKind::Chance => (b'c', None),
                MaidKind::Decision(agent) => (b'd', Some(agent)),
                MaidKind::Utility(agent) => (b'u', Some(agent)),
            };
            self.0.update([kind]);
            self.count(agent.map_or(0, |agent| agent.index()));
            self.count(node.domain.len());
            for value in &node.domain {
                match value {
                    DomainValue::Text(text) => {
                        self.0.update([b't']);
                        self.text(text);
                    }
                    DomainValue::Number(number) => {
                        self.0.update([b'n']);
                        self.number(number);
                    }
                    DomainValue::Truth(truth) => self.0.update([b'b', u8::from(*truth)]),
                }
            }
        }
        self.count(game.edges().len());
        for (source, target) in game.edges() {
            self.count(*source);
            self.count(*target);
        }
        self.count(game.cpds().len());
        for cpd in game.cpds() {
            self.count(cpd.node);
            self.count(cpd.parents.len());
            for parent in &cpd.parents {
                self.count(*parent);
            }
            self.count(cpd.values.len());
            for row in &cpd.values {
                self.count(row.len());
                for entry in row {
                    self.number(entry);
                }
            }
        }
    }
}

/// An outcome by what it says, hashed once however many nodes have it.
fn content(outcome: &Outcome) -> [u8; 32] {
    let mut hash = Hash(Sha256::new());
    hash.text(&outcome.label.to_string());
    for payoff in &outcome.payoffs {
        hash.number(payoff);
    }
    hash.0.finalize().into()
}
