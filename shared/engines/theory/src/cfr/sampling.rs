//! Monte Carlo CFR with external sampling: one player tries every move, the moves of all others and of nature are drawn.

use std::sync::atomic::{AtomicBool, Ordering};

use super::flat::Flat;
use super::learner::Learner;
use super::profile::{Behaviour, zeros};
use super::regret::match_regrets;
use super::state::State;
use super::topology::{Child, Turn};

/// Lanctot, Waugh, Zinkevich, Bowling 2009. Every iteration is one traversal for each player; the average is collected where the
/// next player's moves are drawn, as often as they are drawn ("stochastically weighted").
pub struct ExternalSampling<'f> {
    flat: &'f Flat,
    iterations: u64,
    behaviour: Behaviour,
    regrets: Vec<Vec<f64>>,
    sums: Vec<Vec<f64>>,
    random: SplitMix,
    space: Space,
}

/// Buffers of a traversal.
#[derive(Default)]
struct Space {
    pending: Vec<Step>,
    /// The traverser's information sets that were met, each after those before it in play.
    visits: Vec<Visit>,
    /// What each move at them brought, and in front the value of the whole.
    values: Vec<f64>,
}

/// Play that goes on at `child`; its value belongs into slot `value`.
#[derive(Clone, Copy)]
struct Step {
    child: Child,
    value: usize,
    /// Probability of the traverser's own moves so far.
    reach: f64,
}

struct Visit {
    set: usize,
    /// Where the set's value belongs.
    value: usize,
    /// First slot of the values of its moves.
    moves: usize,
}

impl<'f> ExternalSampling<'f> {
    pub fn new(flat: &'f Flat, seed: u64) -> ExternalSampling<'f> {
        ExternalSampling {
            flat,
            iterations: 0,
            behaviour: Behaviour::uniform(flat),
            regrets: zeros(flat),
            sums: zeros(flat),
            random: SplitMix(seed),
            space: Space::default(),
        }
    }

    fn traverse(&mut self, traverser: usize) {
        self.space.visits.clear();
        self.space.values.clear();
        self.space.values.push(0.0);
        self.space.pending.push(Step {
            child: self.flat.topology.root,
            value: 0,
            reach: 1.0,
        });
        while let Some(step) = self.space.pending.pop() {
            self.descend(traverser, step);
        }
        // With perfect recall a traversal meets each of the traverser's sets once at most: own moves lead there in one way only,
        // and everything else is drawn once after each of them. So nothing is read below that was changed here.
        for visit in self.space.visits.iter().rev() {
            let own = self.flat.sequences[traverser].of(visit.set);
            let behaviour = &mut self.behaviour.0[traverser][own.clone()];
            let regrets = &mut self.regrets[traverser][own];
            let values = &self.space.values[visit.moves..][..regrets.len()];
            let pairs = values.iter().zip(&*behaviour);
            let expected: f64 = pairs.map(|(value, share)| value * share).sum();
            for (regret, value) in regrets.iter_mut().zip(values) {
                *regret += value - expected;
            }
            match_regrets(regrets, behaviour);
            self.space.values[visit.value] = expected;
        }
    }

    /// Draws moves until the traverser is to move or play ends.
    fn descend(&mut self, traverser: usize, step: Step) {
        let (flat, players) = (self.flat, self.flat.players());
        let mut at = step.child;
        loop {
            let node = match at {
                Child::Node(node) => node as usize,
                Child::End(end) => {
                    self.space.values[step.value] =
                        flat.payoffs[end as usize * players + traverser];
                    return;
                }
            };
            let children = flat.topology.children(node);
            let (mover, set) = match flat.topology.turns[node] {
                Turn::Chance => {
                    at = children[self.random.draw(flat.topology.chances(node))];
                    continue;
                }
                Turn::Set { player, set } => (player as usize, set as usize),
            };
            let of = flat.sequences[mover].of(set);
            let shares = &self.behaviour.0[mover][of.clone()];
            if mover != traverser {
                if mover == (traverser + 1) % players {
                    for (sum, share) in self.sums[mover][of].iter_mut().zip(shares) {
                        *sum += share;
                    }
                }
                at = children[self.random.draw(shares)];
                continue;
            }
            if players == 1 {
                // Nobody draws the only player's moves: they count by their probability.
                for (sum, share) in self.sums[mover][of].iter_mut().zip(shares) {
                    *sum += step.reach * share;
                }
            }
            let moves = self.space.values.len();
            self.space.visits.push(Visit {
                set,
                value: step.value,
                moves,
            });
            self.space.values.resize(moves + children.len(), 0.0);
            for (action, (child, share)) in children.iter().zip(shares).enumerate() {
                self.space.pending.push(Step {
                    child: *child,
                    value: moves + action,
                    reach: step.reach * share,
                });
            }
            return;
        }
    }

    fn as_state(&self) -> State<'_> {
        State {
            name: "mccfr",
            numbers: vec![self.iterations, self.random.0],
            tables: vec![&self.regrets, &self.sums, &self.behaviour.0],
        }
    }
}

impl Learner for ExternalSampling<'_> {
    fn iterate(&mut self, stop: &AtomicBool) {
        for player in 0..self.flat.players() {
            if stop.load(Ordering::Relaxed) {
                return;
            }
            self.traverse(player);
        }
        self.iterations += 1;
    }

    fn iterations(&self) -> u64 {
        self.iterations
    }

    fn average(&self) -> Behaviour {
        Behaviour::in_proportion(self.flat, self.sums.clone())
    }

    /// Measured on the last traversal; a draw costs about as much as ten steps of a sweep.
    fn work(&self) -> u64 {
        (10 * self.space.values.len() * self.flat.players()) as u64
    }

    fn state(&self) -> Vec<u8> {
        self.as_state().write()
    }

    fn resume(&mut self, state: &[u8]) -> Option<()> {
        let (numbers, tables) = self.as_state().read(state)?;
        let [iterations, random] = numbers.try_into().ok()?;
        let [regrets, sums, behaviour] = tables.try_into().ok()?;
        self.iterations = iterations;
        self.random = SplitMix(random);
        self.regrets = regrets;
        self.sums = sums;
        self.behaviour = Behaviour(behaviour);
        Some(())
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A position, each with its probability; never one of probability 0.
    fn draw(&mut self, probabilities: &[f64]) -> usize {
        // 53 random bits make a double from 0 up to but not including 1.
        let mut rest = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        let mut last = 0;
        for (position, probability) in probabilities.iter().enumerate() {
            if rest < *probability {
                return position;
            }
            rest -= probability;
            if *probability > 0.0 {
                last = position;
            }
        }
        // The probabilities add up to a last digit less than 1.
        last
    }
}
