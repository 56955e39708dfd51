//! The certificate of an equilibrium: expected payoffs and regret, from the payoff table alone.

use super::Equilibrium;
use crate::game::NormalGame;
use crate::rational::Rational;

/// The profile with its payoffs and its regret, whatever that is; mixtures must sum to one.
pub fn certify(game: &NormalGame, strategies: Vec<Vec<Rational>>) -> Equilibrium {
    let sizes = game.sizes();
    let strides = game.strides();
    let players = sizes.len();
    let supports: Vec<Vec<usize>> = strategies
        .iter()
        .map(|mixture| {
            (0..mixture.len())
                .filter(|strategy| !mixture[*strategy].is_zero())
                .collect()
        })
        .collect();
    let mut payoffs = Vec::with_capacity(players);
    let mut regret = Rational::ZERO;
    for player in 0..players {
        // The others' profiles that have a chance, each with its probability.
        let mut others = vec![(0, Rational::ONE)];
        for other in (0..players).filter(|other| *other != player) {
            let extend = |(profile, probability): &(usize, Rational)| {
                supports[other]
                    .iter()
                    .map(|strategy| {
                        (
                            profile + strategy * strides[other],
                            probability * &strategies[other][*strategy],
                        )
                    })
                    .collect::<Vec<_>>()
            };
            others = others.iter().flat_map(extend).collect();
        }
        let value = |strategy: usize| {
            let terms = others.iter().map(|(profile, probability)| {
                &game.payoffs_at(profile + strategy * strides[player])[player] * probability
            });
            terms.fold(Rational::ZERO, |total, term| total + term)
        };
        let values: Vec<Rational> = (0..sizes[player]).map(value).collect();
        let expected = supports[player]
            .iter()
            .fold(Rational::ZERO, |total, strategy| {
                total + &values[*strategy] * &strategies[player][*strategy]
            });
        if let Some(best) = values.into_iter().max() {
            regret = regret.max(best - expected.clone());
        }
        payoffs.push(expected);
    }
    Equilibrium {
        strategies,
        payoffs,
        regret,
    }
}
