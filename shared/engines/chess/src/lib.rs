//! Chess: the rules of live games as a pure state machine, and an engine that plays.
//!
//! Knows no clock, network, file or entropy: durations, seeds and the stop flag are arguments.

pub mod board;
pub mod bot;
pub mod eval;
pub mod live;
pub mod pgn;
pub mod rules;
pub mod search;
pub mod uci;
