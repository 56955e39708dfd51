//! The rules beyond single moves: repetition, endings, dead positions, notation.

mod history;

pub use history::History;
