//! What the analyses that learn iteration by iteration share: the loop, and wording how far it came.

use serde_json::{Map, Value, json};

use super::infostates::Listing;
use super::{AnalysisError, Control, Progress, Unfit};
use crate::cfr::{Distance, Flat, Learner, Refusal, distance, recall_and_size, zero_sum};
use crate::game::{ExtensiveGame, Game};

/// Elementary steps between two questions whether it is time to keep the state; about a millisecond.
const ASK_EVERY: u64 = 1_000_000;
/// Elementary steps between two reports: a tenth of a second in games of thousands of nodes, a second in tiny ones, where the
/// steps are not what takes the time.
const REPORT_EVERY: u64 = 50_000_000;
/// Strategies with more numbers are not sent along with reports.
const MOST_REPORTED: usize = 20_000;
/// Measuring a stopped run may take this many elementary steps, well below the 50 ms in which it has to end.
const MOST_AFTER_STOP: u64 = 2_000_000;

/// A tree that can be flattened.
pub fn remembers(game: &Game) -> Result<(), Unfit> {
    let Game::Extensive(tree) = game else {
        return Ok(());
    };
    recall_and_size(tree).map_err(|refusal| Unfit(refusal.to_string()))
}

/// A tree that can be flattened, of two players with opposed interests.
pub fn is_zero_sum(game: &Game) -> Result<(), Unfit> {
    remembers(game)?;
    let Game::Extensive(tree) = game else {
        return Ok(());
    };
    if zero_sum(tree).map_err(|refusal| Unfit(refusal.to_string()))? {
        return Ok(());
    }
    Err(Unfit(
        "a two-player zero-sum game is needed: the two payoffs must add up to the same at every end"
            .to_owned(),
    ))
}

/// The tree itself: an analysis that takes trees only gets nothing else.
pub fn tree(game: &Game) -> Result<&ExtensiveGame, AnalysisError> {
    match game {
        Game::Extensive(tree) => Ok(tree),
        _ => Err(AnalysisError::Unfit(Unfit(format!(
            "a game in extensive form is needed, not in {} form",
            game.format()
        )))),
    }
}

impl From<Refusal> for AnalysisError {
    fn from(refusal: Refusal) -> AnalysisError {
        match refusal {
            Refusal::Unfit(what) => AnalysisError::Unfit(Unfit(what)),
            Refusal::Stopped => AnalysisError::Stopped,
        }
    }
}

/// A run of a learner in a game.
pub struct Run<'a> {
    pub game: &'a ExtensiveGame,
    pub flat: &'a Flat,
    /// As clients know the algorithm.
    pub algorithm: &'a str,
    /// How many iterations to run altogether.
    pub iterations: u64,
    pub control: &'a Control<'a>,
}

impl Run<'_> {
    /// Iterates from where an earlier attempt came to, until done or stopped; a run stopped before its first iteration has no result.
    pub fn drive(
        &self,
        learner: &mut dyn Learner,
        details: &dyn Fn(&dyn Learner) -> Map<String, Value>,
    ) -> Result<(), AnalysisError> {
        if let Some(state) = self.control.keeper.kept() {
            // A state of something else is no reason to fail: the run begins anew.
            let _ = learner.resume(&state);
        }
        let (mut unasked, mut unreported) = (0, 0);
        while learner.iterations() < self.iterations && !self.control.stopped() {
            learner.iterate(self.control.stop);
            let work = learner.work();
            unasked += work;
            unreported += work;
            if unasked >= ASK_EVERY {
                unasked = 0;
                if self.control.keeper.due() {
                    self.control.keeper.keep(learner.state());
                }
            }
            if unreported >= REPORT_EVERY {
                unreported = 0;
                self.report(learner, details);
            }
        }
        if learner.iterations() == 0 {
            return Err(AnalysisError::Stopped);
        }
        // A run that was cut short may go on elsewhere: where its process leaves, that is now.
        if learner.iterations() < self.iterations && self.control.keeper.due() {
            self.control.keeper.keep(learner.state());
        }
        Ok(())
    }

    fn report(&self, learner: &dyn Learner, details: &dyn Fn(&dyn Learner) -> Map<String, Value>) {
        let done = learner.iterations();
        let mut message = format!("iteration {done} of {}", self.iterations);
        if let Some(reached) = self.reached(learner) {
            if self.flat.is_zero_sum() {
                message += &format!(", exploitability {:.3e}", reached.exploitability());
            } else {
                message += &format!(", gains by deviating {:.3e}", reached.nash_conv());
            }
        }
        let numbers: usize = self.flat.sequences.iter().map(|of| of.len()).sum();
        let partial = (numbers <= MOST_REPORTED).then(|| Value::Object(details(learner)));
        (self.control.progress)(Progress {
            fraction: Some(done as f64 / self.iterations as f64),
            message,
            partial,
        });
    }

    /// How good average play is by now, unless the run is to end and this would take too long.
    pub fn reached(&self, learner: &dyn Learner) -> Option<Distance> {
        let affordable = !self.control.stopped() || self.flat.work() <= MOST_AFTER_STOP;
        affordable.then(|| distance(self.flat, &learner.average()))
    }

    /// The average strategy, what it is worth and how far it is from equilibrium.
    pub fn details(&self, learner: &dyn Learner) -> Map<String, Value> {
        let players = self.game.players();
        let mut details = Map::from_iter([
            ("algorithm".to_owned(), json!(self.algorithm)),
            ("iterations".to_owned(), json!(learner.iterations())),
            ("players".to_owned(), json!(players)),
        ]);
        Listing::new(self.game, self.flat, self.control).add(&mut details, &learner.average());
        if let Some(reached) = self.reached(learner) {
            let by_player = |values: &[f64]| -> Map<String, Value> {
                let values = values.iter().map(|value| json!(value));
                players
                    .iter()
                    .map(ToString::to_string)
                    .zip(values)
                    .collect()
            };
            details.insert("payoffs".to_owned(), json!(by_player(&reached.values)));
            details.insert("regrets".to_owned(), json!(by_player(&reached.gains)));
            details.insert("nash_conv".to_owned(), json!(reached.nash_conv()));
            if self.flat.is_zero_sum() {
                details.insert("exploitability".to_owned(), json!(reached.exploitability()));
            }
        }
        if !self.flat.is_zero_sum() {
            details.insert(
                "note".to_owned(),
                json!("only in two-player zero-sum games is this sure to approach an equilibrium; `regrets` says how far this strategy is from one"),
            );
        }
        details
    }
}
