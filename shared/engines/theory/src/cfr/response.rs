//! Values of play, best responses to it, and how far it is from equilibrium.

use super::flat::Flat;
use super::gradient::{Play, Scratch};
use super::profile::Behaviour;
use super::sequences::Sequences;

/// What play is worth to the players, and how far it is from equilibrium; in payoffs.
#[derive(Clone, Debug, PartialEq)]
pub struct Distance {
    /// Each player's expected payoff.
    pub values: Vec<f64>,
    /// What each player could gain by a best response.
    pub gains: Vec<f64>,
}

impl Distance {
    /// The players' gains together.
    pub fn nash_conv(&self) -> f64 {
        self.gains.iter().sum()
    }

    /// The mean gain, which in a zero-sum game is what the opponent of a randomly seated player can win above the value of the game.
    pub fn exploitability(&self) -> f64 {
        self.nash_conv() / self.gains.len() as f64
    }
}

/// The best that a player can expect against the others' play, and pure behaviour that gets it: the first of equally good actions.
pub fn best_response(flat: &Flat, player: usize, behaviour: &Behaviour) -> (f64, Vec<f64>) {
    let play = Play::new(flat, behaviour.clone());
    let mut paid = paid(flat, player, &play, &mut Scratch::default());
    let mut reply = vec![0.0; paid.len()];
    let value = respond(&flat.sequences[player], &mut paid, &mut reply);
    (flat.scale.payoff(player, value), reply)
}

pub fn distance(flat: &Flat, behaviour: &Behaviour) -> Distance {
    let play = Play::new(flat, behaviour.clone());
    let mut scratch = Scratch::default();
    let (mut values, mut gains) = (Vec::new(), Vec::new());
    for (player, sequences) in flat.sequences.iter().enumerate() {
        let mut paid = paid(flat, player, &play, &mut scratch);
        let plan = play.plans[player].iter();
        let value: f64 = plan.zip(&paid).map(|(reach, paid)| reach * paid).sum();
        let mut reply = vec![0.0; paid.len()];
        let best = respond(sequences, &mut paid, &mut reply);
        values.push(flat.scale.payoff(player, value));
        // Rounding may make the best seem worse by a last digit.
        gains.push(flat.scale.difference(player, (best - value).max(0.0)));
    }
    Distance { values, gains }
}

/// From what each sequence is paid to the best total; `reply` becomes 1 at the chosen moves and 0 at the others.
pub(super) fn respond(sequences: &Sequences, paid: &mut [f64], reply: &mut [f64]) -> f64 {
    reply.fill(0.0);
    reply[0] = 1.0;
    for set in (0..sequences.sets()).rev() {
        let own = sequences.of(set);
        let mut best = own.start;
        for sequence in own {
            if paid[sequence] > paid[best] {
                best = sequence;
            }
        }
        reply[best] = 1.0;
        paid[sequences.parent(set)] += paid[best];
    }
    paid[0]
}

fn paid(flat: &Flat, player: usize, play: &Play, scratch: &mut Scratch) -> Vec<f64> {
    let mut paid = vec![0.0; flat.sequences[player].len()];
    flat.gradient(player, play, &mut paid, scratch);
    paid
}
