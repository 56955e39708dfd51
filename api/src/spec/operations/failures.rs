//! Every error an operation can give: the ones its handler declares and the ones the edge adds, in the area's envelope.

use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use super::object;
use crate::areas::{Area, Credential, body_limit, credential, reads_every_body_as_json};
use crate::auth::{API_KEY_REQUIRED, TOKEN_REQUIRED};
use crate::edge::exceeded;
use crate::errors::{BODY_REQUIRED, FieldFault, Problem, faulty, unpack};
use crate::theory::CONTRACT_FILE_MB;

/// A request id as this server makes them, for examples.
const REQUEST_ID: &str = "req_38120447591066142";

/// One way to fail, with an example.
struct Failure {
    when: String,
    problem: Problem,
}

/// Writes the operation's errors into its responses.
pub fn declare(operation: &mut Value, path: &str) {
    let area = Area::of(path);
    let mut failures = declared(operation);
    for failure in around(operation, path) {
        let said = |known: &Failure| {
            (known.problem.status, &known.problem.text)
                == (failure.problem.status, &failure.problem.text)
        };
        if !failures.iter().any(said) {
            failures.push(failure);
        }
    }
    let responses = object(&mut operation["responses"]);
    let mut statuses: Vec<StatusCode> = failures
        .iter()
        .map(|failure| failure.problem.status)
        .collect();
    statuses.sort();
    statuses.dedup();
    for status in statuses {
        let status_failures: Vec<&Failure> = failures
            .iter()
            .filter(|failure| failure.problem.status == status)
            .collect();
        let entry = responses.entry(status.as_str()).or_insert(Value::Null);
        // A handler's own body for this status is left alone.
        if entry.get("content").is_none() {
            *entry = response(&status_failures, area);
        }
    }
}

/// The handler's cases, which travel in descriptions.
fn declared(operation: &mut Value) -> Vec<Failure> {
    let responses = object(&mut operation["responses"]);
    let mut failures = Vec::new();
    for (status, response) in responses.iter() {
        let status = status
            .parse()
            .ok()
            .and_then(|status| StatusCode::from_u16(status).ok());
        let (Some(status), Some(description)) = (status, response["description"].as_str()) else {
            continue;
        };
        for case in unpack(description) {
            let mut problem = Problem::new(status, case.example);
            if !case.code.is_empty() {
                problem.code = case.code.to_owned().into();
            }
            failures.push(Failure {
                when: case.when.to_owned(),
                problem,
            });
        }
    }
    failures
}

/// What the edge can answer before, around and after the handler.
fn around(operation: &Value, path: &str) -> Vec<Failure> {
    let area = Area::of(path);
    let mut failures = Vec::new();
    let mut add = |when: &str, problem: Problem| {
        failures.push(Failure {
            when: when.to_owned(),
            problem,
        })
    };
    let parameters = operation["parameters"].as_array();
    let has_body = operation.get("requestBody").is_some();
    let required = match credential(path) {
        Credential::ApiKey => Some(API_KEY_REQUIRED),
        Credential::Account => Some(TOKEN_REQUIRED),
        Credential::None | Credential::Own => None,
    };
    if let Some(text) = required {
        add(
            "The credential is missing or not valid.",
            failure(401, text),
        );
    }
    if let Some(parameter) = parameters.and_then(|parameters| parameters.first()) {
        let name = parameter["name"].as_str().unwrap_or_default();
        let place = parameter["in"].as_str().unwrap_or_default();
        add(
            "A parameter is missing or cannot be read.",
            faulty(area, &[place, name], &FieldFault::MISSING),
        );
    } else if has_body {
        add(
            "The body cannot be read.",
            faulty(area, &["body"], &FieldFault::MISSING),
        );
    }
    if has_body {
        let limit = body_limit(path, CONTRACT_FILE_MB);
        add("The body is too large.", failure(limit.status, &limit.text));
        if reads_every_body_as_json(path) {
            add("There is no body.", failure(400, BODY_REQUIRED));
            add("The body is no JSON.", failure(400, "Invalid JSON body"));
        } else {
            add(
                "The body is of another media type.",
                failure(415, "The media type is not supported"),
            );
        }
    }
    if parameters
        .into_iter()
        .flatten()
        .any(|parameter| parameter["name"] == "Idempotency-Key")
    {
        add(
            "The first request with this `Idempotency-Key` is still in progress.",
            failure(
                409,
                "A request with this idempotency key is still in progress",
            ),
        );
        add(
            "The `Idempotency-Key` was used with another request.",
            failure(422, "This idempotency key was used with another request"),
        );
    }
    add(
        "A fault of the server.",
        failure(500, "Internal server error"),
    );
    if area != Area::Platform {
        add(
            "Too many requests.",
            Problem {
                retry_after_s: Some(1),
                ..failure(429, "Too many requests")
            },
        );
        let away = failure(503, "Service temporarily unavailable");
        add(
            "The database is unavailable for the moment.",
            Problem {
                retry_after_s: Some(2),
                ..away
            },
        );
        add(
            "The request took too long and was given up.",
            exceeded(area),
        );
    }
    failures
}

fn failure(status: u16, text: &str) -> Problem {
    Problem::new(
        StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
        text,
    )
}

fn response(failures: &[&Failure], area: Area) -> Value {
    let body = |failure: &Failure| area.envelope().body(&failure.problem, REQUEST_ID);
    let sentences: Vec<&str> = failures
        .iter()
        .map(|failure| failure.when.as_str())
        .collect();
    let mut media = json!({ "schema": { "$ref": format!("#/components/schemas/{}", area.envelope().schema_name()) } });
    match failures {
        [only] => media["example"] = body(only),
        several => {
            let examples = several.iter().enumerate().map(|(index, failure)| {
                let example = json!({ "summary": failure.when, "value": body(failure) });
                (format!("case_{}", index + 1), example)
            });
            media["examples"] = Value::Object(examples.collect::<Map<_, _>>());
        }
    }
    let mut headers = json!({ "X-Request-Id": { "$ref": "#/components/headers/X-Request-Id" } });
    if failures
        .iter()
        .any(|failure| failure.problem.retry_after_s.is_some())
    {
        headers["Retry-After"] = json!({
            "description": "Seconds after which to come again.",
            "schema": { "type": "integer", "format": "int64", "minimum": 0 },
        });
    }
    json!({
        "description": sentences.join(" "),
        "headers": headers,
        "content": { "application/json": media },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::{Case, Fail};
    use poem_openapi::ApiResponse;

    struct Missing;
    impl Case for Missing {
        const STATUS: u16 = 404;
        const WHEN: &'static str = "No game has this id.";
        const EXAMPLE: &'static str = "Game not found: invalid-id";
    }

    fn declared_in(path: &str) -> Value {
        let meta = <Fail<Missing> as ApiResponse>::meta();
        let mut operation = json!({
            "parameters": [{ "name": "game_id", "in": "query" }],
            "responses": { "404": { "description": meta.responses[0].description } },
        });
        declare(&mut operation, path);
        operation["responses"].clone()
    }

    #[test]
    fn a_handler_s_case_is_shown_in_the_envelope_of_its_area() {
        let theory = declared_in("/api/games/{game_id}");
        assert_eq!(theory["404"]["description"], "No game has this id.");
        let media = &theory["404"]["content"]["application/json"];
        assert_eq!(
            media["example"],
            json!({ "detail": "Game not found: invalid-id" })
        );
        let worlds = declared_in("/api/v1/games/{id}");
        let media = &worlds["404"]["content"]["application/json"];
        assert_eq!(
            media["example"],
            json!({ "error": "not_found", "message": "Game not found: invalid-id" })
        );
    }

    #[test]
    fn the_edge_s_own_refusals_are_declared() {
        let responses = declared_in("/api/tasks");
        for status in ["401", "422", "429", "500", "503", "504"] {
            let media = &responses[status]["content"]["application/json"];
            assert!(
                media.get("example").or(media.get("examples")).is_some(),
                "{status}"
            );
        }
        assert_eq!(
            responses["422"]["content"]["application/json"]["example"],
            json!({ "detail": [{ "loc": ["query", "game_id"], "msg": "field required", "type": "value_error.missing" }] })
        );
        assert!(responses["503"]["headers"].get("Retry-After").is_some());
        assert_eq!(responses.get("415"), None);
    }
}
