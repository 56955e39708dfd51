//! Documents of a state that cannot be, each with what is said of it.

use serde_json::{Value, json};

use super::world_document::world;

/// The document with the value at the pointer replaced.
pub fn with(pointer: &str, value: Value) -> String {
    let mut document = world();
    *document
        .pointer_mut(pointer)
        .unwrap_or_else(|| panic!("{pointer} is there")) = value;
    document.to_string()
}

fn without(parent: &str, field: &str) -> String {
    let mut document = world();
    let parent = document.pointer_mut(parent).and_then(Value::as_object_mut);
    parent
        .expect("an object")
        .remove(field)
        .expect("it is there");
    document.to_string()
}

fn twice(section: &str) -> String {
    let mut document = world();
    let records = document[section].as_array_mut().expect("a list");
    records.push(records[0].clone());
    document.to_string()
}

pub fn faulty_documents() -> Vec<(String, String)> {
    let whole = world().to_string();
    let text = |text: &str| text.to_owned();
    let nobody = |path: &str| format!("Field '{path}' names a character that is not there: nobody");
    let mut faulty = vec![
        (text("nonsense"), text("Invalid JSON body")),
        (text(" "), text("Request body required")),
        (
            whole[..whole.len() / 2].to_owned(),
            text("Invalid JSON body"),
        ),
        (format!("{whole}]"), text("Invalid JSON body")),
        (text("[]"), text("The state must be object, got array")),
        (text("{}"), text("Missing required field: version")),
        (
            with("/version", json!(2)),
            text("Field 'version' must be 1, got 2"),
        ),
        (
            with("/memories", json!({})),
            text("Field 'memories' must be array, got object"),
        ),
        (
            with("/mail/0", json!([1])),
            text("Field 'mail[0]' must be object, got array"),
        ),
        (
            without("/characters/1", "mind"),
            text("Missing required field: characters[1].mind"),
        ),
        (
            with("/characters/0/mind/needs", json!("none")),
            text("Field 'characters[0].mind.needs' must be object, got string"),
        ),
        (
            with("/characters/0/mind/feelings/0/intensity", json!(7)),
            text("Field 'characters[0].mind.feelings' must have intensities between 0 and 1"),
        ),
        (
            with("/characters/1/mind", json!({ "soul": 1 })),
            text("Unknown field: characters[1].mind.soul"),
        ),
        (
            with("/characters/2/archetype", json!("sibyl")),
            text("Field 'characters[2].archetype' names an archetype that is not there: sibyl"),
        ),
        (
            with("/characters/2/id", json!("greta")),
            text("Field 'characters[2].id' is there twice"),
        ),
        (
            with("/characters/0/name", json!("a\0b")),
            text("Field 'characters[0]' must not contain NUL"),
        ),
        (
            with("/characters/0/id", json!("x".repeat(5_000))),
            text("Field 'characters[0].id' is too long"),
        ),
        (
            with("/proximity/1/closeness", json!("near")),
            text("Field 'proximity[1].closeness' must be number, got string"),
        ),
        (
            with("/proximity/1/closeness", json!(101)),
            text("Field 'proximity[1].closeness' must be between 0 and 100"),
        ),
        (
            with("/proximity/1/atSlow", json!(81)),
            text("Field 'proximity[1].atSlow' lies after world.slowTicks"),
        ),
        (
            with("/relationships/0/type", json!("lover")),
            text(
                "Field 'relationships[0].type' cannot be read: unknown variant `lover`, expected one of `friend`, `rival`, `mentor`, `student`, `ally`, `enemy`, `neutral`, `romantic`, `family`",
            ),
        ),
        (
            with("/memories/0/embedding", json!("***")),
            text("Field 'memories[0].embedding' must be base64"),
        ),
        (
            with("/memories/0/createdAt", json!(-1)),
            text(
                "Field 'memories[0].createdAt' cannot be read: not a moment between 1970 and 9999",
            ),
        ),
        (
            with("/world/config/tick/fastTickMs", json!(0)),
            text(
                "Field 'world.config.tick' must have positive numbers, and ticks no longer than a year",
            ),
        ),
        (
            with("/worldFacts/0/validTo", json!(null)),
            text("Field 'worldFacts[1].key' is there twice"),
        ),
        (
            with("/groups/0/memberIds", json!(["greta", "greta"])),
            text("Field 'groups[0].memberIds' is there twice"),
        ),
    ];
    for (pointer, path) in [
        ("/proximity/2/characterId", "proximity[2].characterId"),
        ("/relationships/0/toId", "relationships[0].toId"),
        ("/memories/1/characterId", "memories[1].characterId"),
        ("/messages/0/characterId", "messages[0].characterId"),
        ("/decisions/0/characterId", "decisions[0].characterId"),
        ("/mail/0/characterId", "mail[0].characterId"),
        ("/groups/0/memberIds/1", "groups[0].memberIds"),
        ("/factions/0/ranks/0/characterId", "factions[0].ranks"),
    ] {
        faulty.push((with(pointer, json!("nobody")), nobody(path)));
    }
    for (section, index, field) in [
        ("proximity", 3, "playerId"),
        ("relationships", 1, "toId"),
        ("memories", 2, "id"),
        ("messages", 2, "taskId"),
        ("decisions", 1, "id"),
        ("events", 1, "id"),
        ("groups", 1, "id"),
        ("factions", 1, "id"),
        ("conversations", 1, "id"),
        ("variants", 1, "name"),
    ] {
        faulty.push((
            twice(section),
            format!("Field '{section}[{index}].{field}' is there twice"),
        ));
    }
    faulty
}
