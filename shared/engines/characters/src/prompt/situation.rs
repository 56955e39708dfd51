//! What is so just now, as parts of a prompt: place, mood, needs, goals, company, memories, what was just done.

use crate::decision::Percept;
use crate::need::Need;

use super::Variant;
use super::budget::{Budget, Part};
use super::quote::{plain, quoted};

/// The longest that one quoted thing may be: no single memory may fill a prompt.
const MOST: usize = 240;
const NAME: usize = 60;

/// All that is so, in the order in which it is told: what changes least comes first.
pub(super) fn parts(percept: &Percept<'_>, variant: &Variant, budget: &Budget) -> Vec<Part> {
    let memories = variant.max_memories.unwrap_or(budget.memories);
    vec![
        Part::lines("facts", (9, 10), "Known facts:", facts(percept)),
        Part::lines(
            "summary",
            (8, 15),
            "Of the player you know:",
            acquaintance(percept),
        ),
        Part::lines("goals", (4, 20), "Your goals:", goals(percept)),
        Part::prose("place", (5, 20), place(percept)),
        Part::lines("near", (2, 20), "Near you:", near(percept)),
        Part::prose("state", (3, 20), state(percept)),
        Part::lines(
            "memories",
            (6, 30),
            "You remember:",
            recalled(percept, memories),
        ),
        Part::lines(
            "working",
            (7, 20),
            "Just now, newest first:",
            working(percept),
        ),
        Part::prose("deeds", (7, 10), deeds(percept)),
    ]
}

fn facts(percept: &Percept<'_>) -> Vec<String> {
    let facts = percept.facts.iter();
    facts
        .map(|fact| {
            let value = match &fact.value {
                serde_json::Value::String(text) => quoted(text, MOST),
                other => quoted(&other.to_string(), MOST),
            };
            format!("- {}: {value}", plain(&fact.key, NAME))
        })
        .collect()
}

fn acquaintance(percept: &Percept<'_>) -> Vec<String> {
    let Some(known) = percept.mind.summaries.get(percept.player_id) else {
        return Vec::new();
    };
    [known.summary.as_str(), known.relationship_notes.as_str()]
        .into_iter()
        .chain(known.key_facts.iter().map(String::as_str))
        .filter(|text| !text.is_empty())
        .map(|text| quoted(text, MOST))
        .collect()
}

fn goals(percept: &Percept<'_>) -> Vec<String> {
    let mut open: Vec<_> = percept
        .mind
        .goals
        .iter()
        .filter(|goal| goal.is_open())
        .collect();
    open.sort_by(|one, other| other.priority.total_cmp(&one.priority));
    open.into_iter()
        .take(4)
        .map(|goal| {
            let next = goal
                .next_step()
                .map(|step| format!(" (next: {})", plain(&step.description, 120)));
            format!(
                "- {}{}",
                plain(&goal.description, 160),
                next.unwrap_or_default()
            )
        })
        .collect()
}

fn place(percept: &Percept<'_>) -> String {
    let at = percept.who.location.as_deref();
    let at = at.map(|place| format!("You are at {}.", plain(place, NAME)));
    let routine = percept.mind.routine.as_ref();
    let usual = routine
        .and_then(|routine| routine.phase(percept.now.fast))
        .map(|phase| format!("At this hour you usually: {}.", plain(&phase.activity, 120)));
    [at, usual]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

fn near(percept: &Percept<'_>) -> Vec<String> {
    let near = percept.near.iter().take(8);
    near.map(|one| {
        let bond = one.relationship.bond.as_str();
        format!(
            "- {} (id {}): {}, {bond}, trust {:.0}",
            plain(&one.name, NAME),
            plain(&one.id, NAME),
            plain(&one.archetype, NAME),
            one.relationship.trust,
        )
    })
    .collect()
}

fn state(percept: &Percept<'_>) -> String {
    let mut felt: Vec<_> = percept.mind.feelings.0.iter().collect();
    felt.sort_by(|one, other| other.intensity.total_cmp(&one.intensity));
    let felt = felt.iter().take(3);
    let felt = felt.map(|one| format!("{} {:.1}", one.emotion.as_str(), one.intensity));
    let lacking = percept.mind.needs.felt();
    let lacking = lacking.map(|lack| format!("{} {:.1}", in_words(lack.need), lack.intensity));
    let told = |label: &str, things: Vec<String>| match things.is_empty() {
        true => String::new(),
        false => format!("{label}{}. ", things.join(", ")),
    };
    let state = told("You feel: ", felt.collect()) + &told("You need: ", lacking.collect());
    state.trim_end().to_owned()
}

fn in_words(need: Need) -> &'static str {
    match need {
        Need::Rest => "rest",
        Need::Social => "company",
        Need::Sustenance => "food and drink",
        Need::Safety => "safety",
        Need::Purpose => "purpose",
    }
}

/// The memories that fit best come first.
pub(super) fn recalled(percept: &Percept<'_>, most: usize) -> Vec<String> {
    let memories = percept.memories.iter().take(most);
    memories.map(|one| quoted(&one.content, MOST)).collect()
}

fn working(percept: &Percept<'_>) -> Vec<String> {
    let glimpses = percept.mind.working.iter().rev();
    glimpses.map(|one| quoted(&one.content, MOST)).collect()
}

fn deeds(percept: &Percept<'_>) -> String {
    let last = percept.mind.recent.iter().rev().take(5);
    let last: Vec<_> = last.map(|deed| plain(&deed.action, NAME)).collect();
    match last.is_empty() {
        true => String::new(),
        false => format!("Your last deeds, newest first: {}.", last.join(", ")),
    }
}
