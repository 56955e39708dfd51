//! Facts that cannot both be so: the newer one holds, the older one is kept as what was so before.
//!
//! Without a language model only what a sentence plainly says is understood: who or what it is about, in which respect, and the value.
//! Everything else contradicts nothing.

use super::{Kind, Memory, words};

/// Which of the known facts about the same player are no longer so when this one is.
pub fn outdated<'a>(fact: &str, player_id: Option<&str>, known: &'a [Memory]) -> Vec<&'a Memory> {
    let Some(new) = Statement::of(fact) else {
        return Vec::new();
    };
    let known = known.iter();
    known
        .filter(|memory| memory.kind == Kind::Fact && memory.player_id.as_deref() == player_id)
        .filter(|memory| Statement::of(&memory.content).is_some_and(|old| new.contradicts(&old)))
        .collect()
}

/// What a plain sentence says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Whom or what it is about, in stems.
    subject: Vec<String>,
    respect: Respect,
    value: Vec<String>,
    /// False: that it is not so.
    holds: bool,
}

/// In which respect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Respect {
    Home,
    Work,
    Name,
    Origin,
    Spouse,
    Birth,
    Place,
    Age,
    /// Of a subject that is itself a respect: the player's favourite drink.
    Own,
    /// Likes or loves; the opposite is a dislike.
    Liking,
    Trust,
    /// Any other way to be: somebody may be tired and a smith.
    Being,
}

impl Respect {
    /// Whether there is one value at a time.
    fn is_single(self) -> bool {
        !matches!(self, Self::Liking | Self::Trust | Self::Being)
    }
}

/// Words of a sentence that name a respect, and whether they say that it holds. Longer ones first.
const RESPECTS: [(&str, Respect, bool); 27] = [
    ("is married to", Respect::Spouse, true),
    ("is called", Respect::Name, true),
    ("is named", Respect::Name, true),
    ("am called", Respect::Name, true),
    ("was born", Respect::Birth, true),
    ("comes from", Respect::Origin, true),
    ("come from", Respect::Origin, true),
    ("is from", Respect::Origin, true),
    ("am from", Respect::Origin, true),
    ("lives", Respect::Home, true),
    ("live", Respect::Home, true),
    ("works", Respect::Work, true),
    ("work", Respect::Work, true),
    ("likes", Respect::Liking, true),
    ("like", Respect::Liking, true),
    ("loves", Respect::Liking, true),
    ("love", Respect::Liking, true),
    ("dislikes", Respect::Liking, false),
    ("hates", Respect::Liking, false),
    ("hate", Respect::Liking, false),
    ("trusts", Respect::Trust, true),
    ("trust", Respect::Trust, true),
    ("distrusts", Respect::Trust, false),
    ("distrust", Respect::Trust, false),
    ("is", Respect::Being, true),
    ("are", Respect::Being, true),
    ("am", Respect::Being, true),
];

/// In front of or behind the words of a respect: it is not so.
const NEGATIONS: [&str; 9] = [
    "not", "never", "no", "longer", "does", "do", "doesnt", "dont", "isnt",
];
const DENIALS: [&str; 6] = ["not", "never", "no", "doesnt", "dont", "isnt"];

impl Statement {
    /// None if the sentence is not plain.
    pub fn of(sentence: &str) -> Option<Self> {
        let words = plain_words(sentence);
        let (at, length, respect, says) = respect_in(&words)?;
        let (before, rest) = (words.get(..at)?, words.get(at + length..)?);
        let is_negation = |word: &&String| NEGATIONS.contains(&word.as_str());
        let before_len = before.len() - before.iter().rev().take_while(is_negation).count();
        let (subject, denial) = before.split_at(before_len);
        let behind = rest.iter().take_while(is_negation).count();
        let (more_denial, value) = rest.split_at(behind);
        let denied = denial
            .iter()
            .chain(more_denial)
            .any(|word| DENIALS.contains(&word.as_str()));
        let respect = settled(respect, subject, value);
        let statement = Self {
            subject: named(subject),
            respect,
            value: words::stems(&value.join(" ")),
            holds: says != denied,
        };
        (!statement.subject.is_empty() && !statement.value.is_empty()).then_some(statement)
    }

    /// Whether both cannot be so: of one subject and respect, one says what the other denies, or another value where there is but one. A
    /// value that only says it more exactly denies nothing.
    pub fn contradicts(&self, other: &Self) -> bool {
        if self.subject != other.subject || self.respect != other.respect {
            return false;
        }
        if self.holds != other.holds {
            return self.value == other.value;
        }
        let within = |a: &[String], b: &[String]| a.iter().all(|word| b.contains(word));
        let agree = within(&self.value, &other.value) || within(&other.value, &self.value);
        self.respect.is_single() && self.holds && !agree
    }
}

/// Lower case, letters and digits, what is between apostrophes together: `doesn't` is `doesnt`, `Ada's` is `ada` and `of`.
fn plain_words(sentence: &str) -> Vec<String> {
    let lower = sentence.to_lowercase().replace('\u{2019}', "'");
    let owned = lower.replace("'s ", " 's ");
    owned
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .map(|word| match word {
            "'s" => POSSESSION.to_owned(),
            word => word.replace('\'', ""),
        })
        .filter(|word| !word.is_empty())
        .collect()
}

const POSSESSION: &str = "of";

/// The first place where a respect is named, behind a subject.
fn respect_in(words: &[String]) -> Option<(usize, usize, Respect, bool)> {
    (1..words.len()).find_map(|at| {
        RESPECTS.iter().find_map(|(phrase, respect, says)| {
            let length = phrase.split(' ').count();
            let said = words.get(at..at + length)?;
            let is_it = said.iter().map(String::as_str).eq(phrase.split(' '));
            is_it.then_some((at, length, *respect, *says))
        })
    })
}

/// What `is` says depends on what stands around it.
fn settled(respect: Respect, subject: &[String], value: &[String]) -> Respect {
    if respect != Respect::Being {
        return respect;
    }
    let owners = [
        POSSESSION, "my", "your", "his", "her", "their", "our", "its",
    ];
    let first = value.first().map(String::as_str);
    let is_age = value.iter().any(|word| word == "old")
        && value
            .iter()
            .any(|word| matches!(word.as_str(), "years" | "winters"));
    if subject.iter().any(|word| owners.contains(&word.as_str())) {
        Respect::Own
    } else if is_age {
        Respect::Age
    } else if matches!(first, Some("in" | "at")) {
        Respect::Place
    } else {
        respect
    }
}

/// The stems of a subject in order; `I` and `my` would be empty words and are somebody here.
fn named(subject: &[String]) -> Vec<String> {
    let articles = ["the", "a", "an", POSSESSION];
    subject
        .iter()
        .filter(|word| !articles.contains(&word.as_str()))
        .flat_map(|word| match words::stems(word) {
            stems if stems.is_empty() => vec![word.clone()],
            stems => stems,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::sample;

    fn clash(a: &str, b: &str) -> bool {
        let (a, b) = (Statement::of(a), Statement::of(b));
        let (a, b) = (a.expect("a plain sentence"), b.expect("a plain sentence"));
        assert_eq!(a.contradicts(&b), b.contradicts(&a));
        a.contradicts(&b)
    }

    #[test]
    fn what_has_one_value_at_a_time_is_contradicted_by_another() {
        assert!(clash("Ada lives in Oxmoor.", "Ada lives in Thornhill"));
        assert!(clash(
            "The player's name is Ada",
            "The player's name is Bea."
        ));
        assert!(clash(
            "My favourite drink is ale",
            "My favourite drink is mead"
        ));
        assert!(clash("Ada is 30 years old", "Ada is 31 years old"));
        assert!(clash("The map is in the cellar", "The map is in the attic"));
        assert!(clash("Theron works as a guard", "Theron works as a cook"));
    }

    #[test]
    fn what_can_be_so_together_is_left_together() {
        assert!(!clash("Ada is a smith", "Ada is tired"));
        assert!(!clash("Ada likes ale", "Ada likes mead"));
        assert!(!clash("Ada lives in Oxmoor", "Bea lives in Thornhill"));
        assert!(!clash("Ada lives in Oxmoor", "Ada works in Thornhill"));
        assert!(!clash(
            "Ada lives in Oxmoor",
            "Ada lives in a mill in Oxmoor"
        ));
        assert!(!clash("Ada lives in Oxmoor", "Ada lives in Oxmoor!"));
    }

    #[test]
    fn a_denial_contradicts_what_it_denies() {
        assert!(clash("Ada likes ale", "Ada doesn't like ale"));
        assert!(clash("Ada likes ale", "Ada hates ale"));
        assert!(clash("Ada is a smith", "Ada is not a smith"));
        assert!(clash(
            "Ada lives in Oxmoor",
            "Ada no longer lives in Oxmoor"
        ));
        assert!(clash("I trust the guard", "I never trust the guard"));
        assert!(!clash("Ada hates ale", "Ada does not like ale"));
        assert!(!clash(
            "Ada does not live in Oxmoor",
            "Ada lives in Thornhill"
        ));
    }

    #[test]
    fn only_facts_about_the_same_player_are_outdated() {
        let fact = |number, content: &str, player: &str| Memory {
            kind: Kind::Fact,
            player_id: Some(player.to_owned()),
            ..sample(number, content)
        };
        let known = [
            fact(0, "My home is Oxmoor", "ada"),
            fact(1, "My home is Oxmoor", "bea"),
            Memory {
                kind: Kind::Dialogue,
                ..fact(2, "My home is Oxmoor", "ada")
            },
            fact(3, "I live in Oxmoor", "ada"),
        ];
        let outdated = outdated("My home is Thornhill.", Some("ada"), &known);
        assert_eq!(outdated, [&known[0]]);
    }

    #[test]
    fn what_is_not_plain_says_nothing() {
        for sentence in [
            "",
            "Is it raining?",
            "A fight broke out",
            "is",
            "Ada is",
            "…",
        ] {
            assert_eq!(Statement::of(sentence), None, "{sentence}");
        }
    }
}
