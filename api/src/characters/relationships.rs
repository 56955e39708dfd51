//! `/api/relationships`: what characters hold of each other.

use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object, OpenApi};
use rookery_characters::relationship::{Bond, Change};
use rookery_shared::characters::{Characters as Cast, Direction, Pair, Tie};
use serde::{Deserialize, Serialize};

use super::Tag;
use super::refusals::{self, CharacterMissing, Invalid};
use super::view::{THEN_MS, ms, rounded};
use crate::errors::{Case, Fail, Problem};
use crate::strict::Strict;

pub struct Relationships {
    cast: Cast,
}

/// What one character holds of another, now: it drifts back to 50 with slow ticks.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "Relationship", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
pub(super) struct RelationshipView {
    from_id: String,
    to_id: String,
    #[oai(rename = "type")]
    #[serde(rename = "type")]
    bond: String,
    /// 0 to 100.
    strength: f64,
    /// 0 to 100.
    trust: f64,
    /// What people wrote about it.
    notes: String,
    /// Milliseconds since 1970.
    last_interaction_at: i64,
    /// Milliseconds since 1970.
    updated_at: i64,
}

/// A relationship.
#[derive(Object)]
#[oai(rename = "RelationshipAnswer", example)]
struct Answer {
    relationship: RelationshipView,
}

/// Relationships of one character.
#[derive(Object)]
#[oai(rename = "RelationshipList", example)]
struct RelationshipList {
    /// Those that changed last come first; at most 1,000.
    relationships: Vec<RelationshipView>,
}

/// What one character is to hold of another; the unsaid stays, or is neutral with 50 and 50 between strangers.
#[derive(Object)]
#[oai(rename = "RelationshipChange", rename_all = "camelCase", example)]
struct RelationshipChange {
    /// Who holds it.
    from_id: String,
    /// Of whom.
    to_id: String,
    /// Unsaid while `strength` is said: what strength and trust amount to.
    #[oai(rename = "type")]
    bond: Option<BondName>,
    /// 0 to 100; what is beyond is cut off.
    strength: Option<f64>,
    /// 0 to 100; what is beyond is cut off.
    trust: Option<f64>,
    /// For people who look into the character.
    notes: Option<String>,
}

#[derive(Enum, Clone, Copy)]
#[oai(rename = "RelationshipType", rename_all = "lowercase")]
enum BondName {
    Friend,
    Rival,
    Mentor,
    Student,
    Ally,
    Enemy,
    Neutral,
    Romantic,
    Family,
}

/// Whose view.
#[derive(Enum, Clone, Copy)]
#[oai(rename = "RelationshipDirection", rename_all = "lowercase")]
enum DirectionName {
    /// What the character holds of others.
    Outgoing,
    /// What others hold of the character.
    Incoming,
}

/// What went.
#[derive(Object)]
#[oai(rename = "RemovedRelationship", example)]
struct Removed {
    /// Always true.
    removed: bool,
}

struct RelationshipMissing;

impl Case for RelationshipMissing {
    const STATUS: u16 = 404;
    const WHEN: &'static str = "The first never had anything to do with the second.";
    const EXAMPLE: &'static str = "Relationship not found: barkeep to guard";
    const CODE: &'static str = CharacterMissing::CODE;
}

#[OpenApi]
impl Relationships {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// List a character's relationships
    ///
    /// What it holds of others, or what others hold of it: these may differ.
    #[oai(
        path = "/api/relationships",
        method = "get",
        tag = "Tag::Social",
        operation_id = "list_relationships"
    )]
    async fn list(
        &self,
        /// The character's id.
        #[oai(name = "characterId")]
        character_id: Query<String>,
        /// `outgoing` unless said.
        direction: Query<Option<DirectionName>>,
    ) -> Result<Json<RelationshipList>, Fail<(CharacterMissing, Invalid)>> {
        refusals::known(&character_id)?;
        let direction = direction.0.map_or(Direction::Outgoing, Direction::from);
        let ties = self.cast.relationships(&character_id, direction);
        let ties = ties.await.map_err(Problem::from)?;
        Ok(Json(RelationshipList {
            relationships: ties.iter().map(RelationshipView::of).collect(),
        }))
    }

    /// Set or change a relationship
    ///
    /// One direction only: what the first holds of the second. Both must be there.
    #[oai(
        path = "/api/relationships",
        method = "post",
        tag = "Tag::Social",
        operation_id = "set_relationship"
    )]
    async fn set(
        &self,
        body: Strict<RelationshipChange>,
    ) -> Result<Json<Answer>, Fail<(CharacterMissing, Invalid)>> {
        let said = body.0;
        let change = said.change()?;
        let tie = self
            .cast
            .relate(said.pair()?, change, said.notes.as_deref());
        Ok(Json(Answer::of(&tie.await.map_err(Problem::from)?)))
    }

    /// Look at a relationship
    ///
    /// What the first holds of the second, as it is now.
    #[oai(
        path = "/api/relationships/:from_id/:to_id",
        method = "get",
        tag = "Tag::Social",
        operation_id = "get_relationship"
    )]
    async fn look(
        &self,
        /// Who holds it: a character's id.
        from_id: Path<String>,
        /// Of whom: a character's id.
        to_id: Path<String>,
    ) -> Result<Json<Answer>, Fail<(CharacterMissing, RelationshipMissing)>> {
        let pair = pair(&from_id, &to_id)?;
        let tie = self.cast.relationship(pair).await.map_err(Problem::from)?;
        Ok(Json(Answer::of(&tie)))
    }

    /// Forget a relationship
    ///
    /// They are strangers again, as far as the first is concerned.
    #[oai(
        path = "/api/relationships/:from_id/:to_id",
        method = "delete",
        tag = "Tag::Social",
        operation_id = "delete_relationship"
    )]
    async fn remove(
        &self,
        /// Who holds it: a character's id.
        from_id: Path<String>,
        /// Of whom: a character's id.
        to_id: Path<String>,
    ) -> Result<Json<Removed>, Fail<(CharacterMissing, RelationshipMissing)>> {
        let forgotten = self.cast.forget_relationship(pair(&from_id, &to_id)?);
        forgotten.await.map_err(Problem::from)?;
        Ok(Json(Removed { removed: true }))
    }
}

impl RelationshipChange {
    fn change(&self) -> Result<Change, Problem> {
        for (field, value) in [("strength", self.strength), ("trust", self.trust)] {
            refusals::number(field, value.unwrap_or_default())?;
        }
        if let Some(notes) = &self.notes {
            refusals::short_text("notes", notes)?;
        }
        Ok(Change {
            bond: self.bond.map(Bond::from),
            strength: self.strength,
            trust: self.trust,
        })
    }

    fn pair(&self) -> Result<Pair<'_>, Problem> {
        if self.from_id == self.to_id {
            return Err(refusals::bad_field(
                "toId",
                "must be somebody else than fromId",
            ));
        }
        pair(&self.from_id, &self.to_id)
    }
}

fn pair<'a>(from_id: &'a str, to_id: &'a str) -> Result<Pair<'a>, Problem> {
    refusals::known(from_id)?;
    refusals::known(to_id)?;
    Ok(Pair { from_id, to_id })
}

impl Answer {
    fn of(tie: &Tie) -> Self {
        Self {
            relationship: RelationshipView::of(tie),
        }
    }
}

impl RelationshipView {
    pub(super) fn of(tie: &Tie) -> Self {
        Self {
            from_id: tie.from_id.clone(),
            to_id: tie.to_id.clone(),
            bond: tie.relationship.bond.as_str().to_owned(),
            strength: rounded(tie.relationship.strength),
            trust: rounded(tie.relationship.trust),
            notes: tie.notes.clone(),
            last_interaction_at: ms(tie.last_interaction_at),
            updated_at: ms(tie.updated_at),
        }
    }
}

impl From<DirectionName> for Direction {
    fn from(name: DirectionName) -> Self {
        match name {
            DirectionName::Outgoing => Self::Outgoing,
            DirectionName::Incoming => Self::Incoming,
        }
    }
}

impl From<BondName> for Bond {
    fn from(name: BondName) -> Self {
        match name {
            BondName::Friend => Self::Friend,
            BondName::Rival => Self::Rival,
            BondName::Mentor => Self::Mentor,
            BondName::Student => Self::Student,
            BondName::Ally => Self::Ally,
            BondName::Enemy => Self::Enemy,
            BondName::Neutral => Self::Neutral,
            BondName::Romantic => Self::Romantic,
            BondName::Family => Self::Family,
        }
    }
}

impl Example for RelationshipView {
    fn example() -> Self {
        Self {
            from_id: "barkeep".to_owned(),
            to_id: "guard".to_owned(),
            bond: "friend".to_owned(),
            strength: 70.0,
            trust: 80.0,
            notes: String::new(),
            last_interaction_at: THEN_MS,
            updated_at: THEN_MS,
        }
    }
}

impl Example for Answer {
    fn example() -> Self {
        Self {
            relationship: RelationshipView::example(),
        }
    }
}

impl Example for RelationshipList {
    fn example() -> Self {
        Self {
            relationships: vec![RelationshipView::example()],
        }
    }
}

impl Example for RelationshipChange {
    fn example() -> Self {
        Self {
            from_id: "barkeep".to_owned(),
            to_id: "guard".to_owned(),
            bond: Some(BondName::Friend),
            strength: Some(70.0),
            trust: Some(80.0),
            notes: None,
        }
    }
}

impl Example for Removed {
    fn example() -> Self {
        Self { removed: true }
    }
}
