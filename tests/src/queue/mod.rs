//! The task core against its model and against its promises, with a worker in this process.

mod compute;
mod ending;
mod model;
mod order;
mod report;
mod retract;
