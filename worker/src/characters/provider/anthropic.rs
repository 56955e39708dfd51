//! Anthropic's messages: the system's words apart, content in blocks.

use std::collections::BTreeMap;

use rookery_characters::inference::{Reply, Role, ToolCall, Usage};
use serde_json::{Value, json};

use super::failure::Failure;
use super::format::{Delivery, Question, count};
use super::refusal;

/// A reply in JSON is asked for as the arguments of this tool: the format has no other way that all models know.
const REPLY: &str = "reply";

pub(super) fn body(question: &Question<'_>) -> Value {
    let request = question.request;
    let (system, talk) = match request.messages.split_first() {
        Some((first, rest)) if first.role == Role::System => (Some(&first.content), rest),
        _ => (None, request.messages.as_slice()),
    };
    let mut messages = Vec::with_capacity(talk.len() + 1);
    for message in talk {
        let role = match message.role {
            Role::Assistant => "assistant",
            Role::System | Role::User => "user",
        };
        // A conversation begins with the user.
        if messages.is_empty() && role == "assistant" {
            messages.push(json!({ "role": "user", "content": "…" }));
        }
        // Blank messages are refused.
        if !message.content.trim().is_empty() {
            messages.push(json!({ "role": role, "content": message.content }));
        }
    }
    if messages.is_empty() {
        messages.push(json!({ "role": "user", "content": "…" }));
    }
    let mut body = json!({
        "model": question.model,
        "max_tokens": question.max_tokens,
        "temperature": request.temperature.clamp(0.0, 1.0),
        "messages": messages,
    });
    if let Some(system) = system.filter(|system| !system.trim().is_empty()) {
        body["system"] = json!(system);
    }
    let tools = request.tools.iter().map(|tool| {
        json!({ "name": tool.name, "description": tool.description, "input_schema": tool.schema() })
    });
    let mut tools: Vec<_> = tools.collect();
    if let Some(schema) = &request.schema {
        tools.push(
            json!({ "name": REPLY, "description": "The whole reply.", "input_schema": schema }),
        );
        body["tool_choice"] = json!({ "type": "tool", "name": REPLY });
    }
    if !tools.is_empty() {
        body["tools"] = json!(tools);
    }
    if question.delivery == Delivery::Stream {
        body["stream"] = json!(true);
    }
    body
}

pub(super) fn read(body: &Value) -> Result<Reply, Failure> {
    if body["type"] == "error" {
        return Err(refusal::inside(&body["error"]));
    }
    let blocks = body["content"].as_array();
    let blocks = blocks.ok_or_else(|| Failure::malformed("no content"))?;
    let mut reply = Reply {
        usage: usage(&body["usage"]),
        cut_off: body["stop_reason"] == "max_tokens",
        ..Reply::default()
    };
    for block in blocks {
        reply.text += block["text"].as_str().unwrap_or_default();
        if block["type"] == "tool_use" {
            let name = block["name"].as_str().unwrap_or_default().to_owned();
            take_call(
                &mut reply,
                ToolCall {
                    name,
                    arguments: block["input"].to_string(),
                },
            );
        }
    }
    Ok(reply)
}

fn take_call(reply: &mut Reply, call: ToolCall) {
    if call.name == REPLY {
        reply.text = call.arguments;
    } else if !call.name.is_empty() {
        reply.tool_calls.push(call);
    }
}

fn usage(usage: &Value) -> Usage {
    let cached = count(&usage["cache_read_input_tokens"]);
    let written = count(&usage["cache_creation_input_tokens"]);
    Usage {
        prompt_tokens: count(&usage["input_tokens"])
            .saturating_add(cached)
            .saturating_add(written),
        cached_tokens: cached,
        completion_tokens: count(&usage["output_tokens"]),
    }
}

/// What has come of a stream so far.
#[derive(Default)]
pub(super) struct Pieces {
    calls: BTreeMap<u64, ToolCall>,
    usage: Usage,
    cut_off: bool,
    done: bool,
}

/// More are nobody's plan.
const MOST_TOOL_CALLS: usize = 32;

impl Pieces {
    pub(super) fn take(&mut self, event: &str) -> Result<String, Failure> {
        let event: Value = serde_json::from_str(event)
            .map_err(|error| Failure::malformed(format!("no JSON in the stream: {error}")))?;
        let delta = &event["delta"];
        match event["type"].as_str().unwrap_or_default() {
            "error" => return Err(refusal::inside(&event["error"])),
            "message_start" => self.usage = usage(&event["message"]["usage"]),
            "content_block_start" if event["content_block"]["type"] == "tool_use" => {
                if self.calls.len() >= MOST_TOOL_CALLS {
                    return Err(Failure::malformed("too many tool calls"));
                }
                let name = event["content_block"]["name"].as_str().unwrap_or_default();
                let call = ToolCall {
                    name: name.to_owned(),
                    arguments: String::new(),
                };
                self.calls
                    .insert(event["index"].as_u64().unwrap_or_default(), call);
            }
            "content_block_delta" => {
                if let Some(arguments) = delta["partial_json"].as_str() {
                    let index = event["index"].as_u64().unwrap_or_default();
                    if let Some(call) = self.calls.get_mut(&index) {
                        call.arguments += arguments;
                        if call.name == REPLY {
                            return Ok(arguments.to_owned());
                        }
                    }
                }
                return Ok(delta["text"].as_str().unwrap_or_default().to_owned());
            }
            "message_delta" => {
                self.cut_off = delta["stop_reason"] == "max_tokens";
                self.usage.completion_tokens = count(&event["usage"]["output_tokens"]);
            }
            "message_stop" => self.done = true,
            // Pings, and what may come to be.
            _ => {}
        }
        Ok(String::new())
    }

    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    pub(super) fn end(self) -> Result<Reply, Failure> {
        if !self.done {
            return Err(Failure::Broken("the stream broke off".to_owned()));
        }
        let calls = self.calls.into_values();
        Ok(Reply {
            text: String::new(),
            tool_calls: calls
                .filter(|call| !call.name.is_empty() && call.name != REPLY)
                .collect(),
            usage: self.usage,
            cut_off: self.cut_off,
        })
    }
}
