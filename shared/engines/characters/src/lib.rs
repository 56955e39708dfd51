//! The mind of a game character, as a pure library: what it feels, needs, remembers and intends, and what it does next.
//!
//! Nothing here knows a clock, a network or a database. Time is [`Now`], chance is a seed, a language model is a reply that somebody
//! else fetched. Whatever fades does so by a closed form: it is stored as of a tick and worked out when it is read, so that an idle
//! character costs nothing.
//!
//! A turn goes: [`turn::take_in`] settles the mind and folds in the mail, then either [`offline`] decides or a language model does
//! ([`prompt`], [`reply`]), and [`turn::carry_out`] says what follows from it.

pub mod archetype;
mod bounds;
pub mod card;
pub mod closeness;
pub mod config;
pub mod decision;
#[cfg(test)]
mod dice;
pub mod emotion;
pub mod event;
pub mod experiment;
pub mod gate;
pub mod goal;
pub mod gossip;
pub mod group;
mod hash;
pub mod hierarchy;
pub mod inference;
pub mod letter;
pub mod memory;
pub mod mind;
pub mod need;
pub mod offline;
pub mod persona;
pub mod prompt;
pub mod relationship;
pub mod reply;
pub mod reputation;
pub mod routine;
#[cfg(test)]
mod scene;
pub mod simulate;
pub mod tavern;
mod text;
pub mod ticks;
pub mod turn;
mod words;
pub mod world;

pub use config::Config;
pub use mind::Mind;
pub use persona::Persona;
pub use ticks::Now;
