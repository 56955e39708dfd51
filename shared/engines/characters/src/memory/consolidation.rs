//! Many memories of one sort become one: what they were made of is kept in its source, and no longer comes to mind.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Kind, Memory, NewMemory};

/// With fewer there is nothing to tidy up.
pub const LEAST: usize = 10;
/// So many of one sort are merged.
const GROUP: usize = 3;
/// So many are merged at once; what is left over is merged the next time.
const MOST: usize = 50;
/// What was just now stays as it was.
const FRESH_SLOW: u64 = 10;
/// So many of them are still told in words.
const TOLD: usize = 3;
/// Of each.
const TOLD_CHARS: usize = 200;

/// A memory that takes the place of others.
#[derive(Debug, Clone, PartialEq)]
pub struct Merger<'a> {
    pub merged: NewMemory,
    pub originals: Vec<&'a Memory>,
}

/// What can be merged: episodes and talk of one event type, first tag and player. Permanent ones and what was merged already stay.
pub fn merge(memories: &[Memory], slow: u64) -> Vec<Merger<'_>> {
    if memories.len() < LEAST {
        return Vec::new();
    }
    let mut groups: BTreeMap<_, Vec<&Memory>> = BTreeMap::new();
    for memory in memories.iter().filter(|memory| may_be_merged(memory, slow)) {
        let sort = (&memory.event_type, memory.tags.first(), &memory.player_id);
        groups.entry(sort).or_default().push(memory);
    }
    groups
        .into_iter()
        .filter(|((event_type, tag, _), _)| event_type.is_some() || tag.is_some())
        .map(|(_, mut group)| {
            group.sort_by_key(|memory| memory.number);
            group.truncate(MOST);
            group
        })
        .filter(|group| group.len() >= GROUP)
        .map(|group| Merger {
            merged: merged(&group, slow),
            originals: group,
        })
        .collect()
}

fn may_be_merged(memory: &Memory, slow: u64) -> bool {
    matches!(memory.kind, Kind::Episode | Kind::Dialogue)
        && !memory.strength.is_permanent()
        && slow.saturating_sub(memory.strength.at_slow) >= FRESH_SLOW
}

/// Of at least one.
fn merged(group: &[&Memory], slow: u64) -> NewMemory {
    let mut weightiest = group.to_vec();
    let weight = |memory: &Memory| memory.strength.current(slow);
    weightiest.sort_by(|a, b| {
        weight(b)
            .total_cmp(&weight(a))
            .then(b.number.cmp(&a.number))
    });
    let mut tags: Vec<String> = Vec::new();
    for tag in group.iter().flat_map(|memory| &memory.tags) {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    let first = weightiest.first();
    let ids: Vec<&str> = group.iter().map(|memory| memory.id.as_str()).collect();
    NewMemory {
        kind: Kind::Summary,
        content: told(&weightiest),
        player_id: first.and_then(|memory| memory.player_id.clone()),
        event_type: first.and_then(|memory| memory.event_type.clone()),
        tags,
        importance: first
            .map_or(1.0, |memory| memory.strength.importance)
            .clamp(1.0, 9.0),
        source: json!({ "memories": ids }),
    }
}

/// How often, and the weightiest in the order in which they happened.
fn told(weightiest: &[&Memory]) -> String {
    let mut told: Vec<&Memory> = Vec::new();
    for memory in weightiest {
        if told.len() < TOLD && told.iter().all(|other| other.content != memory.content) {
            told.push(memory);
        }
    }
    told.sort_by_key(|memory| memory.number);
    let sort = weightiest.first().and_then(|memory| {
        let tag = || memory.tags.first().map(String::as_str);
        memory.event_type.as_deref().or_else(tag)
    });
    let sentences: Vec<String> = told
        .iter()
        .map(|memory| sentence(&memory.content))
        .collect();
    let sort = sort.unwrap_or_default().replace('_', " ");
    format!(
        "{} times, {sort}: {}",
        weightiest.len(),
        sentences.join(" ")
    )
}

/// At most so long, with a full stop.
pub(super) fn sentence(content: &str) -> String {
    let content = content.trim();
    let mut sentence: String = content.chars().take(TOLD_CHARS).collect();
    if sentence.len() < content.len() {
        sentence.push('…');
    } else if !sentence.ends_with(['.', '!', '?', '…', '"']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::sample;

    fn fights(count: i64) -> Vec<Memory> {
        (0..count)
            .map(|number| Memory {
                event_type: Some("bar_fight".to_owned()),
                tags: vec!["patron".to_owned(), format!("t{}", number % 2)],
                ..sample(number, &format!("Patron {number} threw a mug"))
            })
            .collect()
    }

    #[test]
    fn a_dozen_fights_are_one_memory_of_them() {
        let mut memories = fights(12);
        memories[5].strength.importance = 8.0;
        let mergers = merge(&memories, 100);
        assert_eq!(mergers.len(), 1);
        let merger = &mergers[0];
        assert_eq!(merger.originals.len(), 12);
        assert_eq!(merger.merged.kind, Kind::Summary);
        assert_eq!(merger.merged.importance, 8.0);
        assert_eq!(merger.merged.tags, ["patron", "t0", "t1"]);
        assert!(merger.merged.content.contains("Patron 5 threw a mug."));
        assert!(merger.merged.content.contains("12"));
        let sources = merger.merged.source["memories"].as_array().map(Vec::len);
        assert_eq!(sources, Some(12));
    }

    #[test]
    fn few_fresh_permanent_and_unlike_ones_stay() {
        assert!(merge(&fights(9), 100).is_empty(), "too few");
        assert!(merge(&fights(12), 9).is_empty(), "too fresh");
        let mut permanent = fights(12);
        for memory in &mut permanent[2..] {
            memory.strength.pinned = true;
        }
        assert!(merge(&permanent, 100).is_empty(), "two are no group");
        let unlike: Vec<Memory> = (0..12).map(|number| sample(number, "ale")).collect();
        assert!(merge(&unlike, 100).is_empty(), "of no sort");
    }

    #[test]
    fn no_memory_is_merged_twice_or_into_somebody_elses() {
        let mut memories = fights(12);
        for memory in &mut memories[..6] {
            memory.player_id = Some("ada".to_owned());
        }
        let mergers = merge(&memories, 100);
        let sizes: Vec<usize> = mergers
            .iter()
            .map(|merger| merger.originals.len())
            .collect();
        assert_eq!(sizes, [6, 6]);
        let of_ada = |merger: &Merger<'_>| merger.merged.player_id.as_deref() == Some("ada");
        assert_eq!(mergers.iter().filter(|merger| of_ada(merger)).count(), 1);
    }
}
