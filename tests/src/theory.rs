//! The theory contract: games, conversions, analyses.

mod analyses;
mod at_once;
mod cache;
mod concepts;
mod diagrams;
mod equilibria;
mod files;
mod games;
mod hostile;
mod hostile_forms;
mod learning;
mod long_runs;
mod malformed;
mod options;
mod plugins;
mod programs;
pub mod steps;
mod upload;
