//! Unions: the tag of a discriminated one goes into the members, so that each has one name and one type in every language.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

const PREFIX: &str = "#/components/schemas/";

/// poem-openapi makes a `Spec_Nash` of a tag object and a reference to `Nash` for every member of `Spec`. Here the tag moves into
/// `Nash` and `Spec_Nash` goes; where something else uses `Nash` too, `Spec_Nash` stays, as a plain object.
pub fn polish(document: &mut Value) {
    let schemas = document["components"]["schemas"].as_object();
    let unions: Vec<String> = schemas
        .into_iter()
        .flatten()
        .filter(|(_, schema)| schema.get("discriminator").is_some())
        .map(|(name, _)| name.clone())
        .collect();
    for union in unions {
        flatten(document, &union);
    }
    let schemas = document.pointer_mut("/components/schemas");
    let schemas = schemas.and_then(Value::as_object_mut);
    let schemas = schemas.into_iter().flat_map(|schemas| schemas.values_mut());
    schemas.filter_map(Value::as_object_mut).for_each(plain);
}

/// poem-openapi calls every union an object. Its members say what they are; and of different types, a value has exactly one.
fn plain(union: &mut Map<String, Value>) {
    let Some(members) = union.get("anyOf").and_then(Value::as_array) else {
        return;
    };
    let types: HashSet<&str> = members
        .iter()
        .filter_map(|member| member["type"].as_str())
        .collect();
    if types.len() == members.len() {
        let members = union.remove("anyOf").unwrap_or_default();
        union.insert("oneOf".to_owned(), members);
        union.remove("type");
    }
}

fn flatten(document: &mut Value, union: &str) {
    let Some(mut schema) = component(document, union).cloned() else {
        return;
    };
    let mapping = schema
        .pointer("/discriminator/mapping")
        .and_then(Value::as_object)
        .cloned();
    for (tag, target) in mapping.into_iter().flatten() {
        let wrapper = target
            .as_str()
            .unwrap_or_default()
            .trim_start_matches(PREFIX)
            .to_owned();
        let Some((tags, member)) = component(document, &wrapper).and_then(parts) else {
            continue;
        };
        let shared = count_references(document, &member) > 1;
        let name = if shared {
            wrapper.clone()
        } else {
            member.clone()
        };
        let Some(merged) = component(document, &member).map(|schema| merge(schema, &tags)) else {
            continue;
        };
        if let Some(schemas) = document
            .pointer_mut("/components/schemas")
            .and_then(Value::as_object_mut)
        {
            schemas.remove(&wrapper);
            schemas.insert(name.clone(), merged);
        }
        schema["discriminator"]["mapping"][&tag] = json!(format!("{PREFIX}{name}"));
    }
    if let Some(object) = schema.as_object_mut() {
        // The members say that they are objects.
        object.remove("type");
        object.remove("anyOf");
        let targets = object["discriminator"]["mapping"]
            .as_object()
            .into_iter()
            .flatten();
        let members: Vec<Value> = targets
            .map(|(_, target)| json!({ "$ref": target }))
            .collect();
        object.insert("oneOf".to_owned(), Value::Array(members));
    }
    document["components"]["schemas"][union] = schema;
}

/// The tag object and the member of a wrapper.
fn parts(wrapper: &Value) -> Option<(Value, String)> {
    match wrapper.get("allOf")?.as_array()?.as_slice() {
        [tags, member] => {
            let member = member.get("$ref")?.as_str()?.strip_prefix(PREFIX)?;
            Some((tags.clone(), member.to_owned()))
        }
        _ => None,
    }
}

fn merge(member: &Value, tags: &Value) -> Value {
    let mut merged = member.clone();
    for (name, property) in tags["properties"].as_object().into_iter().flatten() {
        merged["properties"][name] = property.clone();
    }
    let names = tags["required"].as_array().into_iter().flatten();
    let mut required: Vec<Value> = names.cloned().collect();
    required.extend(member["required"].as_array().into_iter().flatten().cloned());
    merged["required"] = Value::Array(required);
    merged
}

fn count_references(value: &Value, name: &str) -> usize {
    match value {
        Value::Object(object) => {
            let own = object
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|target| target.strip_prefix(PREFIX));
            usize::from(own == Some(name))
                + object
                    .values()
                    .map(|child| count_references(child, name))
                    .sum::<usize>()
        }
        Value::Array(items) => items.iter().map(|item| count_references(item, name)).sum(),
        _ => 0,
    }
}

fn component<'a>(document: &'a Value, name: &str) -> Option<&'a Value> {
    document["components"]["schemas"].get(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use poem_openapi::registry::Registry;
    use poem_openapi::types::Type;
    use poem_openapi::{Object, Union};

    #[derive(Object)]
    struct Nash {
        _players: i32,
    }
    #[derive(Object)]
    struct Bot {
        _nash: Option<Nash>,
        _level: i32,
    }
    #[derive(Union)]
    #[oai(discriminator_name = "kind")]
    enum Simple {
        Bot(Bot),
    }
    #[derive(Union)]
    #[oai(discriminator_name = "kind")]
    enum Shared {
        Bot(Bot),
        Nash(Nash),
    }

    #[derive(Union)]
    enum Plain {
        Number(f64),
        Text(String),
    }

    fn document<T: Type>() -> Value {
        let mut registry = Registry::new();
        T::register(&mut registry);
        let mut document = json!({ "components": { "schemas": registry.schemas } });
        polish(&mut document);
        document
    }

    #[test]
    fn the_tag_moves_into_the_member() {
        let document = document::<Simple>();
        let schemas = document["components"]["schemas"]
            .as_object()
            .expect("there are schemas");
        assert!(!schemas.contains_key("Simple_Bot"));
        assert_eq!(
            schemas["Simple"]["oneOf"],
            json!([{ "$ref": "#/components/schemas/Bot" }])
        );
        assert_eq!(schemas["Simple"].get("type"), None);
        assert_eq!(schemas["Bot"]["properties"]["kind"]["enum"], json!(["Bot"]));
        assert_eq!(schemas["Bot"]["required"][0], "kind");
    }

    #[test]
    fn a_union_of_plain_values_is_no_object() {
        let document = document::<Plain>();
        let plain = &document["components"]["schemas"]["Plain"];
        assert_eq!(plain.get("type"), None);
        assert_eq!(plain["oneOf"][1]["type"], "string");
    }

    #[test]
    fn a_member_that_others_use_stays_as_it_was() {
        let document = document::<Shared>();
        let schemas = document["components"]["schemas"]
            .as_object()
            .expect("there are schemas");
        assert_eq!(schemas["Nash"]["properties"].get("kind"), None);
        assert_eq!(
            schemas["Shared_Nash"]["properties"]["kind"]["enum"],
            json!(["Nash"])
        );
        assert_eq!(schemas["Shared_Nash"].get("allOf"), None);
    }
}
