//! The sequence form of a two-player tree (Koller, Megiddo and von Stengel 1996): a table of payoffs by pairs of sequences of own moves.

use super::Unsuited;
use crate::game::{ExtensiveGame, InfosetId, Mover, PlayerId, Target};
use crate::rational::Rational;

/// A sequence of one player's own moves, by number; 0 is the empty one.
pub type Sequence = usize;

/// The two players' sequences, how they hang together, and the expected payoffs of each pair: linear in the tree.
#[derive(Clone, Debug)]
pub struct SequenceForm {
    pub sides: [Side; 2],
    /// Pairs of sequences with a payoff, in order and each once: what nature's chances make of the outcomes met after exactly these moves.
    pub payoffs: Vec<PairPayoff>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PairPayoff {
    pub pair: [Sequence; 2],
    pub payoffs: [Rational; 2],
}

/// One player's information sets, each after the set of its last own move, and sequences: those of a set lie together.
#[derive(Clone, Debug)]
pub struct Side {
    pub sets: Vec<SetOfSequences>,
    pub sequences: usize,
}

#[derive(Clone, Debug)]
pub struct SetOfSequences {
    pub infoset: InfosetId,
    /// The sequence that leads here.
    pub parent: Sequence,
    /// The sequence that ends with the first action here.
    pub first: Sequence,
    pub actions: usize,
}

impl SetOfSequences {
    pub fn sequences(&self) -> std::ops::Range<Sequence> {
        self.first..self.first + self.actions
    }
}

impl SequenceForm {
    pub fn new(game: &ExtensiveGame) -> Result<SequenceForm, Unsuited> {
        Unsuited::check(game)?;
        let last = game.last_own_moves();
        let mut sides = [0, 1].map(|_: usize| Side {
            sets: Vec::new(),
            sequences: 1,
        });
        // For each information set the first of its sequences.
        let mut firsts = vec![None; game.infosets().len()];
        for node in game.preorder() {
            let Mover::Infoset(set) = game.node(*node).mover else {
                continue;
            };
            if firsts[set.index()].is_some() {
                continue;
            }
            let side = &mut sides[game.infoset(set).player.index()];
            let parent = last[node.index()].map_or(0, |(set, action)| {
                firsts[set.index()].expect("earlier moves come earlier in pre-order") + action
            });
            let actions = game.actions(set).len();
            firsts[set.index()] = Some(side.sequences);
            side.sets.push(SetOfSequences {
                infoset: set,
                parent,
                first: side.sequences,
                actions,
            });
            side.sequences += actions;
        }
        let firsts: Vec<Sequence> = firsts
            .into_iter()
            .map(|first| first.expect("every information set has a node"))
            .collect();
        Ok(SequenceForm {
            sides,
            payoffs: payoffs(game, &firsts),
        })
    }

    /// For each of a player's sequences the expected payoff it adds, given the weights of the other's sequences.
    pub fn values(&self, player: PlayerId, opponent: &[Rational]) -> Vec<Rational> {
        let (own, other) = (player.index(), 1 - player.index());
        let mut values = vec![Rational::ZERO; self.sides[own].sequences];
        for entry in &self.payoffs {
            let weight = &opponent[entry.pair[other]];
            if !weight.is_zero() && !entry.payoffs[own].is_zero() {
                values[entry.pair[own]] += &(&entry.payoffs[own] * weight);
            }
        }
        values
    }
}

/// Whether both players' payoffs have the same sum at every end that can be reached; linear in the tree.
pub fn is_constant_sum(game: &ExtensiveGame) -> bool {
    let mut first: Option<Rational> = None;
    let mut pending = vec![(game.root(), Rational::ZERO)];
    while let Some((target, mut sum)) = pending.pop() {
        let outcome = match target {
            Target::Outcome(outcome) => Some(outcome),
            Target::Node(node) => game.node(node).outcome,
        };
        for payoff in outcome
            .iter()
            .flat_map(|outcome| &game.outcome(*outcome).payoffs)
        {
            sum += payoff;
        }
        match target {
            Target::Outcome(_) => {
                if *first.get_or_insert_with(|| sum.clone()) != sum {
                    return false;
                }
            }
            Target::Node(node) => {
                let node = game.node(node);
                let possible = node.actions.iter().filter(|action| {
                    node.mover != Mover::Chance
                        || action
                            .probability
                            .as_ref()
                            .is_some_and(|chance| !chance.is_zero())
                });
                pending.extend(possible.map(|action| (action.target, sum.clone())));
            }
        }
    }
    true
}

struct Step {
    target: Target,
    pair: [Sequence; 2],
    probability: Rational,
}

fn payoffs(game: &ExtensiveGame, firsts: &[Sequence]) -> Vec<PairPayoff> {
    let mut entries: Vec<PairPayoff> = Vec::new();
    let mut pending = vec![Step {
        target: game.root(),
        pair: [0, 0],
        probability: Rational::ONE,
    }];
    while let Some(step) = pending.pop() {
        let outcome = match step.target {
            Target::Outcome(outcome) => Some(outcome),
            Target::Node(node) => game.node(node).outcome,
        };
        if let Some(outcome) = outcome {
            let payoffs = &game.outcome(outcome).payoffs;
            if payoffs.iter().any(|payoff| !payoff.is_zero()) {
                entries.push(PairPayoff {
                    pair: step.pair,
                    payoffs: [0, 1].map(|player| &payoffs[player] * &step.probability),
                });
            }
        }
        let Target::Node(node) = step.target else {
            continue;
        };
        let node = game.node(node);
        for (number, action) in node.actions.iter().enumerate() {
            let mut next = Step {
                target: action.target,
                probability: Rational::ZERO,
                pair: step.pair,
            };
            match node.mover {
                Mover::Infoset(set) => {
                    next.pair[game.infoset(set).player.index()] = firsts[set.index()] + number;
                    next.probability = step.probability.clone();
                }
                Mover::Chance => {
                    let chance = action.probability.as_ref();
                    let Some(chance) = chance.filter(|chance| !chance.is_zero()) else {
                        continue;
                    };
                    next.probability = &step.probability * chance;
                }
            }
            pending.push(next);
        }
    }
    entries.sort_by_key(|entry| entry.pair);
    entries.dedup_by(|next, kept| {
        let same = next.pair == kept.pair;
        if same {
            kept.payoffs[0] += &next.payoffs[0];
            kept.payoffs[1] += &next.payoffs[1];
        }
        same
    });
    entries
}
