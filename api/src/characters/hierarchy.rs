//! `/api/characters/{id}/hierarchy`: which ranks a character holds in which factions.

use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use rookery_characters::hierarchy::Rank;
use rookery_shared::characters::Characters as Cast;
use serde::{Deserialize, Serialize};

use super::Tag;
use super::factions;
use super::refusals::{self, CharacterMissing, Invalid};
use super::view::THEN_MS;
use crate::errors::{Case, Fail, Problem};
use crate::strict::Strict;

pub struct Hierarchy {
    cast: Cast,
}

/// A character's place in a faction.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "Rank", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
pub(super) struct RankView {
    character_id: String,
    faction_id: String,
    /// 0 is the top. Orders go down only.
    rank_level: u32,
    /// Milliseconds since 1970: since when it belongs to the faction.
    pub(super) since: i64,
}

/// All ranks of a character.
#[derive(Object)]
#[oai(rename = "HierarchyAnswer", example)]
struct Ranks {
    /// By faction.
    hierarchy: Vec<RankView>,
}

/// A rank.
#[derive(Object)]
#[oai(rename = "RankAnswer", example)]
struct Answer {
    rank: RankView,
}

/// The rank that a character is to hold.
#[derive(Object)]
#[oai(rename = "RankChange", rename_all = "camelCase", example)]
struct RankChange {
    /// One of `GET /api/groups/factions`.
    faction_id: String,
    /// 0 is the top.
    #[oai(validator(maximum(value = "1000")))]
    rank_level: u32,
}

struct FactionMissing;

impl Case for FactionMissing {
    const STATUS: u16 = 404;
    const WHEN: &'static str = "No faction has this id, or the character holds no rank in it.";
    const EXAMPLE: &'static str = "Faction not found: unknown_faction";
    const CODE: &'static str = CharacterMissing::CODE;
}

#[OpenApi]
impl Hierarchy {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// Look at a character's ranks
    ///
    /// One for each faction that it belongs to.
    #[oai(
        path = "/api/characters/:id/hierarchy",
        method = "get",
        tag = "Tag::Groups",
        operation_id = "get_hierarchy"
    )]
    async fn look(
        &self,
        /// The character's id.
        id: Path<String>,
    ) -> Result<Json<Ranks>, Fail<CharacterMissing>> {
        refusals::known(&id)?;
        let ranks = self.cast.ranks(&id).await.map_err(Problem::from)?;
        Ok(Json(Ranks {
            hierarchy: ranks.into_iter().map(RankView::from).collect(),
        }))
    }

    /// Give a character a rank
    ///
    /// It belongs to the faction from then on; whoever rises or falls keeps the seniority. Refused when the rank is full.
    #[oai(
        path = "/api/characters/:id/hierarchy",
        method = "put",
        tag = "Tag::Groups",
        operation_id = "set_rank"
    )]
    async fn set(
        &self,
        /// The character's id.
        id: Path<String>,
        body: Strict<RankChange>,
    ) -> Result<Json<Answer>, Fail<(CharacterMissing, FactionMissing, Invalid)>> {
        refusals::known(&id)?;
        factions::known(&body.faction_id)?;
        let set = self.cast.set_rank(&id, &body.faction_id, body.rank_level);
        Ok(Json(Answer {
            rank: set.await.map_err(Problem::from)?.into(),
        }))
    }

    /// Let a character leave a faction
    ///
    /// Its seniority is lost with its rank.
    #[oai(
        path = "/api/characters/:id/hierarchy/:faction_id",
        method = "delete",
        tag = "Tag::Groups",
        operation_id = "leave_faction"
    )]
    async fn leave(
        &self,
        /// The character's id.
        id: Path<String>,
        /// The faction's id.
        faction_id: Path<String>,
    ) -> Result<Json<Ranks>, Fail<(CharacterMissing, FactionMissing)>> {
        refusals::known(&id)?;
        factions::known(&faction_id)?;
        let left = self.cast.leave_faction(&id, &faction_id).await;
        left.map_err(Problem::from)?;
        let ranks = self.cast.ranks(&id).await.map_err(Problem::from)?;
        Ok(Json(Ranks {
            hierarchy: ranks.into_iter().map(RankView::from).collect(),
        }))
    }
}

impl From<Rank> for RankView {
    fn from(rank: Rank) -> Self {
        Self {
            character_id: rank.character_id,
            faction_id: rank.faction_id,
            rank_level: rank.rank_level,
            since: rank.since,
        }
    }
}

impl Example for RankView {
    fn example() -> Self {
        Self {
            character_id: "barkeep".to_owned(),
            faction_id: "tavern_staff".to_owned(),
            rank_level: 0,
            since: THEN_MS,
        }
    }
}

impl Example for Ranks {
    fn example() -> Self {
        Self {
            hierarchy: vec![RankView::example()],
        }
    }
}

impl Example for Answer {
    fn example() -> Self {
        Self {
            rank: RankView::example(),
        }
    }
}

impl Example for RankChange {
    fn example() -> Self {
        Self {
            faction_id: "tavern_staff".to_owned(),
            rank_level: 0,
        }
    }
}
