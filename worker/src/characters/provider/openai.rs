//! OpenAI's chat completions, as OpenAI and everybody else who took up the format speak it.

use rookery_characters::inference::{Reply, Role, ToolCall, Usage};
use serde_json::{Value, json};

use super::failure::Failure;
use super::format::{Delivery, Json, Question, count};
use super::refusal;

pub(super) fn body(question: &Question<'_>) -> Value {
    let (request, dialect) = (question.request, question.dialect);
    let messages: Vec<_> = request
        .messages
        .iter()
        .map(|message| {
            let role = match message.role {
                Role::System => "system",
                Role::User => "user",
                Role::Assistant => "assistant",
            };
            json!({ "role": role, "content": message.content })
        })
        .collect();
    let mut body = json!({ "model": question.model, "messages": messages });
    let budget = match dialect.completion_tokens {
        true => "max_completion_tokens",
        false => "max_tokens",
    };
    body[budget] = json!(question.max_tokens);
    if !dialect.no_temperature {
        body["temperature"] = json!(request.temperature);
    }
    if !request.tools.is_empty() {
        let tools = request.tools.iter().map(|tool| {
            json!({ "type": "function", "function": {
                "name": tool.name, "description": tool.description, "parameters": tool.schema() } })
        });
        body["tools"] = tools.collect();
        body["tool_choice"] = json!("auto");
    }
    if let Some(schema) = &request.schema {
        match dialect.json {
            Json::Schema => {
                // Strict mode refuses schemas that leave anything optional; what comes back is checked anyway.
                body["response_format"] = json!({ "type": "json_schema",
                    "json_schema": { "name": "reply", "schema": schema, "strict": false } });
            }
            Json::Object => {
                body["response_format"] = json!({ "type": "json_object" });
                say_schema(&mut body, schema);
            }
            Json::Prompt => say_schema(&mut body, schema),
        }
    }
    if question.delivery == Delivery::Stream {
        body["stream"] = json!(true);
        if !dialect.no_stream_usage {
            body["stream_options"] = json!({ "include_usage": true });
        }
    }
    body
}

/// In the last message: the first one stays as it is, so that providers find it in their caches.
fn say_schema(body: &mut Value, schema: &Value) {
    if let Some(Value::Array(messages)) = body.get_mut("messages")
        && let Some(last) = messages.last_mut()
        && let Some(content) = last["content"].as_str()
    {
        last["content"] = json!(format!(
            "{content}\n\nReply with a JSON object and nothing else. It must fit this JSON schema: {schema}"
        ));
    }
}

pub(super) fn read(body: &Value) -> Result<Reply, Failure> {
    if !body["error"].is_null() {
        return Err(refusal::inside(&body["error"]));
    }
    let choice = &body["choices"][0];
    let message = &choice["message"];
    if !message.is_object() {
        return Err(Failure::malformed("no choices[0].message"));
    }
    let calls = message["tool_calls"].as_array();
    Ok(Reply {
        text: text(&message["content"]),
        // Servers were seen to say "stop" with tool calls in hand: what counts is the calls.
        tool_calls: calls.into_iter().flatten().filter_map(tool_call).collect(),
        usage: usage(&body["usage"]),
        cut_off: choice["finish_reason"] == "length",
    })
}

fn tool_call(call: &Value) -> Option<ToolCall> {
    let function = &call["function"];
    Some(ToolCall {
        name: function["name"].as_str()?.to_owned(),
        arguments: match &function["arguments"] {
            Value::String(arguments) => arguments.clone(),
            Value::Null => String::new(),
            // Not as the format has it, but clear.
            arguments => arguments.to_string(),
        },
    })
}

/// A string, or a list of parts.
fn text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .filter_map(|part| part["text"].as_str())
            .collect(),
        _ => String::new(),
    }
}

fn usage(usage: &Value) -> Usage {
    Usage {
        prompt_tokens: count(&usage["prompt_tokens"]),
        cached_tokens: count(&usage["prompt_tokens_details"]["cached_tokens"]),
        completion_tokens: count(&usage["completion_tokens"]),
    }
}

/// What has come of a stream so far.
#[derive(Default)]
pub(super) struct Pieces {
    tool_calls: Vec<ToolCall>,
    usage: Usage,
    finish: Option<String>,
    done: bool,
}

/// More are nobody's plan.
const MOST_TOOL_CALLS: usize = 32;

impl Pieces {
    pub(super) fn take(&mut self, event: &str) -> Result<String, Failure> {
        if event.trim() == "[DONE]" {
            self.done = true;
            return Ok(String::new());
        }
        let chunk: Value = serde_json::from_str(event)
            .map_err(|error| Failure::malformed(format!("no JSON in the stream: {error}")))?;
        if !chunk["error"].is_null() {
            return Err(refusal::inside(&chunk["error"]));
        }
        if chunk["usage"].is_object() {
            self.usage = usage(&chunk["usage"]);
        }
        // The chunk with the usage has no choices.
        let choice = &chunk["choices"][0];
        if let Some(reason) = choice["finish_reason"].as_str() {
            self.finish = Some(reason.to_owned());
        }
        for (place, call) in choice["delta"]["tool_calls"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
        {
            self.add(place, call)?;
        }
        Ok(text(&choice["delta"]["content"]))
    }

    fn add(&mut self, place: usize, piece: &Value) -> Result<(), Failure> {
        let index = piece["index"]
            .as_u64()
            .and_then(|index| usize::try_from(index).ok());
        let index = index.unwrap_or(place);
        if index >= MOST_TOOL_CALLS {
            return Err(Failure::malformed("too many tool calls"));
        }
        while self.tool_calls.len() <= index {
            self.tool_calls.push(ToolCall {
                name: String::new(),
                arguments: String::new(),
            });
        }
        if let Some(call) = self.tool_calls.get_mut(index) {
            let function = &piece["function"];
            call.name += function["name"].as_str().unwrap_or_default();
            match &function["arguments"] {
                Value::String(arguments) => call.arguments += arguments,
                Value::Object(arguments) => {
                    call.arguments = Value::from(arguments.clone()).to_string()
                }
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    pub(super) fn end(self) -> Result<Reply, Failure> {
        if !self.done && self.finish.is_none() {
            return Err(Failure::Broken("the stream broke off".to_owned()));
        }
        Ok(Reply {
            text: String::new(),
            tool_calls: self
                .tool_calls
                .into_iter()
                .filter(|call| !call.name.is_empty())
                .collect(),
            usage: self.usage,
            cut_off: self.finish.as_deref() == Some("length"),
        })
    }
}
