//! What is different between two documents of a state, record by record and field by field.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::reading::{Fault, Sections, read};

/// Of each part of the state that differs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Difference {
    pub sections: Vec<SectionChanges>,
}

/// Counts are of all, `changes` are the first of them in the order of their keys.
#[derive(Debug, Clone, PartialEq)]
pub struct SectionChanges {
    /// As the document names it.
    pub section: &'static str,
    pub before: usize,
    pub after: usize,
    pub added: usize,
    pub removed: usize,
    pub changed: usize,
    pub changes: Vec<RecordChange>,
}

/// One that is new, gone or other than it was: fields come with what they were, if they were, and what they are, if they are.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordChange {
    /// A character's id; `barkeep guard` of a relationship.
    pub key: String,
    pub kind: ChangeKind,
    pub fields: Vec<FieldChange>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    Added,
    Removed,
    Changed,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// `mind.goals[g_1].status`
    pub field: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// Records shown of one section.
const MAX_RECORDS: usize = 200;
/// Fields shown of one record.
const MAX_FIELDS: usize = 50;
/// Longer values are shown by their beginning.
const MAX_VALUE_CHARS: usize = 300;

/// As of when something stands, and what only counts: these follow from everything else.
const SILENT: [&str; 8] = [
    "atSlow",
    "atFast",
    "fastTicks",
    "slowTicks",
    "updatedAt",
    "called",
    "toKeep",
    "ticksSkipped",
];

pub(super) fn difference(before: &[u8], after: &[u8]) -> Result<Difference, Fault> {
    let (before, after) = (Sections::of(before)?, Sections::of(after)?);
    let world = (vec![before.world], vec![after.world]);
    let parts: [(_, &[&RawValue], &[&RawValue], &[&str]); 14] = [
        ("world", &world.0, &world.1, &[]),
        (
            "archetypes",
            &before.archetypes,
            &after.archetypes,
            &["archetype.id"],
        ),
        ("characters", &before.characters, &after.characters, &["id"]),
        (
            "proximity",
            &before.proximity,
            &after.proximity,
            &["characterId", "playerId"],
        ),
        (
            "relationships",
            &before.relationships,
            &after.relationships,
            &["fromId", "toId"],
        ),
        ("memories", &before.memories, &after.memories, &["id"]),
        (
            "worldFacts",
            &before.world_facts,
            &after.world_facts,
            &["key", "validFrom"],
        ),
        ("groups", &before.groups, &after.groups, &["id"]),
        ("factions", &before.factions, &after.factions, &["id"]),
        (
            "conversations",
            &before.conversations,
            &after.conversations,
            &["id"],
        ),
        ("variants", &before.variants, &after.variants, &["name"]),
        ("decisions", &before.decisions, &after.decisions, &["id"]),
        ("events", &before.events, &after.events, &["id"]),
        (
            "messages",
            &before.messages,
            &after.messages,
            &["characterId", "playerId", "createdAt", "role"],
        ),
    ];
    let mut sections = Vec::new();
    for (section, before, after, key) in parts {
        let changes = section_changes((section, key), before, after)?;
        if !changes.changes.is_empty() {
            sections.push(changes);
        }
    }
    Ok(Difference { sections })
}

fn section_changes(
    (section, key): (&'static str, &[&str]),
    before: &[&RawValue],
    after: &[&RawValue],
) -> Result<SectionChanges, Fault> {
    let mut found = SectionChanges {
        section,
        before: before.len(),
        after: after.len(),
        added: 0,
        removed: 0,
        changed: 0,
        changes: Vec::new(),
    };
    let (old, new) = (by_key(section, key, before)?, by_key(section, key, after)?);
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for key in keys {
        let sides = (old.get(key).copied(), new.get(key).copied());
        if sides.0.map(RawValue::get) != sides.1.map(RawValue::get) {
            found.add(key, sides)?;
        }
    }
    Ok(found)
}

fn by_key<'a>(
    section: &str,
    fields: &[&str],
    records: &[&'a RawValue],
) -> Result<BTreeMap<String, &'a RawValue>, Fault> {
    let key = |record: &&'a RawValue| {
        let parts: BTreeMap<String, &RawValue> =
            serde_json::from_str(record.get()).map_err(|_| Fault::at(section, "cannot be read"))?;
        let words = fields.iter().map(|field| word(&parts, field));
        Ok((words.collect::<Vec<_>>().join(" "), *record))
    };
    records.iter().map(key).collect()
}

/// `archetype.id` is a field in a field.
fn word(parts: &BTreeMap<String, &RawValue>, field: &str) -> String {
    let (outer, inner) = field.split_once('.').unwrap_or((field, ""));
    let text = parts.get(outer).map_or("", |part| part.get());
    match serde_json::from_str(text) {
        Ok(Value::String(word)) => word,
        Ok(Value::Object(fields)) => fields[inner].as_str().unwrap_or_default().to_owned(),
        _ => text.to_owned(),
    }
}

impl SectionChanges {
    /// Sides that differ in nothing but what is silent count for nothing.
    fn add(
        &mut self,
        key: &str,
        (before, after): (Option<&RawValue>, Option<&RawValue>),
    ) -> Result<(), Fault> {
        let side = |text: Option<&RawValue>| {
            text.map(|text| read::<Map<String, Value>>(text.get(), self.section))
                .transpose()
        };
        let mut fields = Fields::default();
        let (kind, count) = match (before.is_some(), after.is_some()) {
            (false, _) => (ChangeKind::Added, &mut self.added),
            (_, false) => (ChangeKind::Removed, &mut self.removed),
            _ => (ChangeKind::Changed, &mut self.changed),
        };
        if kind == ChangeKind::Changed {
            let (before, after) = (
                side(before)?.unwrap_or_default(),
                side(after)?.unwrap_or_default(),
            );
            fields.of_objects("", &before, &after);
            if fields.found.is_empty() {
                return Ok(());
            }
        }
        *count += 1;
        if self.changes.len() < MAX_RECORDS {
            self.changes.push(RecordChange {
                key: key.to_owned(),
                kind,
                fields: fields.found,
            });
        }
        Ok(())
    }
}

#[derive(Default)]
struct Fields {
    found: Vec<FieldChange>,
}

impl Fields {
    fn of(&mut self, path: &str, before: Option<&Value>, after: Option<&Value>) {
        if before == after || self.found.len() >= MAX_FIELDS {
            return;
        }
        match (before, after) {
            (Some(Value::Object(before)), Some(Value::Object(after))) => {
                self.of_objects(path, before, after);
            }
            (Some(Value::Array(old)), Some(Value::Array(new))) => match (named(old), named(new)) {
                (Some(old), Some(new)) => self.of_named(path, &old, &new),
                _ => self.push(path, before, after),
            },
            _ => self.push(path, before, after),
        }
    }

    fn of_objects(&mut self, path: &str, before: &Map<String, Value>, after: &Map<String, Value>) {
        let gone = before.keys().filter(|name| !after.contains_key(*name));
        for name in after.keys().chain(gone) {
            if !SILENT.contains(&name.as_str()) {
                let inner = [path, name].join(".");
                self.of(
                    inner.trim_start_matches('.'),
                    before.get(name),
                    after.get(name),
                );
            }
        }
    }

    fn of_named(&mut self, path: &str, before: &Named<'_>, after: &Named<'_>) {
        let gone = before.keys().filter(|name| !after.contains_key(*name));
        for name in after.keys().chain(gone) {
            self.of(
                &format!("{path}[{name}]"),
                before.get(name).copied(),
                after.get(name).copied(),
            );
        }
    }

    fn push(&mut self, path: &str, before: Option<&Value>, after: Option<&Value>) {
        self.found.push(FieldChange {
            field: path.to_owned(),
            before: before.map(cut),
            after: after.map(cut),
        });
    }
}

type Named<'a> = BTreeMap<&'a str, &'a Value>;

/// Items of a list that have names of their own: goals and rumours their ids, feelings their types.
fn named(items: &[Value]) -> Option<Named<'_>> {
    items.iter().map(of_item).collect()
}

fn of_item(item: &Value) -> Option<(&str, &Value)> {
    let name = item.get("id").or_else(|| item.get("type"))?;
    Some((name.as_str()?, item))
}

fn cut(value: &Value) -> Value {
    let text = value.to_string();
    match text.char_indices().nth(MAX_VALUE_CHARS) {
        Some((end, _)) => Value::String(format!("{}…", &text[..end])),
        None => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(characters: &Value, facts: &Value) -> Vec<u8> {
        json!({ "version": 1, "world": { "seed": 1 }, "characters": characters, "worldFacts": facts })
            .to_string()
            .into_bytes()
    }

    #[test]
    fn who_came_who_went_and_what_changed_in_a_mind_is_told() {
        let goal = |status| json!([{ "id": "g_1", "status": status }]);
        let before = document(
            &json!([
                { "id": "ann", "mind": { "goals": goal("pending"), "needs": { "rest": 0.1, "atFast": 3 } } },
                { "id": "bob", "mind": {} },
                { "id": "eve", "updatedAt": 1 },
            ]),
            &json!([]),
        );
        let after = document(
            &json!([
                { "id": "ann", "mind": { "goals": goal("active"), "needs": { "rest": 0.1, "atFast": 9 } } },
                { "id": "cid", "mind": {} },
                { "id": "eve", "updatedAt": 2 },
            ]),
            &json!([{ "key": "king", "validFrom": 5, "value": "dead" }]),
        );
        let found = difference(&before, &after).expect("both are documents");
        let [characters, facts] = found.sections.as_slice() else {
            panic!("two sections differ: {found:?}");
        };
        assert_eq!(
            (characters.added, characters.removed, characters.changed),
            (1, 1, 1)
        );
        let kinds: Vec<_> = characters
            .changes
            .iter()
            .map(|change| (change.key.as_str(), change.kind))
            .collect();
        assert_eq!(
            kinds,
            [
                ("ann", ChangeKind::Changed),
                ("bob", ChangeKind::Removed),
                ("cid", ChangeKind::Added)
            ]
        );
        let moved = FieldChange {
            field: "mind.goals[g_1].status".to_owned(),
            before: Some(json!("pending")),
            after: Some(json!("active")),
        };
        assert_eq!(characters.changes[0].fields, [moved]);
        assert_eq!(
            (facts.section, facts.changes[0].key.as_str()),
            ("worldFacts", "king 5")
        );
        assert_eq!(
            difference(&after, &after).expect("a document"),
            Difference::default()
        );
    }
}
