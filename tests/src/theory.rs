//! The theory contract: games, conversions, analyses.

mod analyses;
mod at_once;
mod cache;
mod equilibria;
mod files;
mod games;
mod hostile;
mod malformed;
mod plugins;
pub mod steps;
mod upload;
