//! What reaches a character from outside: whoever touches another mind writes to it, and it takes the letter in at its next turn. So
//! that no decision ever changes two minds.

use serde::{Deserialize, Serialize};

use crate::emotion::Emotion;
use crate::event::Event;
use crate::goal::Goal;
use crate::gossip::Rumour;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Letter {
    /// Something happened that concerns the character.
    Event {
        event: Event,
        importance: f64,
    },
    /// Somebody said something to it.
    Said {
        from: String,
        name: String,
        text: String,
    },
    /// Somebody did something to it or before its eyes.
    Done {
        from: String,
        name: String,
        tool: String,
        what: String,
        /// Whom it was done to, if anybody: a character's id.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        to: Option<String>,
    },
    Told {
        rumour: Rumour,
    },
    /// A mood that spread.
    Infected {
        from: String,
        emotion: Emotion,
        intensity: f64,
    },
    /// Somebody who may gives it something to do.
    Ordered {
        from: String,
        name: String,
        goal: Goal,
    },
    /// Its name got better or worse.
    Regarded {
        dimension: String,
        delta: f64,
    },
}
