//! Iterated elimination of strategies that another pure strategy strictly dominates.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::game::NormalGame;

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
}

impl Elimination {
    pub fn rounds(&self) -> usize {
        self.eliminated.last().map_or(0, |last| last.round)
    }
}

/// All strategies dominated at the start of a round go together, so the result does not depend on any order; a stop ends it
/// after the round so far.
pub fn eliminate(game: &NormalGame, stop: &AtomicBool) -> Elimination {
    let mut surviving: Vec<Vec<usize>> = game
        .sizes()
        .into_iter()
        .map(|size| (0..size).collect())
        .collect();
    let mut eliminated = Vec::new();
    for round in 1.. {
        let mut gone = Vec::new();
        for player in 0..surviving.len() {
            let others = others(game, player, &surviving);
            for strategy in &surviving[player] {
                if stop.load(Ordering::Relaxed) {
                    return Elimination {
                        eliminated,
                        surviving,
                    };
                }
                if surviving[player]
                    .iter()
                    .any(|rival| dominates(game, player, *rival, *strategy, &others))
                {
                    gone.push(Eliminated {
                        player,
                        strategy: *strategy,
                        round,
                    });
                }
            }
        }
        if gone.is_empty() {
            break;
        }
        for out in &gone {
            surviving[out.player].retain(|strategy| *strategy != out.strategy);
        }
        eliminated.extend(gone);
    }
    Elimination {
        eliminated,
        surviving,
    }
}

/// The profiles of the other players' surviving strategies, this player's own being 0.
fn others(game: &NormalGame, player: usize, surviving: &[Vec<usize>]) -> Vec<usize> {
    let strides = game.strides();
    let mut profiles = vec![0];
    for (other, strategies) in surviving
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != player)
    {
        let stride = strides[other];
        profiles = profiles
            .iter()
            .flat_map(|profile: &usize| {
                strategies
                    .iter()
                    .map(move |strategy| profile + strategy * stride)
            })
            .collect();
    }
    profiles
}

fn dominates(
    game: &NormalGame,
    player: usize,
    rival: usize,
    strategy: usize,
    others: &[usize],
) -> bool {
    let stride = game.strides()[player];
    let payoff =
        |strategy: usize, profile: &usize| &game.payoffs_at(profile + strategy * stride)[player];
    rival != strategy
        && others
            .iter()
            .all(|profile| payoff(rival, profile) > payoff(strategy, profile))
}
