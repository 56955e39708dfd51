//! The edge and the platform's own operations: what holds whatever the area is.

mod access;
mod documentation;
mod envelopes;
mod exchange;
mod health;
mod limits;
mod outage;
