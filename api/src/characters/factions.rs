//! `/api/groups/factions`: bodies with ranks, and who would follow whom in them.

use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use rookery_characters::hierarchy::Faction;
use rookery_shared::characters::{Candidate, Characters as Cast, Succession};
use serde_json::{Value, json};

use super::Tag;
use super::hierarchy::RankView;
use super::refusals::{self, CharacterMissing, Invalid, missing};
use super::view::rounded;
use crate::errors::{Case, Fail, Problem};
use crate::strict::Strict;

pub struct Factions {
    cast: Cast,
}

/// A body with ranks.
#[derive(Object)]
#[oai(rename = "Faction", rename_all = "camelCase", example)]
struct FactionView {
    /// What clients call it; unique.
    id: String,
    name: String,
    /// The most who may hold each rank, from the top; null, or none said: any number.
    #[oai(default, validator(max_items = 32))]
    max_members: Vec<Value>,
}

/// A faction.
#[derive(Object)]
#[oai(rename = "FactionAnswer", example)]
struct Answer {
    faction: FactionView,
}

/// A faction with its members.
#[derive(Object)]
#[oai(rename = "FactionWithMembers", example)]
struct FactionWithMembers {
    faction: FactionView,
    /// From the top; of the same rank, the longest serving first. At most 1,000.
    members: Vec<RankView>,
}

/// All factions.
#[derive(Object)]
#[oai(rename = "FactionList", example)]
struct FactionList {
    /// In order of their ids; at most 1,000.
    factions: Vec<FactionView>,
}

/// Who would follow.
#[derive(Object)]
#[oai(rename = "Succession", rename_all = "camelCase", example)]
struct SuccessionView {
    faction_id: String,
    /// The rank that falls empty.
    rank_level: u32,
    /// The candidate with the best score; null when there is none.
    heir_id: Option<String>,
    /// Those below, the best first; of large factions the 200 highest.
    candidates: Vec<CandidateView>,
}

/// Somebody who might follow.
#[derive(Object)]
#[oai(rename = "SuccessionCandidate", rename_all = "camelCase", example)]
struct CandidateView {
    character_id: String,
    rank_level: u32,
    /// Milliseconds since 1970: since when they belong to the faction.
    since: i64,
    /// -100 to 100.
    reputation: f64,
    /// 0 to 100: what the other candidates hold of them, on the average.
    trust: f64,
    /// 0 to 1: reputation counts 0.4, trust 0.3, seniority up to thirty days 0.3.
    score: f64,
}

/// What went.
#[derive(Object)]
#[oai(rename = "RemovedFaction", example)]
struct Removed {
    /// Its id.
    removed: String,
}

#[derive(ApiResponse)]
enum Founded {
    /// The faction is there.
    #[oai(status = 201)]
    Created(Json<Answer>),
}

struct FactionMissing;

impl Case for FactionMissing {
    const STATUS: u16 = 404;
    const WHEN: &'static str = "No faction has this id.";
    const EXAMPLE: &'static str = "Faction not found: unknown_faction";
    const CODE: &'static str = CharacterMissing::CODE;
}

#[OpenApi]
impl Factions {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// List the factions
    ///
    /// With the number that may hold each rank.
    #[oai(
        path = "/api/groups/factions",
        method = "get",
        tag = "Tag::Groups",
        operation_id = "list_factions"
    )]
    async fn list(&self) -> Result<Json<FactionList>, Fail<()>> {
        let factions = self.cast.factions().await?;
        Ok(Json(FactionList {
            factions: factions.into_iter().map(FactionView::from).collect(),
        }))
    }

    /// Found a faction
    ///
    /// Characters get their ranks in it with `PUT /api/characters/{id}/hierarchy`.
    #[oai(
        path = "/api/groups/factions",
        method = "post",
        tag = "Tag::Groups",
        operation_id = "create_faction"
    )]
    async fn create(&self, body: Strict<FactionView>) -> Result<Founded, Fail<Invalid>> {
        refusals::name("id", &body.id)?;
        refusals::name("name", &body.name)?;
        let faction = body.0.faction()?;
        let created = self.cast.create_faction(&faction).await;
        created.map_err(Problem::from)?;
        Ok(Founded::Created(Json(Answer {
            faction: faction.into(),
        })))
    }

    /// Look at a faction
    ///
    /// With those who hold ranks in it.
    #[oai(
        path = "/api/groups/factions/:faction_id",
        method = "get",
        tag = "Tag::Groups",
        operation_id = "get_faction"
    )]
    async fn look(
        &self,
        /// The faction's id.
        faction_id: Path<String>,
    ) -> Result<Json<FactionWithMembers>, Fail<FactionMissing>> {
        known(&faction_id)?;
        let found = self.cast.faction(&faction_id).await;
        let (faction, ranks) = found.map_err(Problem::from)?;
        Ok(Json(FactionWithMembers {
            faction: faction.into(),
            members: ranks.into_iter().map(RankView::from).collect(),
        }))
    }

    /// See who would follow
    ///
    /// When the rank falls empty: the one of those below with the best reputation, trust and seniority together.
    #[oai(
        path = "/api/groups/factions/:faction_id/succession",
        method = "get",
        tag = "Tag::Groups",
        operation_id = "get_succession"
    )]
    async fn succession(
        &self,
        /// The faction's id.
        faction_id: Path<String>,
        /// The rank that falls empty: 0, the top, unless said.
        #[oai(name = "rankLevel", validator(maximum(value = "1000")))]
        rank_level: Query<Option<u32>>,
    ) -> Result<Json<SuccessionView>, Fail<(FactionMissing, Invalid)>> {
        known(&faction_id)?;
        let level = rank_level.0.unwrap_or_default();
        let succession = self.cast.succession(&faction_id, level).await;
        let Succession {
            heir_id,
            candidates,
        } = succession.map_err(Problem::from)?;
        Ok(Json(SuccessionView {
            faction_id: faction_id.0,
            rank_level: level,
            heir_id,
            candidates: candidates.into_iter().map(CandidateView::from).collect(),
        }))
    }

    /// Dissolve a faction
    ///
    /// With all its ranks; its members stay.
    #[oai(
        path = "/api/groups/factions/:faction_id",
        method = "delete",
        tag = "Tag::Groups",
        operation_id = "delete_faction"
    )]
    async fn remove(
        &self,
        /// The faction's id.
        faction_id: Path<String>,
    ) -> Result<Json<Removed>, Fail<FactionMissing>> {
        known(&faction_id)?;
        let removed = self.cast.remove_faction(&faction_id).await;
        removed.map_err(Problem::from)?;
        Ok(Json(Removed {
            removed: faction_id.0,
        }))
    }
}

/// An id that can be no faction's: Postgres takes no NUL.
pub(super) fn known(id: &str) -> Result<(), Problem> {
    match id.contains('\0') {
        true => Err(missing(format!(
            "Faction not found: {}",
            id.escape_default()
        ))),
        false => Ok(()),
    }
}

impl FactionView {
    fn faction(self) -> Result<Faction, Problem> {
        let room = |most: &Value| serde_json::from_value::<Option<u32>>(most.clone());
        let max_members = self.max_members.iter().map(room).collect::<Result<_, _>>();
        let reason = "must be numbers of characters, or null";
        Ok(Faction {
            id: self.id,
            name: self.name,
            max_members: max_members.map_err(|_| refusals::bad_field("maxMembers", reason))?,
        })
    }
}

impl From<Faction> for FactionView {
    fn from(faction: Faction) -> Self {
        Self {
            id: faction.id,
            name: faction.name,
            max_members: faction
                .max_members
                .into_iter()
                .map(|most| json!(most))
                .collect(),
        }
    }
}

impl From<Candidate> for CandidateView {
    fn from(candidate: Candidate) -> Self {
        Self {
            character_id: candidate.rank.character_id,
            rank_level: candidate.rank.rank_level,
            since: candidate.rank.since,
            reputation: rounded(candidate.reputation),
            trust: rounded(candidate.trust),
            score: rounded(candidate.score),
        }
    }
}

impl Example for FactionView {
    fn example() -> Self {
        Self {
            id: "tavern_staff".to_owned(),
            name: "The staff of the tavern".to_owned(),
            max_members: vec![json!(1), Value::Null],
        }
    }
}

impl Example for Answer {
    fn example() -> Self {
        Self {
            faction: FactionView::example(),
        }
    }
}

impl Example for FactionWithMembers {
    fn example() -> Self {
        Self {
            faction: FactionView::example(),
            members: vec![RankView::example()],
        }
    }
}

impl Example for FactionList {
    fn example() -> Self {
        Self {
            factions: vec![FactionView::example()],
        }
    }
}

impl Example for SuccessionView {
    fn example() -> Self {
        Self {
            faction_id: "tavern_staff".to_owned(),
            rank_level: 0,
            heir_id: Some("bard".to_owned()),
            candidates: vec![CandidateView::example()],
        }
    }
}

impl Example for CandidateView {
    fn example() -> Self {
        let rank = RankView::example();
        Self {
            character_id: "bard".to_owned(),
            rank_level: 1,
            since: rank.since,
            reputation: 10.0,
            trust: 60.0,
            score: 0.55,
        }
    }
}

impl Example for Removed {
    fn example() -> Self {
        Self {
            removed: "tavern_staff".to_owned(),
        }
    }
}
