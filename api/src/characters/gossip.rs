//! `/api/characters/{id}/gossip`: what a character has heard of others, and starting a rumour.

use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use rookery_characters::gossip::{self, Rumour};
use rookery_shared::characters::Characters as Cast;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Tag;
use super::refusals::{self, CharacterMissing, Invalid};
use super::view::{THEN_MS, rounded};
use crate::errors::{Fail, Problem};
use crate::strict::Strict;

pub struct Gossip {
    cast: Cast,
}

/// A piece of hearsay, as one character knows it.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "Rumour", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
pub(super) struct RumourView {
    /// The same in every mouth.
    id: String,
    content: String,
    /// Whom it is about, if anybody: a character's id.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<String>,
    /// Who said it first.
    origin: String,
    /// Who told this character.
    heard_from: String,
    /// 1 to 10.
    importance: f64,
    /// 1 at the origin, less with every mouth it went through.
    credibility: f64,
    /// Mouths that it went through.
    hops: u32,
    /// Milliseconds since 1970.
    created_at: i64,
}

/// What a character has heard.
#[derive(Object)]
#[oai(rename = "GossipAnswer", rename_all = "camelCase", example)]
struct Heard {
    character_id: String,
    /// At most 20; a rumour lives for five minutes.
    gossip: Vec<RumourView>,
}

/// A rumour.
#[derive(Object)]
#[oai(rename = "RumourAnswer", example)]
struct Answer {
    rumour: RumourView,
}

/// Something for a character to hear.
#[derive(Object)]
#[oai(rename = "NewRumour", rename_all = "camelCase", example)]
struct NewRumour {
    content: String,
    /// Whom it is about: a character's id.
    about: Option<String>,
    /// Who says so: `player` unless said.
    origin: Option<String>,
    /// 5 unless said. What weighs more is told first.
    #[oai(validator(minimum(value = "1"), maximum(value = "10")))]
    importance: Option<f64>,
    /// 1 unless said. What nobody believes is not told on.
    #[oai(validator(minimum(value = "0.1"), maximum(value = "1")))]
    credibility: Option<f64>,
}

#[derive(ApiResponse)]
enum Planted {
    /// The character has heard it.
    #[oai(status = 201)]
    Created(Json<Answer>),
}

const USUAL_IMPORTANCE: f64 = 5.0;
const USUAL_ORIGIN: &str = "player";

#[OpenApi]
impl Gossip {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// Look at what a character has heard
    ///
    /// It tells the weightiest to those it talks to, and they tell it on.
    #[oai(
        path = "/api/characters/:id/gossip",
        method = "get",
        tag = "Tag::Social",
        operation_id = "get_gossip"
    )]
    async fn look(
        &self,
        /// The character's id.
        id: Path<String>,
    ) -> Result<Json<Heard>, Fail<CharacterMissing>> {
        refusals::known(&id)?;
        let (mind, world) = self.cast.mind(&id).await.map_err(Problem::from)?;
        Ok(Json(Heard {
            character_id: id.0,
            gossip: RumourView::list(mind.rumours, world.now.ms),
        }))
    }

    /// Start a rumour
    ///
    /// The character has heard it, and tells it on when it talks to somebody. Of more than 20 rumours the least interesting is
    /// forgotten.
    #[oai(
        path = "/api/characters/:id/gossip",
        method = "post",
        tag = "Tag::Social",
        operation_id = "start_rumour"
    )]
    async fn start(
        &self,
        /// The character's id.
        id: Path<String>,
        body: Strict<NewRumour>,
    ) -> Result<Planted, Fail<(CharacterMissing, Invalid)>> {
        let new = body.0;
        new.check()?;
        refusals::known(&id)?;
        if let Some(about) = &new.about {
            self.cast.key(about).await.map_err(Problem::from)?;
        }
        let started = self.cast.change_mind(&id, |subject| {
            let rumour = new.rumour(subject.now.ms);
            let rumours = &mut subject.mind.rumours;
            gossip::prune(rumours, subject.now.ms);
            gossip::hear(rumours, rumour.clone());
            rumour
        });
        let rumour = started.await.map_err(Problem::from)?;
        Ok(Planted::Created(Json(Answer {
            rumour: rumour.into(),
        })))
    }
}

impl NewRumour {
    fn check(&self) -> Result<(), Problem> {
        if self.content.trim().is_empty() {
            return Err(refusals::bad_field("content", "must not be empty"));
        }
        refusals::short_text("content", &self.content)?;
        if let Some(origin) = &self.origin {
            refusals::name("origin", origin)?;
        }
        self.about.as_deref().map_or(Ok(()), refusals::known)
    }

    fn rumour(self, now_ms: i64) -> Rumour {
        let origin = self.origin.unwrap_or_else(|| USUAL_ORIGIN.to_owned());
        Rumour {
            id: format!("r_{}", Uuid::new_v4().simple()),
            content: self.content,
            about: self.about,
            heard_from: origin.clone(),
            origin,
            importance: self.importance.unwrap_or(USUAL_IMPORTANCE),
            credibility: self.credibility.unwrap_or(1.0),
            hops: 0,
            created_at: now_ms,
            told_to: Vec::new(),
        }
    }
}

impl RumourView {
    pub(super) fn list(mut rumours: Vec<Rumour>, now_ms: i64) -> Vec<Self> {
        gossip::prune(&mut rumours, now_ms);
        rumours.into_iter().map(Self::from).collect()
    }
}

impl From<Rumour> for RumourView {
    fn from(rumour: Rumour) -> Self {
        Self {
            id: rumour.id,
            content: rumour.content,
            about: rumour.about,
            origin: rumour.origin,
            heard_from: rumour.heard_from,
            importance: rumour.importance,
            credibility: rounded(rumour.credibility),
            hops: rumour.hops,
            created_at: rumour.created_at,
        }
    }
}

impl Example for RumourView {
    fn example() -> Self {
        Self {
            id: "r_9a7be8cb1f34d9a1".to_owned(),
            content: "The guard sleeps on duty.".to_owned(),
            about: Some("guard".to_owned()),
            origin: "player".to_owned(),
            heard_from: "player".to_owned(),
            importance: 6.0,
            credibility: 1.0,
            hops: 0,
            created_at: THEN_MS,
        }
    }
}

impl Example for Heard {
    fn example() -> Self {
        Self {
            character_id: "barkeep".to_owned(),
            gossip: vec![RumourView::example()],
        }
    }
}

impl Example for Answer {
    fn example() -> Self {
        Self {
            rumour: RumourView::example(),
        }
    }
}

impl Example for NewRumour {
    fn example() -> Self {
        Self {
            content: "The guard sleeps on duty.".to_owned(),
            about: Some("guard".to_owned()),
            origin: None,
            importance: Some(6.0),
            credibility: None,
        }
    }
}
