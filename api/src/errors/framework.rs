//! Turns the framework's own errors into problems that name the field at fault.

use anyhow::anyhow;
use poem::error::{MethodNotAllowedError, NotFoundError, ReadBodyError};
use poem::http::StatusCode;
use poem_openapi::error::{
    ContentTypeError, ParseMultipartError, ParseParamError, ParsePathError,
    ParseRequestPayloadError,
};
use serde_json::{Value, json};

use super::Problem;
use crate::areas::Area;
use crate::routes::Operation;

/// What a client is told about an error that no handler made. `operation` is the one that was called, when one was found.
pub fn problem_of(error: &poem::Error, area: Area, operation: Option<&Operation>) -> Problem {
    if let Some(problem) = error.data::<Problem>() {
        return problem.clone();
    }
    if error.is::<NotFoundError>() {
        return Problem::new(StatusCode::NOT_FOUND, "Not Found");
    }
    if error.is::<MethodNotAllowedError>() {
        return Problem::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    }
    if let Some(error) = error.downcast_ref::<ParseParamError>() {
        let (place, name) = locate(error.name, operation);
        return invalid(area, &[place, &name], &error.reason);
    }
    if let Some(error) = error.downcast_ref::<ParsePathError>() {
        let (_, name) = locate(error.name, operation);
        return invalid(area, &["path", &name], &error.reason);
    }
    if let Some(error) = error.downcast_ref::<ParseRequestPayloadError>() {
        return invalid(area, &["body"], &error.reason);
    }
    if let Some(error) = error.downcast_ref::<ParseMultipartError>() {
        return match quoted(&error.reason, '`') {
            Some(field) => invalid(area, &["body", field], &error.reason),
            None => invalid(area, &["body"], &error.reason),
        };
    }
    if let Some(error) = error.downcast_ref::<ContentTypeError>() {
        return Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, error.to_string());
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

/// A field that could not be read, in the list shape for the envelope that has one and as a sentence for the others.
pub fn invalid(area: Area, location: &[&str], reason: &str) -> Problem {
    let (message, kind) = explain(reason);
    let status = StatusCode::from_u16(area.invalid_status()).unwrap_or(StatusCode::BAD_REQUEST);
    let text = match location {
        [] => message.clone(),
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
        code: "validation_error".into(),
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

/// A framework's reason as message and type of the list shape (both as pydantic words them, which the contract shows).
fn explain(reason: &str) -> (String, &'static str) {
    let expected = quoted(reason, '"').unwrap_or_default();
    if reason.contains("expects an input value")
        || reason.contains("found null")
        || reason.ends_with("is required")
    {
        return ("field required".to_owned(), "value_error.missing");
    }
    if reason.contains("at line") && reason.contains("column") {
        return (
            format!("not valid JSON: {reason}"),
            "value_error.jsondecode",
        );
    }
    if reason.starts_with("failed to parse") || reason.starts_with("Expected input type") {
        for (name, message, kind) in [
            (
                "integer",
                "value is not a valid integer",
                "type_error.integer",
            ),
            ("number", "value is not a valid float", "type_error.float"),
            (
                "boolean",
                "value could not be parsed to a boolean",
                "type_error.bool",
            ),
            (
                "string_uuid",
                "value is not a valid uuid",
                "type_error.uuid",
            ),
            ("string", "str type expected", "type_error.str"),
        ] {
            if expected.starts_with(name) {
                return (message.to_owned(), kind);
            }
        }
    }
    (reason.to_owned(), "value_error")
}

fn quoted(text: &str, mark: char) -> Option<&str> {
    let (_, rest) = text.split_once(mark)?;
    rest.split_once(mark).map(|(inner, _)| inner)
}
