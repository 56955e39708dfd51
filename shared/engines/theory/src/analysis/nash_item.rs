//! One Nash equilibrium as clients see it: doubles for display, exact fractions beside them, and its certificate.

use serde_json::{Map, Value, json};

use crate::game::{NormalGame, number};
use crate::rational::Rational;
use crate::solve::Equilibrium;

/// How close to a common fraction a shown number must be to be shown as that fraction.
const SNAP: f64 = 1e-6;

pub fn item(game: &NormalGame, equilibrium: &Equilibrium) -> Value {
    let strategies = by_strategy(game, equilibrium, snapped);
    let payoffs = by_player(game, equilibrium, snapped);
    let text = |value: &Rational| json!(value.to_string());
    json!({
        "description": description(game, equilibrium),
        "behavior_profile": strategies,
        "outcomes": payoffs,
        "strategies": strategies,
        "payoffs": payoffs,
        "exact": {"strategies": by_strategy(game, equilibrium, text), "payoffs": by_player(game, equilibrium, text)},
        "regret": number(&equilibrium.regret),
    })
}

fn by_strategy(
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

fn by_player(game: &NormalGame, equilibrium: &Equilibrium, show: fn(&Rational) -> Value) -> Value {
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
