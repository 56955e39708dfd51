//! All equilibria in pure strategies, for any number of players.

use super::certify::certify;
use super::{Found, Search};
use crate::game::NormalGame;
use crate::rational::Rational;

/// How many profiles are looked at between two looks at the stop flag.
const CHECK: usize = 64;

/// Marks every best reply of every player, then collects the profiles where all marks meet: linear in the table.
pub fn pure(game: &NormalGame, search: &Search<'_>) -> Found {
    let sizes = game.sizes();
    let strides = game.strides();
    let mut stable = vec![true; game.profiles()];
    let mut equilibria = Vec::new();
    for (player, (size, stride)) in sizes.iter().zip(&strides).enumerate() {
        // Profiles in which this player uses strategy 0 stand for the others' choices.
        for others in (0..game.profiles()).filter(|profile| profile / stride % size == 0) {
            if others % CHECK == 0 && search.stopped() {
                return Found {
                    equilibria,
                    complete: false,
                };
            }
            let payoff = |strategy: usize| &game.payoffs_at(others + strategy * stride)[player];
            let Some(best) = (0..*size).map(payoff).max() else {
                continue;
            };
            for strategy in (0..*size).filter(|strategy| payoff(*strategy) < best) {
                stable[others + strategy * stride] = false;
            }
        }
    }
    for profile in (0..game.profiles()).filter(|profile| stable[*profile]) {
        if search.stopped() || search.enough(game, equilibria.len()) {
            return Found {
                equilibria,
                complete: false,
            };
        }
        let chosen = sizes
            .iter()
            .zip(&strides)
            .map(|(size, stride)| (*size, profile / stride % size));
        let mixture = |(size, chosen): (usize, usize)| {
            (0..size)
                .map(|strategy| {
                    if strategy == chosen {
                        Rational::ONE
                    } else {
                        Rational::ZERO
                    }
                })
                .collect()
        };
        equilibria.push(certify(game, chosen.map(mixture).collect()));
    }
    Found {
        equilibria,
        complete: true,
    }
}
