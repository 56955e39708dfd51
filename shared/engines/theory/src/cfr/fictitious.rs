//! Fictitious play in extensive form: everybody answers the others' average play with a best response.

use std::sync::atomic::{AtomicBool, Ordering};

use super::flat::Flat;
use super::gradient::{Play, Scratch};
use super::learner::Learner;
use super::profile::{Behaviour, zeros};
use super::response::respond;
use super::state::State;

/// XFP (Heinrich, Lanctot, Silver 2015): mixes realisation plans, which is what averages whole strategies in behaviour.
///
/// The first best responses, to uniform play, are mixed with it half and half; those of iteration t count 1 / (t + 1).
pub struct FictitiousPlay<'f> {
    flat: &'f Flat,
    iterations: u64,
    average: Play,
    paid: Vec<f64>,
    /// A best response, as behaviour; and by player as plan.
    reply: Vec<f64>,
    replies: Vec<Vec<f64>>,
    scratch: Scratch,
}

impl<'f> FictitiousPlay<'f> {
    pub fn new(flat: &'f Flat) -> FictitiousPlay<'f> {
        FictitiousPlay {
            flat,
            iterations: 0,
            average: Play::new(flat, Behaviour::uniform(flat)),
            paid: Vec::new(),
            reply: Vec::new(),
            replies: zeros(flat),
            scratch: Scratch::default(),
        }
    }

    fn as_state(&self) -> State<'_> {
        State {
            name: "fictitious_play",
            numbers: vec![self.iterations],
            tables: vec![&self.average.plans],
        }
    }
}

impl Learner for FictitiousPlay<'_> {
    fn iterate(&mut self, stop: &AtomicBool) {
        for (player, sequences) in self.flat.sequences.iter().enumerate() {
            if stop.load(Ordering::Relaxed) {
                return;
            }
            self.paid.resize(sequences.len(), 0.0);
            self.reply.resize(sequences.len(), 0.0);
            self.flat
                .gradient(player, &self.average, &mut self.paid, &mut self.scratch);
            respond(sequences, &mut self.paid, &mut self.reply);
            sequences.realise(&self.reply, &mut self.replies[player]);
        }
        self.iterations += 1;
        let share = 1.0 / (self.iterations + 1) as f64;
        for (player, sequences) in self.flat.sequences.iter().enumerate() {
            let plan = &mut self.average.plans[player];
            for (average, reply) in plan.iter_mut().zip(&self.replies[player]) {
                *average += share * (reply - *average);
            }
            let behaviour = &mut self.average.behaviour.0[player];
            behaviour.clone_from(plan);
            sequences.normalise(behaviour);
        }
    }

    fn iterations(&self) -> u64 {
        self.iterations
    }

    fn average(&self) -> Behaviour {
        self.average.behaviour.clone()
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
        let [plans] = tables.try_into().ok()?;
        self.iterations = iterations;
        self.average = Play {
            behaviour: Behaviour::in_proportion(self.flat, plans.clone()),
            plans,
        };
        Some(())
    }
}
