//! The one function that makes the OpenAPI document: what poem-openapi emits, polished for generators and people.

mod operations;
mod orders;
mod page;
mod schemas;

use std::collections::HashMap;
use std::marker::PhantomData;

use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem_openapi::registry::{MetaApi, MetaPath, Registry};
use poem_openapi::{LicenseObject, OpenApi, OpenApiService, ServerObject};
use serde_json::Value;

use crate::Areas;
pub use page::Page;

pub const TITLE: &str = "Rookery";
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

const DESCRIPTION: &str = "A self-hosted backend for games that machines play and study. Whatever takes longer than a request \
becomes a task: the answer names it, `GET /api/tasks/{task_id}` follows it.\n\n\
Errors leave in the envelope of their area, always with an `X-Request-Id`. Every POST that creates something accepts an \
`Idempotency-Key`.";

/// The document that is served at `/openapi.json`, shown at `/docs` and committed as `openapi/rookery.json`.
pub fn spec() -> Value {
    let mut document = raw();
    schemas::polish(&mut document);
    operations::polish(&mut document);
    orders::explain(&mut document);
    document
}

/// As poem-openapi emits it.
fn raw() -> Value {
    serde_json::from_str(&raw_text()).expect("poem-openapi emits JSON")
}

fn raw_text() -> String {
    service().spec()
}

fn service() -> OpenApiService<Described<Areas>, ()> {
    OpenApiService::new(Described(PhantomData), TITLE, VERSION)
        .description(DESCRIPTION)
        .license(
            LicenseObject::new("GPL-3.0-or-later").url("https://www.gnu.org/licenses/gpl-3.0.html"),
        )
        .server(ServerObject::new("http://127.0.0.1:8000").description("As `./dev up` starts it"))
}

/// The operations' description without anything that could serve them: a document needs no database.
struct Described<T>(PhantomData<T>);

impl<T: OpenApi> OpenApi for Described<T> {
    /// Areas may share a path, each with its own methods; written one by one, the last would hide the others.
    fn meta() -> Vec<MetaApi> {
        let mut merged: Vec<MetaPath> = Vec::new();
        for path in T::meta().into_iter().flat_map(|api| api.paths) {
            match merged.iter_mut().find(|known| known.path == path.path) {
                Some(known) => known.operations.extend(path.operations),
                None => merged.push(path),
            }
        }
        vec![MetaApi { paths: merged }]
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn add_routes(self, _: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every operation with its path and method.
    fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
        let paths = document["paths"].as_object().into_iter().flatten();
        paths.flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten();
            methods.map(move |(method, operation)| (format!("{method} {path}"), operation))
        })
    }

    #[test]
    fn every_operation_is_named_described_and_tagged() {
        let document = spec();
        assert!(operations(&document).count() >= 4);
        for (name, operation) in operations(&document) {
            let id = operation["operationId"].as_str().unwrap_or_default();
            let is_snake = id
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
            assert!(
                is_snake && id.contains('_'),
                "{name}: `{id}` is no verb_noun"
            );
            assert!(operation["summary"].is_string(), "{name} has no summary");
            let parameters = operation.get("parameters");
            assert!(
                parameters.is_none_or(Value::is_array),
                "{name}: null is no list"
            );
            assert_eq!(
                operation["tags"].as_array().map(Vec::len),
                Some(1),
                "{name} has one tag"
            );
        }
    }

    #[test]
    fn every_error_has_a_schema_and_an_example() {
        let document = spec();
        for (name, operation) in operations(&document) {
            for (status, response) in operation["responses"].as_object().into_iter().flatten() {
                let is_text = |text: &str| {
                    !text.is_empty() && text.chars().all(|letter| !letter.is_control())
                };
                assert!(
                    response["description"].as_str().is_some_and(is_text),
                    "{name} {status} is not described"
                );
                if status.starts_with(['1', '2']) || status == "304" {
                    continue;
                }
                let media = &response["content"]["application/json"];
                let schema = media["schema"]["$ref"].as_str().unwrap_or_default();
                let own = media.get("example").is_some() || media.get("examples").is_some();
                let schemas = schema
                    .strip_prefix("#/components/schemas/")
                    .map(|name| &document["components"]["schemas"][name]);
                let schemas_own = schemas.is_some_and(|schema| schema.get("example").is_some());
                assert!(own || schemas_own, "{name} {status} has no example");
            }
        }
    }

    #[test]
    fn methods_of_one_path_that_two_areas_share_are_all_there() {
        let document = spec();
        let tasks = document["paths"]["/api/tasks"]
            .as_object()
            .expect("the path is documented");
        assert!(tasks.contains_key("get") && tasks.contains_key("post"));
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
            match value {
                Value::Object(object) => {
                    found.extend(object.get("$ref").and_then(Value::as_str));
                    object.values().for_each(|value| references(value, found));
                }
                Value::Array(items) => items.iter().for_each(|item| references(item, found)),
                _ => {}
            }
        }
        let document = spec();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(!found.is_empty());
        for reference in found {
            let pointer = reference.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }

    #[test]
    fn every_tag_is_described_and_the_licence_named() {
        let document = spec();
        assert_eq!(document["info"]["license"]["name"], "GPL-3.0-or-later");
        let tags = document["tags"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        assert!(!tags.is_empty());
        for tag in tags {
            assert!(tag["description"].is_string(), "{tag}");
        }
    }
}
