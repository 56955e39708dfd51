//! Live chess over HTTP, sockets and streams, as the contract and the rules of the game have it.

mod board;
mod bots;
mod clocks;
mod courtesies;
mod draws;
mod endings;
mod flags;
mod hostile;
mod keys;
mod known_games;
pub mod lists;
mod live_drain;
mod live_gaps;
mod live_socket;
mod live_stream;
pub mod players;
mod races;
mod rules;
mod scenarios;
mod shapes;
mod socket;
mod tokens;
