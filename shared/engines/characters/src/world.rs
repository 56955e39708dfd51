//! A whole world as a value: what a seed world is given as, and what a simulation starts from.

mod exported;

use std::collections::BTreeMap;

use crate::archetype::Archetype;
use crate::closeness::Proximity;
use crate::decision::Fact;
use crate::hierarchy::{Faction, Rank};
use crate::letter::Letter;
use crate::memory::NewMemory;
use crate::relationship::Relationship;
use crate::{Config, Mind, Now, Persona};

#[derive(Debug, Clone, Default, PartialEq)]
pub struct World {
    /// What its clock shows.
    pub now: Now,
    pub config: Config,
    /// Those that are in no catalogue.
    pub archetypes: Vec<Archetype>,
    pub people: Vec<Inhabitant>,
    pub facts: Vec<Fact>,
    pub factions: Vec<Faction>,
    pub ranks: Vec<Rank>,
}

/// A character with all that is its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Inhabitant {
    pub persona: Persona,
    pub mind: Mind,
    /// The player it is closest to, and how close.
    pub player_id: String,
    pub proximity: Proximity,
    /// What it holds of others, by their ids.
    pub relationships: BTreeMap<String, Relationship>,
    /// Oldest first.
    pub memories: Vec<NewMemory>,
    /// What it has yet to take in.
    pub mail: Vec<Letter>,
}
