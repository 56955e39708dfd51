//! From realisation plans to behaviour strategies, their payoffs, and how much each player could still gain.

use super::form::{SequenceForm, Side};
use crate::game::PlayerId;
use crate::rational::Rational;

/// An equilibrium of a tree in behaviour strategies, with its certificate.
#[derive(Clone, Debug, PartialEq)]
pub struct BehaviourEquilibrium {
    /// For each information set of the game the probability of each action. Complete: where play never comes by the player's own
    /// doing, an action that is best against the others' strategies.
    pub behaviour: Vec<Vec<Rational>>,
    /// For each player the realisation plan: the product of the own probabilities along each sequence.
    pub plans: [Vec<Rational>; 2],
    pub payoffs: [Rational; 2],
    /// The most that a player could gain by changing strategy alone, from an exact best response on the tree: zero in an equilibrium.
    pub regret: Rational,
}

impl BehaviourEquilibrium {
    /// Of any pair of realisation plans; the work is linear in the sequence form.
    pub fn of(form: &SequenceForm, plans: [Vec<Rational>; 2]) -> BehaviourEquilibrium {
        let sets = form.sides[0].sets.len() + form.sides[1].sets.len();
        let mut behaviour = vec![Vec::new(); sets];
        let mut payoffs = [Rational::ZERO, Rational::ZERO];
        let mut regret = Rational::ZERO;
        for player in 0..2 {
            let side = &form.sides[player];
            let values = form.values(PlayerId::new(player), &plans[1 - player]);
            let best = BestResponse::new(side, &values);
            let plan = &plans[player];
            for (number, set) in side.sets.iter().enumerate() {
                behaviour[set.infoset.index()] = if plan[set.parent].is_zero() {
                    let choice = best.choices[number];
                    let chosen = (0..set.actions).map(|action| action == choice);
                    chosen
                        .map(|chosen| {
                            if chosen {
                                Rational::ONE
                            } else {
                                Rational::ZERO
                            }
                        })
                        .collect()
                } else {
                    let weights = set.sequences().map(|sequence| &plan[sequence]);
                    weights.map(|weight| weight / &plan[set.parent]).collect()
                };
            }
            let expected = values
                .iter()
                .zip(plan)
                .filter(|(value, weight)| !value.is_zero() && !weight.is_zero())
                .fold(Rational::ZERO, |sum, (value, weight)| sum + value * weight);
            regret = regret.max(&best.value - &expected);
            payoffs[player] = expected;
        }
        BehaviourEquilibrium {
            behaviour,
            plans,
            payoffs,
            regret,
        }
    }
}

/// A player's best response to what the others do.
#[derive(Clone, Debug, PartialEq)]
pub struct BestResponse {
    /// The expected payoff it reaches.
    pub value: Rational,
    /// For each of the player's information sets, in the order of [`Side::sets`], the first best action.
    pub choices: Vec<usize>,
}

impl BestResponse {
    /// Backward over the player's sets; `values` is what each sequence adds, see [`SequenceForm::values`].
    pub fn new(side: &Side, values: &[Rational]) -> BestResponse {
        let mut totals = values.to_vec();
        let mut choices = vec![0; side.sets.len()];
        for (number, set) in side.sets.iter().enumerate().rev() {
            let mut best = set.first;
            for sequence in set.sequences() {
                if totals[sequence] > totals[best] {
                    best = sequence;
                }
            }
            choices[number] = best - set.first;
            if !totals[best].is_zero() {
                let value = totals[best].clone();
                totals[set.parent] += &value;
            }
        }
        BestResponse {
            value: totals.swap_remove(0),
            choices,
        }
    }

    /// The realisation plan that makes these choices.
    pub fn plan(&self, side: &Side) -> Vec<Rational> {
        let mut plan = vec![Rational::ZERO; side.sequences];
        plan[0] = Rational::ONE;
        for (set, choice) in side.sets.iter().zip(&self.choices) {
            plan[set.first + choice] = plan[set.parent].clone();
        }
        plan
    }
}

/// The realisation plan of a behaviour strategy given by information set; missing sets count as never reached.
pub fn plan_of(side: &Side, behaviour: &[Vec<Rational>]) -> Vec<Rational> {
    let mut plan = vec![Rational::ZERO; side.sequences];
    plan[0] = Rational::ONE;
    for set in &side.sets {
        for (sequence, probability) in set.sequences().zip(&behaviour[set.infoset.index()]) {
            plan[sequence] = &plan[set.parent] * probability;
        }
    }
    plan
}
