//! Checks a call against what the character can do, and bends what is nearly right.

use serde_json::{Map, Number, Value};

use crate::archetype::{Kind, Parameter, Tool};
use crate::decision::{Neighbour, Percept};
use crate::text::{head, in_sentences};

use super::find::{Found, WORDS};
use super::near::nearest;
use super::speech;

/// What a call comes to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Called {
    Tool {
        tool: String,
        arguments: Map<String, Value>,
    },
    Says(String),
    Idle,
}

const IDLE: [&str; 7] = [
    "idle",
    "wait",
    "none",
    "nothing",
    "do_nothing",
    "no_action",
    "pass",
];
const SAY: [&str; 8] = [
    "say", "speak", "talk", "dialogue", "respond", "reply", "speech", "answer",
];
/// The longest text that an argument may be, in bytes.
const MOST_TEXT: usize = 400;
const MOST_MENDED: usize = 16;

/// None: nothing that this character can do. What was bent or missing is told in `mended`.
pub(super) fn resolve(
    found: &Found,
    percept: &Percept<'_>,
    mended: &mut Vec<String>,
) -> Option<Called> {
    let tools = &percept.archetype.tools;
    // Namespaces that models put before names: functions.serve_drink.
    let written = found
        .name
        .rsplit(['.', '/', ':'])
        .next()
        .unwrap_or_default();
    let written = head(written.trim(), 80);
    let exact = tools.iter().find(|tool| tool.name == written);
    let word = written.to_lowercase().replace([' ', '-'], "_");
    if exact.is_none() && IDLE.contains(&word.as_str()) {
        return Some(Called::Idle);
    }
    if exact.is_none() && SAY.contains(&word.as_str()) {
        return words(&found.arguments).map(Called::Says);
    }
    let tool = exact.or_else(|| {
        let name = nearest(written, tools.iter().map(|tool| tool.name.as_str()));
        let name = name.or_else(|| {
            note(
                mended,
                format!("no tool is called {}", speech::clean(written)),
            );
            None
        })?;
        note(
            mended,
            format!("{} was taken for {name}", speech::clean(written)),
        );
        tools.iter().find(|tool| tool.name == name)
    })?;
    match arguments(tool, &found.arguments, percept, mended) {
        Ok(arguments) => Some(Called::Tool {
            tool: tool.name.clone(),
            arguments,
        }),
        // Words to somebody who is not there are still words.
        Err(missing) if missing.kind == Kind::Character => {
            words(&found.arguments).map(Called::Says)
        }
        Err(_) => None,
    }
}

fn note(mended: &mut Vec<String>, what: String) {
    if mended.len() < MOST_MENDED {
        mended.push(what);
    }
}

/// What is said in arguments, wherever it stands in them.
fn words(arguments: &Value) -> Option<String> {
    let text = match arguments {
        Value::String(text) => text.as_str(),
        Value::Object(object) => WORDS.iter().find_map(|key| object.get(*key)?.as_str())?,
        Value::Array(list) => list.first()?.as_str()?,
        _ => return None,
    };
    let text = in_sentences(&speech::clean(text), super::MOST_SAID);
    (!text.is_empty()).then_some(text)
}

/// Each parameter's argument, or the required one that is missing.
fn arguments<'t>(
    tool: &'t Tool,
    written: &Value,
    percept: &Percept<'_>,
    mended: &mut Vec<String>,
) -> Result<Map<String, Value>, &'t Parameter> {
    let mut arguments = Map::new();
    for (place, parameter) in tool.parameters.iter().enumerate() {
        let given = given(tool, parameter, place, written);
        let fitting = given.and_then(|value| fitting(&parameter.kind, value, percept.near));
        match (fitting, &parameter.kind, percept.near) {
            (Some(fitting), _, _) => {
                if given != Some(&fitting) {
                    note(mended, format!("{} was mended", parameter.name));
                }
                arguments.insert(parameter.name.clone(), fitting);
            }
            (None, Kind::Character, [only]) if parameter.required && given.is_none() => {
                note(
                    mended,
                    format!("{} can only be {}", parameter.name, only.id),
                );
                arguments.insert(parameter.name.clone(), Value::String(only.id.clone()));
            }
            (None, _, _) if parameter.required => {
                note(mended, format!("{} is missing or wrong", parameter.name));
                return Err(parameter);
            }
            (None, _, _) => {
                if given.is_some() {
                    note(mended, format!("{} was left out", parameter.name));
                }
            }
        }
    }
    Ok(arguments)
}

fn given<'v>(
    tool: &Tool,
    parameter: &Parameter,
    place: usize,
    written: &'v Value,
) -> Option<&'v Value> {
    match written {
        Value::Object(object) => object.get(&parameter.name).or_else(|| {
            let others = object
                .keys()
                .map(String::as_str)
                .filter(|key| !tool.parameters.iter().any(|one| one.name == **key))
                .take(32);
            object.get(nearest(&parameter.name, others)?)
        }),
        Value::Array(list) => list.get(place),
        Value::Null => None,
        // The one argument, of the first parameter that must be there.
        one => {
            let first = tool.parameters.iter().find(|one| one.required);
            let first = first.or(tool.parameters.first())?;
            (first.name == parameter.name).then_some(one)
        }
    }
}

fn fitting(kind: &Kind, value: &Value, near: &[Neighbour]) -> Option<Value> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        _ => return None,
    };
    match kind {
        Kind::Number => {
            let number = match value {
                Value::Number(number) => number.clone(),
                _ => text.trim().parse().ok().and_then(Number::from_f64)?,
            };
            Some(Value::Number(number))
        }
        Kind::Text => {
            let text = in_sentences(&speech::clean(&text), MOST_TEXT);
            (!text.is_empty()).then_some(Value::String(text))
        }
        Kind::OneOf(options) => {
            let options = || options.iter().map(String::as_str);
            let text = head(text.trim(), 200);
            let option = nearest(text, options()).or_else(|| {
                // "a mug of ale": the only option that it speaks of.
                let lower = text.to_lowercase();
                let mut spoken_of = options().filter(|option| mentions(&lower, option));
                spoken_of.next().filter(|_| spoken_of.next().is_none())
            });
            option.map(|option| Value::String(option.to_owned()))
        }
        Kind::Character => {
            let text = head(text.trim(), 200);
            let by_id = near.iter().find(|one| one.id == text);
            let by_id = by_id.or_else(|| {
                let id = nearest(text, near.iter().map(|one| one.id.as_str()))?;
                near.iter().find(|one| one.id == id)
            });
            let by_name = || {
                let lower = text.to_lowercase();
                let mut named = near.iter().filter(|one| mentions(&lower, &one.name));
                named.next().filter(|_| named.next().is_none())
            };
            by_id
                .or_else(by_name)
                .map(|one| Value::String(one.id.clone()))
        }
    }
}

/// Whether the text has this name in it, as words of its own.
fn mentions(lower: &str, name: &str) -> bool {
    let name = name.to_lowercase();
    let is_edge = |one: Option<char>| !one.is_some_and(char::is_alphanumeric);
    !name.is_empty()
        && lower.match_indices(&name).any(|(at, _)| {
            is_edge(lower[..at].chars().next_back())
                && is_edge(lower[at + name.len()..].chars().next())
        })
}
