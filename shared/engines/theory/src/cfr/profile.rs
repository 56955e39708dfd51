//! What every player does everywhere: behaviour strategies in doubles.

use super::flat::Flat;

/// By player, the probability of each own move given that its information set is reached; entry 0, the empty sequence, is 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Behaviour(pub Vec<Vec<f64>>);

impl Behaviour {
    /// Every action of an information set equally often.
    pub fn uniform(flat: &Flat) -> Behaviour {
        Behaviour::in_proportion(flat, zeros(flat))
    }

    /// In proportion to weights within each information set; uniform where all are 0.
    pub(super) fn in_proportion(flat: &Flat, mut weights: Vec<Vec<f64>>) -> Behaviour {
        for (sequences, weights) in flat.sequences.iter().zip(&mut weights) {
            sequences.normalise(weights);
        }
        Behaviour(weights)
    }
}

/// A number per player and sequence.
pub(super) fn zeros(flat: &Flat) -> Vec<Vec<f64>> {
    let of = flat.sequences.iter();
    of.map(|sequences| vec![0.0; sequences.len()]).collect()
}
