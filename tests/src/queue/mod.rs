//! The task core against its model and against its promises, with nothing broken around it.

mod compute;
mod due;
mod ending;
mod live;
mod model;
mod order;
mod report;
mod retract;
