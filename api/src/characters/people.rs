//! `/api/characters`: registering, listing, looking at and removing characters.

use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use rookery_characters::Persona;
use rookery_shared::characters::{Characters as Cast, DEFAULT_PLAYER, NewCharacter, Page};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Tag;
use super::refusals::{self, CharacterMissing, Invalid};
use super::view::{CharacterView, IdentityView};
use crate::errors::{Fail, Problem};
use crate::strict::Strict;
use crate::written::Written;

pub struct People {
    cast: Cast,
}

/// All characters, or a page of them.
#[derive(Object, Serialize, Deserialize)]
#[oai(rename = "CharacterList", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
struct CharacterList {
    /// In order of their ids.
    characters: Vec<CharacterView>,
    /// There are more: ask again with this as `cursor`.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// One character.
#[derive(Object, Serialize, Deserialize)]
#[oai(rename = "OneCharacter", example)]
struct OneCharacter {
    character: CharacterView,
}

/// A character to be registered.
#[derive(Object)]
#[oai(rename = "NewCharacter", rename_all = "camelCase", example)]
struct NewCharacterView {
    /// What clients will call it; unique.
    id: String,
    name: String,
    /// One of `GET /api/archetypes`: what it can do and how it speaks.
    archetype: String,
    identity: IdentityView,
    /// 0 to 100.
    initial_closeness: Option<f64>,
    /// Anything.
    metadata: Option<Value>,
    /// Where it is; those at the same place are near each other.
    location: Option<String>,
}

/// Who went.
#[derive(Object)]
#[oai(rename = "RemovedCharacter", example)]
struct Removed {
    /// Its id.
    removed: String,
}

#[derive(ApiResponse)]
enum Registered {
    /// The character lives.
    #[oai(status = 201)]
    Created(Json<OneCharacter>),
}

/// Characters that one answer holds when the client does not say.
const USUAL_PAGE: u32 = 1_000;
const MAX_PAGE: u32 = 10_000;

#[OpenApi]
impl People {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// List the characters
    ///
    /// Each with its closeness to the player. At most 1,000 unless `limit` says otherwise; where there are more, `nextCursor` leads on.
    #[oai(
        path = "/api/characters",
        method = "get",
        tag = "Tag::Characters",
        operation_id = "list_characters"
    )]
    async fn list(
        &self,
        /// Whose closeness: `default` unless said.
        #[oai(name = "playerId")]
        player_id: Query<Option<String>>,
        /// Only of this archetype.
        archetype: Query<Option<String>>,
        /// Only at this place.
        location: Query<Option<String>>,
        /// At most so many, up to 10,000.
        #[oai(validator(minimum(value = "1"), maximum(value = "10000")))]
        limit: Query<Option<u32>>,
        /// `nextCursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Written<CharacterList>, Fail<Invalid>> {
        let page = Page {
            player_id: player(player_id.0)?,
            after: query("cursor", cursor.0)?,
            limit: i64::from(limit.0.unwrap_or(USUAL_PAGE).min(MAX_PAGE)),
            archetype: query("archetype", archetype.0)?,
            location: query("location", location.0)?,
        };
        let listed = self.cast.list(&page).await?;
        let next = listed.characters.last().filter(|_| listed.more);
        let next_cursor = next.map(|(character, _)| character.persona.id.clone());
        let characters = listed.characters.iter();
        let characters =
            characters.map(|(character, closeness)| CharacterView::listed(character, closeness));
        Ok(Written::of(&CharacterList {
            characters: characters.collect(),
            next_cursor,
        })?)
    }

    /// Register a character
    ///
    /// It lives from now on: how close it is to a player decides how often it is asked what to do.
    #[oai(
        path = "/api/characters",
        method = "post",
        tag = "Tag::Characters",
        operation_id = "create_character"
    )]
    async fn register(
        &self,
        /// To whom the initial closeness is: `default` unless said.
        #[oai(name = "playerId")]
        player_id: Query<Option<String>>,
        body: Strict<NewCharacterView>,
    ) -> Result<Registered, Fail<Invalid>> {
        let new = body.0.checked(player(player_id.0)?)?;
        let player_id = new.player_id.clone();
        let character = self.cast.register(new).await.map_err(Problem::from)?;
        let world = self.cast.world().await?;
        let closeness = self.cast.closeness(&character, &player_id, &world).await?;
        Ok(Registered::Created(Json(OneCharacter {
            character: CharacterView::of(&character, &closeness),
        })))
    }

    /// Remove a character
    ///
    /// With its memories, relationships and all else that is its own. Decisions under way for it come to nothing.
    #[oai(
        path = "/api/characters/:id",
        method = "delete",
        tag = "Tag::Characters",
        operation_id = "delete_character"
    )]
    async fn remove(
        &self,
        /// The character's id.
        id: Path<String>,
    ) -> Result<Json<Removed>, Fail<CharacterMissing>> {
        refusals::known(&id)?;
        self.cast.remove(&id).await.map_err(Problem::from)?;
        Ok(Json(Removed { removed: id.0 }))
    }
}

impl NewCharacterView {
    fn checked(self, player_id: String) -> Result<NewCharacter, Problem> {
        refusals::name("id", &self.id)?;
        refusals::name("name", &self.name)?;
        refusals::name("archetype", &self.archetype)?;
        if let Some(location) = &self.location {
            refusals::name("location", location)?;
        }
        let initial_closeness = self.initial_closeness.unwrap_or(0.0);
        refusals::number("initialCloseness", initial_closeness)?;
        let metadata = self.metadata.unwrap_or_else(|| serde_json::json!({}));
        refusals::json("metadata", &metadata)?;
        if !metadata.is_object() {
            return Err(refusals::bad_field("metadata", "must be an object"));
        }
        let identity = self.identity.identity();
        refusals::json(
            "identity",
            &serde_json::to_value(&identity).map_err(Problem::internal)?,
        )?;
        Ok(NewCharacter {
            persona: Persona {
                id: self.id,
                name: self.name,
                archetype: self.archetype,
                identity,
                location: self.location,
            },
            metadata,
            initial_closeness,
            player_id,
        })
    }
}

/// The player of a query or a body.
pub(super) fn player(player_id: Option<String>) -> Result<String, Problem> {
    match player_id {
        Some(player_id) => refusals::name("playerId", &player_id).map(|()| player_id),
        None => Ok(DEFAULT_PLAYER.to_owned()),
    }
}

/// A text of the query that is looked for.
fn query(field: &str, value: Option<String>) -> Result<Option<String>, Problem> {
    value
        .map(|value| refusals::name(field, &value).map(|()| value))
        .transpose()
}

impl Example for CharacterList {
    fn example() -> Self {
        Self {
            characters: vec![CharacterView::example()],
            next_cursor: None,
        }
    }
}

impl Example for OneCharacter {
    fn example() -> Self {
        Self {
            character: CharacterView::example(),
        }
    }
}

impl Example for NewCharacterView {
    fn example() -> Self {
        Self {
            id: "new_char".to_owned(),
            name: "Sera".to_owned(),
            archetype: "merchant".to_owned(),
            identity: IdentityView::example(),
            initial_closeness: Some(30.0),
            metadata: None,
            location: None,
        }
    }
}

impl Example for Removed {
    fn example() -> Self {
        Self {
            removed: "barkeep".to_owned(),
        }
    }
}
