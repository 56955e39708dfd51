//! Which field of a JSON body is at fault: the body read beside the schema that the document shows.

use serde_json::Value;
use uuid::Uuid;

use crate::errors::FieldFault;

/// The way to a field, from the body down, and what is wrong there.
pub type Finding = (Vec<String>, FieldFault);

const PREFIX: &str = "#/components/schemas/";

/// poem-openapi says that a body does not fit, not where. This finds the first place, in the order of the schema; none when the
/// schema is content, and the fault is one that only the handler's type knows.
pub fn diagnose(schemas: &Value, schema: &Value, body: &[u8]) -> Option<Finding> {
    match serde_json::from_slice(body) {
        Ok(body) => find(&Context { schemas }, schema, &body).map(|(mut path, fault)| {
            path.push("body".to_owned());
            path.reverse();
            (path, fault)
        }),
        Err(error) => Some((vec!["body".to_owned()], FieldFault::of_json(&error))),
    }
}

struct Context<'a> {
    schemas: &'a Value,
}

/// The path is built from the field outwards.
fn find(context: &Context<'_>, schema: &Value, value: &Value) -> Option<Finding> {
    let schema = resolve(context, schema);
    if value.is_null() && schema["nullable"] == true {
        return None;
    }
    if let Some(parts) = schema["allOf"].as_array() {
        return parts.iter().find_map(|part| find(context, part, value));
    }
    if let Some(property) = schema["discriminator"]["propertyName"].as_str() {
        return find_in_union(context, schema, property, value);
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[choice].as_array() {
            let fits = choices
                .iter()
                .any(|choice| find(context, choice, value).is_none());
            return (!fits).then(|| here(FieldFault::new("value fits none of the shapes allowed")));
        }
    }
    match schema["type"].as_str() {
        Some("object") => find_in_object(context, schema, value),
        Some("array") => find_in_array(context, schema, value),
        Some(kind) => find_in_scalar(schema, kind, value),
        None => None,
    }
}

fn find_in_object(context: &Context<'_>, schema: &Value, value: &Value) -> Option<Finding> {
    let Some(object) = value.as_object() else {
        return Some(here(FieldFault::of_type("object", value)));
    };
    let required = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    // Where anything may stand, null is something.
    let takes_null = |name: &str| {
        let says = |key: &&str| !schema["properties"][name][*key].is_null();
        !["type", "$ref", "allOf", "oneOf", "anyOf"].iter().any(says)
    };
    let absent = |name: &&str| match object.get(*name) {
        Some(value) => value.is_null() && !takes_null(name),
        None => true,
    };
    let missing = required
        .filter(absent)
        .find(|name| schema["properties"][*name]["default"].is_null());
    if let Some(name) = missing {
        return Some((vec![name.to_owned()], FieldFault::MISSING));
    }
    let properties = schema["properties"].as_object();
    properties
        .into_iter()
        .flatten()
        .find_map(|(name, property)| {
            let value = object.get(name).filter(|value| !value.is_null())?;
            under(name.clone(), find(context, property, value))
        })
}

fn find_in_array(context: &Context<'_>, schema: &Value, value: &Value) -> Option<Finding> {
    let Some(items) = value.as_array() else {
        return Some(here(FieldFault::of_type("array", value)));
    };
    let count = items.len() as u64;
    if let Some(most) = schema["maxItems"].as_u64().filter(|most| count > *most) {
        return Some(here(FieldFault::new(format!(
            "ensure this value has at most {most} items"
        ))));
    }
    if let Some(least) = schema["minItems"].as_u64().filter(|least| count < *least) {
        return Some(here(FieldFault::new(format!(
            "ensure this value has at least {least} items"
        ))));
    }
    let mut items = items.iter().enumerate();
    items.find_map(|(index, item)| under(index.to_string(), find(context, &schema["items"], item)))
}

fn find_in_scalar(schema: &Value, kind: &str, value: &Value) -> Option<Finding> {
    let fits = match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        _ => true,
    };
    if !fits {
        return Some(here(FieldFault::of_type(kind, value)));
    }
    if let Some(fault) = misformatted(schema, value) {
        return Some(here(fault));
    }
    if let Some(choices) = schema["enum"]
        .as_array()
        .filter(|choices| !choices.contains(value))
    {
        let choices: Vec<String> = choices.iter().map(Value::to_string).collect();
        return Some(here(FieldFault::new(format!(
            "must be one of {}",
            choices.join(", ")
        ))));
    }
    if let Some(fault) = too_long_or_short(schema, value) {
        return Some(here(fault));
    }
    let number = value.as_f64()?;
    if let Some(least) = schema["minimum"].as_f64().filter(|least| number < *least) {
        return Some(here(FieldFault::new(format!(
            "ensure this value is greater than or equal to {least}"
        ))));
    }
    let most = schema["maximum"].as_f64().filter(|most| number > *most)?;
    Some(here(FieldFault::new(format!(
        "ensure this value is less than or equal to {most}"
    ))))
}

fn too_long_or_short(schema: &Value, value: &Value) -> Option<FieldFault> {
    let length = value.as_str()?.chars().count() as u64;
    if let Some(least) = schema["minLength"].as_u64().filter(|least| length < *least) {
        let message = format!("ensure this value has at least {least} characters");
        return Some(FieldFault::new(message));
    }
    let most = schema["maxLength"].as_u64().filter(|most| length > *most)?;
    let message = format!("ensure this value has at most {most} characters");
    Some(FieldFault::new(message))
}

/// Of the formats, those that the framework reads into types of their own.
fn misformatted(schema: &Value, value: &Value) -> Option<FieldFault> {
    let fits = match schema["format"].as_str()? {
        "uuid" => value
            .as_str()
            .is_none_or(|text| text.parse::<Uuid>().is_ok()),
        "int32" => value
            .as_i64()
            .is_some_and(|number| i32::try_from(number).is_ok()),
        _ => true,
    };
    let format = schema["format"].as_str().unwrap_or_default();
    (!fits).then(|| FieldFault::new(format!("value is not a valid {format}")))
}

fn find_in_union(
    context: &Context<'_>,
    schema: &Value,
    property: &str,
    value: &Value,
) -> Option<Finding> {
    let Some(tag) = value[property].as_str() else {
        return Some((vec![property.to_owned()], FieldFault::MISSING));
    };
    match schema["discriminator"]["mapping"][tag].as_str() {
        Some(target) => find(context, &serde_json::json!({ "$ref": target }), value),
        None => Some((
            vec![property.to_owned()],
            FieldFault::new(format!("`{tag}` is not known")),
        )),
    }
}

fn resolve<'a>(context: &Context<'a>, schema: &'a Value) -> &'a Value {
    let name = schema["$ref"]
        .as_str()
        .and_then(|target| target.strip_prefix(PREFIX));
    name.map_or(schema, |name| &context.schemas[name])
}

fn here(fault: FieldFault) -> Finding {
    (Vec::new(), fault)
}

fn under(name: String, finding: Option<Finding>) -> Option<Finding> {
    finding.map(|(mut path, fault)| {
        path.push(name);
        (path, fault)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn look(body: &str) -> Option<(String, String)> {
        let schemas = json!({
            "Batch": { "type": "object", "required": ["tasks"], "properties": {
                "tasks": { "type": "array", "maxItems": 2, "items": { "$ref": "#/components/schemas/Order" } },
            } },
            "Order": { "type": "object", "required": ["game_id", "plugin"], "properties": {
                "game_id": { "type": "string" },
                "plugin": { "type": "string", "minLength": 1, "maxLength": 3 },
                "max_equilibria": { "type": "integer", "format": "int32", "minimum": 1, "nullable": true },
                "parent": { "type": "string", "format": "uuid", "nullable": true },
                "solver": { "allOf": [{ "$ref": "#/components/schemas/Solver" }], "nullable": true },
            } },
            "Solver": { "type": "string", "enum": ["quick", "pure"] },
        });
        let schema = json!({ "$ref": "#/components/schemas/Batch" });
        let (path, fault) = diagnose(&schemas, &schema, body.as_bytes())?;
        Some((path.join("."), fault.message.into_owned()))
    }

    #[test]
    fn the_field_is_named_down_to_the_item() {
        for (body, place, message) in [
            ("{}", "body.tasks", "field required"),
            ("[]", "body", "value is not a valid dict"),
            (r#"{"tasks": 1}"#, "body.tasks", "value is not a valid list"),
            (
                r#"{"tasks": [{"plugin": "x"}]}"#,
                "body.tasks.0.game_id",
                "field required",
            ),
            (
                r#"{"tasks": [{"plugin": "x", "game_id": 1}]}"#,
                "body.tasks.0.game_id",
                "str type expected",
            ),
            (
                r#"{"tasks": [{"plugin": "x", "game_id": "g", "max_equilibria": 0}]}"#,
                "body.tasks.0.max_equilibria",
                "ensure this value is greater than or equal to 1",
            ),
            (
                r#"{"tasks": [{"plugin": "x", "game_id": "g", "solver": "slow"}]}"#,
                "body.tasks.0.solver",
                r#"must be one of "quick", "pure""#,
            ),
            (
                r#"{"tasks": [{"plugin": "x", "game_id": "g", "max_equilibria": 5000000000}]}"#,
                "body.tasks.0.max_equilibria",
                "value is not a valid int32",
            ),
            (
                r#"{"tasks": [{"plugin": "x", "game_id": "g", "parent": "me"}]}"#,
                "body.tasks.0.parent",
                "value is not a valid uuid",
            ),
            (
                r#"{"tasks": [{"plugin": "", "game_id": "g"}]}"#,
                "body.tasks.0.plugin",
                "ensure this value has at least 1 characters",
            ),
            (
                r#"{"tasks": [{"plugin": "äöüß", "game_id": "g"}]}"#,
                "body.tasks.0.plugin",
                "ensure this value has at most 3 characters",
            ),
            (
                r#"{"tasks": [{}, {}, {}]}"#,
                "body.tasks",
                "ensure this value has at most 2 items",
            ),
        ] {
            assert_eq!(
                look(body),
                Some((place.to_owned(), message.to_owned())),
                "{body}"
            );
        }
    }

    #[test]
    fn what_fits_has_no_fault_and_broken_json_says_where() {
        assert_eq!(
            look(r#"{"tasks": [{"plugin": "x", "game_id": "g", "solver": null}]}"#),
            None
        );
        let (place, message) = look("{\"tasks\": [").expect("the body is broken");
        assert_eq!(place, "body");
        assert!(message.contains("line 1 column 11"), "{message}");
    }
}
