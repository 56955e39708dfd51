//! What each of a player's sequences is worth against the others' play, before own later moves are counted.

use super::flat::Flat;
use super::profile::Behaviour;
use super::topology::{Child, Turn};

/// Space for walks over a tree.
#[derive(Default)]
pub struct Scratch {
    arrivals: Vec<Arrival>,
}

/// How play comes to a node: the probability of everybody else's part, and the player's last sequence.
#[derive(Clone, Copy)]
struct Arrival {
    reach: f64,
    sequence: u32,
}

/// What everybody does, in both forms.
pub struct Play {
    pub behaviour: Behaviour,
    /// By player: probability of all own moves up to each.
    pub plans: Vec<Vec<f64>>,
}

impl Play {
    pub fn new(flat: &Flat, behaviour: Behaviour) -> Play {
        let mut play = Play {
            plans: behaviour.0.clone(),
            behaviour,
        };
        for player in 0..flat.players() {
            play.realise(flat, player);
        }
        play
    }

    /// Brings the player's plan up to date with the behaviour.
    pub fn realise(&mut self, flat: &Flat, player: usize) {
        flat.sequences[player].realise(&self.behaviour.0[player], &mut self.plans[player]);
    }
}

impl Flat {
    /// For each sequence of the player the sum over the ends right after it of payoff × probability of everybody else's part.
    pub(super) fn gradient(
        &self,
        player: usize,
        play: &Play,
        paid: &mut [f64],
        scratch: &mut Scratch,
    ) {
        match &self.pairs {
            Some(rows) => rows[player].times(&play.plans[1 - player], paid),
            None => self.walk(player, &play.behaviour, paid, scratch),
        }
    }

    fn walk(
        &self,
        player: usize,
        behaviour: &Behaviour,
        paid: &mut [f64],
        Scratch { arrivals }: &mut Scratch,
    ) {
        let (topology, players) = (&self.topology, self.players());
        paid.fill(0.0);
        let start = Arrival {
            reach: 1.0,
            sequence: 0,
        };
        arrivals.resize(topology.nodes(), start);
        let mut arrive = |child: Child, arrival: Arrival, arrivals: &mut [Arrival]| match child {
            Child::Node(node) => arrivals[node as usize] = arrival,
            Child::End(end) => {
                paid[arrival.sequence as usize] +=
                    arrival.reach * self.payoffs[end as usize * players + player];
            }
        };
        arrive(topology.root, start, arrivals);
        for node in 0..topology.nodes() {
            let here = arrivals[node];
            let children = topology.children(node);
            match topology.turns[node] {
                Turn::Set { player: mover, set } if mover as usize == player => {
                    let own = self.sequences[player].of(set as usize);
                    for (child, sequence) in children.iter().zip(own) {
                        let sequence = sequence as u32;
                        arrive(*child, Arrival { sequence, ..here }, arrivals);
                    }
                }
                Turn::Set { player: other, set } => {
                    let moves = self.sequences[other as usize].of(set as usize);
                    let probabilities = &behaviour.0[other as usize][moves];
                    for (child, probability) in children.iter().zip(probabilities) {
                        let reach = here.reach * probability;
                        arrive(*child, Arrival { reach, ..here }, arrivals);
                    }
                }
                Turn::Chance => {
                    for (child, probability) in children.iter().zip(topology.chances(node)) {
                        let reach = here.reach * probability;
                        arrive(*child, Arrival { reach, ..here }, arrivals);
                    }
                }
            }
        }
    }
}
