//! What the two formats have in common: how a question is put and how an answer is gathered.

use reqwest::header::{HeaderMap, HeaderValue};
use rookery_characters::inference::{Reply, Request};
use serde_json::Value;

use super::config::{Kind, Secret};
use super::failure::{Failure, Unknown};
use super::thinking::{self, Thoughts};
use super::{anthropic, openai};

/// A question with all that depends on whom it is put to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    pub request: &'a Request,
    pub model: &'a str,
    pub max_tokens: u32,
    pub dialect: Dialect,
    pub delivery: Delivery,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delivery {
    Whole,
    Stream,
}

/// How much of OpenAI's language a server has shown to know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Dialect {
    pub json: Json,
    pub completion_tokens: bool,
    pub no_temperature: bool,
    pub no_stream_usage: bool,
}

/// How a reply in JSON is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Json {
    #[default]
    Schema,
    Object,
    /// In words.
    Prompt,
}

impl Dialect {
    /// After the server did not know something. None: it has been left out before.
    pub(super) fn without(self, unknown: Unknown) -> Option<Self> {
        let next = match unknown {
            Unknown::ResponseFormat => Self {
                json: match self.json {
                    Json::Schema => Json::Object,
                    Json::Object | Json::Prompt => Json::Prompt,
                },
                ..self
            },
            Unknown::MaxTokens => Self {
                completion_tokens: true,
                ..self
            },
            Unknown::Temperature => Self {
                no_temperature: true,
                ..self
            },
            Unknown::StreamOptions => Self {
                no_stream_usage: true,
                ..self
            },
        };
        (next != self).then_some(next)
    }
}

/// Below the base URL.
pub(super) fn path(kind: Kind) -> &'static str {
    match kind {
        Kind::Anthropic => "messages",
        Kind::OpenAi | Kind::Offline => "chat/completions",
    }
}

/// Who asks. The key was checked at start.
pub(super) fn headers(kind: Kind, key: Option<&Secret>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let (name, value) = match kind {
        Kind::Anthropic => {
            headers.insert("anthropic-version", HeaderValue::from_static("2023-06-01"));
            ("x-api-key", key.map(|key| key.reveal().to_owned()))
        }
        Kind::OpenAi | Kind::Offline => (
            "authorization",
            key.map(|key| format!("Bearer {}", key.reveal())),
        ),
    };
    if let Some(mut value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    headers
}

pub(super) fn body(kind: Kind, question: &Question<'_>) -> Value {
    match kind {
        Kind::Anthropic => anthropic::body(question),
        Kind::OpenAi | Kind::Offline => openai::body(question),
    }
}

/// A whole answer.
pub(super) fn read(kind: Kind, body: &[u8]) -> Result<Reply, Failure> {
    let body: Value = serde_json::from_slice(body)
        .map_err(|error| Failure::malformed(format!("no JSON: {error}")))?;
    let mut reply = match kind {
        Kind::Anthropic => anthropic::read(&body),
        Kind::OpenAi | Kind::Offline => openai::read(&body),
    }?;
    reply.text = thinking::spoken(&reply.text);
    checked(reply)
}

/// An answer that comes piece by piece.
pub(super) struct Gathering {
    format: Format,
    thoughts: Thoughts,
    said: String,
}

enum Format {
    OpenAi(openai::Pieces),
    Anthropic(anthropic::Pieces),
}

impl Gathering {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            format: match kind {
                Kind::Anthropic => Format::Anthropic(anthropic::Pieces::default()),
                Kind::OpenAi | Kind::Offline => Format::OpenAi(openai::Pieces::default()),
            },
            thoughts: Thoughts::default(),
            said: String::new(),
        }
    }

    /// One event; gives what it adds to the text.
    pub(super) fn take(&mut self, event: &str) -> Result<String, Failure> {
        let added = match &mut self.format {
            Format::OpenAi(pieces) => pieces.take(event),
            Format::Anthropic(pieces) => pieces.take(event),
        }?;
        let said = self.thoughts.pass(&added);
        self.said += &said;
        Ok(said)
    }

    /// Whether nothing more is to come.
    pub(super) fn is_done(&self) -> bool {
        match &self.format {
            Format::OpenAi(pieces) => pieces.is_done(),
            Format::Anthropic(pieces) => pieces.is_done(),
        }
    }

    /// The reply, and the end of its text that was held back.
    pub(super) fn end(self) -> Result<(Reply, String), Failure> {
        let rest = self.thoughts.end();
        let mut reply = match self.format {
            Format::OpenAi(pieces) => pieces.end(),
            Format::Anthropic(pieces) => pieces.end(),
        }?;
        reply.text = self.said + &rest;
        Ok((checked(reply)?, rest))
    }
}

/// Lets nothing through that says nothing: it would be remembered for ever.
fn checked(reply: Reply) -> Result<Reply, Failure> {
    if reply.text.trim().is_empty() && reply.tool_calls.is_empty() {
        return Err(Failure::Empty {
            cut_off: reply.cut_off,
            usage: reply.usage,
        });
    }
    Ok(reply)
}

/// A count of tokens as servers write it.
pub(super) fn count(value: &Value) -> u32 {
    let count = value.as_u64().or_else(|| value.as_f64().map(|n| n as u64));
    u32::try_from(count.unwrap_or_default()).unwrap_or(u32::MAX)
}
