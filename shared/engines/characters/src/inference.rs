//! What is asked of a language model and what it answers, in no provider's format.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::archetype::Tool;

/// How strong a model is asked. Each may be another model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    Light,
    Mid,
    Heavy,
}

impl Tier {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Mid => "mid",
            Self::Heavy => "heavy",
        }
    }
}

/// What it is for. Whoever is higher in this list is served first where calls are scarce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    Chat,
    Event,
    Conversation,
    FastTick,
    SlowTick,
    Keeping,
}

impl Purpose {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Event => "event",
            Self::Conversation => "conversation",
            Self::FastTick => "fast_tick",
            Self::SlowTick => "slow_tick",
            Self::Keeping => "keeping",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    System,
    User,
    Assistant,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub role: Role,
    pub content: String,
}

/// One call. The first message is the system's; its beginning stays the same from call to call, so that providers can cache it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    pub tier: Tier,
    pub purpose: Purpose,
    pub messages: Vec<Message>,
    pub tools: Vec<Tool>,
    /// The reply must be JSON of this schema.
    pub schema: Option<Value>,
    pub max_tokens: u32,
    pub temperature: f64,
}

/// What came back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    pub text: String,
    pub tool_calls: Vec<ToolCall>,
    pub usage: Usage,
    /// It ended because its tokens were used up.
    pub cut_off: bool,
}

/// Arguments as the model wrote them: JSON, or broken JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    pub name: String,
    pub arguments: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    pub prompt_tokens: u32,
    /// Of the prompt's, those that the provider had cached.
    pub cached_tokens: u32,
    pub completion_tokens: u32,
}

/// The estimate that the original uses everywhere: four characters a token.
pub fn estimated_tokens(text: &str) -> u32 {
    u32::try_from(text.len().div_ceil(4)).unwrap_or(u32::MAX)
}

impl Request {
    /// Of prompt and tools together.
    pub fn estimated_prompt_tokens(&self) -> u32 {
        let messages = self
            .messages
            .iter()
            .map(|message| estimated_tokens(&message.content) + 4);
        let tools = self.tools.iter().map(|tool| {
            estimated_tokens(&tool.description) + estimated_tokens(&tool.schema().to_string())
        });
        messages.sum::<u32>() + tools.sum::<u32>()
    }
}
