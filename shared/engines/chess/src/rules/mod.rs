//! The rules beyond single moves: repetition, endings, dead positions, notation.

mod adjudication;
mod confinement;
mod helpmate;
mod history;
mod locked;
pub mod notation;

pub use adjudication::{Adjudication, Verdict, Winnable, is_dead, winnable};
pub use history::{BadHistory, History};
