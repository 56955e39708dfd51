//! Whether a fallen flag loses: only if the other side could still mate by some sequence of legal moves (FIDE 6.9).

use shakmaty::{Chess, Color, Position as _};

/// How sure a verdict on a flag is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjudication {
    /// A mate was found, or shown to be impossible.
    Exact,
    /// Judged by the material alone: the search for a mate was given up.
    Static,
}

/// Whether one side can still win.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    pub winnable: Winnable,
    pub adjudication: Adjudication,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Winnable {
    Yes,
    No,
}

/// Whether `winner` could mate if both sides helped.
pub fn winnable(position: &Chess, winner: Color) -> Verdict {
    if position.has_insufficient_material(winner) {
        Verdict {
            winnable: Winnable::No,
            adjudication: Adjudication::Exact,
        }
    } else {
        Verdict {
            winnable: Winnable::Yes,
            adjudication: Adjudication::Static,
        }
    }
}
