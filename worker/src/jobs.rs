//! THE list of jobs: one line each.

use rookery_queue::worker::Worker;
use rookery_shared::characters::{
    Chat, Converse, Keep, React, Simulate, Spread, Think, Tick, TickDormant, TickSlowly,
};
use rookery_shared::chess::{BotMove, BotThink, ClockCheck, GameEnded};
use rookery_shared::theory::{Analyze, Look};

use crate::context::Context;

pub fn all(worker: Worker<Context>) -> Worker<Context> {
    worker
        .job::<Analyze>()
        .job::<Look>()
        .due::<ClockCheck>()
        .due::<BotMove>()
        .due::<BotThink>()
        .due::<GameEnded>()
        .job::<Chat>()
        .job::<Converse>()
        .job::<Simulate>()
        .due::<Spread>()
        .due::<React>()
        .due::<Think>()
        .due::<Tick>()
        .due::<TickSlowly>()
        .due::<TickDormant>()
        .due::<Keep>()
}
