//! A live game between two seats: what it is, what may be done to it, and what that changes. Time is not known here: a
//! change says what happens to the clocks, the store reckons them by Postgres' clock.

mod command;
mod draw;
mod game;
mod play;
mod refusal;
mod state;
mod takeback;
mod words;

pub use command::{Change, Clocks, Command, Event, Played};
pub use game::Challenge;
pub use refusal::{Fault, Refusal};
pub use state::{
    ColorPreference, DrawPolicy, EndReason, Ending, Game, GameResult, Offers, Seat, Seats, Status,
};
pub use words::UnknownWord;
