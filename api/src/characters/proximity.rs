//! `/api/proximity`: how close a character is to a player, and moving it.

use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use rookery_shared::characters::{CharacterError, Characters as Cast};

use super::Tag;
use super::people::player;
use super::refusals::{self, Invalid, missing};
use super::view::ProximityView;
use crate::errors::{Case, Fail, Problem};
use crate::strict::Strict;

pub struct Proximity {
    cast: Cast,
}

/// By how much.
#[derive(Object)]
#[oai(rename = "Boost", rename_all = "camelCase", example)]
struct Boost {
    /// Closer by so much; may be negative. The sum stays within 0 and 100.
    amount: f64,
    /// To whom: `default` unless said.
    player_id: Option<String>,
}

struct ProximityMissing;

impl Case for ProximityMissing {
    const STATUS: u16 = 404;
    const WHEN: &'static str = "No character has this id.";
    const EXAMPLE: &'static str = "No proximity data for: unknown_id";
    const CODE: &'static str = "NOT_FOUND";
}

#[OpenApi]
impl Proximity {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// Look up a closeness
    ///
    /// As it is now: what has faded since the last interaction is taken off. To a player whom it never met a character is as close as
    /// it was made.
    #[oai(
        path = "/api/proximity/:character_id",
        method = "get",
        tag = "Tag::Proximity",
        operation_id = "get_proximity"
    )]
    async fn look(
        &self,
        /// The character's id.
        character_id: Path<String>,
        /// To whom: `default` unless said.
        #[oai(name = "playerId")]
        player_id: Query<Option<String>>,
    ) -> Result<Json<ProximityView>, Fail<(ProximityMissing, Invalid)>> {
        let player_id = player(player_id.0)?;
        refusals::known(&character_id)?;
        let character = self.cast.get(&character_id).await.map_err(unmet)?;
        let world = self.cast.world().await?;
        let closeness = self.cast.closeness(&character, &player_id, &world).await?;
        Ok(Json(ProximityView::of(&character, &closeness)))
    }

    /// Bring a character closer, or send it away
    ///
    /// Counts as an interaction. Boosts that come at the same time add up exactly. Whoever becomes active by it is asked at once.
    #[oai(
        path = "/api/proximity/:character_id/boost",
        method = "post",
        tag = "Tag::Proximity",
        operation_id = "boost_proximity"
    )]
    async fn boost(
        &self,
        /// The character's id.
        character_id: Path<String>,
        body: Strict<Boost>,
    ) -> Result<Json<ProximityView>, Fail<(ProximityMissing, Invalid)>> {
        let Boost { amount, player_id } = body.0;
        refusals::number("amount", amount)?;
        let player_id = player(player_id)?;
        refusals::known(&character_id)?;
        let boosted = self.cast.boost(&character_id, &player_id, amount).await;
        let (character, closeness) = boosted.map_err(unmet)?;
        Ok(Json(ProximityView::of(&character, &closeness)))
    }
}

fn unmet(error: CharacterError) -> Problem {
    match error {
        CharacterError::NotFound(id) => missing(format!("No proximity data for: {id}")),
        other => other.into(),
    }
}

impl Example for Boost {
    fn example() -> Self {
        Self {
            amount: 10.0,
            player_id: None,
        }
    }
}
