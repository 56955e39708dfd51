//! Finds calls of tools in text, in whichever way a model wrote them there.

use serde_json::{Map, Value};

use crate::decision::Percept;
use crate::inference::ToolCall;

use super::Stage;
use super::json;

/// A call as it was written: nothing of it has been checked.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub name: String,
    /// An object by parameter, a list by position, or the one argument itself.
    pub arguments: Value,
}

/// Brackets that are tried in one text, and calls that are looked at.
const MOST_TRIED: usize = 16;
const MOST_CALLS: usize = 8;

/// What a call's name and arguments are called.
const NAMES: [&str; 7] = [
    "name",
    "tool",
    "tool_name",
    "function",
    "function_name",
    "action",
    "command",
];
const ARGUMENTS: [&str; 8] = [
    "arguments",
    "parameters",
    "args",
    "params",
    "input",
    "tool_input",
    "action_input",
    "kwargs",
];
/// Under these a model writes what it says.
pub(super) const WORDS: [&str; 10] = [
    "say", "speech", "dialogue", "message", "text", "words", "response", "reply", "content",
    "answer",
];
/// What opens a call in text, and what closes it: Hermes and Qwen, older models, Mistral.
const TAGS: [(&str, &str); 4] = [
    ("<tool_call>", "</tool_call>"),
    ("<function_call>", "</function_call>"),
    ("<function=", "</function>"),
    ("[TOOL_CALLS]", "\n"),
];
const FENCE: &str = "```";

impl Found {
    pub fn native(call: &ToolCall) -> Self {
        let written = crate::text::head(&call.arguments, super::MOST_READ);
        let arguments = match json::value(written.trim_start()) {
            Some((value, _, _)) => value,
            None => Value::Null,
        };
        Self {
            name: call.name.clone(),
            arguments,
        }
    }
}

/// All that look like calls, the surest first.
pub(super) fn calls(text: &str, percept: &Percept<'_>) -> Vec<(Stage, Found)> {
    let mut calls: Vec<(Stage, Found)> = Vec::new();
    for inside in tagged(text) {
        calls.extend(in_piece(inside, percept).map(|found| (Stage::Tagged, found)));
    }
    for block in blocks(text) {
        calls.extend(in_piece(block, percept).map(|found| (Stage::CodeBlock, found)));
    }
    let inline = objects(text);
    let inline = inline.iter().filter_map(of_object);
    calls.extend(inline.map(|found| (Stage::InlineJson, found)));
    calls.extend(fuzzy(text, percept).map(|found| (Stage::Fuzzy, found)));
    calls.truncate(MOST_CALLS);
    calls
}

/// What a model says in JSON though it was asked for words.
pub(super) fn words_in_json(text: &str) -> Option<String> {
    let inside = text.trim_start_matches(['`', '\n', ' ']);
    let inside = inside.strip_prefix("json").unwrap_or(inside);
    let object = match inside.trim_start().starts_with('{') {
        true => objects(text).into_iter().next()?,
        false => return None,
    };
    words_of(&object).map(str::to_owned)
}

fn words_of(object: &Map<String, Value>) -> Option<&str> {
    WORDS.iter().find_map(|key| object.get(*key)?.as_str())
}

/// The text without what was meant to be a call or is code.
pub(super) fn without_calls(text: &str) -> String {
    let mut words = String::new();
    let mut rest = text;
    let mut tried = 0;
    while let Some(at) = rest.find(['{', '<', '[', '`']) {
        words.push_str(&rest[..at]);
        let tail = &rest[at..];
        let tag = TAGS.iter().find(|(opening, _)| tail.starts_with(opening));
        let taken = if let Some((_, closing)) = tag {
            tail.find(closing)
                .map_or(tail.len(), |end| end + closing.len())
        } else if let Some(inside) = tail.strip_prefix(FENCE) {
            let end = inside.find(FENCE);
            end.map_or(tail.len(), |end| end + 2 * FENCE.len())
        } else if tail.starts_with('{') {
            tried += 1;
            match json::value(tail) {
                Some((_, length, _)) if tried <= MOST_TRIED => length.max(1),
                _ => tail.len(),
            }
        } else {
            words.push_str(&tail[..1]);
            1
        };
        rest = &tail[taken..];
    }
    words.push_str(rest);
    words
}

pub(super) fn says_idle(words: &str) -> bool {
    const IDLE: [&str; 12] = [
        "",
        "idle",
        "wait",
        "none",
        "nothing",
        "do nothing",
        "no action",
        "null",
        "pass",
        "stay idle",
        "i wait",
        "i do nothing",
    ];
    let words = words.trim_matches(|one: char| !one.is_alphanumeric());
    words.len() < 20 && IDLE.contains(&words.to_lowercase().as_str())
}

/// The objects that stand in a text, outermost ones.
pub(super) fn objects(text: &str) -> Vec<Map<String, Value>> {
    let mut objects = Vec::new();
    let mut rest = text;
    for _ in 0..MOST_TRIED {
        let Some(at) = rest.find('{') else { break };
        let tail = &rest[at..];
        let Some((value, length, _)) = json::value(tail) else {
            break;
        };
        if let Value::Object(object) = value {
            objects.push(object);
        }
        rest = &tail[length.max(1)..];
    }
    objects
}

fn tagged(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    for (opening, closing) in TAGS {
        for (at, _) in text.match_indices(opening).take(MOST_CALLS) {
            // The name is part of this tag.
            let start = match opening.ends_with('=') {
                true => at,
                false => at + opening.len(),
            };
            let inside = &text[start..];
            let end = inside.find(closing).unwrap_or(inside.len());
            pieces.push(&inside[..end]);
        }
    }
    pieces
}

fn blocks(text: &str) -> impl Iterator<Item = &str> {
    // Every second piece between fences is a block; a fence that is not closed opens one to the end.
    text.split(FENCE).skip(1).step_by(2).take(MOST_CALLS)
}

/// A call in a piece that holds nothing else.
fn in_piece(piece: &str, percept: &Percept<'_>) -> Option<Found> {
    let spelled = || in_tags(piece).or_else(|| fuzzy(piece, percept).next());
    let object = objects(piece).into_iter().next();
    object
        .and_then(|object| of_object(&object))
        .or_else(spelled)
}

/// `<function=serve_drink><parameter=drink>ale</parameter></function>`
fn in_tags(piece: &str) -> Option<Found> {
    let (_, after) = piece.split_once("<function=")?;
    let (name, mut rest) = after.split_once('>')?;
    let mut arguments = Map::new();
    while let Some((_, parameter)) = rest.split_once("<parameter=") {
        let Some((key, value)) = parameter.split_once('>') else {
            break;
        };
        let end = value.find("</parameter>").unwrap_or(value.len());
        arguments.insert(
            key.trim().to_owned(),
            Value::String(value[..end].trim().to_owned()),
        );
        rest = &value[end..];
    }
    Some(Found {
        name: name.trim().to_owned(),
        arguments: Value::Object(arguments),
    })
}

fn of_object(object: &Map<String, Value>) -> Option<Found> {
    // OpenAI's own form, written as text: {"tool_calls": [{"function": {…}}]}.
    let nested = object
        .get("tool_calls")
        .and_then(|calls| calls.get(0))
        .or(object.get("tool_call"))
        .or(object.get("function_call"))
        .or(object.get("function"))
        .or(object.get("action"))
        .and_then(Value::as_object);
    if let Some(inner) = nested {
        return of_object(inner);
    }
    let key = NAMES
        .iter()
        .find(|key| object.get(**key).is_some_and(Value::is_string));
    let Some(key) = key else {
        return words_of(object).map(|words| Found {
            name: "say".to_owned(),
            arguments: Value::String(words.to_owned()),
        });
    };
    let name = object.get(*key)?.as_str()?.to_owned();
    let arguments = ARGUMENTS.iter().find_map(|key| object.get(*key));
    let arguments = match arguments {
        // Arguments as JSON within JSON.
        Some(Value::String(text)) if text.trim_start().starts_with('{') => {
            json::value(text.trim_start()).map_or(Value::Null, |(value, _, _)| value)
        }
        Some(arguments) => arguments.clone(),
        None => {
            let others = object.iter().filter(|(one, _)| one != key);
            Value::Object(
                others
                    .map(|(key, value)| (key.clone(), value.clone()))
                    .collect(),
            )
        }
    };
    Some(Found { name, arguments })
}

/// A tool's name alone on a line, behind a label, before brackets, or unmistakable because it has an underscore.
fn fuzzy<'a>(text: &'a str, percept: &'a Percept<'_>) -> impl Iterator<Item = Found> + 'a {
    const MOST_LINES: usize = 40;
    let lines = text.lines().take(MOST_LINES);
    lines.filter_map(|line| {
        let tools = percept.archetype.tools.iter();
        tools.filter_map(|tool| mentioned(line, &tool.name)).next()
    })
}

fn mentioned(line: &str, tool: &str) -> Option<Found> {
    const LABELS: [&str; 6] = ["tool", "action", "call", "use", "function", "command"];
    if tool.is_empty() {
        return None;
    }
    let bare = line.trim_matches(|one: char| !one.is_alphanumeric() && one != ')' && one != '_');
    let lower = bare.to_ascii_lowercase();
    let name = tool.to_ascii_lowercase();
    let at = lower.match_indices(&name).find(|(at, _)| {
        let before = lower[..*at].chars().next_back();
        let after = lower[at + name.len()..].chars().next();
        let is_part = |one: char| one.is_alphanumeric() || one == '_';
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    });
    let (at, _) = at?;
    let after = bare[at + name.len()..].trim_start();
    let label = lower[..at].trim_end_matches([' ', ':', '=', '*', '`', '"', '\'']);
    let is_labelled = LABELS.contains(&label) && lower[..at].contains([':', '=']);
    let is_alone = at == 0 && after.is_empty();
    let is_called = after.starts_with('(');
    (is_labelled || is_alone || is_called || name.contains('_')).then(|| Found {
        name: tool.to_owned(),
        arguments: written(after),
    })
}

/// Arguments in round brackets or behind the name: by key, or by position.
fn written(after: &str) -> Value {
    let inside = match after.strip_prefix('(') {
        Some(inside) => inside.split_once(')').map_or(inside, |(inside, _)| inside),
        None => after.trim_start_matches([':', '-', ' ', '{']),
    };
    let inside = inside.trim().trim_end_matches('}');
    let by_key = inside.contains(['=', ':']);
    let wrapped = match by_key {
        true => format!("{{{inside}}}"),
        false => format!("[{inside}]"),
    };
    match json::value(&wrapped) {
        Some((value, _, _)) => value,
        None => Value::Null,
    }
}
