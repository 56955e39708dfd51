//! The prompt of a decision: what the character is to do next.

use serde_json::Value;

use crate::decision::{Percept, Trigger};
use crate::event::Event;
use crate::inference::{Message, Purpose, Request, Role, Tier};

use super::budget::{Budget, Part, fit};
use super::hint::hints;
use super::quote::{plain, quoted};
use super::{Prompt, Variant, persona, situation, tools};

/// Percent of the context: the persona's, at most; and the tools'. What they leave is the situation's.
const SYSTEM: u32 = 36;
const TOOLS: u32 = 42;
/// What [`Request::estimated_prompt_tokens`] adds to each message.
pub(super) const PER_MESSAGE: u32 = 4;

const TASK: &str = "Decide what you do now: call one tool, or say one or two sentences in your own voice. \
     No narration, no lists, no markup.";

pub fn decision(percept: &Percept<'_>, tier: Tier, variant: &Variant) -> Prompt {
    let budget = Budget::of(tier);
    let most_tools = variant.max_tools.unwrap_or(budget.tools);
    let (tools, tools_cut) = tools::offered(percept, most_tools, budget.context * TOOLS / 100);
    let hints = match variant.gives_hints() {
        true => hints(percept.mind, &tools),
        false => Vec::new(),
    };
    let whom = (percept.who, percept.archetype);
    let (system, mut cut) = persona::system(whom, TASK, variant, budget.bytes(SYSTEM));

    let mut parts = situation::parts(percept, variant, &budget);
    let hinted: Vec<_> = hints.iter().map(|hint| hint.text()).collect();
    parts.push(Part::prose("hints", (2, 20), hinted.join(" ")));
    parts.push(Part::lines(
        "trigger",
        (1, 50),
        "",
        trigger(percept, &budget),
    ));
    parts.push(Part::prose(
        "question",
        (0, 100),
        "What do you do now?".to_owned(),
    ));
    // Each estimate is rounded up on its own: system, tools and situation.
    let taken = system.len().div_ceil(4) as u32 + tools.iter().map(tools::tokens_of).sum::<u32>();
    let left = budget.context.saturating_sub(taken + 2 * PER_MESSAGE);
    let (now, more_cut) = fit(&parts, left as usize * 4);
    cut.extend(more_cut);
    cut.extend(tools_cut);

    let message = |role, content| Message { role, content };
    Prompt {
        request: Request {
            tier,
            purpose: match percept.trigger {
                Trigger::Event { .. } => Purpose::Event,
                Trigger::FastTick => Purpose::FastTick,
                Trigger::SlowTick => Purpose::SlowTick,
            },
            messages: vec![message(Role::System, system), message(Role::User, now)],
            tools,
            schema: None,
            max_tokens: variant.max_tokens.unwrap_or(budget.response),
            // Default of the contract's engine.
            temperature: variant.temperature.unwrap_or(0.7),
        },
        hints,
        cut,
    }
}

fn trigger(percept: &Percept<'_>, budget: &Budget) -> Vec<String> {
    let Trigger::Event { event, importance } = percept.trigger else {
        return Vec::new();
    };
    let told = format!("This just happened (importance {importance:.0} of 10): ");
    // Half of what the situation has at least, after persona and tools.
    let most = budget.bytes((100 - SYSTEM - TOOLS) / 2);
    vec![told + &quoted(&happening(event), most.saturating_sub(60))]
}

fn happening(event: &Event) -> String {
    let who = |label: &str, id: &Option<String>| match id {
        Some(id) => format!(", {label} {}", plain(id, 60)),
        None => String::new(),
    };
    let data = match &event.data {
        Value::Null => String::new(),
        Value::Object(data) => data.iter().map(|(key, value)| detail(key, value)).collect(),
        data => format!(", {data}"),
    };
    format!(
        "{}{}{}{data}",
        plain(&event.kind.replace('_', " "), 60),
        who("by", &event.source),
        who("to", &event.target)
    )
}

fn detail(key: &str, value: &Value) -> String {
    let key = key.replace('_', " ");
    match value {
        Value::String(text) => format!(", {key}: {text}"),
        other => format!(", {key}: {other}"),
    }
}
