//! Answers a player: what the message is about says which kind of sentence, and voice, mood, closeness and memory say which one.

use crate::decision::Percept;
use crate::inference::{Message, Role};

use super::about::About;
use super::chance::{Chance, fnv};
use super::moment::{Listener, Moment};
use super::phrases::{Mask, Slot, Topic, pick};
use super::remembering::{self, Found, Stems};

/// So many of the own replies are not said again.
const NOT_AGAIN: usize = 12;

/// A reply in character. The player's messages in `history` are the user's, the character's are the assistant's; oldest first, without
/// the one that is answered.
pub fn chat(percept: &Percept<'_>, history: &[Message], message: &str) -> String {
    let about = About::of(message);
    let mut moment = Moment::of(percept);
    let spoken = history
        .iter()
        .rev()
        .filter(|old| old.role == Role::Assistant);
    moment.said = spoken
        .take(NOT_AGAIN)
        .map(|old| old.content.as_str())
        .collect();
    moment.to = Listener::Player(player_name(percept, history, message));
    moment.topic.clone_from(&about.subject);
    let topic = settle(&mut moment, &about, percept, history, message);
    let mut chance = occasion(percept, history, message);

    let mask = moment.mask();
    let mut reply = pick(topic, mask, &mut chance, &mut moment);
    let rest = mask & !spent(topic);
    let (aside, prompt) = manners(topic, &moment);
    if chance.unit() < aside {
        add(
            &mut reply,
            pick(Topic::Aside, rest, &mut chance, &mut moment),
        );
    }
    if chance.unit() < prompt {
        add(
            &mut reply,
            pick(Topic::Prompt, rest, &mut chance, &mut moment),
        );
    }
    reply
}

/// The same words at the same point of the same talk have the same answer.
fn occasion(percept: &Percept<'_>, history: &[Message], message: &str) -> Chance {
    let last = history
        .last()
        .map_or(0, |last| fnv(history.len() as u64, last.content.as_bytes()));
    Chance::of(fnv(percept.seed, message.as_bytes()), &percept.who.id, last)
}

fn add(reply: &mut String, more: String) {
    if !more.is_empty() {
        reply.push(' ');
        reply.push_str(&more);
    }
}

fn player_name(percept: &Percept<'_>, history: &[Message], message: &str) -> Option<String> {
    let said = history.iter().rev().filter(|old| old.role == Role::User);
    let summary = percept.mind.summaries.get(percept.player_id);
    let facts = summary.into_iter().flat_map(|summary| &summary.key_facts);
    let texts = std::iter::once(message)
        .chain(said.map(|old| old.content.as_str()))
        .chain(
            percept
                .memories
                .iter()
                .filter_map(|memory| remembering::words_of(percept.player_id, &memory.content)),
        )
        .chain(facts.map(String::as_str));
    remembering::name(texts)
}

/// Which kind of sentence answers it, once it is known what there is to answer with.
fn settle<'a>(
    moment: &mut Moment<'a>,
    about: &About,
    percept: &'a Percept<'a>,
    history: &[Message],
    message: &str,
) -> Topic {
    let stems = Stems::of(message);
    let fact = remembering::fact(percept, &stems);
    if fact.is_some() {
        moment.fact = fact;
    }
    let asked_for = percept.near.iter().find(|one| {
        let first = one.name.split(' ').next().unwrap_or(&one.name);
        about.mentions(first) || about.mentions(&one.id)
    });
    if asked_for.is_some() {
        moment.other = asked_for;
    }
    let found = match about.topic {
        Topic::Told if stems.is_empty() => remembering::foremost(percept),
        Topic::Told | Topic::Question | Topic::News | Topic::Lore => {
            remembering::found(percept, history, &stems)
        }
        _ => None,
    };
    match (about.topic, found) {
        (Topic::Told, None) if stems.is_empty() => Topic::Greeting,
        (Topic::Told, None) if fact.is_some() => Topic::Lore,
        (Topic::Told, None) => Topic::ToldNothing,
        (Topic::Question, _) if asked_for.is_some() => Topic::Person,
        (Topic::Statement, _) if asked_for.is_some() && about.asks => Topic::Person,
        (Topic::Told | Topic::Question, Some(Found::Told(words))) => {
            moment.told = Some(words);
            Topic::Told
        }
        (Topic::Told | Topic::Question, Some(Found::Memory(words))) => {
            moment.memory = Some(words);
            Topic::Recalled
        }
        (Topic::News, Some(Found::Memory(words))) => {
            moment.memory = Some(words);
            Topic::News
        }
        (Topic::Question, None) if fact.is_some() => Topic::Lore,
        (Topic::Question, None)
            if about.subject.is_some() && about.text.starts_with(" tell me ") =>
        {
            Topic::PersonUnknown
        }
        (Topic::Question, None) if about.subject.is_some() && about.text.contains(" about ") => {
            Topic::PersonUnknown
        }
        (topic, _) => topic,
    }
}

/// Gaps that an answer of this kind has used up.
fn spent(topic: Topic) -> Mask {
    match topic {
        Topic::Goal => Slot::Goal.bit(),
        Topic::News => Slot::Rumour.bit() | Slot::Memory.bit(),
        Topic::Person | Topic::Place => Slot::Other.bit() | Slot::Bond.bit() | Slot::Rumour.bit(),
        Topic::Mood => Slot::Want.bit() | Slot::Feeling.bit(),
        Topic::Work => Slot::Deed.bit() | Slot::Chore.bit(),
        Topic::Trade | Topic::Greeting => Slot::Goods.bit(),
        _ => 0,
    }
}

/// How likely an aside and a question back are. Strong feelings come out.
fn manners(topic: Topic, moment: &Moment<'_>) -> (f64, f64) {
    let stirred = if moment.mood.intensity >= 0.5 {
        0.25
    } else {
        0.0
    };
    match topic {
        Topic::Farewell | Topic::Threat | Topic::Insult => (0.0, 0.0),
        Topic::Story => (0.1, 0.15),
        Topic::Greeting | Topic::Assent | Topic::Refusal | Topic::Silence | Topic::Thanks => {
            (0.35 + stirred, 0.45)
        }
        Topic::Told | Topic::Recalled | Topic::Lore => (0.15 + stirred, 0.35),
        _ => (0.3 + stirred, 0.35),
    }
}
