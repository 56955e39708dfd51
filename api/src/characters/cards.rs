//! `/api/characters/card`: characters as other programs exchange them.

use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{Binary, Json};
use poem_openapi::types::Example;
use poem_openapi::{ApiRequest, ApiResponse, NewType, Object, OpenApi};
use rookery_characters::card;
use rookery_shared::characters::{Characters as Cast, NewCard};
use serde_json::{Value, json};

use super::Tag;
use super::people::player;
use super::refusals::{self, CharacterMissing, Invalid};
use super::view::CharacterView;
use crate::errors::{Fail, Problem};

pub struct Cards {
    cast: Cast,
}

/// Who came out of a card.
#[derive(Object)]
#[oai(rename = "CharacterOfCard", example)]
struct Imported {
    character: CharacterView,
}

#[derive(ApiResponse)]
enum Registered {
    /// The character lives.
    #[oai(status = 201)]
    Created(Json<Imported>),
}

/// A card as JSON: `spec`, `spec_version`, `data`.
#[derive(NewType)]
#[oai(
    from_multipart = false,
    from_parameter = false,
    to_header = false,
    example
)]
struct Document(Value);

/// A card as JSON, or in a picture.
#[derive(ApiRequest)]
enum Card {
    /// `chara_card_v2`; version 1 and `chara_card_v3` are read as well.
    Json(Json<Document>),
    /// A PNG with a card in a text chunk, as card editors write it.
    #[oai(content_type = "image/png")]
    Picture(Binary<Vec<u8>>),
}

#[OpenApi]
impl Cards {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// Export a character card
    ///
    /// A character card V2 (`chara_card_v2`), which other programs read. What the format has no field for is in
    /// `data.extensions.rookery`; memories and feelings stay here.
    #[oai(
        path = "/api/characters/:id/card",
        method = "get",
        tag = "Tag::Characters",
        operation_id = "export_card"
    )]
    async fn export(
        &self,
        /// The character's id.
        id: Path<String>,
    ) -> Result<Json<Document>, Fail<CharacterMissing>> {
        refusals::known(&id)?;
        let character = self.cast.get(&id).await.map_err(Problem::from)?;
        Ok(Json(Document(card::write(&character.persona))))
    }

    /// Register a character from a card
    ///
    /// A character card V2, or a PNG that holds one. Id, archetype and location are those of the query, or of the card if it was exported
    /// here; else the id is made of the name, and the archetype is the first of the card's tags that is one, or `npc`. Orders to a
    /// model that a card may hold (`system_prompt`) are kept for its next export and not followed.
    #[oai(
        path = "/api/characters/card",
        method = "post",
        tag = "Tag::Characters",
        operation_id = "import_card"
    )]
    async fn import(
        &self,
        /// What clients will call it; unique.
        id: Query<Option<String>>,
        /// One of `GET /api/archetypes`.
        archetype: Query<Option<String>>,
        /// Where it is.
        location: Query<Option<String>>,
        /// 0 to 100.
        #[oai(name = "initialCloseness")]
        initial_closeness: Query<Option<f64>>,
        /// To whom the initial closeness is: `default` unless said.
        #[oai(name = "playerId")]
        player_id: Query<Option<String>>,
        body: Card,
    ) -> Result<Registered, Fail<Invalid>> {
        let read = match body {
            Card::Json(json) => card::read(json.0.0.to_string().as_bytes()),
            Card::Picture(picture) => card::read(&picture.0),
        };
        let card = read.map_err(|error| refusals::invalid(error.to_string()))?;
        let new = NewCard {
            card,
            id: id.0,
            archetype: archetype.0,
            location: location.0,
            initial_closeness: initial_closeness.0.unwrap_or(0.0),
            player_id: player(player_id.0)?,
        };
        check(&new)?;
        let player_id = new.player_id.clone();
        let character = self.cast.register_card(new).await.map_err(Problem::from)?;
        let world = self.cast.world().await?;
        let closeness = self.cast.closeness(&character, &player_id, &world).await?;
        Ok(Registered::Created(Json(Imported {
            character: CharacterView::of(&character, &closeness),
        })))
    }
}

/// As of any character that is registered.
fn check(new: &NewCard) -> Result<(), Problem> {
    let card = &new.card;
    refusals::name("name", &card.name)?;
    for (field, value) in [
        ("id", &new.id),
        ("id", &card.id),
        ("archetype", &new.archetype),
        ("location", &new.location),
        ("location", &card.location),
    ] {
        if let Some(value) = value {
            refusals::name(field, value)?;
        }
    }
    refusals::number("initialCloseness", new.initial_closeness)?;
    let identity = serde_json::to_value(&card.identity).map_err(Problem::internal)?;
    refusals::json("identity", &identity)
}

impl Example for Imported {
    fn example() -> Self {
        Self {
            character: CharacterView::example(),
        }
    }
}

impl Example for Document {
    fn example() -> Self {
        Self(json!({
            "spec": "chara_card_v2",
            "spec_version": "2.0",
            "data": {
                "name": "Seraphine",
                "description": "Keeps bees above the village and sells honey on market days.",
                "personality": "Calm, curious, a little deaf.",
                "tags": ["druid", "patient"],
            },
        }))
    }
}
