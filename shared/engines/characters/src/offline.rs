//! Minds without a language model: what they do comes from scores, what they say from sentences with gaps. The same seed, character and
//! occasion give the same answer, at once and for nothing. It is what characters have by default, and what they fall back on.

mod about;
mod arguments;
mod chance;
mod chat;
mod converse;
mod decide;
mod leanings;
mod moment;
mod options;
mod phrases;
mod pieces;
mod remembering;
#[cfg(test)]
mod tests;
mod voice;
mod wording;

pub(crate) use chance::fnv;
pub use chat::chat;
pub use converse::converse;
pub use decide::decide;
pub use pieces::pieces;

use crate::inference::{Usage, estimated_tokens};

/// What a model would have used for this, by the estimate: nothing was cached.
pub fn usage(prompt: &str, reply: &str) -> Usage {
    Usage {
        prompt_tokens: estimated_tokens(prompt),
        cached_tokens: 0,
        completion_tokens: estimated_tokens(reply),
    }
}
