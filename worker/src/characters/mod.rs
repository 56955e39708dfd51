//! The characters' jobs, and the language models that they ask.

mod chat;
mod converse;
mod hash;
mod keep;
pub mod limits;
mod places;
pub mod provider;
mod simulate;
mod spread;
mod think;
mod turns;

pub use places::Places;
