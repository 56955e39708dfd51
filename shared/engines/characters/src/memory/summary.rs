//! What is left of long acquaintance: drawn from the weightiest memories, or read from what a language model made of them.

use serde::Deserialize;
use serde_json::Value;

use super::consolidation::sentence;
use super::{Kind, Memory};
use crate::mind::Summary;

/// So many memories are told.
const TOLD: usize = 4;
/// Facts that are kept, and how long a part of a summary may be: a model that rambles must not fill the prompt for ever.
const MOST_FACTS: usize = 12;
const MOST_CHARS: usize = 1_500;
const MOST_FACT_CHARS: usize = 300;

/// What a summary says, before it has a version.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub summary: String,
    pub relationship_notes: String,
    pub key_facts: Vec<String>,
}

impl Draft {
    /// Of what a character remembers of somebody, without a model. None if that is nothing.
    pub fn drawn_from(memories: &[Memory], slow: u64) -> Option<Self> {
        let mut weightiest: Vec<&Memory> = memories.iter().collect();
        let weight = |memory: &Memory| memory.strength.current(slow);
        weightiest.sort_by(|a, b| {
            weight(b)
                .total_cmp(&weight(a))
                .then(b.number.cmp(&a.number))
        });
        let (facts, lived): (Vec<&Memory>, Vec<&Memory>) = weightiest
            .into_iter()
            .partition(|memory| memory.kind == Kind::Fact);
        let mut told: Vec<&Memory> = Vec::new();
        for memory in lived {
            if told.len() < TOLD && told.iter().all(|other| other.content != memory.content) {
                told.push(memory);
            }
        }
        told.sort_by_key(|memory| memory.number);
        let sentences: Vec<String> = told
            .iter()
            .map(|memory| sentence(&memory.content))
            .collect();
        let facts = facts.iter().map(|fact| fact.content.as_str());
        let draft = Self {
            summary: sentences.join(" "),
            relationship_notes: notes(memories),
            key_facts: bounded_facts(facts),
        };
        (!draft.summary.is_empty() || !draft.key_facts.is_empty()).then_some(draft)
    }

    /// What a model replied, whatever it put around the object. None if there is no summary in it: an empty or broken reply changes
    /// nothing.
    pub fn read(reply: &str) -> Option<Self> {
        let thought_out = reply.rsplit("</think>").next().unwrap_or(reply);
        let starts = thought_out.match_indices('{').map(|(at, _)| at);
        let read: Reply = starts
            .filter_map(|at| thought_out.get(at..))
            .find_map(|text| {
                // The first object from here on; what follows it is talk.
                let mut objects = serde_json::Deserializer::from_str(text).into_iter();
                objects.next()?.ok()
            })?;
        let summary = bounded(&text_of(&read.summary), MOST_CHARS);
        let facts: Vec<String> = match &read.key_facts {
            Value::Array(facts) => facts.iter().map(text_of).collect(),
            other => text_of(other).lines().map(str::to_owned).collect(),
        };
        (!summary.is_empty()).then(|| Self {
            summary,
            relationship_notes: bounded(&text_of(&read.relationship_notes), MOST_CHARS),
            key_facts: bounded_facts(facts.iter().map(String::as_str)),
        })
    }

    /// As it is kept, in place of the one before.
    pub fn after(self, before: Option<&Summary>, now_ms: i64) -> Summary {
        Summary {
            summary: self.summary,
            relationship_notes: self.relationship_notes,
            key_facts: self.key_facts,
            version: before.map_or(0, |before| before.version).saturating_add(1),
            updated_at: now_ms,
        }
    }
}

#[derive(Deserialize)]
struct Reply {
    summary: Value,
    #[serde(default, rename = "relationshipNotes", alias = "relationship_notes")]
    relationship_notes: Value,
    #[serde(default, rename = "keyFacts", alias = "key_facts")]
    key_facts: Value,
}

/// What they mostly had to do with each other.
fn notes(memories: &[Memory]) -> String {
    let mut sorts: Vec<(&str, usize)> = Vec::new();
    for sort in memories
        .iter()
        .filter_map(|memory| memory.event_type.as_deref())
    {
        match sorts.iter_mut().find(|(known, _)| *known == sort) {
            Some((_, count)) => *count += 1,
            None => sorts.push((sort, 1)),
        }
    }
    // Stable: what came first stays first among equals.
    sorts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mostly: Vec<String> = sorts
        .iter()
        .take(3)
        .map(|(sort, count)| format!("{} ({count})", sort.replace('_', " ")))
        .collect();
    match mostly.as_slice() {
        [] => String::new(),
        mostly => format!("Between us, mostly: {}.", mostly.join(", ")),
    }
}

fn bounded_facts<'a>(facts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for fact in facts.map(|fact| bounded(fact, MOST_FACT_CHARS)) {
        if kept.len() < MOST_FACTS && !fact.is_empty() && !kept.contains(&fact) {
            kept.push(fact);
        }
    }
    kept
}

fn bounded(text: &str, most: usize) -> String {
    text.trim()
        .chars()
        .filter(|c| *c != '\0')
        .take(most)
        .collect()
}

/// Models also write numbers and objects where a text belongs.
fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::sample;

    #[test]
    fn the_weightiest_are_told_in_the_order_of_their_happening() {
        let mut memories: Vec<Memory> = (0..8)
            .map(|number| Memory {
                event_type: Some(if number < 5 { "trade" } else { "bar_fight" }.to_owned()),
                ..sample(number, &format!("thing {number}"))
            })
            .collect();
        for (at, importance) in [(6, 9.0), (1, 8.0), (3, 7.0), (7, 6.0)] {
            memories[at].strength.importance = importance;
        }
        memories.push(Memory {
            kind: Kind::Fact,
            ..sample(9, "Ada is a smith")
        });
        let draft = Draft::drawn_from(&memories, 0).expect("there is something to tell");
        assert_eq!(draft.summary, "thing 1. thing 3. thing 6. thing 7.");
        assert_eq!(
            draft.relationship_notes,
            "Between us, mostly: trade (5), bar fight (3)."
        );
        assert_eq!(draft.key_facts, ["Ada is a smith"]);
        assert_eq!(Draft::drawn_from(&[], 0), None);
    }

    #[test]
    fn a_reply_is_read_whatever_is_around_it() {
        let read = |reply: &str| Draft::read(reply).expect("there is a summary in it");
        let bare =
            r#"{"summary":"A good friend.","relationshipNotes":"warm","keyFacts":["has a map"]}"#;
        let draft = read(bare);
        assert_eq!(draft.summary, "A good friend.");
        assert_eq!(draft.relationship_notes, "warm");
        assert_eq!(draft.key_facts, ["has a map"]);
        assert_eq!(
            read(&format!(
                "<think>{{\"summary\":1}}</think>Sure!\n```json\n{bare}\n``` {{"
            )),
            draft
        );
        assert_eq!(read(&format!("{{not json}} {bare}")), draft);
        let odd =
            read(r#"{"summary":"s","relationship_notes":null,"key_facts":"one\n\none\ntwo"}"#);
        assert_eq!(odd.key_facts, ["one", "two"]);
    }

    #[test]
    fn an_empty_or_broken_reply_is_none() {
        for reply in [
            "",
            "I cannot",
            "{",
            r#"{"summary":""}"#,
            r#"{"summary":null}"#,
            "[1]",
            r#"{"facts":[]}"#,
        ] {
            assert_eq!(Draft::read(reply), None, "{reply}");
        }
    }

    #[test]
    fn a_rambling_reply_is_cut() {
        let facts: Vec<String> = (0..99)
            .map(|number| format!("{number}{}", "x".repeat(999)))
            .collect();
        let reply = serde_json::json!({ "summary": "y".repeat(9_999), "keyFacts": facts });
        let draft = Draft::read(&reply.to_string()).expect("a summary");
        assert_eq!(
            (draft.summary.len(), draft.key_facts.len()),
            (MOST_CHARS, MOST_FACTS)
        );
        assert!(
            draft
                .key_facts
                .iter()
                .all(|fact| fact.len() == MOST_FACT_CHARS)
        );
    }

    #[test]
    fn versions_count_up() {
        let draft = Draft {
            summary: "s".to_owned(),
            relationship_notes: String::new(),
            key_facts: Vec::new(),
        };
        let first = draft.clone().after(None, 5);
        assert_eq!((first.version, first.updated_at), (1, 5));
        assert_eq!(draft.after(Some(&first), 9).version, 2);
    }
}
