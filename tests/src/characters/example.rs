//! The contract's examples of what many answers hold, and whether an answer is like its example.

use serde_json::{Value, json};

/// Every field of the contract's example is there and of its type; `null` stands for anything.
#[track_caller]
pub fn like(example: &Value, answer: &Value) {
    let mut faults = Vec::new();
    compare(example, answer, "", &mut faults);
    assert!(faults.is_empty(), "{faults:#?} in {answer}");
}

fn compare(example: &Value, answer: &Value, at: &str, faults: &mut Vec<String>) {
    match (example, answer) {
        (Value::Object(fields), Value::Object(found)) => {
            for (name, example) in fields {
                match found.get(name) {
                    Some(answer) => compare(example, answer, &format!("{at}/{name}"), faults),
                    None => faults.push(format!("{at}/{name} is missing")),
                }
            }
        }
        (Value::Array(examples), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                if let Some(example) = examples.first() {
                    compare(example, item, &format!("{at}/{index}"), faults);
                }
            }
        }
        (Value::Null, _)
        | (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_)) => {}
        _ => faults.push(format!("{at}: {answer} is not as {example}")),
    }
}

pub fn proximity_example() -> Value {
    json!({
        "characterId": "barkeep", "playerId": "default", "closeness": 65.0, "highWaterMark": 65.0, "activityTier": "active",
        "lastInteractionAt": 1_709_000_000_000_i64, "totalInteractions": 12, "updatedAt": 1_709_000_000_000_i64,
    })
}

pub fn character_example() -> Value {
    json!({
        "id": "barkeep", "name": "Greta", "archetype": "barkeep",
        "identity": { "personality": "...", "backstory": "...", "goals": ["..."], "traits": ["..."] },
        "activityTier": "active", "closeness": 65.0, "highWaterMark": 65.0, "metadata": {},
        "createdAt": 1_709_000_000_000_i64, "updatedAt": 1_709_000_000_000_i64,
    })
}

pub fn emotions_example() -> Value {
    json!({
        "characterId": "barkeep", "mood": "joy", "moodIntensity": 0.6,
        "active": [{ "type": "joy", "intensity": 0.6, "decayRate": 0.05, "createdAt": 1_709_000_000_000_i64 }],
    })
}
