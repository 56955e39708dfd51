//! One Nash equilibrium as clients see it: doubles for display, exact fractions beside them, and its certificate.

use serde_json::{Map, Value, json};

use crate::convert::{Plans, Reduction};
use crate::game::{ExtensiveGame, Game, InfosetId, NormalGame, PlayerId, number};
use crate::rational::Rational;
use crate::solve::Equilibrium;
use crate::solve::nplayer::{Interval, Solution};

/// How close to a common fraction a shown number must be to be shown as that fraction.
const SNAP: f64 = 1e-6;

/// With `exact` fractions when it is exact, else with what is proved of it: an `enclosure` of each probability, or only its regret.
/// Of a tree's equilibrium also each player's `behavior`.
pub fn item(game: &NormalGame, solution: &Solution, behaviour: Option<&Behaviour<'_>>) -> Value {
    let equilibrium = &solution.profile;
    let strategies = by_strategy(game, equilibrium, snapped);
    let payoffs = by_player(game, equilibrium, snapped);
    let text = |value: &Rational| json!(value.to_string());
    let mut item = json!({
        "description": description(game, equilibrium),
        "behavior_profile": strategies,
        "outcomes": payoffs,
        "strategies": strategies,
        "payoffs": payoffs,
        "regret": number(&equilibrium.regret),
    });
    if equilibrium.regret.is_zero() {
        item["exact"] = json!({
            "strategies": by_strategy(game, equilibrium, text),
            "payoffs": by_player(game, equilibrium, text),
        });
    }
    if let Some(enclosure) = &solution.enclosure {
        item["enclosure"] = enclosed(game, enclosure);
    }
    if let Some(behaviour) = behaviour {
        item["behavior"] = behaviour.of_mixtures(&equilibrium.strategies);
    }
    item
}

/// `{player: {strategy: [lo, hi]}}`, between which the equilibrium's probability surely lies.
fn enclosed(game: &NormalGame, enclosure: &[Vec<Interval>]) -> Value {
    let players = game.players().iter().zip(game.strategies()).zip(enclosure);
    let shown: Map<String, Value> = players
        .map(|((player, labels), bounds)| {
            let bounds = labels.iter().zip(bounds);
            let bounds: Map<String, Value> = bounds
                .map(|(label, bounds)| (label.clone(), json!([bounds.lo, bounds.hi])))
                .collect();
            (player.clone(), Value::Object(bounds))
        })
        .collect();
    Value::Object(shown)
}

/// A tree's plans, to turn mixtures of them into behaviour strategies.
pub struct Behaviour<'a> {
    tree: &'a ExtensiveGame,
    /// Per player; `None` for those without perfect recall, whose mixtures have no equivalent behaviour (Kuhn 1953).
    plans: Vec<Option<Plans>>,
}

impl<'a> Behaviour<'a> {
    /// `None` for a game that is no tree.
    pub fn of(game: &'a Game) -> Option<Behaviour<'a>> {
        let Game::Extensive(tree) = game else {
            return None;
        };
        let forgetful = tree.forgetful_infosets();
        let plans = (0..tree.players().len()).map(PlayerId::new).map(|player| {
            let forgets = forgetful
                .iter()
                .any(|set| tree.infoset(*set).player == player);
            (!forgets).then(|| Plans::of(tree, player, Reduction::Reduced))
        });
        Some(Behaviour {
            tree,
            plans: plans.collect(),
        })
    }

    /// `{player: {information set: {action: probability}}}`. What the player's own earlier choices rule out is played evenly.
    fn of_mixtures(&self, mixtures: &[Vec<Rational>]) -> Value {
        let players = self.tree.players().iter().zip(&self.plans).zip(mixtures);
        let shown: Map<String, Value> = players
            .filter_map(|((player, plans), mixture)| {
                Some((player.clone(), self.of_mixture(plans.as_ref()?, mixture)))
            })
            .collect();
        Value::Object(shown)
    }

    fn of_mixture(&self, plans: &Plans, mixture: &[Rational]) -> Value {
        let played: Vec<_> = plans
            .plans
            .iter()
            .zip(mixture)
            .filter(|(_, probability)| !probability.is_zero())
            .collect();
        let sets = plans.sets.iter().enumerate().map(|(place, set)| {
            let actions = self.tree.actions(*set);
            let mut weights = vec![Rational::ZERO; actions.len()];
            for (plan, probability) in &played {
                if let Some(action) = plan[place] {
                    weights[action] += *probability;
                }
            }
            let reached: Rational = weights.iter().sum();
            let share = |weight: &Rational| {
                if reached.is_zero() {
                    Rational::from_parts(1.into(), actions.len().into())
                } else {
                    weight / &reached
                }
            };
            let shown: Map<String, Value> = actions
                .iter()
                .zip(&weights)
                .map(|(action, weight)| (action.label.to_string(), snapped(&share(weight))))
                .collect();
            (set_name(self.tree, *set), Value::Object(shown))
        });
        Value::Object(sets.collect())
    }
}

/// What an information set is called: its own id, or that of its first node.
pub(super) fn set_name(tree: &ExtensiveGame, set: InfosetId) -> String {
    let first = &tree.node(tree.members(set)[0]).id;
    tree.infoset(set).id.as_ref().unwrap_or(first).to_string()
}

pub(super) fn by_strategy(
    game: &NormalGame,
    equilibrium: &Equilibrium,
    show: fn(&Rational) -> Value,
) -> Value {
    let players = game
        .players()
        .iter()
        .zip(game.strategies())
        .zip(&equilibrium.strategies);
    let shown: Map<String, Value> = players
        .map(|((player, labels), mixture)| {
            let mixture: Map<String, Value> = labels
                .iter()
                .zip(mixture)
                .map(|(label, probability)| (label.clone(), show(probability)))
                .collect();
            (player.clone(), Value::Object(mixture))
        })
        .collect();
    Value::Object(shown)
}

pub(super) fn by_player(
    game: &NormalGame,
    equilibrium: &Equilibrium,
    show: fn(&Rational) -> Value,
) -> Value {
    let payoffs = game.players().iter().zip(&equilibrium.payoffs);
    Value::Object(
        payoffs
            .map(|(player, payoff)| (player.clone(), show(payoff)))
            .collect(),
    )
}

/// `Pure: A plays X, B plays Y`, or `Mixed equilibrium`.
fn description(game: &NormalGame, equilibrium: &Equilibrium) -> String {
    let players = game
        .players()
        .iter()
        .zip(game.strategies())
        .zip(&equilibrium.strategies);
    let choices: Option<Vec<String>> = players
        .map(|((player, labels), mixture)| {
            let choice = mixture
                .iter()
                .position(|probability| *probability == Rational::ONE)?;
            Some(format!("{player} plays {}", labels[choice]))
        })
        .collect();
    choices.map_or_else(
        || "Mixed equilibrium".to_owned(),
        |choices| format!("Pure: {}", choices.join(", ")),
    )
}

/// A display number: common fractions and integers as such, everything else with six decimals.
pub(super) fn snapped(value: &Rational) -> Value {
    const FRACTIONS: [(f64, f64); 15] = [
        (1.0, 2.0),
        (1.0, 3.0),
        (2.0, 3.0),
        (1.0, 4.0),
        (3.0, 4.0),
        (1.0, 5.0),
        (2.0, 5.0),
        (3.0, 5.0),
        (4.0, 5.0),
        (1.0, 6.0),
        (5.0, 6.0),
        (1.0, 8.0),
        (3.0, 8.0),
        (5.0, 8.0),
        (7.0, 8.0),
    ];
    let double = value.to_f64();
    if !double.is_finite() {
        return number(value);
    }
    let fraction = FRACTIONS
        .iter()
        .map(|(above, below)| above / below)
        .find(|fraction| (double - fraction).abs() < SNAP);
    let nearest = double.round();
    let shown = match fraction {
        Some(fraction) => fraction,
        // Adding zero turns a rounded -0 into 0.
        None if (double - nearest).abs() < SNAP => nearest + 0.0,
        None => (double * 1e6).round() / 1e6,
    };
    json!(if shown.is_finite() { shown } else { double })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snaps_to_what_a_reader_recognises() {
        for (exact, shown) in [
            ("1/3", json!(1.0 / 3.0)),
            ("333333333/1000000000", json!(1.0 / 3.0)),
            ("1/7", json!(0.142857)),
            ("-1/10000000", json!(0.0)),
            ("5/2", json!(2.5)),
            ("2999999999/1000000000", json!(3.0)),
        ] {
            assert_eq!(
                snapped(&Rational::parse(exact).expect("a number")),
                shown,
                "{exact}"
            );
        }
    }
}
