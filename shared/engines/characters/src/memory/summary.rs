//! What is left of long acquaintance, drawn from the weightiest memories without a language model. What a model makes of them is asked for
//! by `prompt::summary` and read by `reply::summary`.

use super::consolidation::sentence;
use super::{Kind, Memory};
use crate::mind::Summary;

/// So many memories are told.
const TOLD: usize = 4;
/// Facts that are kept.
const MOST_FACTS: usize = 8;

/// Of what a character remembers of somebody, in place of the summary before. None if it remembers nothing.
pub fn drawn_from(memories: &[Memory], slow: u64) -> Option<Summary> {
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
    let mut told = different(&lived, TOLD);
    told.sort_by_key(|memory| memory.number);
    let sentences: Vec<String> = told
        .iter()
        .map(|memory| sentence(&memory.content))
        .collect();
    let facts = different(&facts, MOST_FACTS);
    let drawn = Summary {
        summary: sentences.join(" "),
        relationship_notes: notes(memories),
        key_facts: facts.iter().map(|fact| sentence(&fact.content)).collect(),
        version: 0,
        updated_at: 0,
    };
    (!drawn.summary.is_empty() || !drawn.key_facts.is_empty()).then_some(drawn)
}

impl Summary {
    /// As it is kept, in place of the one before.
    #[must_use]
    pub fn after(self, before: Option<&Self>, now_ms: i64) -> Self {
        Self {
            version: before.map_or(0, |before| before.version).saturating_add(1),
            updated_at: now_ms,
            ..self
        }
    }
}

/// The first that say something that none before them said.
fn different<'a>(memories: &[&'a Memory], most: usize) -> Vec<&'a Memory> {
    let mut different: Vec<&Memory> = Vec::new();
    for memory in memories {
        let is_new = different
            .iter()
            .all(|other| other.content != memory.content);
        if is_new && different.len() < most {
            different.push(memory);
        }
    }
    different
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
        let drawn = drawn_from(&memories, 0).expect("there is something to tell");
        assert_eq!(drawn.summary, "thing 1. thing 3. thing 6. thing 7.");
        assert_eq!(
            drawn.relationship_notes,
            "Between us, mostly: trade (5), bar fight (3)."
        );
        assert_eq!(drawn.key_facts, ["Ada is a smith."]);
        assert_eq!(drawn_from(&[], 0), None);
    }

    #[test]
    fn versions_count_up() {
        let first = Summary::default().after(None, 5);
        assert_eq!((first.version, first.updated_at), (1, 5));
        assert_eq!(Summary::default().after(Some(&first), 9).version, 2);
    }
}
