//! Strategies that another pure strategy dominates, strictly or weakly, and their iterated elimination.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::game::NormalGame;
use crate::rational::Rational;

/// A strategy that went, and in which round (from 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Eliminated {
    pub player: usize,
    pub strategy: usize,
    pub round: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elimination {
    pub eliminated: Vec<Eliminated>,
    /// For each player the strategies left, in order.
    pub surviving: Vec<Vec<usize>>,
    /// False when a stop left rounds undone.
    pub complete: bool,
}

/// When one strategy counts as better than another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dominance {
    /// Better against everything.
    Strict,
    /// Nowhere worse, and better against something.
    Weak,
}

impl Elimination {
    pub fn rounds(&self) -> usize {
        self.eliminated.last().map_or(0, |last| last.round)
    }
}

/// Iterated elimination of strictly dominated strategies. All strategies dominated at the start of a round go together; the
/// result would be the same in any order (Gilboa, Kalai, Zemel 1990). A stop ends it after the round so far.
pub fn eliminate(game: &NormalGame, stop: &AtomicBool) -> Elimination {
    rounds(game, Dominance::Strict, stop)
}

/// Iterated elimination of weakly dominated strategies, where the order does matter: this is the one in which all players' weakly
/// dominated strategies of a round go together.
pub fn eliminate_weakly(game: &NormalGame, stop: &AtomicBool) -> Elimination {
    rounds(game, Dominance::Weak, stop)
}

fn rounds(game: &NormalGame, kind: Dominance, stop: &AtomicBool) -> Elimination {
    let mut surviving: Vec<Vec<usize>> = game
        .sizes()
        .into_iter()
        .map(|size| (0..size).collect())
        .collect();
    let mut eliminated = Vec::new();
    for round in 1.. {
        let mut gone = Vec::new();
        for player in 0..surviving.len() {
            let view = View::of(game, player, &surviving);
            let Ok(dominators) = view.dominators(kind, stop) else {
                return Elimination {
                    eliminated,
                    surviving,
                    complete: false,
                };
            };
            let dominated = surviving[player].iter().zip(dominators);
            gone.extend(dominated.filter(|(_, dominator)| dominator.is_some()).map(
                |(strategy, _)| Eliminated {
                    player,
                    strategy: *strategy,
                    round,
                },
            ));
        }
        if gone.is_empty() {
            break;
        }
        let mut out: Vec<Vec<bool>> = game
            .sizes()
            .into_iter()
            .map(|size| vec![false; size])
            .collect();
        for gone in &gone {
            out[gone.player][gone.strategy] = true;
        }
        for (strategies, out) in surviving.iter_mut().zip(&out) {
            strategies.retain(|strategy| !out[*strategy]);
        }
        eliminated.extend(gone);
    }
    Elimination {
        eliminated,
        surviving,
        complete: true,
    }
}

/// The stop flag was up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

/// One player's choices against what the others have left.
pub struct View<'g> {
    game: &'g NormalGame,
    player: usize,
    stride: usize,
    own: Vec<usize>,
    /// The profiles of the other players' surviving strategies, this player's own being 0.
    others: Vec<usize>,
}

/// How many comparisons are made between two looks at the stop flag: well under a millisecond, even with long numbers.
const CHECK: usize = 4096;

impl<'g> View<'g> {
    pub fn of(game: &'g NormalGame, player: usize, surviving: &[Vec<usize>]) -> View<'g> {
        let strides = game.strides();
        let mut others = vec![0];
        for (other, strategies) in surviving.iter().enumerate() {
            if other == player {
                continue;
            }
            let stride = strides[other];
            others = others
                .iter()
                .flat_map(|profile: &usize| {
                    strategies
                        .iter()
                        .map(move |strategy| profile + strategy * stride)
                })
                .collect();
        }
        View {
            game,
            player,
            stride: strides[player],
            own: surviving[player].clone(),
            others,
        }
    }

    /// For each surviving strategy the first other one that dominates it. Strategies with the same payoffs everywhere are compared
    /// once for all of them.
    pub fn dominators(
        &self,
        kind: Dominance,
        stop: &AtomicBool,
    ) -> Result<Vec<Option<usize>>, Stopped> {
        let mut numbers: HashMap<Vec<&Rational>, usize> = HashMap::new();
        let mut classes = Vec::with_capacity(self.own.len());
        let mut firsts = Vec::new();
        for strategy in &self.own {
            if stop.load(Ordering::Relaxed) {
                return Err(Stopped);
            }
            let payoffs: Vec<&Rational> = (0..self.columns())
                .map(|column| self.payoff(*strategy, column))
                .collect();
            // Rounding keeps the order of sums taken in the same order, so that a dominator's is not smaller.
            let sum: f64 = payoffs.iter().map(|payoff| payoff.to_f64()).sum();
            let class = *numbers.entry(payoffs).or_insert_with(|| {
                firsts.push((*strategy, sum));
                firsts.len() - 1
            });
            classes.push(class);
        }
        drop(numbers);
        let mut found = Vec::with_capacity(firsts.len());
        for (strategy, sum) in &firsts {
            if stop.load(Ordering::Relaxed) {
                return Err(Stopped);
            }
            let mut dominator = None;
            for (rival, rival_sum) in &firsts {
                // Sums that are no numbers, of payoffs beyond all doubles, say nothing.
                if rival != strategy
                    && rival_sum.partial_cmp(sum) != Some(std::cmp::Ordering::Less)
                    && self.dominates(*rival, *strategy, kind, stop)?
                {
                    dominator = Some(*rival);
                    break;
                }
            }
            found.push(dominator);
        }
        Ok(classes.into_iter().map(|class| found[class]).collect())
    }

    /// How many profiles of the others there are.
    pub fn columns(&self) -> usize {
        self.others.len()
    }

    /// What the strategy earns against the others' profile of this number.
    pub fn payoff(&self, strategy: usize, column: usize) -> &'g Rational {
        &self
            .game
            .payoffs_at(self.others[column] + strategy * self.stride)[self.player]
    }

    fn dominates(
        &self,
        rival: usize,
        strategy: usize,
        kind: Dominance,
        stop: &AtomicBool,
    ) -> Result<bool, Stopped> {
        let mut better = false;
        for column in 0..self.columns() {
            if column % CHECK == 0 && stop.load(Ordering::Relaxed) {
                return Err(Stopped);
            }
            match (
                self.payoff(rival, column)
                    .cmp(self.payoff(strategy, column)),
                kind,
            ) {
                (std::cmp::Ordering::Greater, _) => better = true,
                (std::cmp::Ordering::Equal, Dominance::Weak) => {}
                _ => return Ok(false),
            }
        }
        Ok(better)
    }
}
