//! The polish of schemas: what poem-openapi writes in ways that generators stumble over.

mod unions;

use serde_json::{Map, Value, json};

/// Cures every schema of the document, wherever it stands.
pub fn polish(document: &mut Value) {
    walk(document, &mut |object| {
        unwrap_reference(object);
        standard_integer(object);
    });
    if let Some(schemas) = document.pointer_mut("/components/schemas") {
        walk(schemas, &mut admit_null);
    }
    unions::polish(document);
}

/// Calls the cure on every object, children first.
fn walk(value: &mut Value, cure: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            for child in object.values_mut() {
                walk(child, cure);
            }
            cure(object);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, cure)),
        _ => {}
    }
}

/// A reference with a description or default arrives as `allOf` of the reference and an object that repeats them, which some generators
/// take for a second type. One entry is enough: the rest stands beside it.
fn unwrap_reference(object: &mut Map<String, Value>) {
    let Some(parts) = object.get_mut("allOf").and_then(Value::as_array_mut) else {
        return;
    };
    let [reference, extras] = parts.as_slice() else {
        return;
    };
    let says_a_type = |part: &Value| part.get("type").is_some() || part.get("$ref").is_some();
    if reference.get("$ref").is_none() || says_a_type(extras) {
        return;
    }
    let extras = parts.pop();
    for (key, value) in extras.iter().filter_map(Value::as_object).flatten() {
        object.entry(key).or_insert_with(|| value.clone());
    }
}

/// Formats outside OpenAPI's registry (`uint32`, `int8` …) become the smallest registered one that holds them, with the bounds said.
fn standard_integer(object: &mut Map<String, Value>) {
    let (format, minimum, maximum) = match object.get("format").and_then(Value::as_str) {
        Some("int8") => ("int32", Some(i64::from(i8::MIN)), Some(i64::from(i8::MAX))),
        Some("int16") => (
            "int32",
            Some(i64::from(i16::MIN)),
            Some(i64::from(i16::MAX)),
        ),
        Some("uint8") => ("int32", Some(0), Some(i64::from(u8::MAX))),
        Some("uint16") => ("int32", Some(0), Some(i64::from(u16::MAX))),
        Some("uint32") => ("int64", Some(0), Some(i64::from(u32::MAX))),
        Some("uint64") => ("int64", Some(0), None),
        _ => return,
    };
    object.insert("format".to_owned(), json!(format));
    for (key, bound) in [("minimum", minimum), ("maximum", maximum)] {
        if let Some(bound) = bound {
            object.entry(key).or_insert(json!(bound));
        }
    }
    // Validators' bounds arrive as floats.
    for key in ["minimum", "maximum"] {
        let whole = object
            .get(key)
            .and_then(Value::as_f64)
            .filter(|bound| bound.fract() == 0.0);
        if let Some(bound) = whole {
            object.insert(key.to_owned(), json!(bound as i64));
        }
    }
}

/// poem-openapi writes `null` for what is absent and reads it as absence: optional properties say so.
fn admit_null(object: &mut Map<String, Value>) {
    let required: Vec<String> = object
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|name| Some(name.as_str()?.to_owned()))
        .collect();
    let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    for (name, property) in properties.iter_mut() {
        if required.contains(name) {
            continue;
        }
        if let Some(reference) = property.get("$ref").cloned() {
            // Nothing may stand beside a reference in OpenAPI 3.0.
            *property = json!({ "allOf": [{ "$ref": reference }] });
        }
        if let Some(property) = property.as_object_mut() {
            property.insert("nullable".to_owned(), json!(true));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_described_or_defaulted_reference_is_one_type() {
        let mut document = json!({ "solver": {
            "allOf": [{ "$ref": "#/components/schemas/Solver" }, { "default": "quick" }],
            "default": "quick",
        } });
        polish(&mut document);
        assert_eq!(
            document["solver"],
            json!({ "allOf": [{ "$ref": "#/components/schemas/Solver" }], "default": "quick" })
        );
    }

    #[test]
    fn two_real_parts_stay_two() {
        let both = json!({ "allOf": [{ "$ref": "#/a" }, { "type": "object", "properties": {} }] });
        let mut document = both.clone();
        polish(&mut document);
        assert_eq!(document, both);
    }

    #[test]
    fn unsigned_integers_get_a_registered_format_and_their_bounds() {
        let mut document = json!([
            { "type": "integer", "format": "uint8" },
            { "type": "integer", "format": "uint32", "maximum": 200.0 },
            { "type": "integer", "format": "uint64" },
            { "type": "integer", "format": "int64" },
        ]);
        polish(&mut document);
        assert_eq!(
            document,
            json!([
                { "type": "integer", "format": "int32", "minimum": 0, "maximum": 255 },
                { "type": "integer", "format": "int64", "minimum": 0, "maximum": 200 },
                { "type": "integer", "format": "int64", "minimum": 0 },
                { "type": "integer", "format": "int64" },
            ])
        );
    }

    #[test]
    fn what_may_be_absent_may_be_null() {
        let mut document = json!({ "components": { "schemas": { "Task": {
            "type": "object",
            "required": ["id"],
            "properties": {
                "id": { "type": "string" },
                "error": { "type": "string" },
                "result": { "$ref": "#/components/schemas/Result" },
            },
        } } } });
        polish(&mut document);
        assert_eq!(
            document["components"]["schemas"]["Task"]["properties"],
            json!({
                "id": { "type": "string" },
                "error": { "type": "string", "nullable": true },
                "result": { "allOf": [{ "$ref": "#/components/schemas/Result" }], "nullable": true },
            })
        );
    }
}
