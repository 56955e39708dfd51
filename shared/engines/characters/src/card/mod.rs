//! Character cards: personas as other programs exchange them (character card V2, "chara_card_v2"; V1 and V3 are read as well), as JSON
//! or inside a PNG picture.

mod fields;
mod png;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

use crate::Persona;
use crate::persona::Identity;

use fields::{list, object, text};

/// A persona out of a card. What the card leaves open, its reader decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// Of the character it was exported from.
    pub id: Option<String>,
    pub name: String,
    pub archetype: Option<String>,
    pub identity: Identity,
    pub location: Option<String>,
    /// Words by which the card was filed: an archetype may be among them.
    pub tags: Vec<String>,
}

/// Why a card cannot be read. The texts are for the people who sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCard {
    #[error("Invalid JSON body")]
    Json,
    #[error("The picture holds no character card")]
    Picture,
    #[error("Not a character card: 'spec' must be chara_card_v2 or chara_card_v3")]
    Spec,
    #[error("Missing required field: {0}")]
    Missing(&'static str),
    #[error("Field '{field}' must be {wanted}, got {got}")]
    Type {
        field: String,
        wanted: &'static str,
        got: &'static str,
    },
    #[error("Field '{field}' must be at most {most} bytes")]
    Long { field: String, most: usize },
}

/// Bytes of any one text of a card, and items of any one list: what people write stays far below.
const MOST_TEXT: usize = 32_768;
const MOST_NAME: usize = 200;
const MOST_ITEMS: usize = 200;

/// Under this a card holds what no field of the format can, as the format asks of programs (its `extensions`).
const OURS: &str = "rookery";
/// Under this an identity keeps what a card says and a persona has no field for, so that it is exported again.
const KEPT: &str = "card";

/// Reads a card: JSON, or a PNG that has one in it.
pub fn read(bytes: &[u8]) -> Result<Imported, BadCard> {
    let found;
    let json = match png::is_picture(bytes) {
        true => {
            found = png::card(bytes).ok_or(BadCard::Picture)?;
            found.as_slice()
        }
        false => bytes,
    };
    let card: Value = serde_json::from_slice(json).map_err(|_| BadCard::Json)?;
    let Value::Object(mut card) = card else {
        return Err(BadCard::Spec);
    };
    match card.get("spec").map(Value::as_str) {
        Some(Some("chara_card_v2" | "chara_card_v3")) => match card.remove("data") {
            Some(Value::Object(data)) => imported(data, "data."),
            Some(other) => Err(fields::ill_typed("data".to_owned(), "object", &other)),
            None => Err(BadCard::Missing("data")),
        },
        Some(_) => Err(BadCard::Spec),
        // V1 had no envelope: its fields are known by their names.
        None if card.contains_key("first_mes") || card.contains_key("personality") => {
            imported(card, "")
        }
        None => Err(BadCard::Spec),
    }
}

fn imported(mut data: Map<String, Value>, prefix: &str) -> Result<Imported, BadCard> {
    let name = text(&mut data, prefix, "name", MOST_NAME)?;
    let name = name.trim().to_owned();
    if name.is_empty() {
        return Err(BadCard::Missing("name"));
    }
    let mut personality = text(&mut data, prefix, "personality", MOST_TEXT)?;
    let mut backstory = text(&mut data, prefix, "description", MOST_TEXT)?;
    // Many cards say all in the description.
    if personality.trim().is_empty() {
        personality = std::mem::take(&mut backstory);
    }
    let tags = list(&mut data, prefix, "tags")?;
    let mut extensions = object(&mut data, prefix, "extensions")?;
    let inside = format!("{prefix}extensions.{OURS}.");
    let mut ours = object(&mut extensions, &format!("{prefix}extensions."), OURS)?;
    let optional = |text: String| (!text.trim().is_empty()).then_some(text);
    let id = optional(text(&mut ours, &inside, "id", MOST_NAME)?);
    let archetype = optional(text(&mut ours, &inside, "archetype", MOST_NAME)?);
    let location = optional(text(&mut ours, &inside, "location", MOST_NAME)?);
    let speech_style = optional(text(&mut ours, &inside, "speechStyle", MOST_TEXT)?);
    let goals = list(&mut ours, &inside, "goals")?;
    let quirks = list(&mut ours, &inside, "quirks")?;
    let mut more = object(&mut ours, &inside, "more")?;
    if !extensions.is_empty() {
        data.insert("extensions".to_owned(), Value::Object(extensions));
    }
    data.retain(|_, value| !is_empty(value));
    if !data.is_empty() {
        more.insert(KEPT.to_owned(), Value::Object(data));
    }
    let named = |text: String| fields::with_names(&text, &name);
    Ok(Imported {
        id,
        archetype,
        location,
        identity: Identity {
            personality: named(personality),
            backstory: named(backstory),
            goals,
            traits: tags.clone(),
            speech_style,
            quirks,
            more,
        },
        name,
        tags,
    })
}

/// The format wants every field to be there, so that most are empty in most cards.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A persona as a card V2, with all that it was imported with.
pub fn write(persona: &Persona) -> Value {
    let identity = &persona.identity;
    let mut more = identity.more.clone();
    let kept = match more.remove(KEPT) {
        Some(Value::Object(kept)) => kept,
        Some(other) => {
            // Somebody else's field of that name.
            more.insert(KEPT.to_owned(), other);
            Map::new()
        }
        None => Map::new(),
    };
    let mut data = json!({
        "name": "", "description": "", "personality": "", "scenario": "", "first_mes": "", "mes_example": "", "creator_notes": "",
        "system_prompt": "", "post_history_instructions": "", "alternate_greetings": [], "tags": [], "creator": "",
        "character_version": "", "extensions": {},
    });
    for (field, value) in kept {
        data[field] = value;
    }
    data["name"] = json!(persona.name);
    data["description"] = json!(identity.backstory);
    data["personality"] = json!(identity.personality);
    data["tags"] = json!(identity.traits);
    if !data["extensions"].is_object() {
        data["extensions"] = json!({});
    }
    let mut ours = json!({ "id": persona.id, "archetype": persona.archetype, "goals": identity.goals, "quirks": identity.quirks });
    if let Some(style) = &identity.speech_style {
        ours["speechStyle"] = json!(style);
    }
    if let Some(location) = &persona.location {
        ours["location"] = json!(location);
    }
    if !more.is_empty() {
        ours["more"] = Value::Object(more);
    }
    data["extensions"][OURS] = ours;
    json!({ "spec": "chara_card_v2", "spec_version": "2.0", "data": data })
}
