//! How the sentences are kept and chosen.
//!
//! A line is `tags | sentence`. Tags of one group (voice, band, mood, trade) are alternatives, groups add up. Gaps are `{slot}`, or
//! `{Slot}` where a capital is due; a line whose gaps cannot be filled is passed over.

use std::sync::LazyLock;

use super::{TOPICS, Topic, lines};
use crate::offline::chance::Chance;

/// A set of tags and slots.
pub(in crate::offline) type Mask = u64;

/// Tags by group. The place in this list is the bit.
const TAGS: [&str; 36] = [
    "warm",
    "gruff",
    "lyrical",
    "learned",
    "courtly",
    "sly",
    "plain",
    "young",
    "pious", //
    "stranger",
    "known",
    "close", //
    "calm",
    "joy",
    "sadness",
    "anger",
    "fear",
    "surprise",
    "disgust",
    "trust",
    "anticipation", //
    "inn",
    "market",
    "song",
    "watch",
    "forge",
    "land",
    "wild",
    "lore",
    "faith",
    "court",
    "shadow",
    "sea",
    "cure",
    "small",
    "common",
];
const GROUPS: [Mask; 4] = [(1 << 9) - 1, 0b111 << 9, 0b1_1111_1111 << 12, 0x7fff << 21];

/// A gap in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::offline) enum Slot {
    /// How the player, or whoever is spoken to, is called.
    You,
    Me,
    /// The own trade: "barkeep".
    Role,
    Place,
    /// Somebody near.
    Other,
    /// What that one is to the speaker: "a friend of mine".
    Bond,
    /// "to keep the tavern profitable"
    Goal,
    /// "seeing to the guests"
    Deed,
    /// What is lacking: "an hour off my feet".
    Want,
    /// What the player once said, told back: "your dog is called Biscuit".
    Told,
    Memory,
    Fact,
    Rumour,
    /// What the message is about, in its own words.
    Topic,
    Past,
    /// "cheerful"
    Feeling,
    Goods,
    Chore,
}

const SLOTS: [(&str, Slot); 18] = [
    ("you", Slot::You),
    ("me", Slot::Me),
    ("role", Slot::Role),
    ("place", Slot::Place),
    ("other", Slot::Other),
    ("bond", Slot::Bond),
    ("goal", Slot::Goal),
    ("deed", Slot::Deed),
    ("want", Slot::Want),
    ("told", Slot::Told),
    ("memory", Slot::Memory),
    ("fact", Slot::Fact),
    ("rumour", Slot::Rumour),
    ("topic", Slot::Topic),
    ("past", Slot::Past),
    ("feeling", Slot::Feeling),
    ("goods", Slot::Goods),
    ("chore", Slot::Chore),
];

impl Slot {
    pub(in crate::offline) const fn bit(self) -> Mask {
        1 << (36 + self as u32)
    }

    fn of(name: &str) -> Option<Self> {
        let mut slots = SLOTS.iter();
        let slot = slots.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(slot.1)
    }
}

/// The bit of a tag; none has no bit.
pub(in crate::offline) fn mask_of(tag: &str) -> Mask {
    let bit = TAGS.iter().position(|known| *known == tag);
    bit.map_or(0, |bit| 1 << bit)
}

struct Line {
    mask: Mask,
    /// 1, more for each group that it names.
    weight: u32,
    text: &'static str,
}

static BANK: LazyLock<Vec<Vec<Line>>> = LazyLock::new(|| {
    let topic = |topic: &Topic| lines(*topic).lines().map(Line::read).collect();
    TOPICS.iter().map(topic).collect()
});

impl Line {
    fn read(line: &'static str) -> Self {
        let (tags, text) = line.split_once('|').unwrap_or(("", line));
        let text = text.trim();
        let tags: Mask = tags.split_whitespace().map(mask_of).sum();
        let slots = gaps(text).filter_map(Slot::of).map(Slot::bit);
        let named = GROUPS.iter().filter(|group| tags & **group != 0).count();
        Self {
            mask: tags | slots.fold(0, |all, slot| all | slot),
            weight: [1, 3, 6, 9, 12][named],
            text,
        }
    }

    fn fits(&self, moment: Mask) -> bool {
        let slots = Mask::MAX << 36;
        self.mask & slots & !moment == 0
            && GROUPS.iter().all(|group| {
                let tags = self.mask & group;
                tags == 0 || tags & moment != 0
            })
    }
}

fn gaps(text: &str) -> impl Iterator<Item = &str> {
    let after = text.split('{').skip(1);
    after.filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// A sentence for the moment whose gaps `fill` has filled, and which is none of those `said` lately; the least unfitting one if all were.
pub(in crate::offline) fn pick(
    topic: Topic,
    moment: Mask,
    chance: &mut Chance,
    voice: &mut impl Voice,
) -> String {
    let all = &BANK[topic as usize];
    let mut fitting: Vec<&Line> = all.iter().filter(|line| line.fits(moment)).collect();
    let mut last = String::new();
    while !fitting.is_empty() {
        let total: u32 = fitting.iter().map(|line| line.weight).sum();
        let mut ticket = chance.below(total as usize) as u32;
        let at = fitting.iter().position(|line| {
            let hit = ticket < line.weight;
            ticket = ticket.saturating_sub(line.weight);
            hit
        });
        let line = fitting.swap_remove(at.unwrap_or_default());
        let text = filled(line.text, chance, voice);
        if !voice.said_lately(line.text, &text) {
            return text;
        }
        last = text;
    }
    last
}

/// Whoever speaks: fills the gaps and knows what was said.
pub(in crate::offline) trait Voice {
    fn fill(&mut self, slot: Slot, chance: &mut Chance, into: &mut String);

    /// Whether this sentence, with its gaps open or filled, was said not long ago.
    fn said_lately(&self, open: &str, filled: &str) -> bool;
}

fn filled(text: &str, chance: &mut Chance, voice: &mut impl Voice) -> String {
    let mut out = String::with_capacity(text.len() + 48);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        let from = out.len();
        if let Some(slot) = Slot::of(name) {
            voice.fill(slot, chance, &mut out);
        }
        if name.starts_with(|letter: char| letter.is_ascii_uppercase()) {
            capitalise(&mut out, from);
        }
        rest = tail;
    }
    out.push_str(rest);
    capitalise(&mut out, 0);
    out
}

/// Makes the letter at a place a capital.
fn capitalise(text: &mut String, at: usize) {
    let Some(first) = text[at..].chars().next().filter(|one| one.is_lowercase()) else {
        return;
    };
    let capital: String = first.to_uppercase().collect();
    text.replace_range(at..at + first.len_utf8(), &capital);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_known_tags_and_gaps() {
        for (at, topic) in TOPICS.iter().enumerate() {
            assert_eq!(*topic as usize, at);
            for line in lines(*topic).lines() {
                let (tags, text) = line.split_once('|').expect("tags | sentence");
                for tag in tags.split_whitespace() {
                    assert_ne!(mask_of(tag), 0, "{tag} in {line}");
                }
                for gap in gaps(text) {
                    assert!(Slot::of(gap).is_some(), "{gap} in {line}");
                }
                assert_eq!(
                    text.matches('{').count(),
                    text.matches('}').count(),
                    "{line}"
                );
                let ends = text.trim_end().ends_with(['.', '!', '?', '"', '}'])
                    || *topic == Topic::Subject;
                assert!(ends, "no end: {line}");
            }
        }
    }

    /// Whatever the moment, there is something to say: three lines at least that ask for nothing.
    #[test]
    fn every_topic_has_lines_that_always_fit() {
        let always = ["plain", "known", "calm", "common"]
            .map(mask_of)
            .iter()
            .sum::<Mask>()
            | Slot::You.bit()
            | Slot::Me.bit()
            | Slot::Role.bit()
            | Slot::Goods.bit()
            | Slot::Chore.bit()
            | Slot::Feeling.bit();
        let given = |topic| match topic {
            Topic::Told => Slot::Told.bit(),
            Topic::Recalled => Slot::Memory.bit(),
            Topic::Lore => Slot::Fact.bit(),
            Topic::Person => Slot::Other.bit() | Slot::Bond.bit(),
            Topic::PersonUnknown | Topic::Opening | Topic::Reply | Topic::Closing => {
                Slot::Topic.bit()
            }
            _ => 0,
        };
        for (topic, lines) in TOPICS.iter().zip(BANK.iter()) {
            let fitting = lines
                .iter()
                .filter(|line| line.fits(always | given(*topic)));
            assert!(fitting.count() >= 3, "{topic:?}");
        }
    }

    #[test]
    fn no_sentence_is_there_twice() {
        let mut texts: Vec<_> = BANK.iter().flatten().map(|line| line.text).collect();
        texts.sort_unstable();
        let twice = texts.windows(2).find(|pair| pair[0] == pair[1]);
        assert_eq!(twice, None);
    }
}
