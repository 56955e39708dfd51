//! Characters: who they are, what they are to players and each other, and their turns.
//!
//! A mind is changed in two ways only: [`Characters::change_mind`] for what somebody wants at once, and a turn (`turn`), which also
//! takes in the letters that others wrote. What one mind does to another goes by letter.

mod archetypes;
mod boost;
pub mod calls;
mod cards;
mod change;
mod character;
mod chat;
mod commit;
mod conversations;
mod decisions;
mod due;
mod events;
mod experiments;
mod factions;
mod facts;
mod far_recall;
mod figures;
mod groups;
mod housekeeping;
pub mod inference_health;
mod keep;
mod list;
mod members;
mod memories;
mod memory_edits;
mod overdue;
mod recall;
mod relations;
mod scene;
mod seed;
mod simulate;
pub mod state;
mod succession;
mod tallies;
mod think;
mod ties;
mod turn;
mod world;

use std::sync::Arc;

use uuid::Uuid;

use recall::Shelves;

use crate::{Store, StoreError};

pub use archetypes::archetype;
pub use boost::{Closeness, DEFAULT_PLAYER};
pub use cards::NewCard;
pub use change::Subject;
pub use character::{Character, NewCharacter};
pub use chat::{Chat, PastMessage, Reasons, Said, Talk, reply_channel};
pub use commit::{Announced, DECISIONS, OFFLINE};
pub use conversations::{Beginning, Conversation, Converse, Line, NewConversation, USUAL_TURNS};
pub use decisions::{DecisionFilter, LoggedDecision};
pub use due::{Keep, React, Spread, Think, Tick, TickDormant, TickSlowly};
pub use experiments::{Experiment, ExperimentReport, NewVariant, VariantReport};
pub use facts::{NewFact, WorldFact};
pub use figures::{Metrics, Stats, WINDOW_MS};
pub use groups::NewGroup;
pub use keep::DueSummary;
pub use list::{Listed, Page};
pub use memories::{Extent, MAX_CONTENT_BYTES, MemoryFilter, MemoryPage, StoredMemory};
pub use memory_edits::Pin;
pub use recall::{Ask, Breadth};
pub use scene::Scene;
pub use seed::seed_tavern;
pub use simulate::{Origin, Simulate};
pub use succession::{Candidate, Succession};
pub use think::{Conclusion, LEASE, Thought};
pub use ties::{Direction, Pair, Tie};
pub use turn::{Decided, Next, Outcome, Turn, Turns};
pub use world::{World, WorldChange};

/// A process' way to the characters. Cheap to clone.
#[derive(Clone)]
pub struct Characters {
    store: Store,
    /// Whose tallies these are.
    source: Uuid,
    /// Memories of those who were asked for theirs last.
    shelves: Arc<Shelves>,
}

/// Why something about a character was not done.
#[derive(Debug, thiserror::Error)]
pub enum CharacterError {
    #[error("Character not found: {0}")]
    NotFound(String),
    #[error("Character already exists: {0}")]
    Exists(String),
    #[error("Unknown archetype: {0}")]
    UnknownArchetype(String),
    /// Something of theirs that was asked for by its id.
    #[error("{what} not found: {id}")]
    Missing { what: &'static str, id: String },
    /// What the engine does not let be, in its words.
    #[error("{0}")]
    Impossible(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for CharacterError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Characters {
    pub fn new(store: Store) -> Self {
        Self {
            store,
            source: Uuid::now_v7(),
            shelves: Arc::new(Shelves::new()),
        }
    }

    pub fn store(&self) -> &Store {
        &self.store
    }
}
