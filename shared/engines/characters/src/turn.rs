//! A character's turn: what came in is taken in, what was decided is carried out.

use crate::decision::{Action, Effects, Percept};
use crate::letter::Letter;
use crate::memory::NewMemory;
use crate::{Config, Mind, Now, Persona};

/// Settles the mind to now and folds the letters in, oldest first. What is worth keeping comes back as memories.
pub fn take_in(
    _who: &Persona,
    _mind: &mut Mind,
    _letters: &[Letter],
    _now: Now,
    _config: &Config,
) -> Vec<NewMemory> {
    Vec::new()
}

/// What the action changes: the own mind here, the rest as effects.
pub fn carry_out(percept: &Percept<'_>, action: &Action) -> (Mind, Effects) {
    let mut mind = percept.mind.clone();
    mind.decisions += 1;
    let _ = action;
    (mind, Effects::default())
}
