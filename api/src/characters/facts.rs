//! `/api/world-facts`: what is so in the world, and what was so when.

use chrono::{DateTime, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::{Example, ParseError, ParseResult};
use poem_openapi::{Object, OpenApi};
use rookery_shared::characters::{Characters as Cast, NewFact, WorldFact};
use serde_json::{Value, json};

use super::Tag;
use super::refusals::{self, CharacterMissing, Invalid, missing};
use super::view::{THEN_MS, ms};
use crate::areas::Area;
use crate::errors::{Case, Fail, FieldFault, Problem, faulty};
use crate::strict::Strict;

pub struct Facts {
    cast: Cast,
}

/// Something that is so from now on.
#[derive(Object)]
#[oai(rename = "NewWorldFact", example)]
struct NewFactView {
    /// What it is about; a fact that has this key already is so no longer.
    key: String,
    /// Anything.
    #[oai(deserialize_with = "said")]
    value: Value,
    /// What it belongs to.
    category: String,
    /// Who says so.
    source: String,
}

/// That it is so now.
#[derive(Object)]
#[oai(rename = "WorldFactSet", example)]
struct FactSet {
    /// Always true.
    set: bool,
    key: String,
}

/// A fact in short.
#[derive(Object)]
#[oai(rename = "WorldFactValue", example)]
struct FactValue {
    key: String,
    value: Value,
}

/// A fact, and when it was so.
#[derive(Object)]
#[oai(rename = "WorldFact", rename_all = "camelCase", example)]
struct FactView {
    key: String,
    value: Value,
    category: String,
    /// Who said so.
    source: String,
    /// Milliseconds since 1970.
    valid_from: i64,
    /// Milliseconds since 1970; null while it is so.
    valid_to: Option<i64>,
}

/// Facts, the latest first.
#[derive(Object)]
#[oai(rename = "WorldFactList", example)]
struct FactList {
    /// At most 1,000.
    facts: Vec<FactView>,
}

/// What is so no longer.
#[derive(Object)]
#[oai(rename = "RemovedWorldFact", example)]
struct Removed {
    /// Its key.
    removed: String,
}

struct FactMissing;

impl Case for FactMissing {
    const STATUS: u16 = 404;
    const WHEN: &'static str = "Nothing is known of this key, or was at that moment.";
    const EXAMPLE: &'static str = "World fact not found: unknown_key";
    const CODE: &'static str = CharacterMissing::CODE;
}

#[OpenApi]
impl Facts {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// List what is so
    ///
    /// All facts that hold now, or those of one category.
    #[oai(
        path = "/api/world-facts",
        method = "get",
        tag = "Tag::Facts",
        operation_id = "list_world_facts"
    )]
    async fn list(
        &self,
        /// Only of this category.
        category: Query<Option<String>>,
    ) -> Result<Json<FactList>, Fail<Invalid>> {
        if let Some(category) = &category.0 {
            refusals::query("category", category)?;
        }
        let facts = self.cast.facts(category.0.as_deref()).await?;
        Ok(Json(FactList::of(facts)))
    }

    /// Say what is so
    ///
    /// From now on. What was said of the key before is kept with the time during which it was so.
    #[oai(
        path = "/api/world-facts",
        method = "post",
        tag = "Tag::Facts",
        operation_id = "set_world_fact"
    )]
    async fn set(&self, body: Strict<NewFactView>) -> Result<Json<FactSet>, Fail<Invalid>> {
        let fact = body.0.checked()?;
        self.cast.set_fact(&fact).await?;
        Ok(Json(FactSet {
            set: true,
            key: fact.key,
        }))
    }

    /// Look up a fact
    ///
    /// As it is now, or as it was at a moment.
    #[oai(
        path = "/api/world-facts/:key",
        method = "get",
        tag = "Tag::Facts",
        operation_id = "get_world_fact"
    )]
    async fn look(
        &self,
        /// The fact's key.
        key: Path<String>,
        /// When, in milliseconds since 1970; now unless said.
        at: Query<Option<i64>>,
    ) -> Result<Json<FactValue>, Fail<(FactMissing, Invalid)>> {
        known(&key)?;
        let at = at.0.map(moment).transpose()?;
        let fact = self.cast.fact(&key, at).await.map_err(Problem::from)?;
        Ok(Json(FactValue {
            key: fact.key,
            value: fact.value,
        }))
    }

    /// Look up all that was ever said of a key
    ///
    /// With who said it and during which time it was so; the latest first.
    #[oai(
        path = "/api/world-facts/:key/history",
        method = "get",
        tag = "Tag::Facts",
        operation_id = "list_world_fact_history"
    )]
    async fn history(
        &self,
        /// The fact's key.
        key: Path<String>,
    ) -> Result<Json<FactList>, Fail<FactMissing>> {
        known(&key)?;
        let facts = self.cast.fact_history(&key).await.map_err(Problem::from)?;
        Ok(Json(FactList::of(facts)))
    }

    /// Say that something is so no longer
    ///
    /// It stays in the history, and in answers about the time when it was so.
    #[oai(
        path = "/api/world-facts/:key",
        method = "delete",
        tag = "Tag::Facts",
        operation_id = "delete_world_fact"
    )]
    async fn end(
        &self,
        /// The fact's key.
        key: Path<String>,
    ) -> Result<Json<Removed>, Fail<FactMissing>> {
        known(&key)?;
        self.cast.end_fact(&key).await.map_err(Problem::from)?;
        Ok(Json(Removed { removed: key.0 }))
    }
}

/// `null` is a value; none at all is none.
fn said(value: Option<Value>) -> ParseResult<Value> {
    value.ok_or_else(ParseError::expected_input)
}

impl NewFactView {
    fn checked(self) -> Result<NewFact, Problem> {
        refusals::name("key", &self.key)?;
        refusals::json("value", &self.value)?;
        refusals::name("category", &self.category)?;
        refusals::name("source", &self.source)?;
        Ok(NewFact {
            key: self.key,
            value: self.value,
            category: self.category,
            source: self.source,
        })
    }
}

/// A key in a path that can be none: Postgres takes no NUL.
fn known(key: &str) -> Result<(), Problem> {
    match key.contains('\0') {
        true => Err(missing(format!(
            "World fact not found: {}",
            key.escape_default()
        ))),
        false => Ok(()),
    }
}

/// Years with four digits: what is beyond is no moment of this world.
fn moment(ms: i64) -> Result<DateTime<Utc>, Problem> {
    const LATEST_MS: i64 = 253_402_300_800_000;
    let moment = DateTime::from_timestamp_millis(ms).filter(|_| (0..LATEST_MS).contains(&ms));
    moment.ok_or_else(|| {
        let fault = FieldFault::new("must be milliseconds since 1970");
        faulty(Area::Characters, &["query", "at"], &fault)
    })
}

impl FactList {
    fn of(facts: Vec<WorldFact>) -> Self {
        Self {
            facts: facts.into_iter().map(FactView::from).collect(),
        }
    }
}

impl From<WorldFact> for FactView {
    fn from(fact: WorldFact) -> Self {
        Self {
            key: fact.key,
            value: fact.value,
            category: fact.category,
            source: fact.source,
            valid_from: ms(fact.valid_from),
            valid_to: fact.valid_to.map(ms),
        }
    }
}

impl Example for NewFactView {
    fn example() -> Self {
        Self {
            key: "tavern_reputation".to_owned(),
            value: json!("well-known"),
            category: "locations".to_owned(),
            source: "narrator".to_owned(),
        }
    }
}

impl Example for FactSet {
    fn example() -> Self {
        Self {
            set: true,
            key: "tavern_reputation".to_owned(),
        }
    }
}

impl Example for FactValue {
    fn example() -> Self {
        Self {
            key: "tavern_reputation".to_owned(),
            value: json!("well-known"),
        }
    }
}

impl Example for FactView {
    fn example() -> Self {
        Self {
            key: "tavern_reputation".to_owned(),
            value: json!("well-known"),
            category: "locations".to_owned(),
            source: "narrator".to_owned(),
            valid_from: THEN_MS,
            valid_to: None,
        }
    }
}

impl Example for FactList {
    fn example() -> Self {
        Self {
            facts: vec![FactView::example()],
        }
    }
}

impl Example for Removed {
    fn example() -> Self {
        Self {
            removed: "tavern_reputation".to_owned(),
        }
    }
}
