//! The Universal Chess Interface (Huber and Meyer-Kahlen, 2006) as pure functions: lines in, lines out.

mod clock;
mod reply;
mod request;
mod setup;
#[cfg(test)]
mod tests;

pub use clock::{Budget, Clock};
pub use reply::{best_move, greeting, info, played};
pub use request::{Go, Request, SetOption};
pub use setup::{Setup, SetupError};
