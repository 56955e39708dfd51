//! What the stub says, in the format of the path that it is asked on.

use serde_json::{Value, json};

use super::Act;

pub(super) enum Answer {
    Whole(u16, Vec<(String, String)>, String),
    /// Server-sent events.
    Stream(String),
    /// Bytes after which the line is closed.
    Broken(String),
}

const GREETING: &str = "Well met, träveller.";
/// Without a thought of the length of anything.
const PROMPT_TOKENS: u32 = 100;
const CACHED_TOKENS: u32 = 40;
const COMPLETION_TOKENS: u32 = 10;

pub(super) fn answer(path: &str, act: &Act, body: &[u8]) -> Answer {
    let said = match act {
        Act::Say(text) => Said::text(text),
        Act::Wait(_) => Said::text(GREETING),
        Act::Call(tool, arguments) => Said::Call(tool.clone(), arguments.clone()),
        Act::Comply => match first_tool(body) {
            Some(tool) => Said::Call(tool, "{}".to_owned()),
            None => Said::text(GREETING),
        },
        Act::Empty { cut_off } => Said::Text {
            text: String::new(),
            cut_off: *cut_off,
        },
        Act::Status(status, headers, body) => {
            return Answer::Whole(*status, headers.clone(), body.clone());
        }
        Act::Malformed => {
            return Answer::Whole(200, Vec::new(), r#"{"choices":[{"mess"#.to_owned());
        }
        Act::HangUp => return Answer::Broken(String::new()),
        Act::BreakOff => return broken_off(),
    };
    let streams = contains(body, b"\"stream\":true");
    if path.ends_with("/embeddings") {
        return Answer::Whole(200, Vec::new(), vectors(body).to_string());
    }
    match (path.ends_with("/messages"), streams) {
        (true, false) => Answer::Whole(200, Vec::new(), said.anthropic().to_string()),
        (true, true) => Answer::Stream(said.anthropic_events()),
        (false, false) => Answer::Whole(200, Vec::new(), said.openai().to_string()),
        (false, true) => Answer::Stream(said.openai_events()),
    }
}

enum Said {
    Text { text: String, cut_off: bool },
    Call(String, String),
}

impl Said {
    fn text(text: &str) -> Self {
        Self::Text {
            text: text.to_owned(),
            cut_off: false,
        }
    }

    fn openai(&self) -> Value {
        let (message, finish) = match self {
            Self::Text { text, cut_off } => {
                let finish = if *cut_off { "length" } else { "stop" };
                (json!({ "role": "assistant", "content": text }), finish)
            }
            // As some servers do it: the reason does not tell of the calls.
            Self::Call(name, arguments) => (
                json!({ "role": "assistant", "content": null, "tool_calls": [
                    { "id": "call_1", "type": "function", "function": { "name": name, "arguments": arguments } }] }),
                "stop",
            ),
        };
        json!({ "id": "chatcmpl-1", "object": "chat.completion", "model": "stub",
            "choices": [{ "index": 0, "message": message, "finish_reason": finish }], "usage": openai_usage() })
    }

    fn openai_events(&self) -> String {
        let chunk = |delta: Value, finish: Option<&str>| json!({ "object": "chat.completion.chunk", "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }] });
        let mut events = vec![chunk(json!({ "role": "assistant", "content": "" }), None)];
        let finish = match self {
            Self::Text { text, cut_off } => {
                let words = text.split_inclusive(' ');
                events.extend(words.map(|word| chunk(json!({ "content": word }), None)));
                if *cut_off { "length" } else { "stop" }
            }
            Self::Call(name, arguments) => {
                let call = |function: Value| json!({ "tool_calls": [{ "index": 0, "function": function }] });
                events.push(chunk(call(json!({ "name": name, "arguments": "" })), None));
                let pieces = arguments.split_inclusive(' ');
                events.extend(pieces.map(|piece| chunk(call(json!({ "arguments": piece })), None)));
                "tool_calls"
            }
        };
        events.push(chunk(json!({}), Some(finish)));
        events.push(json!({ "choices": [], "usage": openai_usage() }));
        let mut stream: String = events
            .iter()
            .map(|event| format!("data: {event}\n\n"))
            .collect();
        stream += "data: [DONE]\n\n";
        stream
    }

    fn anthropic(&self) -> Value {
        let (block, reason) = match self {
            Self::Text { text, cut_off } => (
                json!({ "type": "text", "text": text }),
                if *cut_off { "max_tokens" } else { "end_turn" },
            ),
            Self::Call(name, arguments) => {
                let input: Value = serde_json::from_str(arguments).unwrap_or_default();
                (
                    json!({ "type": "tool_use", "id": "toolu_1", "name": name, "input": input }),
                    "tool_use",
                )
            }
        };
        json!({ "id": "msg_1", "type": "message", "role": "assistant", "model": "stub", "content": [block],
            "stop_reason": reason, "usage": anthropic_usage() })
    }

    fn anthropic_events(&self) -> String {
        let mut events = vec![
            json!({ "type": "message_start", "message": { "content": [], "usage": anthropic_usage() } }),
        ];
        let reason = match self {
            Self::Text { text, cut_off } => {
                events.push(json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } }));
                let words = text.split_inclusive(' ');
                events.extend(words.map(|word| {
                    json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": word } })
                }));
                if *cut_off { "max_tokens" } else { "end_turn" }
            }
            Self::Call(name, arguments) => {
                events.push(json!({ "type": "content_block_start", "index": 0,
                    "content_block": { "type": "tool_use", "id": "toolu_1", "name": name, "input": {} } }));
                let pieces = arguments.split_inclusive(' ');
                events.extend(pieces.map(|piece| {
                    json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "input_json_delta", "partial_json": piece } })
                }));
                "tool_use"
            }
        };
        events.push(json!({ "type": "ping" }));
        events.push(json!({ "type": "content_block_stop", "index": 0 }));
        events.push(json!({ "type": "message_delta", "delta": { "stop_reason": reason }, "usage": { "output_tokens": COMPLETION_TOKENS } }));
        events.push(json!({ "type": "message_stop" }));
        let line = |event: &Value| {
            format!(
                "event: {}\ndata: {event}\n\n",
                event["type"].as_str().unwrap_or_default()
            )
        };
        events.iter().map(line).collect()
    }
}

fn openai_usage() -> Value {
    json!({ "prompt_tokens": PROMPT_TOKENS, "completion_tokens": COMPLETION_TOKENS,
        "total_tokens": PROMPT_TOKENS + COMPLETION_TOKENS, "prompt_tokens_details": { "cached_tokens": CACHED_TOKENS } })
}

/// Here what was cached is not among the input tokens.
fn anthropic_usage() -> Value {
    json!({ "input_tokens": PROMPT_TOKENS - CACHED_TOKENS, "cache_read_input_tokens": CACHED_TOKENS,
        "cache_creation_input_tokens": 0, "output_tokens": COMPLETION_TOKENS })
}

fn broken_off() -> Answer {
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    let event = format!(
        "data: {}\n\n",
        json!({ "choices": [{ "index": 0, "delta": { "content": "Well" } }] })
    );
    Answer::Broken(format!("{head}{:x}\r\n{event}\r\n", event.len()))
}

/// Of three numbers each: its length, and two that are always the same.
fn vectors(body: &[u8]) -> Value {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let texts = body["input"].as_array().into_iter().flatten();
    let data = texts.enumerate().map(|(index, text)| {
        let length = text.as_str().unwrap_or_default().len();
        json!({ "object": "embedding", "index": index, "embedding": [length, 0.5, -0.5] })
    });
    json!({ "object": "list", "data": data.collect::<Vec<_>>(), "usage": { "prompt_tokens": PROMPT_TOKENS } })
}

/// The name of the first tool, in either format.
fn first_tool(body: &[u8]) -> Option<String> {
    if !contains(body, b"\"tools\":[{") {
        return None;
    }
    let body: Value = serde_json::from_slice(body).ok()?;
    let tool = &body["tools"][0];
    let name = tool["function"]["name"].as_str().or(tool["name"].as_str());
    name.map(str::to_owned)
}

fn contains(body: &[u8], words: &[u8]) -> bool {
    body.windows(words.len()).any(|window| window == words)
}
