//! Holds an answer against the OpenAPI document: its status must be documented and its body fit the schema.

use std::sync::OnceLock;

use reqwest::Method;
use serde_json::Value;

use super::reply::Reply;
use super::schema;

/// The document as this version of the server makes it.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(rookery_api::spec::spec)
}

/// The page, the document itself and the way there are not in the document.
const UNDOCUMENTED: [&str; 3] = ["/", "/docs", "/openapi.json"];

/// Panics when the server answers what its document does not say; an operation that is not in it can only refuse.
pub fn check(method: &Method, path: &str, reply: &Reply) {
    let path = path.split('?').next().unwrap_or_default();
    let Some(operation) = operation(method, path) else {
        let is_known = UNDOCUMENTED.contains(&path) || *method == Method::OPTIONS;
        assert!(
            is_known || reply.status >= 400,
            "{} works and is not documented",
            reply.call
        );
        return;
    };
    let responses = &operation["responses"];
    let response = &responses[reply.status.to_string()];
    assert!(
        response.is_object(),
        "{}: status {} is not documented; the body is {}",
        reply.call,
        reply.status,
        reply.text()
    );
    let kind = reply.header("content-type").unwrap_or_default();
    if !kind.starts_with("application/json") {
        return;
    }
    let schema = &response["content"]["application/json"]["schema"];
    let faults = faults(schema, &reply.json());
    assert!(
        faults.is_empty(),
        "{}: the body of the {} is not as documented: {faults:#?} in {}",
        reply.call,
        reply.status,
        reply.text()
    );
}

/// What a schema of the document forbids in a value.
pub fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    schema::check(document(), schema, value, &mut faults);
    faults
}

/// The operation behind a path; where two templates match, the one with more literal segments.
fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let paths = document()["paths"].as_object()?;
    let (_, item) = paths
        .iter()
        .filter(|(template, _)| fits(template, path))
        .max_by_key(|(template, _)| {
            template
                .split('/')
                .filter(|part| !part.starts_with('{'))
                .count()
        })?;
    item.get(method.as_str().to_lowercase())
}

fn fits(template: &str, path: &str) -> bool {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(part), Some(given)) if part.starts_with('{') && !given.is_empty() => {}
            (Some(part), Some(given)) if part == given => {}
            _ => return false,
        }
    }
}
