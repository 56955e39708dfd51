//! Judges a JSON value by an OpenAPI 3.0 schema, as far as our document uses the language.

use serde_json::Value;

/// Adds to `faults` whatever in `value` the schema forbids.
pub fn check(document: &Value, schema: &Value, value: &Value, faults: &mut Vec<String>) {
    Judge { document }.judge(schema, value, "", faults);
}

struct Judge<'a> {
    document: &'a Value,
}

impl Judge<'_> {
    fn judge(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        if let Some(reference) = schema["$ref"].as_str() {
            let pointer = reference.trim_start_matches('#');
            match self.document.pointer(pointer) {
                Some(schema) => self.judge(schema, value, at, faults),
                None => faults.push(format!("{at}: {reference} leads nowhere")),
            }
            return;
        }
        if value.is_null() && schema["nullable"] == true {
            return;
        }
        for part in list(schema, "allOf") {
            self.judge(part, value, at, faults);
        }
        self.judge_choice(schema, value, at, faults);
        let allowed = list(schema, "enum");
        if !allowed.is_empty() && !allowed.contains(value) {
            faults.push(format!("{at}: {value} is not one of {}", schema["enum"]));
        }
        let Some(kind) = schema["type"].as_str() else {
            return;
        };
        if !is_a(kind, value) {
            faults.push(format!("{at}: {value} is no {kind}"));
            return;
        }
        match value {
            Value::Object(_) => self.judge_object(schema, value, at, faults),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.judge(&schema["items"], item, &format!("{at}/{index}"), faults);
                }
            }
            Value::Number(number) => {
                let number = number.as_f64().unwrap_or(f64::NAN);
                let below = schema["minimum"]
                    .as_f64()
                    .is_some_and(|least| number < least);
                let above = schema["maximum"].as_f64().is_some_and(|most| number > most);
                if below || above {
                    faults.push(format!("{at}: {number} is out of range"));
                }
            }
            _ => {}
        }
    }

    fn judge_choice(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        for (word, most) in [("oneOf", 1), ("anyOf", usize::MAX)] {
            let choices = list(schema, word);
            if choices.is_empty() {
                continue;
            }
            let fitting = choices.iter().filter(|choice| {
                let mut found = Vec::new();
                self.judge(choice, value, at, &mut found);
                found.is_empty()
            });
            let count = fitting.count();
            if count == 0 || count > most {
                faults.push(format!(
                    "{at}: {count} of {} {word} fit {value}",
                    choices.len()
                ));
            }
        }
    }

    fn judge_object(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        for name in list(schema, "required").iter().filter_map(Value::as_str) {
            if value.get(name).is_none() {
                faults.push(format!("{at}: `{name}` is missing"));
            }
        }
        let others = &schema["additionalProperties"];
        for (name, inner) in value.as_object().into_iter().flatten() {
            let at = format!("{at}/{name}");
            match schema["properties"].get(name) {
                Some(schema) => self.judge(schema, inner, &at, faults),
                None if *others == Value::Bool(false) => faults.push(format!("{at}: unknown")),
                None => self.judge(others, inner, &at, faults),
            }
        }
    }
}

fn list<'a>(schema: &'a Value, name: &str) -> &'a [Value] {
    schema[name].as_array().map_or(&[], Vec::as_slice)
}

fn is_a(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        _ => false,
    }
}

#[test]
fn what_a_schema_forbids_is_found() {
    use serde_json::json;
    let document = json!({ "components": { "schemas": { "Point": {
        "type": "object", "required": ["x"],
        "properties": { "x": { "type": "integer", "minimum": 0 }, "y": { "type": "string", "nullable": true } },
    } } } });
    let schema = json!({ "type": "array", "items": { "$ref": "#/components/schemas/Point" } });
    let faults = |value: Value| {
        let mut faults = Vec::new();
        check(&document, &schema, &value, &mut faults);
        faults.len()
    };
    assert_eq!(
        faults(json!([{ "x": 1, "y": null }, { "x": 0, "z": 1 }])),
        0
    );
    for wrong in [
        json!({}),
        json!([{}]),
        json!([{ "x": null }]),
        json!([{ "x": 1.5 }]),
        json!([{ "x": -1 }]),
        json!([{ "x": 1, "y": 2 }]),
    ] {
        assert_eq!(faults(wrong.clone()), 1, "{wrong}");
    }
}
