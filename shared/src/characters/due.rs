//! What falls due among characters. The truth is in `characters_minds`; a hint carries a character's key.

use rookery_queue::Due;

/// An active character's turn: `next_tick_at`.
pub struct Tick;

impl Due for Tick {
    const KIND: &'static str = "characters.tick";
}

/// The turn of a background character, and of dormant ones one after the other.
pub struct TickSlowly;

impl Due for TickSlowly {
    const KIND: &'static str = "characters.tick.slow";
}

/// Something happened that somebody has to react to: `called_at`. Apart, so that it waits behind no tick.
pub struct React;

impl Due for React {
    const KIND: &'static str = "characters.react";
}

/// A decision that a language model is to make: `thinking`.
pub struct Think;

impl Due for Think {
    const KIND: &'static str = "characters.think";
}

/// An event has to reach those whom it concerns: a row of `characters_events`.
pub struct Spread;

impl Due for Spread {
    const KIND: &'static str = "characters.spread";
}

/// Dormant characters take turns, some each slow tick: one alarm for the world, whose id is nil.
pub struct TickDormant;

impl Due for TickDormant {
    const KIND: &'static str = "characters.tick.dormant";
}

/// Memories have changed and are to be looked through: `keep_at`.
pub struct Keep;

impl Due for Keep {
    const KIND: &'static str = "characters.keep";
}
