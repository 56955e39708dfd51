//! What a language model is told: who it plays, what is so, what it may do; never more than the budget of its tier.
//!
//! The first message stays the same from call to call (persona, rules), so that providers can cache it; what changes comes last. What
//! players and the world say is quoted ([`quote`]): it can neither end its quotation nor look like a message of ours.

mod budget;
mod chat;
mod decision;
mod hint;
mod persona;
mod quote;
mod situation;
mod summary;
#[cfg(test)]
mod tests;
mod tier;
mod tools;
mod variant;

pub use budget::{Budget, Cut};
pub use chat::{Line, Talk, chat, conversation};
pub use decision::decision;
pub use hint::Hint;
pub(crate) use hint::hints;
pub use summary::{Material, summary};
pub use tier::inference_tier;
pub use variant::{BadVariant, Reading, Variant};

use crate::inference::Request;

/// A request, and what became of its parts on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    pub request: Request,
    pub hints: Vec<Hint>,
    /// What did not fit.
    pub cut: Vec<Cut>,
}

impl Prompt {
    /// All that the model sees, as one text: its hash tells prompts apart.
    pub fn text(&self) -> String {
        serde_json::to_string(&self.request).expect("a request is strings, numbers and lists")
    }
}
