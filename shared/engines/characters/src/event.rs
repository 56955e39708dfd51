//! Something that happened in the game.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::text::fit;
use crate::words;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub target: Option<String>,
    #[serde(default)]
    pub data: Value,
    /// 1 to 10; unsaid: by its type.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub importance: Option<f64>,
    /// Milliseconds since 1970, as the client says.
    pub timestamp: i64,
}

/// What is told of an event: so many bytes, so many of its details.
const LONGEST_TELLING: usize = 240;
const MOST_DETAILS: usize = 4;
const LONGEST_DETAIL: usize = 60;

impl Event {
    /// Where it happened, if its data say so.
    pub fn location(&self) -> Option<&str> {
        self.data.get("location").and_then(Value::as_str)
    }

    /// In a few words, as somebody would note it: `bar fight by patron (severity: minor)`.
    pub fn told(&self) -> String {
        let mut told = String::with_capacity(64);
        for word in words::of(&self.kind) {
            if !told.is_empty() {
                told.push(' ');
            }
            told.push_str(word);
            if told.len() > LONGEST_TELLING {
                break;
            }
        }
        for (role, who) in [(" by ", &self.source), (" to ", &self.target)] {
            if let Some(who) = who {
                told.push_str(role);
                told.push_str(&fit(who, LONGEST_DETAIL));
            }
        }
        self.tell_details(&mut told);
        fit(&told, LONGEST_TELLING)
    }

    fn tell_details(&self, told: &mut String) {
        let Some(data) = self.data.as_object() else {
            return;
        };
        let mut before = " (";
        for (name, value) in data.iter().take(MOST_DETAILS) {
            let name = fit(name, LONGEST_DETAIL);
            // Writing into a string cannot fail.
            let _ = match value {
                Value::String(text) => {
                    write!(told, "{before}{name}: {}", fit(text, LONGEST_DETAIL))
                }
                Value::Number(number) => write!(told, "{before}{name}: {number}"),
                Value::Bool(is) => write!(told, "{before}{name}: {is}"),
                _ => continue,
            };
            before = ", ";
        }
        if before == ", " {
            told.push(')');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, data: Value) -> Event {
        Event {
            kind: kind.to_owned(),
            source: Some("patron".to_owned()),
            target: None,
            data,
            importance: Some(7.0),
            timestamp: 1_709_000_000_000,
        }
    }

    #[test]
    fn an_event_is_told_in_a_few_words() {
        let fight = event(
            "bar_fight",
            serde_json::json!({ "severity": "minor", "location": "tavern", "who": [1, 2] }),
        );
        assert_eq!(
            fight.told(),
            "bar fight by patron (location: tavern, severity: minor)"
        );
        assert_eq!(fight.location(), Some("tavern"));
        assert_eq!(event("rain", Value::Null).told(), "rain by patron");
        let endless = event(
            &"ü_".repeat(100_000),
            serde_json::json!({ "x": "y".repeat(9_999) }),
        );
        assert!(endless.told().len() <= LONGEST_TELLING);
    }
}
