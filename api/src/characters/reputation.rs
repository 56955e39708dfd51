//! `/api/characters/{id}/reputation`: what the world holds of a character.

use std::collections::BTreeMap;

use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use rookery_characters::Now;
use rookery_characters::reputation::{GENERAL, LONGEST_DIMENSION, MOST_DIMENSIONS, Reputation};
use rookery_shared::characters::Characters as Cast;
use serde::{Deserialize, Serialize};

use super::Tag;
use super::refusals::{self, CharacterMissing, Invalid, invalid};
use super::view::rounded;
use crate::errors::{Fail, Problem};
use crate::strict::Strict;

pub struct Reputations {
    cast: Cast,
}

/// What the world holds of a character, now: it fades toward 0 with slow ticks.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "Reputation", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReputationView {
    character_id: String,
    /// -100 to 100 by dimension; `general` is the usual one. What is not here is 0.
    scores: BTreeMap<String, f64>,
}

/// Better or worse.
#[derive(Object)]
#[oai(rename = "ReputationChange", example)]
struct ReputationChange {
    /// By so many points. The sum stays within -100 and 100.
    delta: f64,
    /// In which respect: `general` unless said.
    dimension: Option<String>,
}

#[OpenApi]
impl Reputations {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// Look at a character's reputation
    ///
    /// What it did before witnesses made it; what was long ago is forgotten.
    #[oai(
        path = "/api/characters/:id/reputation",
        method = "get",
        tag = "Tag::Social",
        operation_id = "get_reputation"
    )]
    async fn look(
        &self,
        /// The character's id.
        id: Path<String>,
    ) -> Result<Json<ReputationView>, Fail<CharacterMissing>> {
        refusals::known(&id)?;
        let (mind, world) = self.cast.mind(&id).await.map_err(Problem::from)?;
        Ok(Json(ReputationView::of(&id, &mind.reputation, world.now)))
    }

    /// Make or mar a character's name
    ///
    /// In one respect, by so many points.
    #[oai(
        path = "/api/characters/:id/reputation",
        method = "post",
        tag = "Tag::Social",
        operation_id = "change_reputation"
    )]
    async fn change(
        &self,
        /// The character's id.
        id: Path<String>,
        body: Strict<ReputationChange>,
    ) -> Result<Json<ReputationView>, Fail<(CharacterMissing, Invalid)>> {
        let ReputationChange { delta, dimension } = body.0;
        let dimension = dimension.unwrap_or_else(|| GENERAL.to_owned());
        refusals::number("delta", delta)?;
        refusals::name("dimension", &dimension)?;
        if dimension.len() > LONGEST_DIMENSION {
            let reason = format!("must not have more than {LONGEST_DIMENSION} bytes");
            return Err(refusals::bad_field("dimension", &reason).into());
        }
        refusals::known(&id)?;
        let changed = self.cast.change_mind(&id, |subject| {
            let reputation = &mut subject.mind.reputation;
            reputation.settle(subject.now.slow);
            let is_new = !reputation.scores.contains_key(&dimension);
            if is_new && reputation.scores.len() >= MOST_DIMENSIONS {
                let text = format!("a character has at most {MOST_DIMENSIONS} kinds of reputation");
                return Err(invalid(text));
            }
            reputation.shift(&dimension, delta);
            Ok(ReputationView::of(&id, reputation, subject.now))
        });
        Ok(Json(changed.await.map_err(Problem::from)??))
    }
}

impl ReputationView {
    pub(super) fn of(character_id: &str, reputation: &Reputation, now: Now) -> Self {
        let scores = reputation.at(now.slow).scores.into_iter();
        Self {
            character_id: character_id.to_owned(),
            scores: scores.map(|(name, score)| (name, rounded(score))).collect(),
        }
    }
}

impl Example for ReputationView {
    fn example() -> Self {
        Self {
            character_id: "barkeep".to_owned(),
            scores: BTreeMap::from([(GENERAL.to_owned(), 15.0)]),
        }
    }
}

impl Example for ReputationChange {
    fn example() -> Self {
        Self {
            delta: 15.0,
            dimension: None,
        }
    }
}
