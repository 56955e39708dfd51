//! What a speaker has at hand for a sentence: voice, mood, company, what is on its mind, and what it said just now.

use crate::archetype::nature::{self, Nature};
use crate::closeness::Tier;
use crate::decision::{Fact, Neighbour, Percept};
use crate::emotion::{Emotion, Mood};
use crate::need::Need;
use crate::relationship::Bond;

use super::chance::Chance;
use super::phrases::{Mask, Slot, Voice, mask_of};
use super::remembering;
use super::voice::{self, Trade};
use super::wording;

/// Feelings weaker than this do not show.
const SHOWS: f64 = 0.2;
/// From here on somebody is close.
const CLOSE: f64 = 70.0;

/// Who is spoken to.
#[derive(Debug, Clone)]
pub(super) enum Listener {
    /// With the name it gave, if it gave one.
    Player(Option<String>),
    /// A character, by its name.
    Character(String),
}

pub(super) struct Moment<'a> {
    percept: &'a Percept<'a>,
    pub(super) mood: Mood,
    trade: &'static Trade,
    mask: Mask,
    pub(super) to: Listener,
    /// Whom it is about.
    pub(super) other: Option<&'a Neighbour>,
    pub(super) told: Option<String>,
    pub(super) memory: Option<String>,
    pub(super) fact: Option<&'a Fact>,
    pub(super) topic: Option<String>,
    /// What was said before, so that it is not said again.
    pub(super) said: Vec<&'a str>,
}

impl<'a> Moment<'a> {
    pub(super) fn of(percept: &'a Percept<'a>) -> Self {
        let mood = percept.mind.feelings.mood_at(percept.now.fast);
        let trade = voice::trade(&percept.archetype.id);
        let shown = match mood.intensity >= SHOWS {
            true => mood.emotion.as_str(),
            false => "calm",
        };
        let mask =
            voice::voice(percept.who, percept.archetype) | mask_of(shown) | mask_of(trade.tag);
        Self {
            percept,
            mood,
            trade,
            mask,
            to: Listener::Player(None),
            other: percept.near.first(),
            told: None,
            memory: remembering::lived(percept).map(wording::clause),
            fact: percept.facts.first(),
            topic: None,
            said: Vec::new(),
        }
    }

    /// Tags that fit and gaps that can be filled.
    pub(super) fn mask(&self) -> Mask {
        let mind = self.percept.mind;
        let has = |slot: Slot, there: bool| if there { slot.bit() } else { 0 };
        self.mask
            | self.band()
            | has(Slot::You, true)
            | has(Slot::Me, true)
            | has(Slot::Role, true)
            | has(Slot::Feeling, true)
            | has(Slot::Goods, true)
            | has(Slot::Chore, true)
            | has(Slot::Place, self.percept.who.location.is_some())
            | has(Slot::Other, self.other.is_some())
            | has(Slot::Bond, self.other.is_some())
            | has(Slot::Goal, self.goal().is_some())
            | has(
                Slot::Deed,
                mind.recent.iter().any(|deed| deed.action != "idle"),
            )
            | has(Slot::Want, mind.needs.felt().next().is_some())
            | has(Slot::Told, self.told.is_some())
            | has(Slot::Memory, self.memory.is_some())
            | has(Slot::Fact, self.fact.is_some())
            | has(Slot::Rumour, !mind.rumours.is_empty())
            | has(Slot::Topic, self.topic.is_some())
            | has(
                Slot::Past,
                !self.percept.who.identity.backstory.trim().is_empty(),
            )
    }

    fn band(&self) -> Mask {
        if let Listener::Character(_) = self.to {
            return mask_of("known");
        }
        mask_of(match self.percept.tier {
            _ if self.percept.closeness >= CLOSE => "close",
            Tier::Dormant => "stranger",
            Tier::Active | Tier::Background => "known",
        })
    }

    /// The most important that is still open; what the persona wants if there is none.
    fn goal(&self) -> Option<&'a str> {
        let open = self.percept.mind.goals.iter().filter(|goal| goal.is_open());
        let first = open.max_by(|one, other| one.priority.total_cmp(&other.priority));
        let written = self.percept.who.identity.goals.first();
        first
            .map(|goal| goal.description.as_str())
            .or_else(|| written.map(String::as_str))
    }

    /// The lack that presses most, in words.
    fn want(&self) -> &'static [&'static str] {
        let felt = self.percept.mind.needs.felt();
        let most = felt.max_by(|one, other| one.intensity.total_cmp(&other.intensity));
        match most.map(|lack| lack.need) {
            Some(Need::Rest) | None => &[
                "an hour off my feet",
                "a good night's sleep",
                "a chair and some quiet",
            ],
            Some(Need::Social) => &[
                "a little company",
                "a long talk with a friend",
                "somebody to laugh with",
            ],
            Some(Need::Sustenance) => &["a hot meal", "something to eat", "a thick slice of bread"],
            Some(Need::Safety) => &["a sturdy lock", "a night without alarms", "a safe place"],
            Some(Need::Purpose) => &[
                "something useful to do",
                "a proper task",
                "a day that leads somewhere",
            ],
        }
    }

    fn deed(&self) -> &'static str {
        let deeds = self.percept.mind.recent.iter().rev();
        let last = deeds
            .map(|deed| deed.action.as_str())
            .find(|action| *action != "idle");
        match last.map(nature::of) {
            Some(Nature::Talk) => "talking to people",
            Some(Nature::Perform) => "entertaining the company",
            Some(Nature::Serve) => "seeing to the guests",
            Some(Nature::Trade) => "haggling",
            Some(Nature::Watch) => "keeping watch",
            Some(Nature::Observe) => "looking around",
            Some(Nature::Care) => "looking after somebody",
            Some(Nature::Fight) => "settling a quarrel the hard way",
            Some(Nature::Steal | Nature::Hide) => "minding my own business",
            Some(Nature::Learn) => "deep in my papers",
            Some(Nature::Contemplate) => "lost in thought",
            Some(Nature::Rest) => "resting my feet",
            Some(Nature::Eat) => "having a bite",
            Some(Nature::Move) => "on my way",
            Some(Nature::Command) => "giving orders",
            Some(Nature::Play) => "playing",
            Some(Nature::Work) | None => "at work",
        }
    }

    fn address(&self, chance: &mut Chance) -> String {
        let forms: &[&str] = match self.voice_tag() {
            _ if self.band() == mask_of("stranger") => &["stranger", "friend", "traveler"],
            "warm" => &["dear", "love", "my dear"],
            "gruff" => &["friend", "mate"],
            "lyrical" => &["my friend", "dear heart", "friend of mine"],
            "learned" => &["my friend", "colleague"],
            "courtly" => &["good friend", "my friend"],
            "sly" => &["my friend", "friend", "partner"],
            "young" => &["you", "friend"],
            "pious" => &["my child", "friend"],
            _ => &["friend", "neighbour"],
        };
        match &self.to {
            Listener::Character(name) => wording::plain(name, 60),
            Listener::Player(Some(name)) if chance.below(3) < 2 => name.clone(),
            Listener::Player(_) => chance.one_of(forms).copied().unwrap_or("friend").to_owned(),
        }
    }

    fn voice_tag(&self) -> &'static str {
        let tags = [
            "warm", "gruff", "lyrical", "learned", "courtly", "sly", "young", "pious",
        ];
        let own = tags.into_iter().find(|tag| self.mask & mask_of(tag) != 0);
        own.unwrap_or("plain")
    }
}

impl Voice for Moment<'_> {
    fn fill(&mut self, slot: Slot, chance: &mut Chance, into: &mut String) {
        let words = |options: &[&'static str], chance: &mut Chance| {
            chance.one_of(options).copied().unwrap_or_default()
        };
        match slot {
            Slot::You => into.push_str(&self.address(chance)),
            Slot::Me => into.push_str(&wording::plain(&self.percept.who.name, 60)),
            Slot::Role => into.push_str(&self.percept.archetype.name.to_lowercase()),
            Slot::Place => {
                let location = self.percept.who.location.as_deref();
                into.push_str(&wording::place(location.unwrap_or("here")));
            }
            Slot::Other => {
                let name = self.other.map(|other| wording::plain(&other.name, 60));
                into.push_str(name.as_deref().unwrap_or("somebody"));
            }
            Slot::Bond => {
                let bond = self.other.map(|other| other.relationship.bond);
                into.push_str(words(bond_words(bond.unwrap_or(Bond::Neutral)), chance));
            }
            Slot::Goal => into.push_str(&wording::aim(self.goal().unwrap_or_default())),
            Slot::Deed => into.push_str(self.deed()),
            Slot::Want => into.push_str(words(self.want(), chance)),
            Slot::Told => into.push_str(self.told.as_deref().unwrap_or_default()),
            Slot::Memory => into.push_str(self.memory.as_deref().unwrap_or_default()),
            Slot::Fact => {
                if let Some(fact) = self.fact {
                    into.push_str(&as_clause(fact));
                }
            }
            Slot::Rumour => {
                let rumour = chance.one_of(&self.percept.mind.rumours);
                into.push_str(
                    &rumour
                        .map(|rumour| wording::clause(&rumour.content))
                        .unwrap_or_default(),
                );
            }
            Slot::Topic => into.push_str(self.topic.as_deref().unwrap_or_default()),
            Slot::Past => {
                let who = self.percept.who;
                into.push_str(&wording::own_words(&who.identity.backstory, &who.name));
            }
            Slot::Feeling => {
                let shown = match self.mood.intensity >= SHOWS {
                    true => voice::feeling(self.mood.emotion, self.mood.intensity),
                    false => voice::feeling(Emotion::Trust, 0.0),
                };
                into.push_str(words(shown, chance));
            }
            Slot::Goods => into.push_str(words(self.trade.goods, chance)),
            Slot::Chore => into.push_str(words(self.trade.chores, chance)),
        }
    }

    fn said_lately(&self, open: &str, filled: &str) -> bool {
        let pieces = open
            .split('{')
            .map(|piece| piece.split_once('}').map_or(piece, |(_, rest)| rest));
        let telling = pieces.max_by_key(|piece| piece.len()).unwrap_or(open);
        let telling = if telling.len() < LEAST_TELLING {
            filled
        } else {
            telling
        };
        self.said.iter().any(|said| said.contains(telling))
    }
}

/// Shorter pieces of a sentence turn up by themselves.
const LEAST_TELLING: usize = 12;

fn bond_words(bond: Bond) -> &'static [&'static str] {
    match bond {
        Bond::Friend => &["a friend of mine", "a good friend"],
        Bond::Rival => &["a rival", "somebody I keep an eye on"],
        Bond::Mentor => &["somebody who taught me much", "my teacher"],
        Bond::Student => &["a pupil of mine", "somebody who still learns from me"],
        Bond::Ally => &["somebody to count on", "an ally"],
        Bond::Enemy => &["no friend of mine", "somebody I would not turn my back on"],
        Bond::Neutral => &["a familiar face", "somebody one knows"],
        Bond::Romantic => &["very dear to me", "the one I think of at night"],
        Bond::Family => &["family", "my own flesh and blood"],
    }
}

/// `tavern_reputation: well-known` is "the tavern reputation is well-known"; a whole sentence stays one.
pub(super) fn as_clause(fact: &Fact) -> String {
    let value = match &fact.value {
        serde_json::Value::String(text) if text.split(' ').count() >= 4 => {
            return wording::clause(text);
        }
        serde_json::Value::String(text) => wording::plain(text, 80),
        other => wording::plain(&other.to_string(), 80),
    };
    let key = wording::plain(&fact.key.replace(['_', '-', '.'], " "), 60);
    match key.starts_with("the ") {
        true => format!("{key} is {value}"),
        false => format!("the {key} is {value}"),
    }
}
