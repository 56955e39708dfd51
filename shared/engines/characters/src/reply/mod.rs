//! What a language model answered, read with patience and with distrust.
//!
//! Models break JSON, invent tools, think aloud, narrate and repeat what players told them to say. Whatever comes in, what goes out is
//! an action that the character can take, or words without markup; never an empty one, which would poison its memory.

mod call;
mod find;
#[cfg(test)]
mod hostile;
mod json;
mod near;
mod speech;
mod summary;
#[cfg(test)]
mod tests;
mod thought;

use serde::Serialize;

use crate::Persona;
use crate::decision::{Action, Percept};
use crate::inference::{Message, Reply, Role};

use call::Called;
use find::Found;

pub use summary::summary;

/// Nothing can be made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// No words and no call, or thoughts only. Where the reply was cut off, a larger budget may help.
    #[error("the model's reply was empty")]
    Empty,
    #[error("the model's reply was not the JSON that was asked for")]
    Malformed,
}

/// Where in the reply the action was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The provider's own field.
    Native,
    /// `<tool_call>…</tool_call>`
    Tagged,
    CodeBlock,
    InlineJson,
    /// A tool's name with or without arguments, in no JSON.
    Fuzzy,
    Dialogue,
    Idle,
}

/// What became of a reply.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub action: Action,
    pub stage: Stage,
    /// It tells what the character does instead of doing it: asking once more, with [`nudge`], may help. The action is what can be made
    /// of it all the same.
    pub narrated: bool,
    /// What had to be mended, for people.
    pub mended: Vec<String>,
}

/// More of a reply than this is not looked at.
const MOST_READ: usize = 32_768;
/// Words that a character says at once, in bytes: for a decision, and for a talk (300 tokens of four bytes, and some).
const MOST_SAID: usize = 600;
const MOST_TOLD: usize = 2_000;

/// An action out of a reply to [`crate::prompt::decision`].
pub fn decision(reply: &Reply, percept: &Percept<'_>) -> Result<Reading, Unusable> {
    let mut mended = Vec::new();
    for native in reply.tool_calls.iter().take(8) {
        let found = Found::native(native);
        if let Some(called) = call::resolve(&found, percept, &mut mended) {
            return Ok(acting(called, Stage::Native, mended));
        }
    }
    let text = thought::without(crate::text::head(&reply.text, MOST_READ));
    if text.trim().is_empty() {
        // A call that could not be mended is an answer too: one that does nothing.
        return match reply.tool_calls.is_empty() {
            true => Err(Unusable::Empty),
            false => Ok(acting(Called::Idle, Stage::Idle, mended)),
        };
    }
    for (stage, found) in find::calls(&text, percept) {
        if let Some(called) = call::resolve(&found, percept, &mut mended) {
            return Ok(acting(called, stage, mended));
        }
    }
    let words = find::without_calls(&text);
    if find::says_idle(&words) {
        return Ok(acting(Called::Idle, Stage::Idle, mended));
    }
    let spoken = speech::spoken(&words, percept.who);
    let narrated = spoken.narrated;
    let said = speech::finished(&spoken.text, MOST_SAID, reply.cut_off);
    let called = match said.is_empty() {
        true => Called::Idle,
        false => Called::Says(said),
    };
    let stage = match called {
        Called::Idle => Stage::Idle,
        _ => Stage::Dialogue,
    };
    Ok(Reading {
        narrated,
        ..acting(called, stage, mended)
    })
}

/// The words of a reply to [`crate::prompt::chat`] or [`crate::prompt::conversation`].
pub fn speech(reply: &Reply, who: &Persona) -> Result<String, Unusable> {
    let text = thought::without(crate::text::head(&reply.text, MOST_READ));
    let words = match find::words_in_json(&text) {
        Some(words) => words,
        None => find::without_calls(&text),
    };
    let spoken = speech::spoken(&words, who);
    // Who only narrates in a talk has answered in his way.
    let words = match spoken.text.is_empty() {
        true => spoken.narration,
        false => spoken.text,
    };
    let said = speech::finished(&words, MOST_TOLD, reply.cut_off);
    match said.is_empty() {
        true => Err(Unusable::Empty),
        false => Ok(said),
    }
}

/// What to say to a model that narrated: to be put behind its prompt, once.
pub fn nudge() -> Message {
    Message {
        role: Role::User,
        content: "That told a story about you. Act instead: call one tool, or say only the words you speak aloud.".to_owned(),
    }
}

fn acting(called: Called, stage: Stage, mended: Vec<String>) -> Reading {
    let action = match called {
        Called::Tool { tool, arguments } => Action::ToolCall { tool, arguments },
        Called::Says(text) => Action::Dialogue { text },
        Called::Idle => Action::Idle,
    };
    Reading {
        action,
        stage,
        narrated: false,
        mended,
    }
}
