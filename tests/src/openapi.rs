//! The OpenAPI document: committed as served, complete for people and generators, and true of every operation.

mod board;
mod cast;
mod nonsense;
mod operation;
mod people;
mod walk;

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::{document, faults};
use operation::{examples_of, list, operations};

#[test]
fn the_committed_document_is_the_served_one() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/rookery.json");
    let committed =
        fs::read_to_string(&file).expect("openapi/rookery.json is committed: ./dev spec");
    let committed: Value = serde_json::from_str(&committed).expect("it is JSON");
    assert!(
        committed == *document(),
        "openapi/rookery.json is out of date: ./dev spec --openapi"
    );
}

#[test]
fn every_operation_is_named_described_and_filed() {
    let mut names = HashSet::new();
    let tags: HashSet<&str> = list(&document()["tags"])
        .iter()
        .filter(|tag| {
            tag["description"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        })
        .filter_map(|tag| tag["name"].as_str())
        .collect();
    for operation in operations() {
        let (name, says) = (&operation.name, operation.says);
        assert!(
            name.contains('_')
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
            "{name}: an operation's id is verb_noun"
        );
        assert!(names.insert(name.clone()), "{name} is there twice");
        assert!(
            says["summary"]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{name}: summary"
        );
        assert!(
            says["description"]
                .as_str()
                .is_some_and(|text| text.len() > 20),
            "{name}: description"
        );
        let filed = list(&says["tags"]);
        assert_eq!(filed.len(), 1, "{name}: one tag");
        assert!(
            filed[0].as_str().is_some_and(|tag| tags.contains(tag)),
            "{name}: a described tag"
        );
        for parameter in list(&says["parameters"]) {
            assert!(
                parameter["description"]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{name}: {parameter}"
            );
        }
    }
}

#[test]
fn every_answer_has_an_example_that_fits_its_schema() {
    for operation in operations() {
        let responses = operation.says["responses"].as_object().expect("responses");
        assert!(
            responses
                .keys()
                .any(|status| status.starts_with('2') || status == "101"),
            "{}",
            operation.name
        );
        assert!(
            responses.contains_key("500"),
            "{}: every operation can fail",
            operation.name
        );
        for (status, response) in responses {
            let name = format!("{} {status}", operation.name);
            assert!(
                response["description"]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{name}: description"
            );
            let Some(media) = response["content"].get("application/json") else {
                assert!(
                    !status.starts_with(['4', '5']),
                    "{name}: an error has a body"
                );
                continue;
            };
            let examples = examples_of(media);
            assert!(!examples.is_empty(), "{name}: no example");
            for example in examples {
                let wrong = faults(&media["schema"], &example);
                assert!(wrong.is_empty(), "{name}: {wrong:?} in {example}");
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere_and_no_schema_is_left_over() {
    let mut referred = HashSet::new();
    collect_references(document(), &mut referred);
    for reference in &referred {
        assert!(
            document()
                .pointer(reference.trim_start_matches('#'))
                .is_some(),
            "{reference}"
        );
    }
    let schemas = document()["components"]["schemas"]
        .as_object()
        .expect("schemas");
    for name in schemas.keys() {
        assert!(
            referred.contains(&format!("#/components/schemas/{name}")),
            "nothing refers to {name}"
        );
    }
    assert_eq!(document()["info"]["license"]["name"], "GPL-3.0-or-later");
}

fn collect_references(value: &Value, found: &mut HashSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                match inner.as_str() {
                    Some(reference) if name == "$ref" => {
                        found.insert(reference.to_owned());
                    }
                    _ => collect_references(inner, found),
                }
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_references(item, found)),
        _ => {}
    }
}
