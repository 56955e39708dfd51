//! Utility AI: the best of what could be done, and why it is the best (Mark 2009, "Behavioral Mathematics for Game AI": additive
//! considerations, a little chance among options that are nearly as good).

use std::collections::BTreeMap;

use crate::decision::{Action, Decision, Explanation, Percept, Trigger};
use crate::prompt::{self, Variant};

use super::arguments;
use super::chance::Chance;
use super::moment::Moment;
use super::options::{Choice, PARTS, Scored, scored};
use super::phrases::{Topic, pick};

/// What somebody does now.
pub fn decide(percept: &Percept<'_>) -> Decision {
    let mut chance = Chance::of(percept.seed, &percept.who.id, percept.mind.decisions);
    let mut options = scored(percept, &mut chance);
    options.sort_by(|one, other| other.total().total_cmp(&one.total()));
    let best = options.first().map_or(Choice::Idle, |best| best.choice);
    let action = match best {
        Choice::Idle => Action::Idle,
        Choice::Dialogue => Action::Dialogue {
            text: remark(percept, &mut chance),
        },
        Choice::Tool(at) => match percept.archetype.tools.get(at) {
            Some(tool) => Action::ToolCall {
                tool: tool.name.clone(),
                arguments: arguments::filled(percept, tool, &mut chance),
            },
            None => Action::Idle,
        },
    };
    Decision {
        action,
        // As if a model had been asked, so that the log tells what it would have cost.
        inference_tier: prompt::inference_tier(percept, &Variant::default()),
        explanation: explanation(percept, &options),
    }
}

fn remark(percept: &Percept<'_>, chance: &mut Chance) -> String {
    let topic = match percept.trigger {
        Trigger::Event { .. } => Topic::Outcry,
        Trigger::FastTick | Trigger::SlowTick => Topic::Remark,
    };
    let mut moment = Moment::of(percept);
    let working = percept.mind.working.iter();
    let recent = percept.mind.recent.iter().map(|deed| deed.what.as_str());
    moment.said = working
        .map(|glimpse| glimpse.content.as_str())
        .chain(recent)
        .collect();
    let mask = moment.mask();
    pick(topic, mask, chance, &mut moment)
}

/// Parts below this are left out: nobody would see them.
const TELLING: f64 = 0.0005;

fn explanation(percept: &Percept<'_>, options: &[Scored]) -> Explanation {
    let parts = |option: &Scored| {
        let told = PARTS
            .into_iter()
            .zip(option.parts)
            .filter(|(_, part)| part.abs() >= TELLING);
        told.map(|(name, part)| (name.to_owned(), (part * 1_000.0).round() / 1_000.0))
            .collect()
    };
    let scores: BTreeMap<_, _> = options
        .iter()
        .map(|option| (name(percept, option).to_owned(), parts(option)))
        .collect();
    Explanation {
        because: because(percept, options),
        scores,
        memories: percept
            .memories
            .iter()
            .map(|memory| memory.id.clone())
            .collect(),
        hints: prompt::hints(percept.mind, &percept.archetype.tools)
            .iter()
            .map(|hint| hint.as_str().to_owned())
            .collect(),
        prompt_hash: None,
    }
}

fn name<'a>(percept: &Percept<'a>, option: &Scored) -> &'a str {
    match option.choice {
        Choice::Idle => "idle",
        Choice::Dialogue => "dialogue",
        Choice::Tool(at) => percept
            .archetype
            .tools
            .get(at)
            .map_or("idle", |tool| &tool.name),
    }
}

/// The two weightiest parts in words, and what came next.
fn because(percept: &Percept<'_>, options: &[Scored]) -> String {
    let Some(best) = options.first() else {
        return String::new();
    };
    let mut reasons: Vec<(usize, f64)> = best.parts.into_iter().enumerate().collect();
    reasons.sort_by(|one, other| other.1.total_cmp(&one.1));
    let mut told = String::with_capacity(160);
    told.push_str(&percept.who.name);
    told.push_str(" chose ");
    told.push_str(name(percept, best));
    let reasons = reasons
        .into_iter()
        .take(2)
        .filter(|(_, part)| *part > TELLING);
    for (nth, (part, _)) in reasons.enumerate() {
        told.push_str(if nth == 0 { ": " } else { ", and " });
        told.push_str(reason(PARTS[part]));
    }
    if let Some(second) = options.get(1) {
        told.push_str("; the next best was ");
        told.push_str(name(percept, second));
    }
    told.push('.');
    told
}

fn reason(part: &str) -> &'static str {
    match part {
        "need" => "it meets a need",
        "goal" => "it serves a goal",
        "emotion" => "the mood calls for it",
        "routine" => "it is time for it",
        "company" => "the company invites it",
        "event" => "what happened calls for it",
        "novelty" => "it was not done for a while",
        "chance" => "it came to mind",
        _ => "it is what one of this trade does",
    }
}
