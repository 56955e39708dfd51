//! Values and best responses in exact arithmetic, for play that is given in fractions.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};

use dashu_int::ops::BitTest;

use super::flat::Refusal;
use crate::game::{ExtensiveGame, InfosetId, Mover, NodeId, OutcomeId, PlayerId, Target};
use crate::rational::Rational;

/// Most bits that the common denominator of all probabilities of play may get.
const MOST_BITS: usize = 4_096;
/// Most exact payoffs (ends × players): each takes about a microsecond.
const MOST_PAYOFFS: usize = 200_000;

/// What play is worth and how much better each player could do, exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exact {
    /// Each player's expected payoff.
    pub values: Vec<Rational>,
    /// Each player's payoff from a best response to the others.
    pub best: Vec<Rational>,
}

/// Evaluates play, given by information set as probabilities of its actions; `None` when the fractions would get too long or the
/// tree is too large. Needs perfect recall.
pub fn evaluate(
    game: &ExtensiveGame,
    play: &[Vec<Rational>],
    stop: &AtomicBool,
) -> Result<Option<Exact>, Refusal> {
    if !is_small(game, play) {
        return Ok(None);
    }
    let (mut values, mut best) = (Vec::new(), Vec::new());
    for player in 0..game.players().len() {
        let player = PlayerId::new(player);
        let paid = Paid::of(game, play, player, stop)?;
        values.push(paid.total(game, play, player, Reply::AsPlayed));
        best.push(paid.total(game, play, player, Reply::Best));
    }
    Ok(Some(Exact { values, best }))
}

/// Every probability of reaching an end has a denominator that divides the product of all denominators that occur, each as often as
/// the tree is deep.
fn is_small(game: &ExtensiveGame, play: &[Vec<Rational>]) -> bool {
    let mut depth = vec![1usize; game.nodes().len()];
    let (mut deepest, mut ends) = (0, 0usize);
    let mut denominators = HashSet::new();
    let chances = game
        .nodes()
        .iter()
        .filter(|node| node.mover == Mover::Chance)
        .flat_map(|node| &node.actions)
        .filter_map(|action| action.probability.as_ref());
    for probability in chances.chain(play.iter().flatten()) {
        if denominators.insert(probability.denominator()) && denominators.len() > MOST_BITS {
            return false;
        }
    }
    for id in game.preorder() {
        deepest = deepest.max(depth[id.index()]);
        for action in &game.node(*id).actions {
            match action.target {
                Target::Node(child) => depth[child.index()] = depth[id.index()] + 1,
                Target::Outcome(_) => ends += 1,
            }
        }
    }
    let bits: usize = denominators
        .iter()
        .map(|denominator| denominator.bit_len() - 1)
        .sum();
    bits.saturating_add(1).saturating_mul(deepest) <= MOST_BITS
        && ends.saturating_mul(game.players().len()) <= MOST_PAYOFFS
}

/// How a player moves when a payoff is totalled.
#[derive(Clone, Copy)]
enum Reply {
    AsPlayed,
    Best,
}

/// A player's own moves as (information set, action).
type Move = (InfosetId, usize);

/// What each own move is paid before the next one, weighed with everybody else's part.
struct Paid {
    /// Before the first own move.
    at_once: Rational,
    /// By information set and action.
    after: Vec<Vec<Rational>>,
}

impl Paid {
    fn of(
        game: &ExtensiveGame,
        play: &[Vec<Rational>],
        player: PlayerId,
        stop: &AtomicBool,
    ) -> Result<Paid, Refusal> {
        let zeros = |set: usize| vec![Rational::ZERO; game.actions(InfosetId::new(set)).len()];
        let mut paid = Paid {
            at_once: Rational::ZERO,
            after: (0..game.infosets().len()).map(zeros).collect(),
        };
        let mut arrivals: Vec<(Rational, Option<Move>)> =
            vec![(Rational::ZERO, None); game.nodes().len()];
        let pay =
            |paid: &mut Paid, outcome: OutcomeId, (reach, last): &(Rational, Option<Move>)| {
                let payoff = &game.outcome(outcome).payoffs[player.index()];
                let slot = match last {
                    None => &mut paid.at_once,
                    Some((set, action)) => &mut paid.after[set.index()][*action],
                };
                *slot += &(reach * payoff);
            };
        match game.root() {
            Target::Outcome(outcome) => pay(&mut paid, outcome, &(Rational::ONE, None)),
            Target::Node(root) => arrivals[root.index()].0 = Rational::ONE,
        }
        for id in game.preorder() {
            if stop.load(Ordering::Relaxed) {
                return Err(Refusal::Stopped);
            }
            let node = game.node(*id);
            let here = std::mem::take(&mut arrivals[id.index()]);
            if here.0.is_zero() {
                continue;
            }
            if let Some(outcome) = node.outcome {
                pay(&mut paid, outcome, &here);
            }
            for (number, action) in node.actions.iter().enumerate() {
                let next = match node.mover {
                    Mover::Infoset(set) if game.infoset(set).player == player => {
                        (here.0.clone(), Some((set, number)))
                    }
                    Mover::Infoset(set) => (&here.0 * &play[set.index()][number], here.1),
                    Mover::Chance => match &action.probability {
                        Some(probability) => (&here.0 * probability, here.1),
                        None => continue,
                    },
                };
                match action.target {
                    Target::Node(child) => arrivals[child.index()] = next,
                    Target::Outcome(outcome) => pay(&mut paid, outcome, &next),
                }
            }
        }
        Ok(paid)
    }

    /// Collects the payoffs from the last own moves back to the first.
    fn total(
        &self,
        game: &ExtensiveGame,
        play: &[Vec<Rational>],
        player: PlayerId,
        reply: Reply,
    ) -> Rational {
        let mut at_once = self.at_once.clone();
        let mut after = self.after.clone();
        let past = game.last_own_moves();
        for set in game.infosets_of(player).into_iter().rev() {
            let moves = &after[set.index()];
            let value = match reply {
                Reply::AsPlayed => moves
                    .iter()
                    .zip(&play[set.index()])
                    .map(|(value, share)| value * share)
                    .fold(Rational::ZERO, |total, value| total + value),
                Reply::Best => moves.iter().max().cloned().unwrap_or_default(),
            };
            let first: NodeId = game.members(set)[0];
            match past[first.index()] {
                None => at_once += &value,
                Some((before, action)) => after[before.index()][action] += &value,
            }
        }
        at_once
    }
}
