//! The OpenAPI document: committed as served, complete for people and generators, and true of every operation.

use std::collections::HashSet;
use std::path::Path;
use std::fs;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use crate::harness::{Call, TestApp, document, faults};
use crate::tasks::steps::short;
use crate::theory::steps::AXELROD;

/// One operation of the document, with where it stands.
struct Operation {
    name: String,
    method: Method,
    template: &'static str,
    says: &'static Value,
}

fn operations() -> Vec<Operation> {
    let paths = document()["paths"].as_object().expect("the document has paths");
    let mut found = Vec::new();
    for (template, item) in paths {
        for (method, says) in item.as_object().expect("a path has methods") {
            found.push(Operation {
                name: says["operationId"].as_str().unwrap_or_default().to_owned(),
                method: method.to_uppercase().parse().expect("a method"),
                template,
                says,
            });
        }
    }
    assert!(found.len() > 15, "the document has lost its operations");
    found
}

#[test]
fn the_committed_document_is_the_served_one() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/rookery.json");
    let committed = fs::read_to_string(&file).expect("openapi/rookery.json is committed: ./dev spec");
    let committed: Value = serde_json::from_str(&committed).expect("it is JSON");
    assert!(committed == *document(), "openapi/rookery.json is out of date: ./dev spec --openapi");
}

/// Sends every operation its example, in a world where that must work, and holds the answer against the document.
#[tokio::test]
async fn every_operation_does_what_its_example_promises() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    for operation in operations() {
        // Whatever the one before did to the games.
        app.post("/api/reset").await.expect(200);
        let task = short(&app).await;
        if operation.name == "retry_task" {
            app.idle().await;
            sqlx::query("update tasks set status = 'cancelled' where id = $1::uuid")
                .bind(&task)
                .execute(&app.store.pool)
                .await
                .expect("the task is cancelled");
        }
        let reply = operation.example(&app, &task).await;
        assert!((200..300).contains(&reply.status), "{}: {}: {}", operation.name, reply.status, reply.text());
    }
}

impl Operation {
    fn example(&self, app: &TestApp, task: &str) -> Call {
        let mut path = self.template.to_owned();
        let mut query = Vec::new();
        for parameter in list(&self.says["parameters"]) {
            let name = parameter["name"].as_str().expect("a parameter has a name");
            match parameter["in"].as_str() {
                Some("path") => path = path.replace(&format!("{{{name}}}"), &value_of(parameter, task)),
                Some("query") if parameter["required"] == true => query.push((name, value_of(parameter, task))),
                _ => assert!(parameter["required"] != true, "{}: {name} is required", self.name),
            }
        }
        let query: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let call = app.call(self.method.clone(), &path).query(&query);
        let content = &self.says["requestBody"]["content"];
        if content["multipart/form-data"].is_object() {
            let file = Part::text(AXELROD).file_name("axelrod.json");
            return call.form(Form::new().part("file", file));
        }
        match content.get("application/json") {
            Some(media) if self.says["requestBody"]["required"] == true => {
                call.json(&example_of(media).unwrap_or_else(|| panic!("{}: the body has no example", self.name)))
            }
            _ => call,
        }
    }
}

/// The document's own example; of ids the ones that exist here.
fn value_of(parameter: &Value, task: &str) -> String {
    let name = parameter["name"].as_str().unwrap_or_default();
    let example = [&parameter["example"], &parameter["schema"]["example"]]
        .into_iter()
        .find_map(Value::as_str);
    match (name, example) {
        ("task_id", _) => task.to_owned(),
        (_, Some(example)) => example.to_owned(),
        ("game_id", None) => "trust-game".to_owned(),
        ("plugin", None) => "Validation".to_owned(),
        ("target_format", None) => "normal".to_owned(),
        _ => panic!("say here what to send as {name}"),
    }
}

#[test]
fn every_operation_is_named_described_and_filed() {
    let mut names = HashSet::new();
    let tags: HashSet<&str> = list(&document()["tags"])
        .iter()
        .filter(|tag| tag["description"].as_str().is_some_and(|text| !text.is_empty()))
        .filter_map(|tag| tag["name"].as_str())
        .collect();
    for operation in operations() {
        let (name, says) = (&operation.name, operation.says);
        assert!(
            name.contains('_') && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
            "{name}: an operation's id is verb_noun"
        );
        assert!(names.insert(name.clone()), "{name} is there twice");
        assert!(says["summary"].as_str().is_some_and(|text| !text.is_empty()), "{name}: summary");
        assert!(says["description"].as_str().is_some_and(|text| text.len() > 20), "{name}: description");
        let filed = list(&says["tags"]);
        assert_eq!(filed.len(), 1, "{name}: one tag");
        assert!(filed[0].as_str().is_some_and(|tag| tags.contains(tag)), "{name}: a described tag");
        for parameter in list(&says["parameters"]) {
            assert!(
                parameter["description"].as_str().is_some_and(|text| !text.is_empty()),
                "{name}: {parameter}"
            );
        }
    }
}

#[test]
fn every_answer_has_an_example_that_fits_its_schema() {
    for operation in operations() {
        let responses = operation.says["responses"].as_object().expect("responses");
        assert!(responses.keys().any(|status| status.starts_with('2')), "{}", operation.name);
        assert!(responses.contains_key("500"), "{}: every operation can fail", operation.name);
        for (status, response) in responses {
            let name = format!("{} {status}", operation.name);
            assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()), "{name}: description");
            let Some(media) = response["content"].get("application/json") else {
                assert!(!status.starts_with(['4', '5']), "{name}: an error has a body");
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
        assert!(document().pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
    let schemas = document()["components"]["schemas"].as_object().expect("schemas");
    for name in schemas.keys() {
        assert!(referred.contains(&format!("#/components/schemas/{name}")), "nothing refers to {name}");
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
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        _ => {}
    }
}

fn example_of(media: &Value) -> Option<Value> {
    examples_of(media).into_iter().next()
}

/// Given beside the schema, or in it.
fn examples_of(media: &Value) -> Vec<Value> {
    if let Some(example) = media.get("example") {
        return vec![example.clone()];
    }
    if let Some(examples) = media["examples"].as_object() {
        return examples.values().map(|example| example["value"].clone()).collect();
    }
    example_in(&media["schema"]).into_iter().collect()
}

fn example_in(schema: &Value) -> Option<Value> {
    if let Some(reference) = schema["$ref"].as_str() {
        return example_in(document().pointer(reference.trim_start_matches('#'))?);
    }
    if let Some(example) = schema.get("example") {
        return Some(example.clone());
    }
    if let Some(item) = schema.get("items") {
        return Some(Value::Array(vec![example_in(item)?]));
    }
    list(&schema["allOf"]).iter().find_map(example_in)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
