//! `/api/characters/{id}/routine`: what a character does at which time of day.

use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use rookery_characters::Now;
use rookery_characters::routine::{Phase, Routine};
use rookery_shared::characters::Characters as Cast;
use serde::{Deserialize, Serialize};

use super::Tag;
use super::refusals::{self, CharacterMissing, Invalid, invalid};
use super::view::rounded;
use crate::errors::{Fail, Problem};
use crate::strict::Strict;

pub struct Routines {
    cast: Cast,
}

/// A day's plan. A day of the world has so many fast ticks; hours are twenty-fourths of it.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "Routine", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
pub(super) struct RoutineView {
    /// Up to 1,000,000,000. 43,200 make it a day of our own at the usual two seconds a tick; 720 make it 24 minutes.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000000")))]
    day_fast_ticks: u64,
    /// In order of their hours.
    #[oai(validator(min_items = 1, max_items = 48))]
    phases: Vec<PhaseView>,
}

/// A part of the day. It lasts until the next one begins.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "RoutinePhase", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhaseView {
    /// 0 to below 24.
    from_hour: f64,
    /// What it is for.
    activity: String,
    /// Where it takes place; the character goes there.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    /// Tools that belong to it: these are used more.
    #[oai(default, validator(max_items = 32))]
    tools: Vec<String>,
}

/// A character's plan, and where in it the day stands.
#[derive(Object)]
#[oai(rename = "RoutineAnswer", rename_all = "camelCase", example)]
struct Answer {
    character_id: String,
    /// Null: it takes the day as it comes.
    routine: Option<RoutineView>,
    /// What it is time for now.
    phase: Option<PhaseView>,
    /// Which day of the world it is, counted from 0 in days of this plan.
    day: Option<u64>,
    /// The time of day, 0 to below 24.
    hour: Option<f64>,
}

#[OpenApi]
impl Routines {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// Look at a character's day
    ///
    /// Its plan, and what it is time for now.
    #[oai(
        path = "/api/characters/:id/routine",
        method = "get",
        tag = "Tag::Social",
        operation_id = "get_routine"
    )]
    async fn look(
        &self,
        /// The character's id.
        id: Path<String>,
    ) -> Result<Json<Answer>, Fail<CharacterMissing>> {
        refusals::known(&id)?;
        let (mind, world) = self.cast.mind(&id).await.map_err(Problem::from)?;
        Ok(Json(Answer::of(&id, mind.routine.as_ref(), world.now)))
    }

    /// Plan a character's day
    ///
    /// In place of what was planned. At the beginning of a phase the character goes where it takes place.
    #[oai(
        path = "/api/characters/:id/routine",
        method = "put",
        tag = "Tag::Social",
        operation_id = "set_routine"
    )]
    async fn set(
        &self,
        /// The character's id.
        id: Path<String>,
        body: Strict<RoutineView>,
    ) -> Result<Json<Answer>, Fail<(CharacterMissing, Invalid)>> {
        let routine = body.0.checked()?;
        Ok(self.plan(&id, Some(routine)).await?)
    }

    /// Give a character its days back
    ///
    /// It takes them as they come.
    #[oai(
        path = "/api/characters/:id/routine",
        method = "delete",
        tag = "Tag::Social",
        operation_id = "delete_routine"
    )]
    async fn remove(
        &self,
        /// The character's id.
        id: Path<String>,
    ) -> Result<Json<Answer>, Fail<CharacterMissing>> {
        Ok(self.plan(&id, None).await?)
    }

    async fn plan(&self, id: &str, routine: Option<Routine>) -> Result<Json<Answer>, Problem> {
        refusals::known(id)?;
        let planned = self.cast.change_mind(id, |subject| {
            subject.mind.routine = routine;
            Answer::of(id, subject.mind.routine.as_ref(), subject.now)
        });
        Ok(Json(planned.await?))
    }
}

impl Answer {
    fn of(id: &str, routine: Option<&Routine>, now: Now) -> Self {
        Self {
            character_id: id.to_owned(),
            routine: routine.map(RoutineView::of),
            phase: routine
                .and_then(|routine| routine.phase(now.fast))
                .map(PhaseView::of),
            day: routine.map(|routine| routine.day(now.fast)),
            hour: routine.map(|routine| rounded(routine.hour(now.fast))),
        }
    }
}

impl RoutineView {
    pub(super) fn of(routine: &Routine) -> Self {
        Self {
            day_fast_ticks: routine.day_fast_ticks,
            phases: routine.phases.iter().map(PhaseView::of).collect(),
        }
    }

    fn checked(self) -> Result<Routine, Problem> {
        let phases = self.phases.into_iter().enumerate().map(|(at, phase)| {
            let field = |name: &str| format!("phases.{at}.{name}");
            refusals::name(&field("activity"), &phase.activity)?;
            if let Some(location) = &phase.location {
                refusals::name(&field("location"), location)?;
            }
            for tool in &phase.tools {
                refusals::name(&field("tools"), tool)?;
            }
            Ok(Phase {
                from_hour: phase.from_hour,
                activity: phase.activity,
                location: phase.location,
                tools: phase.tools,
            })
        });
        let phases = phases.collect::<Result<Vec<_>, Problem>>()?;
        Routine::new(self.day_fast_ticks, phases).map_err(|error| invalid(error.to_string()))
    }
}

impl PhaseView {
    fn of(phase: &Phase) -> Self {
        Self {
            from_hour: phase.from_hour,
            activity: phase.activity.clone(),
            location: phase.location.clone(),
            tools: phase.tools.clone(),
        }
    }
}

impl Example for RoutineView {
    fn example() -> Self {
        Self {
            day_fast_ticks: 720,
            phases: vec![PhaseView::example()],
        }
    }
}

impl Example for PhaseView {
    fn example() -> Self {
        Self {
            from_hour: 17.5,
            activity: "serve guests".to_owned(),
            location: Some("tavern".to_owned()),
            tools: vec!["serve_drink".to_owned(), "tell_story".to_owned()],
        }
    }
}

impl Example for Answer {
    fn example() -> Self {
        Self {
            character_id: "barkeep".to_owned(),
            routine: Some(RoutineView::example()),
            phase: Some(PhaseView::example()),
            day: Some(3),
            hour: Some(18.25),
        }
    }
}
