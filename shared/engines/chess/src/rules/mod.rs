//! The rules beyond single moves: repetition, endings, dead positions, notation.

mod adjudication;
mod history;
pub mod notation;

pub use adjudication::{Adjudication, Verdict, Winnable, winnable};
pub use history::{BadHistory, History};
