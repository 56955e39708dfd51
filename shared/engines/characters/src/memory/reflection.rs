//! Thinking about what happened: when enough of importance has gathered, what keeps coming back becomes a memory of its own (after Park et
//! al. 2023), here by counting.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::consolidation::sentence;
use super::{Kind, Memory, NewMemory};

/// Importance that has to gather (Park et al. 2023).
pub const THRESHOLD: f64 = 150.0;
/// So many of the latest memories are thought about (Park et al. 2023).
pub const LATEST: usize = 100;
/// So many insights at once.
const INSIGHTS: usize = 3;
/// What happens less often is no theme.
const OFTEN: usize = 3;
/// An insight outlasts what it was drawn from, but it is no trauma.
const MOST_IMPORTANT: f64 = 8.0;

/// What memories may have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Theme<'a> {
    Event(&'a str),
    Player(&'a str),
    Tag(&'a str),
}

/// What becomes clear from these, the weightiest first. Reflections themselves are left out: nobody thinks in circles.
pub fn reflect(memories: &[Memory], slow: u64) -> Vec<NewMemory> {
    let mut themes: BTreeMap<Theme<'_>, Vec<&Memory>> = BTreeMap::new();
    for memory in memories
        .iter()
        .filter(|memory| memory.kind != Kind::Reflection)
    {
        let event = memory.event_type.as_deref().map(Theme::Event);
        let player = memory.player_id.as_deref().map(Theme::Player);
        let tags: BTreeSet<Theme<'_>> = memory.tags.iter().map(|tag| Theme::Tag(tag)).collect();
        for theme in tags.into_iter().chain(event).chain(player) {
            themes.entry(theme).or_default().push(memory);
        }
    }
    themes.retain(|_, of| of.len() >= OFTEN);
    let weight = |of: &[&Memory]| {
        of.iter()
            .map(|memory| memory.strength.current(slow))
            .sum::<f64>()
    };
    let mut themes: Vec<(Theme<'_>, Vec<&Memory>)> = themes.into_iter().collect();
    themes.sort_by(|a, b| weight(&b.1).total_cmp(&weight(&a.1)).then(a.0.cmp(&b.0)));
    let mut insights: Vec<(Theme<'_>, Vec<&Memory>)> = Vec::new();
    for (theme, of) in themes {
        // A tag that stands on the same memories as the type of the event says nothing more.
        let is_new = insights.iter().all(|(_, told)| *told != of);
        if is_new && insights.len() < INSIGHTS {
            insights.push((theme, of));
        }
    }
    insights
        .into_iter()
        .map(|(theme, of)| insight(theme, &of, slow))
        .collect()
}

fn insight(theme: Theme<'_>, of: &[&Memory], slow: u64) -> NewMemory {
    let current = |memory: &&&Memory| memory.strength.current(slow);
    let strongest = of.iter().max_by(|a, b| current(a).total_cmp(&current(b)));
    let told = strongest.map_or_else(String::new, |memory| sentence(&memory.content));
    let count = of.len();
    let content = match theme {
        Theme::Event(name) => {
            format!(
                "It keeps happening: {}, {count} times of late. Above all: {told}",
                spoken(name)
            )
        }
        Theme::Player(name) => {
            format!("{name} is much on my mind: {count} memories of late. Above all: {told}")
        }
        Theme::Tag(name) => {
            format!(
                "So much has to do with {}: {count} times of late. Above all: {told}",
                spoken(name)
            )
        }
    };
    let mean = of
        .iter()
        .map(|memory| memory.strength.importance)
        .sum::<f64>()
        / count.max(1) as f64;
    let (event_type, player_id, tag) = match theme {
        Theme::Event(name) => (Some(name.to_owned()), None, None),
        Theme::Player(name) => (None, Some(name.to_owned()), None),
        Theme::Tag(name) => (None, None, Some(name.to_owned())),
    };
    let ids: Vec<&str> = of.iter().map(|memory| memory.id.as_str()).collect();
    NewMemory {
        kind: Kind::Reflection,
        content,
        player_id,
        event_type,
        tags: tag.into_iter().collect(),
        importance: (mean + 1.0).clamp(1.0, MOST_IMPORTANT),
        source: json!({ "memories": ids }),
    }
}

fn spoken(name: &str) -> String {
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::sample;

    fn lived(number: i64, event: &str, tags: &[&str]) -> Memory {
        Memory {
            event_type: Some(event.to_owned()),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            ..sample(number, &format!("{event} number {number}"))
        }
    }

    #[test]
    fn what_comes_back_is_noticed_with_its_sources() {
        let mut memories = vec![
            lived(0, "bar_fight", &["patron"]),
            lived(1, "bar_fight", &["patron"]),
            lived(2, "bar_fight", &["patron"]),
            lived(3, "trade", &["fynn"]),
            lived(4, "gift", &["fynn"]),
            lived(5, "dialogue", &["fynn", "fynn"]),
        ];
        memories[1].strength.importance = 8.0;
        let insights = reflect(&memories, 0);
        assert_eq!(
            insights.len(),
            2,
            "the patron is in the same fights: {insights:?}"
        );
        assert_eq!(insights[0].kind, Kind::Reflection);
        assert!(insights[0].content.contains("bar fight, 3 times"));
        assert!(insights[0].content.contains("bar_fight number 1."));
        // The mean of 5, 8, 5, and one.
        assert_eq!(insights[0].importance, 7.0);
        assert_eq!(
            insights[0].source,
            json!({ "memories": ["m0", "m1", "m2"] })
        );
        assert!(insights[1].content.contains("fynn: 3 times"));
    }

    #[test]
    fn a_quiet_day_gives_nothing_to_think_about() {
        assert!(reflect(&[lived(0, "trade", &[]), lived(1, "trade", &[])], 0).is_empty());
        let circle: Vec<Memory> = (0..9)
            .map(|number| Memory {
                kind: Kind::Reflection,
                ..lived(number, "trade", &[])
            })
            .collect();
        assert!(reflect(&circle, 0).is_empty());
    }
}
