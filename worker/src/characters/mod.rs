//! The characters' jobs, and the language models that they ask.

pub mod limits;
pub mod provider;
