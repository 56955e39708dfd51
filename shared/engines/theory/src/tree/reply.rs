//! What a behaviour profile of a tree is worth to a player, and what the player's best reply to it is worth, exactly.

use std::sync::atomic::{AtomicBool, Ordering};

use dashu_int::ops::BitTest;

use crate::game::{ExtensiveGame, InfosetId, Mover, OwnMove, PlayerId, Target};
use crate::rational::Rational;
use crate::solve::dominance::Stopped;

/// By information set the probability of each action.
pub type Behaviour = Vec<Vec<Rational>>;

/// How a player with perfect recall stands in a profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    pub payoff: Rational,
    /// The payoff of the best strategy against the others' part of the profile.
    pub best: Rational,
    /// The player's information sets in pre-order, and for each action what taking it for sure there loses against the best action
    /// there, later play following the profile, times the probability that the others and chance let play come there
    /// (counterfactual regret: Zinkevich, Johanson, Bowling, Piccione 2007).
    pub losses: Vec<(InfosetId, Vec<Rational>)>,
}

/// A tree prepared for the standings of its players.
pub struct Replies<'g> {
    game: &'g ExtensiveGame,
    last: Vec<Option<OwnMove>>,
}

/// Most bits that the probabilities of reaching the actions of a tree may have together: this bounds memory.
const MOST_BITS: usize = 1 << 30;

impl<'g> Replies<'g> {
    pub fn of(game: &'g ExtensiveGame) -> Replies<'g> {
        Replies {
            game,
            last: game.last_own_moves(),
        }
    }

    /// The player must have perfect recall: then what the others and chance contribute can be summed by the player's own last move,
    /// and each information set belongs to one such move. Linear in the tree.
    pub fn standing(
        &self,
        player: PlayerId,
        behaviour: &Behaviour,
        stop: &AtomicBool,
    ) -> Result<Standing, Stopped> {
        let sets = self.game.infosets_of(player);
        let mut places = vec![0; self.game.infosets().len()];
        for (place, set) in sets.iter().enumerate() {
            places[set.index()] = place;
        }
        let (start, follow) = self.contributions(player, behaviour, stop)?;
        let mut payoff = start.clone();
        let mut reply = start;
        let mut follow: Vec<Vec<Rational>> =
            sets.iter().map(|set| follow[set.index()].clone()).collect();
        let mut best = follow.clone();
        // Later sets first: they come after those of the moves that lead to them.
        for (place, set) in sets.iter().enumerate().rev() {
            look(stop)?;
            let weights = behaviour[set.index()].iter().zip(&follow[place]);
            let value = weights.fold(Rational::ZERO, |sum, (weight, value)| {
                &sum + &(weight * value)
            });
            let most = best[place].iter().max().cloned().unwrap_or_default();
            match self.last[self.game.members(*set)[0].index()] {
                None => {
                    payoff += &value;
                    reply += &most;
                }
                Some((before, action)) => {
                    let before = places[before.index()];
                    follow[before][action] += &value;
                    best[before][action] += &most;
                }
            }
        }
        let losses = sets.into_iter().zip(&follow).map(|(set, values)| {
            let most = values.iter().max().cloned().unwrap_or_default();
            (set, values.iter().map(|value| &most - value).collect())
        });
        Ok(Standing {
            payoff,
            best: reply,
            losses: losses.collect(),
        })
    }

    /// The payoffs met before the player's first move, and by information set and action those met after this move and before the
    /// next own one; all weighted with the others' and chance's probabilities.
    fn contributions(
        &self,
        player: PlayerId,
        behaviour: &Behaviour,
        stop: &AtomicBool,
    ) -> Result<(Rational, Vec<Vec<Rational>>), Stopped> {
        let mut start = Rational::ZERO;
        let mut after: Vec<Vec<Rational>> = behaviour
            .iter()
            .map(|actions| vec![Rational::ZERO; actions.len()])
            .collect();
        let mut pending = vec![(self.game.root(), Rational::ONE, None::<OwnMove>)];
        while let Some((target, probability, own)) = pending.pop() {
            // Every time: on long paths of play probabilities have thousands of digits.
            look(stop)?;
            let outcome = match target {
                Target::Outcome(outcome) => Some(outcome),
                Target::Node(node) => self.game.node(node).outcome,
            };
            if let Some(outcome) = outcome {
                let met = &self.game.outcome(outcome).payoffs[player.index()] * &probability;
                match own {
                    None => start += &met,
                    Some((set, action)) => after[set.index()][action] += &met,
                }
            }
            let Target::Node(node) = target else { continue };
            let node = self.game.node(node);
            for (number, action) in node.actions.iter().enumerate() {
                let chance = match node.mover {
                    Mover::Infoset(set) if self.game.infoset(set).player == player => {
                        pending.push((action.target, probability.clone(), Some((set, number))));
                        continue;
                    }
                    Mover::Infoset(set) => Some(&behaviour[set.index()][number]),
                    Mover::Chance => action.probability.as_ref(),
                };
                if let Some(chance) = chance.filter(|chance| !chance.is_zero()) {
                    pending.push((action.target, &probability * chance, own));
                }
            }
        }
        Ok((start, after))
    }
}

fn look(stop: &AtomicBool) -> Result<(), Stopped> {
    if stop.load(Ordering::Relaxed) {
        Err(Stopped)
    } else {
        Ok(())
    }
}

/// Whether the probabilities with which play comes to all the places of the tree can be held: a long path of play has a product of as
/// many fractions as it has moves.
pub fn is_affordable(game: &ExtensiveGame, behaviour: &Behaviour) -> bool {
    let bits = |share: &Rational| share.denominator().bit_len() - 1;
    let mut lengths = vec![0usize; game.nodes().len()];
    let mut total = 0usize;
    for id in game.preorder() {
        let node = game.node(*id);
        for (number, action) in node.actions.iter().enumerate() {
            let own = match node.mover {
                Mover::Infoset(set) => bits(&behaviour[set.index()][number]),
                Mover::Chance => action.probability.as_ref().map_or(0, bits),
            };
            let length = lengths[id.index()].saturating_add(own);
            total = total.saturating_add(length);
            if let Target::Node(child) = action.target {
                lengths[child.index()] = length;
            }
        }
    }
    total <= MOST_BITS
}
