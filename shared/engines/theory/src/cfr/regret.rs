//! Counterfactual regret minimisation as linear passes: reach probabilities down, values and regrets up.

use std::sync::atomic::{AtomicBool, Ordering};

use super::flat::Flat;
use super::gradient::{Play, Scratch};
use super::learner::Learner;
use super::profile::{Behaviour, zeros};
use super::sequences::Sequences;
use super::state::State;

/// Ways to sweep a whole tree in each iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sweep {
    /// Regret matching, uniform averaging (Zinkevich, Johanson, Bowling, Piccione 2008).
    Cfr,
    /// Regrets floored at 0, linear averaging (Tammelin 2014).
    CfrPlus,
    /// Discounted regrets with α = 3/2, β = 0, γ = 2 (Brown, Sandholm 2019).
    Dcfr,
    /// CFR+ that predicts the next regrets to be the last ones, quadratic averaging (Farina, Kroer, Sandholm 2021).
    PcfrPlus,
}

impl Sweep {
    pub fn name(self) -> &'static str {
        match self {
            Sweep::Cfr => "cfr",
            Sweep::CfrPlus => "cfr+",
            Sweep::Dcfr => "dcfr",
            Sweep::PcfrPlus => "pcfr+",
        }
    }

    /// What play in iteration `time` (from 1) counts in the average.
    fn weight(self, time: f64) -> f64 {
        match self {
            Sweep::Cfr => 1.0,
            Sweep::CfrPlus => time,
            // Multiplying the sum with (t / (t + 1))² after iteration t gives iteration t this share of it.
            Sweep::Dcfr | Sweep::PcfrPlus => time * time,
        }
    }

    fn discount(self, time: f64) -> Discount {
        let (positive, negative) = match self {
            Sweep::Cfr => (1.0, 1.0),
            Sweep::CfrPlus | Sweep::PcfrPlus => (1.0, 0.0),
            Sweep::Dcfr => (time.powf(1.5) / (time.powf(1.5) + 1.0), 0.5),
        };
        Discount { positive, negative }
    }
}

/// What accumulated regrets are multiplied with after each iteration.
#[derive(Clone, Copy)]
struct Discount {
    positive: f64,
    negative: f64,
}

/// In each iteration the players learn one after the other: each answers what those before have just changed to, and it is the
/// play so answered that counts in the average (Burch, Moravčík, Schmid 2019 prove that this converges, and why the order matters).
pub struct RegretMinimizer<'f> {
    flat: &'f Flat,
    sweep: Sweep,
    iterations: u64,
    /// What the players do in the coming iteration.
    play: Play,
    regrets: Vec<Vec<f64>>,
    /// Weighted sums of the plans played.
    sums: Vec<Vec<f64>>,
    /// Space for a player's gradient, and for the predicted one.
    paid: Vec<f64>,
    predicted: Vec<f64>,
    scratch: Scratch,
}

impl<'f> RegretMinimizer<'f> {
    /// Everybody begins uniformly.
    pub fn new(flat: &'f Flat, sweep: Sweep) -> RegretMinimizer<'f> {
        RegretMinimizer {
            flat,
            sweep,
            iterations: 0,
            play: Play::new(flat, Behaviour::uniform(flat)),
            regrets: zeros(flat),
            sums: zeros(flat),
            paid: Vec::new(),
            predicted: Vec::new(),
            scratch: Scratch::default(),
        }
    }

    /// Adds the player's present plan to the sum.
    fn count_in(&mut self, player: usize) {
        let weight = self.sweep.weight((self.iterations + 1) as f64);
        for (sum, reach) in self.sums[player].iter_mut().zip(&self.play.plans[player]) {
            *sum += weight * reach;
        }
    }

    /// Accumulates the regrets of the player's present behaviour and turns them into the next.
    fn learn(&mut self, player: usize) {
        let discount = self.sweep.discount((self.iterations + 1) as f64);
        let sequences = &self.flat.sequences[player];
        let paid = &mut self.paid;
        let regrets = &mut self.regrets[player];
        let behaviour = &mut self.play.behaviour.0[player];
        if self.sweep == Sweep::PcfrPlus {
            self.predicted.clone_from(paid);
            let gradients = Gradients {
                paid,
                predicted: &mut self.predicted,
                discount,
            };
            predict(sequences, gradients, regrets, behaviour);
        } else {
            for set in (0..sequences.sets()).rev() {
                let own = sequences.of(set);
                let behaviour = &mut behaviour[own.clone()];
                let regrets = &mut regrets[own.clone()];
                let value = accumulate(&paid[own], behaviour, regrets, discount);
                paid[sequences.parent(set)] += value;
                match_regrets(regrets, behaviour);
            }
        }
        self.play.realise(self.flat, player);
    }
}

/// Adds the instantaneous regrets of one information set, discounts, and returns the set's value.
fn accumulate(paid: &[f64], behaviour: &[f64], regrets: &mut [f64], discount: Discount) -> f64 {
    let value = dot(paid, behaviour);
    for (regret, paid) in regrets.iter_mut().zip(paid) {
        let sum = *regret + (paid - value);
        *regret = sum
            * if sum > 0.0 {
                discount.positive
            } else {
                discount.negative
            };
    }
    value
}

/// Regret matching (Hart, Mas-Colell 2000): in proportion to positive regrets, uniformly when there are none.
pub(super) fn match_regrets(regrets: &[f64], behaviour: &mut [f64]) {
    let mut total = 0.0;
    for (probability, regret) in behaviour.iter_mut().zip(regrets) {
        *probability = regret.max(0.0);
        total += *probability;
    }
    // The reciprocal of a smaller number is infinite; deep down a tree reach probabilities are that small.
    if total >= f64::MIN_POSITIVE {
        let scale = 1.0 / total;
        behaviour.iter_mut().for_each(|share| *share *= scale);
    } else {
        behaviour.fill(1.0 / regrets.len() as f64);
    }
}

/// One gradient twice, for collecting what is played at each information set and below.
struct Gradients<'a> {
    /// By the behaviour that was played.
    paid: &'a mut [f64],
    /// By the coming one: a prediction counts what will be played.
    predicted: &'a mut [f64],
    discount: Discount,
}

/// Predictive regret matching+ at every information set, bottom-up.
fn predict(
    sequences: &Sequences,
    gradients: Gradients<'_>,
    regrets: &mut [f64],
    behaviour: &mut [f64],
) {
    let Gradients {
        paid,
        predicted,
        discount,
    } = gradients;
    for set in (0..sequences.sets()).rev() {
        let own = sequences.of(set);
        let behaviour = &mut behaviour[own.clone()];
        let regrets = &mut regrets[own.clone()];
        let value = accumulate(&paid[own.clone()], behaviour, regrets, discount);
        paid[sequences.parent(set)] += value;
        let coming = &predicted[own];
        let expected = dot(coming, behaviour);
        let mut total = 0.0;
        for ((probability, regret), coming) in behaviour.iter_mut().zip(&*regrets).zip(coming) {
            *probability = (regret + (coming - expected)).max(0.0);
            total += *probability;
        }
        if total > 0.0 {
            behaviour.iter_mut().for_each(|share| *share /= total);
        } else {
            let even = 1.0 / behaviour.len() as f64;
            behaviour.fill(even);
        }
        let value = dot(coming, behaviour);
        predicted[sequences.parent(set)] += value;
    }
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter()
        .zip(right)
        .map(|(left, right)| left * right)
        .sum()
}

impl Learner for RegretMinimizer<'_> {
    fn iterate(&mut self, stop: &AtomicBool) {
        let players = self.flat.players();
        for player in 0..players {
            if stop.load(Ordering::Relaxed) {
                return;
            }
            self.count_in((player + players - 1) % players);
            self.paid.resize(self.flat.sequences[player].len(), 0.0);
            self.flat
                .gradient(player, &self.play, &mut self.paid, &mut self.scratch);
            self.learn(player);
        }
        self.iterations += 1;
    }

    fn iterations(&self) -> u64 {
        self.iterations
    }

    fn average(&self) -> Behaviour {
        Behaviour::in_proportion(self.flat, self.sums.clone())
    }

    fn work(&self) -> u64 {
        self.flat.work()
    }

    fn state(&self) -> Vec<u8> {
        self.as_state().write()
    }

    fn resume(&mut self, state: &[u8]) -> Option<()> {
        let (numbers, tables) = self.as_state().read(state)?;
        let [iterations] = numbers.try_into().ok()?;
        let [regrets, sums, behaviour] = tables.try_into().ok()?;
        self.iterations = iterations;
        self.regrets = regrets;
        self.sums = sums;
        self.play = Play::new(self.flat, Behaviour(behaviour));
        Some(())
    }
}

impl RegretMinimizer<'_> {
    fn as_state(&self) -> State<'_> {
        State {
            name: self.sweep.name(),
            numbers: vec![self.iterations],
            tables: vec![&self.regrets, &self.sums, &self.play.behaviour.0],
        }
    }
}
