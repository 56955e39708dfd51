//! The polish of operations: media types, header names, credentials, and every error in its area's envelope with examples.

mod failures;

use serde_json::{Map, Value, json};

use crate::areas::{Credential, Envelope, credential};

/// Cures every operation and adds what the edge does around it.
pub fn polish(document: &mut Value) {
    document["openapi"] = json!("3.0.3");
    for (path, item) in object(&mut document["paths"]) {
        for (_, operation) in object(item) {
            media_types(operation);
            header_names(operation);
            security(operation, path);
            failures::declare(operation, path);
            describe_success(operation);
        }
    }
    let schemas = &mut document["components"]["schemas"];
    for envelope in [Envelope::Detail, Envelope::Coded, Envelope::Message] {
        schemas[envelope.schema_name()] = envelope.schema();
    }
    schemas[crate::errors::FIELD_ERROR] = Envelope::field_error_schema();
    drop_unused(document);
    document["components"]["headers"]["X-Request-Id"] = json!({
        "description": "The request's name in the logs; the client's own when it sent a sane one.",
        "schema": { "type": "string" },
    });
}

/// A response must have a description; what a plain `Json` gives has none, and the operation's summary says it.
fn describe_success(operation: &mut Value) {
    let summary = operation["summary"].clone();
    for (_, response) in object(&mut operation["responses"]) {
        if response["description"] == "" {
            response["description"] = summary.clone();
        }
    }
}

/// `application/json; charset=utf-8` is copied by generators into their requests.
fn media_types(operation: &mut Value) {
    let bare = |content: &mut Value| {
        let old = std::mem::take(object(content));
        *content = old
            .into_iter()
            .map(|(kind, media)| {
                (
                    kind.split(';').next().unwrap_or_default().trim().to_owned(),
                    media,
                )
            })
            .collect();
    };
    if let Some(content) = operation.pointer_mut("/requestBody/content") {
        bare(content);
    }
    for (_, response) in object(&mut operation["responses"]) {
        if let Some(content) = response.get_mut("content") {
            bare(content);
        }
    }
}

/// poem-openapi shouts the names of headers.
fn header_names(operation: &mut Value) {
    for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
        if parameter["in"] == "header"
            && let Some(name) = parameter["name"].as_str()
        {
            parameter["name"] = json!(spelled(name));
        }
    }
    if operation["parameters"].is_null() {
        object(operation).remove("parameters");
    }
    for (_, response) in object(&mut operation["responses"]) {
        let headers = response
            .get_mut("headers")
            .map(|headers| std::mem::take(object(headers)));
        let spelled = headers
            .into_iter()
            .flatten()
            .map(|(name, header)| (spelled(&name), header));
        let mut headers: Map<String, Value> = spelled.collect();
        headers.insert(
            "X-Request-Id".to_owned(),
            json!({ "$ref": "#/components/headers/X-Request-Id" }),
        );
        response["headers"] = Value::Object(headers);
    }
}

/// `LOCATION` as `Location`; names that are not simply capitalised are listed.
fn spelled(name: &str) -> String {
    for known in [
        "ETag",
        "Last-Event-ID",
        "X-API-Key",
        "RateLimit",
        "RateLimit-Policy",
    ] {
        if known.eq_ignore_ascii_case(name) {
            return known.to_owned();
        }
    }
    let words = name.split('-').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_uppercase() + &rest.to_lowercase()
    });
    words.collect::<Vec<_>>().join("-")
}

/// What the area asks for. An empty requirement beside the others means that a server may be open.
fn security(operation: &mut Value, path: &str) {
    let security = match credential(path) {
        Credential::None | Credential::Own => return,
        Credential::ApiKey => json!([{}, { "ApiKey": [] }, { "BearerKey": [] }]),
        Credential::Account => json!([{ "AccountToken": [] }]),
    };
    operation["security"] = security;
}

/// Schemes and schemas that nothing refers to only make linters complain.
fn drop_unused(document: &mut Value) {
    let schemes = [
        (
            "ApiKey",
            json!({ "type": "apiKey", "in": "header", "name": "X-API-Key",
            "description": "One of the server's `ROOKERY_API_KEYS`, when it has any." }),
        ),
        (
            "BearerKey",
            json!({ "type": "http", "scheme": "bearer",
            "description": "The same key as a Bearer token." }),
        ),
        (
            "AccountToken",
            json!({ "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "A JWT that names an account; `./dev token` makes one." }),
        ),
    ];
    let paths = document["paths"].to_string();
    for (name, scheme) in schemes {
        if paths.contains(&format!("{{\"{name}\":[]}}")) {
            document["components"]["securitySchemes"][name] = scheme;
        }
    }
    for name in ["DetailError", "CodedError", "MessageError", "FieldError"] {
        let reference = format!("\"#/components/schemas/{name}\"");
        if !document.to_string().contains(&reference) {
            object(&mut document["components"]["schemas"]).remove(name);
        }
    }
}

/// The object, made when it is missing.
fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    value.as_object_mut().expect("it was made one line above")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polished(path: &str, operation: Value) -> Value {
        let mut document =
            json!({ "paths": { path: { "get": operation } }, "components": { "schemas": {} } });
        polish(&mut document);
        document
    }

    #[test]
    fn media_types_lose_their_charset() {
        let document = polished(
            "/livez",
            json!({ "responses": { "200": { "content": {
            "application/json; charset=utf-8": { "schema": { "type": "string" } },
        } } } }),
        );
        let content = &document["paths"]["/livez"]["get"]["responses"]["200"]["content"];
        assert_eq!(
            *content,
            json!({ "application/json": { "schema": { "type": "string" } } })
        );
    }

    #[test]
    fn headers_are_spelled_as_people_spell_them() {
        for (shouted, spelling) in [
            ("LOCATION", "Location"),
            ("ETAG", "ETag"),
            ("IDEMPOTENCY-REPLAYED", "Idempotency-Replayed"),
            ("retry-after", "Retry-After"),
            ("RATELIMIT-POLICY", "RateLimit-Policy"),
            ("Last-Event-ID", "Last-Event-ID"),
        ] {
            assert_eq!(spelled(shouted), spelling);
        }
    }

    #[test]
    fn an_open_area_says_that_keys_are_optional_and_a_closed_one_that_tokens_are_not() {
        let open = polished("/api/games", json!({ "responses": {} }));
        assert_eq!(open["paths"]["/api/games"]["get"]["security"][0], json!({}));
        assert!(
            open["components"]["securitySchemes"]
                .get("ApiKey")
                .is_some()
        );
        let closed = polished("/v1/games", json!({ "responses": {} }));
        assert_eq!(
            closed["paths"]["/v1/games"]["get"]["security"],
            json!([{ "AccountToken": [] }])
        );
        assert_eq!(closed["components"]["securitySchemes"].get("ApiKey"), None);
    }
}
