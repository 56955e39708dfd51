//! The whole state of the characters as one document: writing it, making it the world, keeping it under a name, comparing two.
//!
//! What is in it is said in `record`, how it comes out of the tables in `rows`, how it goes back in `write`. The ledger of calls,
//! the counts and the snapshots themselves are the server's, not the world's, and stay.

mod check;
mod compare;
mod export;
mod import;
mod place;
mod reading;
mod record;
mod rows;
mod snapshots;
mod sound_mind;
mod write;

use crate::StoreError;

pub use compare::{ChangeKind, Difference, FieldChange, RecordChange, SectionChanges};
pub use export::{DecisionLog, Export, Piece};
pub use import::Counts;
pub use reading::Fault;
pub use snapshots::{Figures, Label, Snapshot};

/// Why a state was not kept, shown or made the world.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The document is at fault.
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error("Snapshot not found: {0}")]
    NoSnapshot(String),
    /// A state that could be kept but never be read again would be worse.
    #[error("The state is too large for a snapshot")]
    TooLarge,
    #[error(transparent)]
    Store(#[from] StoreError),
}
