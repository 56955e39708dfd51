//! What of all that was said and lived through has to do with a message.

use crate::decision::{Fact, Percept};
use crate::inference::{Message, Role};

use super::wording::{bare, clause, is_small, told_back};

/// What came to mind.
pub(super) enum Found {
    /// In the player's words, told back.
    Told(String),
    Memory(String),
}

/// Words that mean something, in a form in which they can be compared.
pub(super) struct Stems(Vec<String>);

impl Stems {
    pub(super) fn of(text: &str) -> Self {
        let mut stems: Vec<String> = text
            .split_whitespace()
            .take(MOST_WORDS)
            .filter_map(stem)
            .collect();
        stems.sort_unstable();
        stems.dedup();
        Self(stems)
    }

    fn shared(&self, text: &str) -> usize {
        let others = Self::of(text);
        others
            .0
            .iter()
            .filter(|stem| self.0.binary_search(stem).is_ok())
            .count()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

const MOST_WORDS: usize = 400;

/// The word without its ending, as roughly as it takes: "maps" and "map", "called" and "call".
fn stem(word: &str) -> Option<String> {
    let word = bare(word);
    let word = word.strip_suffix("'s").unwrap_or(&word);
    if word.chars().count() < 3 || is_small(word) || ASKING.contains(&word) {
        return None;
    }
    let endings = ["ing", "ed", "es", "s", "e"];
    let cut = endings.into_iter().find_map(|ending| {
        word.strip_suffix(ending)
            .filter(|stem| stem.chars().count() >= 3)
    });
    Some(cut.unwrap_or(word).to_owned())
}

/// What people ask with says nothing about what they ask for.
const ASKING: [&str; 12] = [
    "remember",
    "recall",
    "remind",
    "mentioned",
    "mention",
    "forgotten",
    "forget",
    "player",
    "asked",
    "ask",
    "about",
    "anything",
];

/// What fits best: rather what the player said than what was noted of it, rather the newer than the older.
pub(super) fn found(percept: &Percept<'_>, history: &[Message], stems: &Stems) -> Option<Found> {
    let own = |message: &&Message| message.role == Role::User && !message.content.contains('?');
    let said = history
        .iter()
        .rev()
        .filter(own)
        .map(|message| (message.content.as_str(), true));
    let asked =
        |text: &&str| words_of(percept.player_id, text).is_some_and(|words| words.contains('?'));
    let memories = percept
        .memories
        .iter()
        .map(|memory| memory.content.as_str());
    let memories = memories
        .filter(|text| !asked(text))
        .map(|text| (text, false));
    let summary = percept.mind.summaries.get(percept.player_id);
    let facts = summary.into_iter().flat_map(|summary| &summary.key_facts);
    let all = said
        .chain(memories)
        .chain(facts.map(|fact| (fact.as_str(), false)));
    let scored = all.map(|(text, told)| (stems.shared(text), text, told));
    let best = scored.reduce(|best, one| if one.0 > best.0 { one } else { best })?;
    (best.0 > 0).then(|| as_found(percept.player_id, best.1, best.2))
}

/// The memory that comes first, for somebody who asks for nothing in particular.
pub(super) fn foremost(percept: &Percept<'_>) -> Option<Found> {
    percept
        .memories
        .first()
        .map(|memory| as_found(percept.player_id, &memory.content, false))
}

fn as_found(player: &str, text: &str, told: bool) -> Found {
    if told {
        return Found::Told(told_back(text));
    }
    match words_of(player, text) {
        Some(words) => Found::Told(told_back(words)),
        None => Found::Memory(clause(text)),
    }
}

/// What a memory has in the player's own words: `anna said: “I hid the map”`.
pub(super) fn words_of<'a>(player: &str, text: &'a str) -> Option<&'a str> {
    let rest = text.strip_prefix(player)?.trim_start();
    let rest = ["said", "told me"]
        .iter()
        .find_map(|verb| rest.strip_prefix(verb))?;
    let words = rest.trim_start_matches(':').trim();
    let words = words.trim_matches(['"', '“', '”']);
    (!words.is_empty()).then_some(words)
}

/// What it lived through itself, as far as it comes to mind.
pub(super) fn lived<'a>(percept: &Percept<'a>) -> Option<&'a str> {
    let mut memories = percept
        .memories
        .iter()
        .map(|memory| memory.content.as_str());
    memories.find(|text| words_of(percept.player_id, text).is_none())
}

/// The fact of the world that fits best.
pub(super) fn fact<'a>(percept: &Percept<'a>, stems: &Stems) -> Option<&'a Fact> {
    let score = |fact: &Fact| {
        let key = fact.key.replace(['_', '-', '.'], " ");
        2 * stems.shared(&key) + fact.value.as_str().map_or(0, |value| stems.shared(value))
    };
    let scored = percept.facts.iter().map(|fact| (score(fact), fact));
    let best = scored.reduce(|best, one| if one.0 > best.0 { one } else { best })?;
    (best.0 > 0).then_some(best.1)
}

/// The name that the player gave, in the newest of these texts that has one.
pub(super) fn name<'a>(mut texts: impl Iterator<Item = &'a str>) -> Option<String> {
    texts.find_map(name_in)
}

fn name_in(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().take(MOST_WORDS).collect();
    let after = |pattern: &[&str]| {
        let starts = words.windows(pattern.len()).position(|window| {
            window
                .iter()
                .zip(pattern)
                .all(|(word, wanted)| bare(word) == *wanted)
        })?;
        words.get(starts + pattern.len()).copied()
    };
    let given = NAMING
        .iter()
        .find_map(|pattern| after(pattern))
        .and_then(as_name);
    given.or_else(|| {
        let shown = [&["i", "am"][..], &["i'm"]].into_iter().find_map(after)?;
        let capital = shown.starts_with(|letter: char| letter.is_uppercase());
        let shouted = shown.len() > 1 && !shown.chars().any(char::is_lowercase);
        (capital && !shouted).then(|| as_name(shown)).flatten()
    })
}

const NAMING: [&[&str]; 6] = [
    &["my", "name", "is"],
    &["my", "name's"],
    &["call", "me"],
    &["i", "am", "called"],
    &["i'm", "called"],
    &["they", "call", "me"],
];

/// Letters only, of a length that names have.
fn as_name(word: &str) -> Option<String> {
    let letters = word.trim_matches(|letter: char| !letter.is_alphabetic());
    let fits = (2..=24).contains(&letters.chars().count())
        && letters
            .chars()
            .all(|letter| letter.is_alphabetic() || "'-".contains(letter))
        && !is_small(&letters.to_lowercase());
    fits.then(|| {
        let mut rest = letters.chars();
        let first = rest.next().into_iter().flat_map(char::to_uppercase);
        first.collect::<String>() + rest.as_str()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_where_one_is_given() {
        for (text, name) in [
            ("Hello, my name is anna.", Some("Anna")),
            ("Just call me O'Neill!", Some("O'Neill")),
            ("I'm Bjorn, a sailor", Some("Bjorn")),
            ("I am tired", None),
            ("I AM HUNGRY", None),
            ("my name is x7{}", None),
            ("My name is", None),
        ] {
            assert_eq!(name_in(text).as_deref(), name, "{text}");
        }
    }

    #[test]
    fn memories_of_talks_give_back_what_the_player_said() {
        assert_eq!(
            words_of("anna", "anna said: “I hid the map”"),
            Some("I hid the map")
        );
        assert_eq!(words_of("anna", "Theron said: “I hid the map”"), None);
        assert_eq!(words_of("anna", "anna came in"), None);
    }
}
