//! The theory contract: games, conversions, analyses.

mod analyses;
mod at_once;
mod equilibria;
mod games;
mod hostile;
mod malformed;
pub mod steps;
mod upload;
