//! Error statuses of providers: what their headers and bodies say about what to do.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::failure::{Failure, Unknown};

/// Nobody is left alone for longer because of a header.
const LONGEST_REST: Duration = Duration::from_secs(3600);
/// Of a body that goes to the log.
const MOST_CHARACTERS: usize = 300;

/// `now` is for dates in headers.
pub(super) fn read(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    now: DateTime<Utc>,
) -> Failure {
    let error = Said::of(body);
    let wait = rest(headers, now);
    match status.as_u16() {
        429 if error.speaks_of(&["insufficient_quota", "credit balance", "billing"]) => {
            Failure::QuotaUsedUp
        }
        402 => Failure::QuotaUsedUp,
        429 => Failure::Limited(wait.or_else(|| reset(headers))),
        // Overloaded, down for a while: who says until when is taken at his word.
        503 | 529 if wait.is_some() => Failure::Limited(wait),
        400 | 404 | 413 | 422 | 501 => error.of_the_question(status),
        408 | 409 | 425 | 500.. => Failure::Broken(format!("{status}: {}", error.text)),
        _ => Failure::Refused(format!("{status}: {}", error.text)),
    }
}

/// An error as an event or inside a success, which some proxies send.
pub(super) fn inside(error: &Value) -> Failure {
    let said = Said::of(error.to_string().as_bytes());
    match error["code"].as_u64() {
        Some(429) => Failure::Limited(None),
        _ if said.speaks_of(&["rate_limit"]) => Failure::Limited(None),
        _ => Failure::Broken(said.text),
    }
}

/// How servers call what makes a reply JSON; llama.cpp speaks of samplers that it cannot make of a grammar.
const JSON: [&str; 5] = [
    "response_format",
    "json_schema",
    "json_object",
    "grammar",
    "samplers",
];

struct Said {
    text: String,
    /// The whole of it in lower case.
    all: String,
}

impl Said {
    fn of(body: &[u8]) -> Self {
        let all = String::from_utf8_lossy(body);
        let parsed: Value = serde_json::from_str(&all).unwrap_or_default();
        let error = match &parsed["error"] {
            Value::Null => &parsed,
            error => error,
        };
        let message = error["message"].as_str().or(error.as_str());
        let text = message.unwrap_or(&all).chars().take(MOST_CHARACTERS);
        Self {
            text: text.collect(),
            all: all.to_lowercase(),
        }
    }

    fn speaks_of(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.all.contains(word))
    }

    fn of_the_question(self, status: StatusCode) -> Failure {
        let too_long = [
            "context_length",
            "context length",
            "context size",
            "context window",
            "prompt is too long",
            "exceed_context",
        ];
        if self.speaks_of(&too_long) {
            Failure::TooLong
        } else if self.speaks_of(&["max_completion_tokens"]) {
            Failure::Dialect(Unknown::MaxTokens)
        } else if self.speaks_of(&JSON) {
            Failure::Dialect(Unknown::ResponseFormat)
        } else if self.speaks_of(&["stream_options"]) {
            Failure::Dialect(Unknown::StreamOptions)
        } else if self.speaks_of(&["temperature"]) {
            Failure::Dialect(Unknown::Temperature)
        } else if self.speaks_of(&["credit balance"]) {
            Failure::QuotaUsedUp
        } else {
            Failure::Refused(format!("{status}: {}", self.text))
        }
    }
}

/// `retry-after-ms`, or `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3).
fn rest(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let header = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let number = |text: &str, per_second: f64| {
        let number: f64 = text.parse().ok()?;
        Duration::try_from_secs_f64(number / per_second).ok()
    };
    let in_ms = header("retry-after-ms").and_then(|text| number(text, 1000.0));
    let said = in_ms.or_else(|| {
        let text = header("retry-after")?;
        number(text, 1.0).or_else(|| {
            let until = DateTime::parse_from_rfc2822(text).ok()?;
            Some((until.to_utc() - now).to_std().unwrap_or_default())
        })
    });
    said.map(|rest| rest.min(LONGEST_REST))
}

/// When what is used up comes back, as OpenAI says it: `x-ratelimit-reset-tokens: 6m0s`.
fn reset(headers: &HeaderMap) -> Option<Duration> {
    let resets = ["requests", "tokens"].map(|what| {
        let header = |kind: &str| {
            let value = headers.get(format!("x-ratelimit-{kind}-{what}"))?;
            value.to_str().ok().map(str::trim)
        };
        header("remaining").filter(|left| *left == "0")?;
        span(header("reset")?)
    });
    let longest = resets.into_iter().flatten().max()?;
    Some(longest.min(LONGEST_REST))
}

/// `1h2m3.5s`, `20ms`.
fn span(text: &str) -> Option<Duration> {
    let mut left = text;
    let mut seconds = 0.0;
    while !left.is_empty() {
        let unit_at = left.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, rest) = left.split_at(unit_at);
        let unit_end = rest
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (unit, rest) = rest.split_at(unit_end);
        let factor = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            "d" => 86_400.0,
            _ => return None,
        };
        seconds += number.parse::<f64>().ok()? * factor;
        left = rest;
    }
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn refused(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Failure {
        let headers = headers
            .iter()
            .map(|(name, value)| {
                let name = name.parse().expect("a header's name");
                (name, HeaderValue::from_static(value))
            })
            .collect();
        let status = StatusCode::from_u16(status).expect("a status");
        let now = DateTime::parse_from_rfc3339("2026-11-21T12:00:00Z").expect("a time");
        read(status, &headers, body.as_bytes(), now.to_utc())
    }

    #[test]
    fn a_limit_says_for_how_long() {
        for (headers, expected) in [
            (vec![("retry-after", "7")], Some(7_000)),
            (
                vec![("retry-after-ms", "250"), ("retry-after", "7")],
                Some(250),
            ),
            (
                vec![("retry-after", "Sat, 21 Nov 2026 12:00:30 GMT")],
                Some(30_000),
            ),
            (
                vec![("retry-after", "Sat, 21 Nov 2026 11:00:00 GMT")],
                Some(0),
            ),
            (vec![("retry-after", "999999999")], Some(3_600_000)),
            (vec![("retry-after", "-3")], None),
            (vec![("retry-after", "soon")], None),
            (
                vec![
                    ("x-ratelimit-remaining-tokens", "0"),
                    ("x-ratelimit-reset-tokens", "6m0s"),
                    ("x-ratelimit-remaining-requests", "3"),
                    ("x-ratelimit-reset-requests", "1h"),
                ],
                Some(360_000),
            ),
            (
                vec![
                    ("x-ratelimit-remaining-requests", "0"),
                    ("x-ratelimit-reset-requests", "1m2.5s"),
                ],
                Some(62_500),
            ),
            (vec![], None),
        ] {
            let said = refused(429, &headers, "{}");
            let expected = expected.map(Duration::from_millis);
            assert_eq!(said, Failure::Limited(expected), "{headers:?}");
        }
    }

    #[test]
    fn an_empty_account_is_no_limit_that_passes() {
        let body = r#"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}"#;
        assert_eq!(
            refused(429, &[("retry-after", "1")], body),
            Failure::QuotaUsedUp
        );
    }

    #[test]
    fn an_overload_may_pass_and_a_wrong_key_does_not() {
        let overloaded =
            r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;
        assert!(refused(529, &[], overloaded).may_pass());
        assert!(refused(503, &[], "<html>").may_pass());
        assert!(!refused(401, &[], "{}").may_pass());
        assert!(!refused(400, &[], "no JSON").may_pass());
    }

    #[test]
    fn what_a_server_does_not_know_is_left_out_next_time() {
        for (message, unknown) in [
            (
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                Unknown::MaxTokens,
            ),
            (
                "response_format.type must be text or json_object",
                Unknown::ResponseFormat,
            ),
            (
                "Unsupported value: 'temperature' does not support 0.7 with this model",
                Unknown::Temperature,
            ),
            ("unknown field stream_options", Unknown::StreamOptions),
        ] {
            let body = serde_json::json!({ "error": { "message": message } }).to_string();
            assert_eq!(refused(400, &[], &body), Failure::Dialect(unknown));
        }
        let long = r#"{"error":{"code":"context_length_exceeded","message":"maximum context length is 512 tokens"}}"#;
        assert_eq!(refused(400, &[], long), Failure::TooLong);
    }
}
