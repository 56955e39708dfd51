//! `/api/goals`: what a character wants to reach, step by step.

use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use rookery_characters::goal::{self, Goal, Status, Step};
use rookery_shared::characters::Characters as Cast;
use uuid::Uuid;

use super::Tag;
use super::goal_view::{GoalView, StepView};
use super::refusals::{self, CharacterMissing, Invalid, invalid, missing};
use crate::errors::{Case, Fail, Problem};
use crate::strict::Strict;

pub struct Goals {
    cast: Cast,
}

/// A goal.
#[derive(Object)]
#[oai(rename = "GoalAnswer", example)]
struct Answer {
    goal: GoalView,
}

/// Goals of a character.
#[derive(Object)]
#[oai(rename = "GoalList", example)]
struct GoalList {
    /// In the order in which they were set. Those that ended stay for a day.
    goals: Vec<GoalView>,
}

/// A goal to be set.
#[derive(Object)]
#[oai(rename = "NewGoal", example)]
struct NewGoal {
    /// What is to be reached.
    description: String,
    /// 1 to 10; 5 unless said.
    priority: Option<f64>,
    /// What is to be done for it. A step is done when the character does what it speaks of: uses a tool that it names, or something on
    /// somebody that it names.
    #[oai(validator(max_items = 64))]
    steps: Option<Vec<StepView>>,
}

/// What becomes of a goal; the unsaid stays.
#[derive(Object, Default)]
#[oai(rename = "GoalChange", example)]
struct GoalChange {
    description: Option<String>,
    /// 1 to 10.
    priority: Option<f64>,
    status: Option<StatusName>,
    /// In place of those that are there.
    #[oai(validator(max_items = 64))]
    steps: Option<Vec<StepView>>,
}

#[derive(Enum, Clone, Copy)]
#[oai(rename = "GoalStatus", rename_all = "lowercase")]
enum StatusName {
    Pending,
    Active,
    Completed,
    Abandoned,
}

/// What went.
#[derive(Object)]
#[oai(rename = "RemovedGoal", example)]
struct Removed {
    /// Its id.
    removed: String,
}

#[derive(ApiResponse)]
enum Added {
    /// The character has the goal.
    #[oai(status = 201)]
    Created(Json<Answer>),
}

struct GoalMissing;

impl Case for GoalMissing {
    const STATUS: u16 = 404;
    const WHEN: &'static str = "The character has no such goal, or the goal no such step.";
    const EXAMPLE: &'static str = "Goal not found: g_unknown";
    const CODE: &'static str = CharacterMissing::CODE;
}

#[OpenApi]
impl Goals {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// List a character's goals
    ///
    /// Open ones, and those that ended within the last day.
    #[oai(
        path = "/api/goals/:character_id",
        method = "get",
        tag = "Tag::Social",
        operation_id = "list_goals"
    )]
    async fn list(
        &self,
        /// The character's id.
        character_id: Path<String>,
    ) -> Result<Json<GoalList>, Fail<CharacterMissing>> {
        refusals::known(&character_id)?;
        let (mind, world) = self.cast.mind(&character_id).await.map_err(Problem::from)?;
        let mut goals = mind.goals;
        goal::prune(&mut goals, world.now.ms);
        let goals = goals.iter().map(|goal| GoalView::of(&character_id, goal));
        Ok(Json(GoalList {
            goals: goals.collect(),
        }))
    }

    /// Give a character a goal
    ///
    /// It works for it from its next decision on. A character has at most 64 goals; ended ones make room.
    #[oai(
        path = "/api/goals/:character_id",
        method = "post",
        tag = "Tag::Social",
        operation_id = "add_goal"
    )]
    async fn add(
        &self,
        /// The character's id.
        character_id: Path<String>,
        body: Strict<NewGoal>,
    ) -> Result<Added, Fail<(CharacterMissing, Invalid)>> {
        let new = body.0.checked()?;
        refusals::known(&character_id)?;
        let added = self.cast.change_mind(&character_id, |subject| {
            let id = format!("g_{}", Uuid::new_v4().simple());
            let goal = Goal {
                steps: steps(new.steps.unwrap_or_default()),
                ..Goal::new(id, new.description, new.priority, subject.now.ms)
            };
            goal::prune(&mut subject.mind.goals, subject.now.ms);
            goal::add(&mut subject.mind.goals, goal.clone()).map(|()| goal)
        });
        let goal = added.await.map_err(Problem::from)?;
        let goal = goal.map_err(|error| invalid(error.to_string()))?;
        Ok(Added::Created(Json(Answer {
            goal: GoalView::of(&character_id, &goal),
        })))
    }

    /// Change a goal
    ///
    /// Its words, its priority, its steps or its status. Completed and abandoned goals move nobody and are forgotten after a day.
    #[oai(
        path = "/api/goals/:character_id/:goal_id",
        method = "put",
        tag = "Tag::Social",
        operation_id = "update_goal"
    )]
    async fn change(
        &self,
        /// The character's id.
        character_id: Path<String>,
        /// The goal's id.
        goal_id: Path<String>,
        body: Strict<GoalChange>,
    ) -> Result<Json<Answer>, Fail<(CharacterMissing, GoalMissing, Invalid)>> {
        let change = body.0.checked()?;
        let goal = self.changed(&character_id, &goal_id, |goal, now_ms| {
            change.apply(goal, now_ms);
            Ok(())
        });
        Ok(goal.await?)
    }

    /// Complete a step
    ///
    /// As if the character had done it. With its last step a goal is completed.
    #[oai(
        path = "/api/goals/:character_id/:goal_id/steps/:step/complete",
        method = "post",
        tag = "Tag::Social",
        operation_id = "complete_goal_step"
    )]
    async fn complete_step(
        &self,
        /// The character's id.
        character_id: Path<String>,
        /// The goal's id.
        goal_id: Path<String>,
        /// Which step, counted from 0.
        step: Path<u32>,
    ) -> Result<Json<Answer>, Fail<(CharacterMissing, GoalMissing, Invalid)>> {
        let goal = self.changed(&character_id, &goal_id, |goal, now_ms| {
            let done = usize::try_from(step.0).is_ok_and(|step| goal.complete_step(step, now_ms));
            done.then_some(())
                .ok_or_else(|| missing(format!("Goal step not found: {}", step.0)))
        });
        Ok(goal.await?)
    }

    /// Remove a goal
    ///
    /// As if it had never been. To let the character know that it failed, set its status to `abandoned` instead.
    #[oai(
        path = "/api/goals/:character_id/:goal_id",
        method = "delete",
        tag = "Tag::Social",
        operation_id = "delete_goal"
    )]
    async fn remove(
        &self,
        /// The character's id.
        character_id: Path<String>,
        /// The goal's id.
        goal_id: Path<String>,
    ) -> Result<Json<Removed>, Fail<(CharacterMissing, GoalMissing)>> {
        refusals::known(&character_id)?;
        let removed = self.cast.change_mind(&character_id, |subject| {
            let before = subject.mind.goals.len();
            subject.mind.goals.retain(|goal| goal.id != goal_id.0);
            subject.mind.goals.len() < before
        });
        match removed.await.map_err(Problem::from)? {
            true => Ok(Json(Removed { removed: goal_id.0 })),
            false => Err(no_goal(&goal_id).into()),
        }
    }

    async fn changed(
        &self,
        character_id: &str,
        goal_id: &str,
        change: impl FnOnce(&mut Goal, i64) -> Result<(), Problem>,
    ) -> Result<Json<Answer>, Problem> {
        refusals::known(character_id)?;
        let changed = self.cast.change_mind(character_id, |subject| {
            let mut goals = subject.mind.goals.iter_mut();
            let goal = goals.find(|goal| goal.id == goal_id);
            let goal = goal.ok_or_else(|| no_goal(goal_id))?;
            change(goal, subject.now.ms)?;
            Ok::<_, Problem>(GoalView::of(character_id, goal))
        });
        Ok(Json(Answer {
            goal: changed.await??,
        }))
    }
}

impl NewGoal {
    fn checked(self) -> Result<Self, Problem> {
        refusals::number("priority", self.priority.unwrap_or_default())?;
        described("description", &self.description)?;
        check_steps(self.steps.as_deref().unwrap_or_default())?;
        Ok(self)
    }
}

impl GoalChange {
    fn checked(self) -> Result<Self, Problem> {
        refusals::number("priority", self.priority.unwrap_or_default())?;
        if let Some(description) = &self.description {
            described("description", description)?;
        }
        check_steps(self.steps.as_deref().unwrap_or_default())?;
        Ok(self)
    }

    fn apply(self, goal: &mut Goal, now_ms: i64) {
        if let Some(description) = self.description {
            goal.description = description;
        }
        if let Some(priority) = self.priority {
            goal.priority = priority.clamp(1.0, 10.0);
        }
        if let Some(new) = self.steps {
            goal.steps = steps(new);
        }
        if let Some(status) = self.status {
            goal.turn_to(status.into(), now_ms);
        }
    }
}

/// A mind is read and written at every turn: its goals must not make it large.
const MAX_STEPS_BYTES: usize = 8_000;

fn check_steps(steps: &[StepView]) -> Result<(), Problem> {
    let bytes: usize = steps.iter().map(|step| step.description.len()).sum();
    if bytes > MAX_STEPS_BYTES {
        let reason = format!("must not have more than {MAX_STEPS_BYTES} bytes in all");
        return Err(refusals::bad_field("steps", &reason));
    }
    steps.iter().enumerate().try_for_each(|(at, step)| {
        let field = format!("steps.{at}.description");
        described(&field, &step.description)
    })
}

fn described(field: &str, text: &str) -> Result<(), Problem> {
    match text.trim().is_empty() {
        true => Err(refusals::bad_field(field, "must not be empty")),
        false => refusals::short_text(field, text),
    }
}

fn steps(views: Vec<StepView>) -> Vec<Step> {
    let steps = views.into_iter().map(|step| Step {
        description: step.description,
        completed: step.completed,
    });
    steps.collect()
}

fn no_goal(id: &str) -> Problem {
    missing(format!("Goal not found: {id}"))
}

impl From<StatusName> for Status {
    fn from(name: StatusName) -> Self {
        match name {
            StatusName::Pending => Self::Pending,
            StatusName::Active => Self::Active,
            StatusName::Completed => Self::Completed,
            StatusName::Abandoned => Self::Abandoned,
        }
    }
}

impl Example for Answer {
    fn example() -> Self {
        Self {
            goal: GoalView::example(),
        }
    }
}

impl Example for GoalList {
    fn example() -> Self {
        Self {
            goals: vec![GoalView::example()],
        }
    }
}

impl Example for NewGoal {
    fn example() -> Self {
        Self {
            description: "Organize a tavern festival".to_owned(),
            priority: Some(7.0),
            steps: Some(vec![StepView::example()]),
        }
    }
}

impl Example for GoalChange {
    fn example() -> Self {
        Self {
            status: Some(StatusName::Active),
            priority: Some(9.0),
            ..Self::default()
        }
    }
}

impl Example for Removed {
    fn example() -> Self {
        Self {
            removed: "g_abc123".to_owned(),
        }
    }
}
