//! `characters.simulate`: a world runs by itself for a while.
//!
//! Reads what it starts from and writes nothing but the task's own result, so that running it twice does no harm.

use std::time::Duration;

use rookery_characters::simulate::{Report, Simulation};
use rookery_characters::world::World;
use rookery_queue::worker::{Context as JobContext, Job, JobError, Stop};
use rookery_shared::characters::Simulate;
use rookery_shared::characters::state::StateError;

use crate::context::Context;

/// More would take longer than anybody waits.
const MOST_PEOPLE: usize = 10_000;

impl Job<Context> for Simulate {
    const TIMEOUT: Duration = Duration::from_secs(1_800);
    const CONCURRENCY: usize = 2;

    async fn run(self, context: JobContext<Context>, stop: Stop) -> Result<Report, JobError> {
        let world = context.app.cast.copied(&self.from).await.map_err(unread)?;
        if world.people.len() > MOST_PEOPLE {
            let text = format!("VALIDATION_ERROR: at most {MOST_PEOPLE} characters are simulated");
            return Err(JobError::Refused(text));
        }
        let report = context.compute(&stop, move |stop| simulated(self, world, stop));
        report.await.ok_or(JobError::Stopped)
    }
}

fn unread(error: StateError) -> JobError {
    match error {
        StateError::NoSnapshot(_) => JobError::Refused(format!("NOT_FOUND: {error}")),
        StateError::Fault(_) | StateError::TooLarge => {
            JobError::Refused(format!("VALIDATION_ERROR: {error}"))
        }
        StateError::Store(error) => JobError::Retry(error.into()),
    }
}

/// None: it was told to stop.
fn simulated(order: Simulate, world: World, stop: &Stop) -> Option<Report> {
    let mut simulation = Simulation::new(world, order.seed, order.events);
    while simulation.passed() < order.fast_ticks {
        if stop.reason().is_some() {
            return None;
        }
        simulation.step();
    }
    Some(simulation.report())
}
