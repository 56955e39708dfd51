//! A turn in a talk among characters.

use crate::decision::Percept;
use crate::prompt::Talk;

use super::chance::{Chance, fnv};
use super::moment::{Listener, Moment};
use super::phrases::{Topic, pick};
use super::remembering::{self, Found, Stems};
use super::wording;

/// A talk comes to a point every so many turns: as many as it has at most if nobody says otherwise.
const ROUND: usize = 6;

/// The next line of `percept.who`, after these.
pub fn converse(percept: &Percept<'_>, talk: &Talk<'_>) -> String {
    let (topic, turns) = (talk.topic, talk.lines);
    let mut moment = Moment::of(percept);
    moment.said = turns.iter().map(|turn| turn.text).collect();
    moment.topic = Some(wording::clause(topic)).filter(|topic| !topic.is_empty());
    if moment.topic.is_none() {
        moment.topic = Some("the day".to_owned());
    }
    let stems = Stems::of(topic);
    moment.fact = remembering::fact(percept, &stems);
    moment.memory = match remembering::found(percept, &[], &stems) {
        Some(Found::Memory(words)) => Some(words),
        Some(Found::Told(_)) | None => None,
    };
    let other = turns.iter().rev().find(|turn| turn.id != percept.who.id);
    let name = other
        .map(|turn| turn.name)
        .or_else(|| percept.near.first().map(|one| one.name.as_str()));
    let first = name
        .and_then(|name| name.split(' ').next())
        .unwrap_or("friend");
    moment.to = Listener::Character(first.to_owned());
    let kind = match turns.len() {
        0 => Topic::Opening,
        count if count % ROUND == ROUND - 1 => Topic::Closing,
        _ => Topic::Reply,
    };
    let occasion = fnv(percept.seed, topic.as_bytes());
    let mut chance = Chance::of(occasion, &percept.who.id, turns.len() as u64);
    let mask = moment.mask();
    pick(kind, mask, &mut chance, &mut moment)
}
