//! Fills a tool's arguments: from the words to choose from, those near, what is wanted and what is remembered.

use serde_json::{Map, Value};

use crate::archetype::nature::{self, Nature};
use crate::archetype::{Kind, Parameter, Tool};
use crate::decision::{Neighbour, Percept, Trigger};
use crate::words;

use super::chance::Chance;
use super::moment::{Listener, Moment};
use super::options::best_of;
use super::phrases::{Topic, pick};
use super::{voice, wording};

/// Everything that is required, and the rest where there is something to say.
pub(super) fn filled(
    percept: &Percept<'_>,
    tool: &Tool,
    chance: &mut Chance,
) -> Map<String, Value> {
    let nature = nature::of(&tool.name);
    let target = whom(percept, nature, chance);
    let mut arguments = Map::new();
    for parameter in &tool.parameters {
        let value = match &parameter.kind {
            Kind::Number => Some(Value::from(1 + chance.below(5))),
            Kind::Character => target.map(|one| Value::from(one.id.as_str())),
            Kind::OneOf(options) => one_of(percept, options, chance).map(Value::from),
            Kind::Text => Some(Value::from(text(percept, parameter, target, chance))),
        };
        if let Some(value) = value {
            arguments.insert(parameter.name.clone(), value);
        }
    }
    arguments
}

/// Who caused it, or one of those near: mostly the one that suits best, sometimes another.
fn whom<'a>(percept: &Percept<'a>, nature: Nature, chance: &mut Chance) -> Option<&'a Neighbour> {
    if let Trigger::Event { event, .. } = percept.trigger {
        let involved = [&event.source, &event.target].into_iter().flatten();
        let near = |id: &String| percept.near.iter().find(|one| one.id == *id);
        if let Some(one) = involved.filter_map(near).next() {
            return Some(one);
        }
    }
    match chance.below(3) {
        0 => best_of(percept.near, nature),
        _ => chance.one_of(percept.near),
    }
}

/// The word that an event or a goal asks for, else any.
fn one_of<'a>(
    percept: &Percept<'_>,
    options: &'a [String],
    chance: &mut Chance,
) -> Option<&'a str> {
    let said = match percept.trigger {
        Trigger::Event { event, .. } => event.data.as_object(),
        Trigger::FastTick | Trigger::SlowTick => None,
    };
    let told = said
        .into_iter()
        .flat_map(|data| data.values().take(8))
        .filter_map(Value::as_str);
    let goals = percept
        .mind
        .goals
        .iter()
        .take(8)
        .filter_map(|goal| goal.next_step());
    let wanted = told.chain(goals.map(|step| step.description.as_str()));
    let named = wanted
        .filter_map(|text| options.iter().find(|option| words::mentions(text, option)))
        .next();
    named.or_else(|| chance.one_of(options)).map(String::as_str)
}

fn text(
    percept: &Percept<'_>,
    parameter: &Parameter,
    target: Option<&Neighbour>,
    chance: &mut Chance,
) -> String {
    let trade = voice::trade(&percept.archetype.id);
    match parameter.name.as_str() {
        "location" | "destination" | "where" | "place" => place(percept, chance),
        "item" | "gift" | "object" | "goods" | "cargo" => chance
            .one_of(trade.goods)
            .copied()
            .unwrap_or("a trifle")
            .to_owned(),
        "order" | "errand" | "task" | "what" => chance
            .one_of(trade.chores)
            .copied()
            .unwrap_or("the work")
            .to_owned(),
        "message" | "question" | "advice" | "oath" | "text" | "words" => {
            let mut moment = Moment::of(percept);
            moment.to = match target {
                Some(one) => Listener::Character(one.name.clone()),
                None => Listener::Player(None),
            };
            moment.said = percept
                .mind
                .recent
                .iter()
                .map(|deed| deed.what.as_str())
                .collect();
            let mask = moment.mask();
            pick(Topic::Address, mask, chance, &mut moment)
        }
        "focus" => match (percept.trigger, percept.near.is_empty()) {
            (Trigger::Event { event, .. }, _) => wording::plain(&event.kind.replace('_', " "), 60),
            (_, false) => "the people here".to_owned(),
            (_, true) => "the surroundings".to_owned(),
        },
        _ => {
            let mut moment = Moment::of(percept);
            let mask = moment.mask();
            let subject = pick(Topic::Subject, mask, chance, &mut moment);
            wording::clause(&subject)
        }
    }
}

/// One of the places that the day's plan knows, other than this one.
fn place(percept: &Percept<'_>, chance: &mut Chance) -> String {
    let here = percept.who.location.as_deref();
    let phases = percept
        .mind
        .routine
        .iter()
        .flat_map(|routine| &routine.phases);
    let known = phases.filter_map(|phase| phase.location.as_deref());
    let known: Vec<&str> = known.filter(|place| Some(*place) != here).take(8).collect();
    let place = chance.one_of(&known).copied().or(here);
    wording::plain(place.unwrap_or("the square"), 80)
}
