//! `/api/characters/{id}/needs`: what a character lacks, and meeting it.

use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object, OpenApi};
use rookery_characters::Now;
use rookery_characters::need::{Lack, Need, Needs};
use rookery_shared::characters::Characters as Cast;
use serde::{Deserialize, Serialize};

use super::Tag;
use super::refusals::{self, CharacterMissing, Invalid};
use super::view::rounded;
use crate::errors::{Fail, Problem};
use crate::strict::Strict;

pub struct Wants {
    cast: Cast,
}

/// What a character lacks, now: needs grow with fast ticks until they are met.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "CharacterNeeds", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
pub(super) struct NeedsView {
    character_id: String,
    /// All five, the most pressing first.
    needs: Vec<NeedView>,
}

/// One need.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "Need", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
pub(super) struct NeedView {
    /// `rest`, `social`, `sustenance`, `safety` or `purpose`.
    #[oai(rename = "type")]
    #[serde(rename = "type")]
    need: String,
    /// 0 (nothing is lacking) to 1.
    intensity: f64,
    /// Whether it presses: from 0.7 on.
    critical: bool,
}

/// A need that is met.
#[derive(Object)]
#[oai(rename = "MetNeed", example)]
struct MetNeed {
    /// Which one.
    need: NeedName,
    /// How far, 1 being as far as a meal meets hunger; unsaid: 1. A negative amount makes it worse.
    #[oai(validator(minimum(value = "-10"), maximum(value = "10")))]
    amount: Option<f64>,
}

#[derive(Enum, Clone, Copy)]
#[oai(rename = "NeedType", rename_all = "lowercase")]
enum NeedName {
    Rest,
    Social,
    Sustenance,
    Safety,
    Purpose,
}

#[OpenApi]
impl Wants {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// Look at what a character lacks
    ///
    /// As it is now, grown since it was met last. What presses most moves the character most.
    #[oai(
        path = "/api/characters/:id/needs",
        method = "get",
        tag = "Tag::Social",
        operation_id = "get_needs"
    )]
    async fn look(
        &self,
        /// The character's id.
        id: Path<String>,
    ) -> Result<Json<NeedsView>, Fail<CharacterMissing>> {
        refusals::known(&id)?;
        let (mind, world) = self.cast.mind(&id).await.map_err(Problem::from)?;
        Ok(Json(NeedsView::of(&id, mind.needs, world.now)))
    }

    /// Meet a need
    ///
    /// As if the game had fed the character, or let it sleep. Whatever it does by itself meets its needs too.
    #[oai(
        path = "/api/characters/:id/needs",
        method = "post",
        tag = "Tag::Social",
        operation_id = "meet_need"
    )]
    async fn meet(
        &self,
        /// The character's id.
        id: Path<String>,
        body: Strict<MetNeed>,
    ) -> Result<Json<NeedsView>, Fail<(CharacterMissing, Invalid)>> {
        let MetNeed { need, amount } = body.0;
        refusals::known(&id)?;
        let met = self.cast.change_mind(&id, |subject| {
            let needs = &mut subject.mind.needs;
            *needs = needs.at(subject.now.fast);
            needs.meet(need.into(), amount.unwrap_or(1.0));
            NeedsView::of(&id, *needs, subject.now)
        });
        Ok(Json(met.await.map_err(Problem::from)?))
    }
}

impl NeedsView {
    pub(super) fn of(character_id: &str, needs: Needs, now: Now) -> Self {
        Self {
            character_id: character_id.to_owned(),
            needs: needs.at(now.fast).list().map(NeedView::from).into(),
        }
    }
}

impl From<Lack> for NeedView {
    fn from(lack: Lack) -> Self {
        Self {
            need: lack.need.as_str().to_owned(),
            intensity: rounded(lack.intensity),
            critical: lack.is_critical(),
        }
    }
}

impl From<NeedName> for Need {
    fn from(name: NeedName) -> Self {
        match name {
            NeedName::Rest => Self::Rest,
            NeedName::Social => Self::Social,
            NeedName::Sustenance => Self::Sustenance,
            NeedName::Safety => Self::Safety,
            NeedName::Purpose => Self::Purpose,
        }
    }
}

impl Example for NeedsView {
    fn example() -> Self {
        Self {
            character_id: "barkeep".to_owned(),
            needs: vec![NeedView::example()],
        }
    }
}

impl Example for NeedView {
    fn example() -> Self {
        Self {
            need: "rest".to_owned(),
            intensity: 0.3,
            critical: false,
        }
    }
}

impl Example for MetNeed {
    fn example() -> Self {
        Self {
            need: NeedName::Rest,
            amount: None,
        }
    }
}
