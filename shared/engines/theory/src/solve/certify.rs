//! The certificate of an equilibrium: expected payoffs and regret, from the payoff table alone.

use dashu_int::ops::Gcd;
use dashu_int::{IBig, UBig};

use super::Equilibrium;
use crate::game::NormalGame;
use crate::rational::Rational;

/// The profile with its payoffs and its regret, whatever that is; mixtures must sum to one.
pub fn certify(game: &NormalGame, strategies: Vec<Vec<Rational>>) -> Equilibrium {
    let sizes = game.sizes();
    let strides = game.strides();
    let players = sizes.len();
    let weighed: Vec<Weights> = strategies
        .iter()
        .map(|mixture| Weights::of(mixture))
        .collect();
    let mut payoffs = Vec::with_capacity(players);
    let mut regret = Rational::ZERO;
    for player in 0..players {
        // The others' profiles that have a chance, each with its weight.
        let mut others = vec![(0, IBig::ONE)];
        let mut scale = weighed[player].total.clone();
        for other in (0..players).filter(|other| *other != player) {
            let extend = |(profile, weight): &(usize, IBig)| {
                weighed[other]
                    .used
                    .iter()
                    .map(|(strategy, own)| (profile + strategy * strides[other], weight * own))
                    .collect::<Vec<_>>()
            };
            others = others.iter().flat_map(extend).collect();
            scale *= &weighed[other].total;
        }
        let value = |strategy: usize| {
            let terms = others.iter().map(|(profile, weight)| {
                (
                    &game.payoffs_at(profile + strategy * strides[player])[player],
                    weight,
                )
            });
            weighted_sum(terms)
        };
        let values: Vec<Rational> = (0..sizes[player]).map(value).collect();
        let own = weighed[player].used.iter();
        let expected = weighted_sum(own.map(|(strategy, weight)| (&values[*strategy], weight)));
        let scale = Rational::from(scale);
        if let Some(best) = values.into_iter().max() {
            let best = best * Rational::from(weighed[player].total.clone());
            regret = regret.max((best - expected.clone()) / scale.clone());
        }
        payoffs.push(expected / scale);
    }
    Equilibrium {
        strategies,
        payoffs,
        regret,
    }
}

/// A mixture in whole numbers.
pub struct Weights {
    /// The strategies that have a chance, each with its share of `total`.
    pub used: Vec<(usize, IBig)>,
    pub total: IBig,
}

impl Weights {
    pub fn of(mixture: &[Rational]) -> Weights {
        let used = || {
            mixture
                .iter()
                .enumerate()
                .filter(|(_, share)| !share.is_zero())
        };
        let total = used().fold(UBig::ONE, |common, (_, share)| {
            let below = share.denominator();
            let shared = (&common).gcd(&below);
            common / shared * below
        });
        let whole = |(strategy, share): (usize, &Rational)| {
            (
                strategy,
                share.numerator() * IBig::from(&total / share.denominator()),
            )
        };
        Weights {
            used: used().map(whole).collect(),
            total: IBig::from(total.clone()),
        }
    }
}

/// The sum of products of which most are whole, without reducing fractions at every step.
pub fn weighted_sum<'a>(terms: impl Iterator<Item = (&'a Rational, &'a IBig)>) -> Rational {
    let mut whole = IBig::ZERO;
    let mut rest = Rational::ZERO;
    for (value, weight) in terms {
        if value.is_integer() {
            whole += value.numerator() * weight;
        } else {
            rest += &(value * &Rational::from(weight.clone()));
        }
    }
    rest + Rational::from(whole)
}
