//! A summary out of a reply to `prompt::summary`.

use serde_json::{Map, Value};

use crate::inference::Reply;
use crate::mind::Summary;
use crate::text::{head, in_sentences};

use super::{MOST_READ, Unusable, find, speech, thought};

/// What is kept of each, in bytes: summaries go into prompts.
const MOST_SUMMARY: usize = 1_200;
const MOST_NOTES: usize = 400;
const MOST_FACT: usize = 200;
const MOST_FACTS: usize = 8;

/// The version and the time are the caller's: both are zero here.
pub fn summary(reply: &Reply) -> Result<Summary, Unusable> {
    let text = thought::without(head(&reply.text, MOST_READ));
    if text.trim().is_empty() {
        return Err(Unusable::Empty);
    }
    let object = find::objects(&text).into_iter().find_map(|object| {
        let summary = field(&object, "summary", MOST_SUMMARY);
        (!summary.is_empty()).then_some((object, summary))
    });
    let (object, summary) = object.ok_or(Unusable::Malformed)?;
    let facts = match object.get("keyFacts").or(object.get("key_facts")) {
        Some(Value::Array(facts)) => facts.as_slice(),
        _ => &[],
    };
    let facts = facts.iter().filter_map(Value::as_str);
    let facts = facts.map(|fact| in_sentences(&speech::clean(fact), MOST_FACT));
    let notes = match field(&object, "relationshipNotes", MOST_NOTES) {
        notes if notes.is_empty() => field(&object, "relationship_notes", MOST_NOTES),
        notes => notes,
    };
    Ok(Summary {
        summary,
        relationship_notes: notes,
        key_facts: facts
            .filter(|fact| !fact.is_empty())
            .take(MOST_FACTS)
            .collect(),
        version: 0,
        updated_at: 0,
    })
}

fn field(object: &Map<String, Value>, key: &str, most: usize) -> String {
    let text = object.get(key).and_then(Value::as_str).unwrap_or_default();
    in_sentences(&speech::clean(text), most)
}
