//! A character and its closeness as clients see them.

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use poem_openapi::types::Example;
use rookery_characters::persona::Identity;
use rookery_shared::characters::{Character, Closeness};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Who somebody is, and how close to the player.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "Character", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
pub(super) struct CharacterView {
    id: String,
    name: String,
    /// As `GET /api/archetypes` lists them.
    archetype: String,
    identity: IdentityView,
    /// `active` (asked every fast tick), `background` (every slow tick) or `dormant` (now and then).
    activity_tier: String,
    /// 0 to 100, now.
    closeness: f64,
    /// The most it ever was.
    high_water_mark: f64,
    /// Whatever the client put there.
    metadata: Value,
    /// Where it is.
    location: Option<String>,
    /// Milliseconds since 1970.
    created_at: i64,
    /// Milliseconds since 1970.
    updated_at: i64,
    /// The same in full; in lists.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    proximity: Option<ProximityView>,
}

/// What people write about a character.
#[derive(Object, Serialize, Deserialize, Clone, Default)]
#[oai(rename = "CharacterIdentity", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
pub(super) struct IdentityView {
    /// How it is, in a sentence or two.
    #[oai(default)]
    personality: String,
    /// Where it comes from.
    #[oai(default)]
    backstory: String,
    /// What it lives for.
    #[oai(default)]
    goals: Vec<String>,
    /// Single words: `observant`.
    #[oai(default)]
    traits: Vec<String>,
    /// How it speaks, in a few words.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    speech_style: Option<String>,
    /// Habits that show.
    #[oai(default, skip_serializing_if_is_empty)]
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    quirks: Vec<String>,
}

/// How close a character is to a player.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "Proximity", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProximityView {
    character_id: String,
    player_id: String,
    /// 0 to 100, now: it fades with slow ticks.
    closeness: f64,
    /// The most it ever was.
    high_water_mark: f64,
    /// `active`, `background` or `dormant`.
    activity_tier: String,
    /// Milliseconds since 1970; of a player whom it never met, when the character was made.
    last_interaction_at: i64,
    total_interactions: i64,
    /// Milliseconds since 1970.
    updated_at: i64,
}

impl CharacterView {
    pub(super) fn of(character: &Character, closeness: &Closeness) -> Self {
        let persona = &character.persona;
        Self {
            id: persona.id.clone(),
            name: persona.name.clone(),
            archetype: persona.archetype.clone(),
            identity: IdentityView::of(&persona.identity),
            activity_tier: closeness.tier.as_str().to_owned(),
            closeness: rounded(closeness.proximity.closeness),
            high_water_mark: rounded(closeness.proximity.high_water),
            metadata: character.metadata.clone(),
            location: persona.location.clone(),
            created_at: character.created_at.timestamp_millis(),
            updated_at: character.updated_at.timestamp_millis(),
            proximity: None,
        }
    }

    pub(super) fn listed(character: &Character, closeness: &Closeness) -> Self {
        Self {
            proximity: Some(ProximityView::of(character, closeness)),
            ..Self::of(character, closeness)
        }
    }
}

impl IdentityView {
    fn of(identity: &Identity) -> Self {
        Self {
            personality: identity.personality.clone(),
            backstory: identity.backstory.clone(),
            goals: identity.goals.clone(),
            traits: identity.traits.clone(),
            speech_style: identity.speech_style.clone(),
            quirks: identity.quirks.clone(),
        }
    }

    pub(super) fn identity(self) -> Identity {
        Identity {
            personality: self.personality,
            backstory: self.backstory,
            goals: self.goals,
            traits: self.traits,
            speech_style: self.speech_style,
            quirks: self.quirks,
            more: serde_json::Map::new(),
        }
    }
}

impl ProximityView {
    pub(super) fn of(character: &Character, closeness: &Closeness) -> Self {
        let met = closeness.last_interaction_at;
        Self {
            character_id: character.persona.id.clone(),
            player_id: closeness.player_id.clone(),
            closeness: rounded(closeness.proximity.closeness),
            high_water_mark: rounded(closeness.proximity.high_water),
            activity_tier: closeness.tier.as_str().to_owned(),
            last_interaction_at: met.unwrap_or(character.created_at).timestamp_millis(),
            total_interactions: closeness.total_interactions,
            updated_at: closeness.updated_at.timestamp_millis(),
        }
    }
}

/// Sums of tenths are no tenths in binary: 64.9 and not 64.90000000000001.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

/// The contract's moment.
pub(super) const THEN_MS: i64 = 1_709_000_000_000;

impl Example for CharacterView {
    fn example() -> Self {
        Self {
            id: "barkeep".to_owned(),
            name: "Greta".to_owned(),
            archetype: "barkeep".to_owned(),
            identity: IdentityView::example(),
            activity_tier: "active".to_owned(),
            closeness: 65.0,
            high_water_mark: 65.0,
            metadata: json!({}),
            location: Some("tavern".to_owned()),
            created_at: THEN_MS,
            updated_at: THEN_MS,
            proximity: Some(ProximityView::example()),
        }
    }
}

impl Example for IdentityView {
    fn example() -> Self {
        Self {
            personality: "Quiet but perceptive.".to_owned(),
            backstory: "A traveling alchemist.".to_owned(),
            goals: vec!["Find rare ingredients".to_owned()],
            traits: vec!["observant".to_owned(), "cautious".to_owned()],
            speech_style: None,
            quirks: Vec::new(),
        }
    }
}

impl Example for ProximityView {
    fn example() -> Self {
        Self {
            character_id: "barkeep".to_owned(),
            player_id: "default".to_owned(),
            closeness: 65.0,
            high_water_mark: 65.0,
            activity_tier: "active".to_owned(),
            last_interaction_at: THEN_MS,
            total_interactions: 12,
            updated_at: THEN_MS,
        }
    }
}

/// Milliseconds since 1970, as this area writes moments.
pub(super) fn ms(moment: DateTime<Utc>) -> i64 {
    moment.timestamp_millis()
}
