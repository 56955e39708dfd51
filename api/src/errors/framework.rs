//! Turns the framework's own errors into problems that name the field at fault.

use std::borrow::Cow;

use anyhow::anyhow;
use poem::error::{MethodNotAllowedError, NotFoundError, ReadBodyError};
use poem::http::StatusCode;
use poem_openapi::error::{
    ContentTypeError, ParseMultipartError, ParseParamError, ParsePathError,
    ParseRequestPayloadError,
};
use serde_json::{Value, json};

use super::{Problem, wording};
use crate::areas::Area;
use crate::routes::Operation;

/// What was called when the error arose.
#[derive(Default)]
pub struct Called<'a> {
    pub operation: Option<&'a Operation>,
    pub path: &'a str,
    /// The body, if it is JSON.
    pub body: Option<&'a [u8]>,
}

/// What a client is told about an error that no handler made.
pub fn problem_of(error: &poem::Error, area: Area, called: &Called<'_>) -> Problem {
    if let Some(problem) = error.data::<Problem>() {
        return problem.clone();
    }
    if error.is::<NotFoundError>() {
        return not_served(area, called.path);
    }
    if error.is::<MethodNotAllowedError>() {
        // One contract has no status for it: there a path is known by its method.
        if area == Area::Characters {
            return not_served(area, called.path);
        }
        return Problem::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    }
    if let Some(error) = error.downcast_ref::<ParseParamError>() {
        let (place, name) = locate(error.name, called.operation);
        return invalid(area, &[place, &name], &error.reason);
    }
    if let Some(error) = error.downcast_ref::<ParsePathError>() {
        let (_, name) = locate(error.name, called.operation);
        return invalid(area, &["path", &name], &error.reason);
    }
    if let Some(error) = error.downcast_ref::<ParseRequestPayloadError>() {
        return unread(area, called, &error.reason);
    }
    if let Some(error) = error.downcast_ref::<ParseMultipartError>() {
        return match quoted(&error.reason, '`') {
            Some(field) => invalid(area, &["body", field], &error.reason),
            None => invalid(area, &["body"], &error.reason),
        };
    }
    if let Some(error) = error.downcast_ref::<ContentTypeError>() {
        let status = match area {
            Area::Characters => StatusCode::BAD_REQUEST,
            _ => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        };
        return Problem::new(status, error.to_string());
    }
    if let Some(ReadBodyError::PayloadTooLarge) = error.downcast_ref::<ReadBodyError>() {
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "Request body too large");
    }
    let status = error.status();
    if status.is_server_error() {
        return Problem {
            status,
            ..Problem::internal(anyhow!("{error:#}"))
        };
    }
    Problem::new(status, error.to_string())
}

/// Two contracts word it in their own way.
fn not_served(area: Area, path: &str) -> Problem {
    let words = |detail, text| Problem {
        detail: Some(detail),
        ..Problem::new(StatusCode::NOT_FOUND, text)
    };
    match area {
        Area::Characters => words(json!({ "path": path }), "Not found"),
        Area::Platform => words(json!("Not Found"), "Not found"),
        _ => Problem::new(StatusCode::NOT_FOUND, "Not Found"),
    }
}

/// A body that its handler could not read.
fn unread(area: Area, called: &Called<'_>, reason: &str) -> Problem {
    if area == Area::Characters
        && called.body.is_none_or(<[u8]>::is_empty)
        && !is_broken_json(reason)
    {
        return Problem {
            code: area.invalid_code().into(),
            ..Problem::new(StatusCode::BAD_REQUEST, BODY_REQUIRED)
        };
    }
    let found = called
        .body
        .and_then(|body| called.operation?.diagnose(body));
    match found {
        Some((place, fault)) => {
            let place: Vec<&str> = place.iter().map(String::as_str).collect();
            faulty(area, &place, &fault)
        }
        None => invalid(area, &["body"], reason),
    }
}

/// What the contract of the characters says to an empty body.
pub const BODY_REQUIRED: &str = "Request body required";

/// A field that could not be read, and why.
pub fn invalid(area: Area, location: &[&str], reason: &str) -> Problem {
    faulty(area, location, &FieldFault::of_reason(reason))
}

/// In the list shape for the envelope that has one, and as a sentence for the others.
pub fn faulty(area: Area, location: &[&str], fault: &FieldFault) -> Problem {
    let FieldFault { message, kind, .. } = fault;
    let status = StatusCode::from_u16(area.invalid_status()).unwrap_or(StatusCode::BAD_REQUEST);
    let text = match location {
        _ if area == Area::Characters => wording::sentence(location, fault),
        [] => message.to_string(),
        [place] => format!("{place}: {message}"),
        [place, names @ ..] => format!("{place} field `{}`: {message}", names.join(".")),
    };
    let location: Vec<Value> = location
        .iter()
        .map(|part| {
            part.parse::<u64>()
                .map_or_else(|_| json!(part), |index| json!(index))
        })
        .collect();
    Problem {
        detail: Some(json!([{ "loc": location, "msg": message, "type": kind }])),
        code: area.invalid_code().into(),
        ..Problem::new(status, text)
    }
}

/// poem-openapi counts path parameters instead of naming them, and does not say where a parameter was expected.
fn locate<'a>(name: &'a str, operation: Option<&'a Operation>) -> (&'static str, String) {
    let place = operation.and_then(|operation| match name.strip_prefix("param") {
        Some(index) => operation
            .path_parameter(index.parse().ok()?)
            .map(|name| ("path", name)),
        None => operation.place_of(name).map(|place| (place, name)),
    });
    let (place, name) = place.unwrap_or(("query", name));
    (place, name.to_owned())
}

/// What is wrong with one field. Messages and types are worded as pydantic words them, which the theory contract shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    pub message: Cow<'static, str>,
    pub kind: &'static str,
    /// The type that it should be of and the one it is of, where these differ.
    pub clash: Option<Clash>,
}

/// Two of JSON's types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clash {
    pub expected: &'static str,
    pub found: &'static str,
}

impl FieldFault {
    pub const MISSING: Self = Self::fixed("field required", "value_error.missing");

    const fn fixed(message: &'static str, kind: &'static str) -> Self {
        Self {
            message: Cow::Borrowed(message),
            kind,
            clash: None,
        }
    }

    /// A fault that only a closer look can word.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            message: message.into(),
            kind: "value_error",
            clash: None,
        }
    }

    /// The value is of another type than this one of OpenAPI's.
    pub fn of_type(kind: &str, value: &Value) -> Self {
        let Some((name, fault)) = TYPES.iter().find(|(name, _)| *name == kind) else {
            return Self::new("value is not valid");
        };
        Self {
            clash: Clash::between(name, value),
            ..fault.clone()
        }
    }

    pub fn of_json(error: &serde_json::Error) -> Self {
        Self {
            message: format!("not valid JSON: {error}").into(),
            kind: BROKEN_JSON,
            clash: None,
        }
    }

    pub fn is_broken_json(&self) -> bool {
        self.kind == BROKEN_JSON
    }

    /// What poem-openapi gives as the reason; a handler's own reason is kept as it is.
    fn of_reason(reason: &str) -> Self {
        if reason.contains("expects an input value")
            || reason.contains("found null")
            || reason.ends_with("is required")
        {
            return Self::MISSING;
        }
        if is_broken_json(reason) {
            return Self {
                message: format!("not valid JSON: {reason}").into(),
                kind: BROKEN_JSON,
                clash: None,
            };
        }
        let expected = quoted(reason, '"').unwrap_or_default();
        let known = TYPES.iter().find(|(name, _)| expected.starts_with(name));
        match known {
            Some((_, fault))
                if reason.starts_with("failed to parse")
                    || reason.starts_with("Expected input type") =>
            {
                fault.clone()
            }
            _ => Self::new(reason.to_owned()),
        }
    }
}

/// The kind of fault of a body that is no JSON at all.
const BROKEN_JSON: &str = "value_error.jsondecode";

/// serde_json says where it stopped reading.
fn is_broken_json(reason: &str) -> bool {
    reason.contains("at line") && reason.contains("column")
}

impl Clash {
    /// None where they do not differ: 1.5 is no integer, and still a number.
    fn between(expected: &'static str, value: &Value) -> Option<Self> {
        let expected = match expected {
            "integer" => "number",
            kind => kind,
        };
        let found = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        (expected != found).then_some(Self { expected, found })
    }
}

/// By the first letters of poem-openapi's type names; more exact ones first.
static TYPES: [(&str, FieldFault); 7] = [
    (
        "integer",
        FieldFault::fixed("value is not a valid integer", "type_error.integer"),
    ),
    (
        "number",
        FieldFault::fixed("value is not a valid float", "type_error.float"),
    ),
    (
        "boolean",
        FieldFault::fixed("value could not be parsed to a boolean", "type_error.bool"),
    ),
    (
        "string_uuid",
        FieldFault::fixed("value is not a valid uuid", "type_error.uuid"),
    ),
    (
        "string",
        FieldFault::fixed("str type expected", "type_error.str"),
    ),
    (
        "object",
        FieldFault::fixed("value is not a valid dict", "type_error.dict"),
    ),
    (
        "array",
        FieldFault::fixed("value is not a valid list", "type_error.list"),
    ),
];

fn quoted(text: &str, mark: char) -> Option<&str> {
    let (_, rest) = text.split_once(mark)?;
    rest.split_once(mark).map(|(inner, _)| inner)
}

#[cfg(test)]
mod tests {
    use poem::http::Method;

    use super::*;
    use crate::routes::Routes;

    #[test]
    fn a_missing_query_parameter_reads_as_in_the_theory_contract() {
        let error = ParseParamError {
            name: "game_id",
            reason: "Type \"string\" expects an input value.".to_owned(),
        };
        let problem = problem_of(&error.into(), Area::Theory, &Called::default());
        assert_eq!(problem.status.as_u16(), 422);
        assert_eq!(
            problem.detail,
            Some(
                json!([{ "loc": ["query", "game_id"], "msg": "field required", "type": "value_error.missing" }])
            )
        );
    }

    #[test]
    fn areas_without_the_list_shape_get_a_sentence_and_their_own_status() {
        let error = ParseParamError {
            name: "limit",
            reason: "failed to parse \"integer(uint32)\": invalid digit".to_owned(),
        };
        let problem = problem_of(&error.into(), Area::Chess, &Called::default());
        assert_eq!(problem.status.as_u16(), 400);
        assert_eq!(
            problem.text,
            "query field `limit`: value is not a valid integer"
        );
    }

    /// What the contract of the characters says, to whom it says it.
    #[test]
    fn a_body_is_refused_in_the_words_of_the_characters_contract() {
        let document = json!({ "paths": { "/api/boost": { "post": {
            "requestBody": { "content": { "application/json": { "schema": {
                "type": "object", "required": ["amount"],
                "properties": { "amount": { "type": "number" } },
            } } } },
        } } } });
        let routes = Routes::of(&document);
        let operation = routes
            .find("/api/boost")
            .and_then(|route| route.operation(&Method::POST));
        for (body, text) in [
            (None, "Request body required"),
            (Some(""), "Request body required"),
            (Some("{\"amount\": "), "Invalid JSON body"),
            (Some("{}"), "Missing required field: amount"),
            (
                Some("{\"amount\": \"ten\"}"),
                "Field 'amount' must be number, got string",
            ),
        ] {
            let error = ParseRequestPayloadError {
                reason: "Expected input type".to_owned(),
            };
            let called = Called {
                operation,
                body: body.map(str::as_bytes),
                ..Called::default()
            };
            let problem = problem_of(&error.into(), Area::Characters, &called);
            assert_eq!(
                (problem.status.as_u16(), problem.text.as_str()),
                (400, text)
            );
            assert_eq!(problem.code, "validation_error");
        }
    }

    #[test]
    fn a_server_error_keeps_its_text_to_itself() {
        let error = poem::Error::from_string("password=hunter2", StatusCode::INTERNAL_SERVER_ERROR);
        let problem = problem_of(&error, Area::Theory, &Called::default());
        assert!(!problem.text.contains("hunter2"));
        assert!(
            problem
                .cause
                .is_some_and(|cause| cause.to_string().contains("hunter2"))
        );
    }
}
