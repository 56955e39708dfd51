//! What a running analysis has to do with the world around it: stopping, telling, threads, and keeping its state.

use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;
use serde_json::Value;

/// How a running analysis is stopped, whom it tells how far it is, how many threads it may use and where it keeps its state.
///
/// Made by [`Control::new`]; what it leaves quiet is set by struct update.
#[derive(Clone, Copy)]
pub struct Control<'a> {
    pub stop: &'a AtomicBool,
    pub progress: &'a (dyn Fn(Progress) + Sync),
    /// How many threads the run may use at this moment, itself included; at least 1.
    pub threads: &'a (dyn Fn() -> usize + Sync),
    pub keeper: &'a dyn Keeper,
}

/// Where a long run keeps its state, so that another attempt can go on from it.
pub trait Keeper: Sync {
    /// What an earlier attempt at the same run kept last.
    fn kept(&self) -> Option<Vec<u8>>;
    /// Whether it is time to keep something: the engine has no clock. Cheap, to be asked often.
    fn due(&self) -> bool;
    fn keep(&self, state: Vec<u8>);
}

/// How far a running analysis is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Progress {
    /// Done share between 0 and 1, where it can be known.
    pub fraction: Option<f64>,
    pub message: String,
    /// The details as they would be if the run stopped now.
    pub partial: Option<Value>,
}

impl<'a> Control<'a> {
    /// Tells nobody, uses one thread and keeps nothing.
    pub fn new(stop: &'a AtomicBool) -> Control<'a> {
        Control {
            stop,
            progress: &|_| {},
            threads: &|| 1,
            keeper: &Forgetful,
        }
    }

    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

struct Forgetful;

impl Keeper for Forgetful {
    fn kept(&self) -> Option<Vec<u8>> {
        None
    }

    fn due(&self) -> bool {
        false
    }

    fn keep(&self, _: Vec<u8>) {}
}
