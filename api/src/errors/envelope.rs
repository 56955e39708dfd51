//! The envelopes: what they hold, and how the document describes them.

use serde_json::{Map, Value, json};

use super::Problem;
use crate::areas::Envelope;

/// The schema of one entry of a `detail` that lists fields.
pub const FIELD_ERROR: &str = "FieldError";

impl Envelope {
    pub fn body(self, problem: &Problem, request_id: &str) -> Value {
        match self {
            Self::Detail => match &problem.detail {
                Some(detail) => json!({ "detail": detail }),
                None => json!({ "detail": problem.text }),
            },
            Self::Coded => coded(problem, request_id),
            Self::Shared => {
                let mut body = coded(problem, request_id);
                body["detail"] = Self::Detail.body(problem, request_id)["detail"].take();
                body
            }
            Self::Message => {
                let mut body = json!({ "error": problem.code, "message": problem.text });
                // What else there is to say: of a conflict, the state that it is with.
                if let (Some(Value::Object(more)), Some(body)) =
                    (&problem.detail, body.as_object_mut())
                {
                    body.extend(more.clone());
                }
                body
            }
        }
    }

    /// The envelope's name among the document's schemas.
    pub fn schema_name(self) -> &'static str {
        match self {
            Self::Detail => "DetailError",
            Self::Coded => "CodedError",
            Self::Message => "MessageError",
            Self::Shared => Self::Detail.schema_name(),
        }
    }

    /// The envelope as an OpenAPI 3.0 schema.
    pub fn schema(self) -> Value {
        match self {
            Self::Detail | Self::Shared => json!({
                "type": "object",
                "description": "What went wrong: a sentence, the fields at fault, or an object.",
                "required": ["detail"],
                "properties": { "detail": { "oneOf": [
                    { "type": "string" },
                    { "type": "array", "items": { "$ref": format!("#/components/schemas/{FIELD_ERROR}") } },
                    { "type": "object", "additionalProperties": true },
                ] } },
            }),
            Self::Coded => json!({
                "type": "object",
                "description": "What went wrong, for people, for programs and for whoever reads the logs.",
                "required": ["error", "requestId"],
                "properties": {
                    "error": { "type": "string", "description": "For people." },
                    "code": { "type": "string", "description": "For programs." },
                    "requestId": { "type": "string", "description": "The `X-Request-Id` of this answer." },
                },
            }),
            Self::Message => json!({
                "type": "object",
                "description": "What went wrong, for programs and for people.",
                "required": ["error", "message"],
                "properties": {
                    "error": { "type": "string", "description": "For programs." },
                    "message": { "type": "string", "description": "For people." },
                },
            }),
        }
    }

    /// One field that could not be read, in the shape the theory contract shows.
    pub fn field_error_schema() -> Value {
        json!({
            "type": "object",
            "description": "One field that could not be read.",
            "required": ["loc", "msg", "type"],
            "properties": {
                "loc": {
                    "type": "array",
                    "description": "Where: `query`, `path`, `header` or `body`, then the names down to the field.",
                    "items": { "oneOf": [{ "type": "string" }, { "type": "integer", "format": "int64" }] },
                },
                "msg": { "type": "string", "description": "For people." },
                "type": { "type": "string", "description": "For programs." },
            },
        })
    }
}

/// What else there is to say, a path for example, stands beside the three fields.
fn coded(problem: &Problem, request_id: &str) -> Value {
    let mut body = match &problem.detail {
        Some(Value::Object(more)) => more.clone(),
        _ => Map::new(),
    };
    body.insert("error".to_owned(), json!(problem.text));
    body.insert("code".to_owned(), json!(class_of(&problem.code)));
    body.insert("requestId".to_owned(), json!(request_id));
    Value::Object(body)
}

/// The contract of the characters names its classes of errors; the codes that have none of them are shouted.
fn class_of(code: &str) -> String {
    match code {
        "bad_request" | "payload_too_large" | "unsupported_media_type" => {
            "VALIDATION_ERROR".to_owned()
        }
        "timeout" => "TIMEOUT_ERROR".to_owned(),
        "rate_limited" => "RATE_LIMIT_ERROR".to_owned(),
        "internal_error" => "ENGINE_ERROR".to_owned(),
        _ => code.to_uppercase(),
    }
}
