//! The operations of the document, and requests made of their own examples.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use super::board::Board;
use crate::harness::{Call, TestApp, document};
use crate::theory::steps::AXELROD;

/// One operation of the document, with where it stands.
pub struct Operation {
    pub name: String,
    pub method: Method,
    pub template: &'static str,
    pub says: &'static Value,
}

pub fn operations() -> Vec<Operation> {
    let paths = document()["paths"]
        .as_object()
        .expect("the document has paths");
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

/// What a request says beside its method and path.
#[derive(Clone)]
pub struct Sample {
    pub parameters: Vec<Parameter>,
    pub body: Option<Value>,
    /// The `Authorization` header.
    pub bearer: Option<String>,
}

#[derive(Clone)]
pub struct Parameter {
    pub place: &'static str,
    pub name: &'static str,
    pub value: String,
}

impl Operation {
    /// Whether it is one of live chess, which asks for a token and for a game of its own.
    pub fn is_live_chess(&self) -> bool {
        self.template.starts_with("/v1/games") || self.template.starts_with("/internal/games")
    }

    /// Whether it is a stream that goes on as long as the server does.
    pub fn never_ends(&self) -> bool {
        self.name == "stream_decisions"
    }

    /// The same request with these values of parameters.
    pub fn with(&self, values: Vec<(&'static str, String)>, mut sample: Sample) -> Sample {
        for (name, value) in values {
            for parameter in sample.parameters.iter_mut().filter(|one| one.name == name) {
                parameter.value.clone_from(&value);
            }
        }
        sample
    }

    /// The same request with a token, and for that game.
    pub fn at(&self, board: &Board, mut sample: Sample) -> Sample {
        for parameter in &mut sample.parameters {
            if (parameter.place, parameter.name) == ("path", "game_id") {
                parameter.value.clone_from(&board.game);
            }
        }
        sample.bearer = Some(board.bearer.clone());
        sample
    }

    /// The parameters that must be there and the body, as the document's examples have them.
    pub fn sample(&self, task: &str) -> Sample {
        let required = self.parameters().filter(|says| says["required"] == true);
        let media = self.says["requestBody"]["content"].get("application/json");
        Sample {
            parameters: required
                .map(|says| parameter(says, value_of(says, task)))
                .collect(),
            body: media.map(|media| {
                example_of(media)
                    .unwrap_or_else(|| panic!("{}: the body has no example", self.name))
            }),
            bearer: None,
        }
    }

    pub fn parameters(&self) -> impl Iterator<Item = &'static Value> + use<> {
        list(&self.says["parameters"]).iter()
    }

    pub fn answers_with_a_socket(&self) -> bool {
        self.says["responses"]["101"].is_object()
    }

    pub fn takes_files(&self) -> bool {
        self.says["requestBody"]["content"]["multipart/form-data"].is_object()
    }

    /// Everything but the body.
    pub fn bare(&self, app: &TestApp, sample: &Sample) -> Call {
        let parameters = &sample.parameters;
        let mut path = self.template.to_owned();
        for part in parameters.iter().filter(|part| part.place == "path") {
            path = path.replace(&format!("{{{}}}", part.name), &encoded(&part.value));
        }
        let call = app.call(self.method.clone(), &path);
        let call = match &sample.bearer {
            Some(bearer) => call.header("authorization", bearer),
            None => call,
        };
        parameters.iter().fold(call, |call, part| match part.place {
            "query" => call.query(&[(part.name, part.value.as_str())]),
            "header" => call.header(part.name, &part.value),
            _ => call,
        })
    }

    pub fn call(&self, app: &TestApp, sample: &Sample) -> Call {
        let call = self.bare(app, sample);
        match &sample.body {
            Some(body) => call.json(body),
            None if self.takes_files() => {
                let file = Part::text(AXELROD).file_name("axelrod.json");
                call.form(Form::new().part("file", file))
            }
            None => call,
        }
    }
}

pub fn parameter(says: &'static Value, value: String) -> Parameter {
    let text = |name: &str| {
        says[name]
            .as_str()
            .expect("a parameter has a place and a name")
    };
    Parameter {
        place: text("in"),
        name: text("name"),
        value,
    }
}

/// As one segment of a path.
fn encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
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
        ("id" | "character_id" | "characterId" | "archetype_id" | "from_id", None) => {
            "barkeep".to_owned()
        }
        ("to_id", None) => "guard".to_owned(),
        ("goal_id", None) => "g_abc123".to_owned(),
        ("step", None) => "0".to_owned(),
        ("group_id", None) => "grp_abc123".to_owned(),
        ("faction_id", None) => "tavern_staff".to_owned(),
        ("key", None) => "tavern_reputation".to_owned(),
        // Known when the thing is there.
        ("conversation_id" | "memory_id", None) => "unknown".to_owned(),
        ("snapshot_id", None) => "snap_abc123".to_owned(),
        ("game_id", None) => "trust-game".to_owned(),
        ("plugin", None) => "Validation".to_owned(),
        ("target_format", None) => "normal".to_owned(),
        ("file_format", None) => "json".to_owned(),
        _ => panic!("say here what to send as {name}"),
    }
}

fn example_of(media: &Value) -> Option<Value> {
    examples_of(media).into_iter().next()
}

/// Given beside the schema, or in it.
pub fn examples_of(media: &Value) -> Vec<Value> {
    if let Some(example) = media.get("example") {
        return vec![example.clone()];
    }
    if let Some(examples) = media["examples"].as_object() {
        return examples
            .values()
            .map(|example| example["value"].clone())
            .collect();
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

pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
