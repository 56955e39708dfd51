//! What a variant of an experiment changes about prompts.

use serde_json::{Map, Value};

use crate::inference::Tier;

/// Nothing set: the usual prompt.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Variant {
    /// Before and behind all else that the system message says.
    pub system_prompt_prefix: Option<String>,
    pub system_prompt_suffix: Option<String>,
    pub temperature: Option<f64>,
    /// Of the reply.
    pub max_tokens: Option<u32>,
    /// How many tools are offered at most.
    pub max_tools: Option<usize>,
    /// How many memories are shown at most.
    pub max_memories: Option<usize>,
    /// Whether hints are given.
    pub hints: Option<bool>,
    pub inference_tier: Option<Tier>,
}

/// A variant, and the keys of its configuration that change nothing here.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub variant: Variant,
    pub ignored: Vec<String>,
}

/// A setting that cannot be what it says. The text is for the person who sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadVariant {
    #[error("Field 'config.{key}' must be {wanted}, got {got}")]
    Type {
        key: &'static str,
        wanted: &'static str,
        got: &'static str,
    },
    #[error("Field 'config.{key}' must be {range}")]
    Range {
        key: &'static str,
        range: &'static str,
    },
}

/// More of a system message than this would never fit into a budget.
const MOST_WORDS: usize = 4_000;

impl Variant {
    /// Reads a variant's configuration: camel case, as clients write it.
    pub fn read(config: &Map<String, Value>) -> Result<Reading, BadVariant> {
        let mut variant = Self::default();
        let mut ignored = Vec::new();
        for (key, value) in config {
            match key.as_str() {
                "systemPromptPrefix" => {
                    variant.system_prompt_prefix = Some(words("systemPromptPrefix", value)?);
                }
                "systemPromptSuffix" => {
                    variant.system_prompt_suffix = Some(words("systemPromptSuffix", value)?);
                }
                "temperature" => {
                    let temperature = number("temperature", value)?;
                    if !(0.0..=2.0).contains(&temperature) {
                        return Err(out_of("temperature", "from 0 to 2"));
                    }
                    variant.temperature = Some(temperature);
                }
                "maxTokens" => {
                    let tokens = count(
                        "maxTokens",
                        value,
                        1..=4_096,
                        "a whole number from 1 to 4096",
                    )?;
                    variant.max_tokens = Some(tokens);
                }
                "maxTools" => {
                    let tools = count("maxTools", value, 0..=32, "a whole number from 0 to 32")?;
                    variant.max_tools = Some(tools as usize);
                }
                "maxMemories" => {
                    let memories =
                        count("maxMemories", value, 0..=50, "a whole number from 0 to 50")?;
                    variant.max_memories = Some(memories as usize);
                }
                "hints" => {
                    let hints = value.as_bool();
                    variant.hints = Some(hints.ok_or(ill_typed("hints", "boolean", value))?);
                }
                "inferenceTier" => {
                    variant.inference_tier = Some(match words("inferenceTier", value)?.as_str() {
                        "heavy" => Tier::Heavy,
                        "mid" => Tier::Mid,
                        "light" => Tier::Light,
                        _ => return Err(out_of("inferenceTier", "one of heavy, mid, light")),
                    });
                }
                _ => ignored.push(key.clone()),
            }
        }
        Ok(Reading { variant, ignored })
    }

    pub(super) fn gives_hints(&self) -> bool {
        self.hints.unwrap_or(true)
    }
}

fn words(key: &'static str, value: &Value) -> Result<String, BadVariant> {
    let text = value.as_str().ok_or(ill_typed(key, "string", value))?;
    if text.len() > MOST_WORDS {
        return Err(out_of(key, "at most 4000 bytes"));
    }
    Ok(text.to_owned())
}

fn number(key: &'static str, value: &Value) -> Result<f64, BadVariant> {
    value.as_f64().ok_or(ill_typed(key, "number", value))
}

fn count(
    key: &'static str,
    value: &Value,
    range: std::ops::RangeInclusive<u32>,
    in_words: &'static str,
) -> Result<u32, BadVariant> {
    let given = number(key, value)?;
    // JSON has one kind of number: 100.0 is a whole one.
    let whole = given as u32;
    if f64::from(whole) != given || !range.contains(&whole) {
        return Err(out_of(key, in_words));
    }
    Ok(whole)
}

fn ill_typed(key: &'static str, wanted: &'static str, value: &Value) -> BadVariant {
    let got = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    BadVariant::Type { key, wanted, got }
}

fn out_of(key: &'static str, range: &'static str) -> BadVariant {
    BadVariant::Range { key, range }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(config: Value) -> Result<Reading, BadVariant> {
        Variant::read(config.as_object().expect("an object"))
    }

    #[test]
    fn known_settings_are_read_and_unknown_ones_are_told() {
        let reading = read(json!({
            "systemPromptSuffix": "Be very detailed.", "temperature": 0.2, "maxTokens": 64, "maxTools": 3,
            "maxMemories": 0, "hints": false, "inferenceTier": "heavy", "model": "x", "colour": 1,
        }))
        .expect("a good variant");
        assert_eq!(reading.ignored, ["colour", "model"]);
        let wanted = Variant {
            system_prompt_prefix: None,
            system_prompt_suffix: Some("Be very detailed.".into()),
            temperature: Some(0.2),
            max_tokens: Some(64),
            max_tools: Some(3),
            max_memories: Some(0),
            hints: Some(false),
            inference_tier: Some(Tier::Heavy),
        };
        assert_eq!(reading.variant, wanted);
    }

    #[test]
    fn ill_typed_settings_are_named() {
        for (config, text) in [
            (
                json!({"temperature": "hot"}),
                "Field 'config.temperature' must be number, got string",
            ),
            (
                json!({"temperature": 2.5}),
                "Field 'config.temperature' must be from 0 to 2",
            ),
            (
                json!({"maxTokens": 1.5}),
                "Field 'config.maxTokens' must be a whole number from 1 to 4096",
            ),
            (
                json!({"maxTokens": -1}),
                "Field 'config.maxTokens' must be a whole number from 1 to 4096",
            ),
            (
                json!({"hints": 1}),
                "Field 'config.hints' must be boolean, got number",
            ),
            (
                json!({"inferenceTier": "huge"}),
                "Field 'config.inferenceTier' must be one of heavy, mid, light",
            ),
            (
                json!({"systemPromptPrefix": null}),
                "Field 'config.systemPromptPrefix' must be string, got null",
            ),
        ] {
            assert_eq!(read(config).expect_err("a bad one").to_string(), text);
        }
    }
}
