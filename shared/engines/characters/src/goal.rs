//! What somebody wants to reach, step by step.

use serde::{Deserialize, Serialize};

use crate::words::{mentions, mentions_all};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Goal {
    /// `g_…`
    pub id: String,
    pub description: String,
    /// 1 to 10.
    pub priority: f64,
    pub status: Status,
    pub steps: Vec<Step>,
    pub created_at: i64,
    /// When it ended, reached or given up.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub completed_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Pending,
    Active,
    Completed,
    Abandoned,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    pub description: String,
    pub completed: bool,
}

/// Goals of one character.
pub const MOST_GOALS: usize = 64;
/// Steps of one goal.
pub const MOST_STEPS: usize = 64;

/// How long an ended goal is kept (default of the contract's engine).
const KEPT_MS: i64 = 24 * 60 * 60 * 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a character has at most {MOST_GOALS} goals")]
pub struct TooManyGoals;

/// How far a deed brought somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The step's text.
    Step(String),
    /// The goal's text.
    Reached(String),
}

impl Status {
    pub const ALL: [Self; 4] = [
        Self::Pending,
        Self::Active,
        Self::Completed,
        Self::Abandoned,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Completed => "completed",
            Self::Abandoned => "abandoned",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

impl Goal {
    /// The priority is clamped; 5 if nobody says one.
    pub fn new(id: String, description: String, priority: Option<f64>, now_ms: i64) -> Self {
        Self {
            id,
            description,
            priority: clamped(priority.unwrap_or(USUAL_PRIORITY)),
            status: Status::Pending,
            steps: Vec::new(),
            created_at: now_ms,
            completed_at: None,
        }
    }

    pub fn is_open(&self) -> bool {
        matches!(self.status, Status::Pending | Status::Active)
    }

    pub fn next_step(&self) -> Option<&Step> {
        match self.is_open() {
            true => self.steps.iter().find(|step| !step.completed),
            false => None,
        }
    }

    /// Marks a step as done; with the last one an open goal is reached. False: there is no such step.
    pub fn complete_step(&mut self, at: usize, now_ms: i64) -> bool {
        let Some(step) = self.steps.get_mut(at) else {
            return false;
        };
        step.completed = true;
        if self.is_open() {
            let is_reached = self.next_step().is_none();
            let status = if is_reached {
                Status::Completed
            } else {
                Status::Active
            };
            self.turn_to(status, now_ms);
        }
        true
    }

    /// Takes another status; one that ends it is dated.
    pub fn turn_to(&mut self, status: Status, now_ms: i64) {
        self.status = status;
        self.completed_at = match self.is_open() {
            true => None,
            false => self.completed_at.or(Some(now_ms)),
        };
    }
}

/// By what a deed is found in the text of a step: the tool's name, and what it was done with or to whom.
#[derive(Debug, Clone, Copy)]
pub struct DeedWords<'a> {
    pub tool: &'a str,
    pub with: &'a [&'a str],
}

impl DeedWords<'_> {
    fn does(&self, step: &str) -> bool {
        mentions_all(step, self.tool) || self.with.iter().any(|word| mentions(step, word))
    }
}

/// Adds a goal. Ended ones make room.
pub fn add(goals: &mut Vec<Goal>, goal: Goal) -> Result<(), TooManyGoals> {
    if goals.len() >= MOST_GOALS {
        goals.retain(Goal::is_open);
    }
    if goals.len() >= MOST_GOALS {
        return Err(TooManyGoals);
    }
    goals.push(goal);
    Ok(())
}

/// Drops what ended a day ago, and whatever is beyond the bound.
pub fn prune(goals: &mut Vec<Goal>, now_ms: i64) {
    goals.retain(|goal| {
        let ended = goal.completed_at.filter(|_| !goal.is_open());
        ended.is_none_or(|ended| now_ms.saturating_sub(ended) < KEPT_MS)
    });
    goals.truncate(MOST_GOALS);
}

/// Marks the steps that a deed does, one a goal at most.
pub fn advance(goals: &mut [Goal], deed: &DeedWords<'_>, now_ms: i64) -> Vec<Progress> {
    let mut progress = Vec::new();
    for goal in goals.iter_mut().filter(|goal| goal.is_open()) {
        let open = goal.steps.iter_mut().filter(|step| !step.completed);
        let Some(step) = { open }.find(|step| deed.does(&step.description)) else {
            continue;
        };
        step.completed = true;
        progress.push(Progress::Step(step.description.clone()));
        goal.status = Status::Active;
        if goal.next_step().is_none() {
            goal.turn_to(Status::Completed, now_ms);
            progress.push(Progress::Reached(goal.description.clone()));
        }
    }
    progress
}

/// Default of the contract's engine.
const USUAL_PRIORITY: f64 = 5.0;

fn clamped(priority: f64) -> f64 {
    match priority.is_nan() {
        true => USUAL_PRIORITY,
        false => priority.clamp(1.0, 10.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn festival() -> Goal {
        let step = |text: &str| Step {
            description: text.to_owned(),
            completed: false,
        };
        Goal {
            steps: vec![
                step("Buy decorations from the merchant"),
                step("Tell everybody a story about it"),
            ],
            ..Goal::new("g_1".into(), "Organize a tavern festival".into(), None, 0)
        }
    }

    fn does(goals: &mut [Goal], tool: &str, with: &[&str]) -> Vec<Progress> {
        advance(goals, &DeedWords { tool, with }, 7)
    }

    #[test]
    fn steps_are_done_by_tools_and_by_what_they_are_used_on() {
        let mut goals = vec![festival()];
        assert!(does(&mut goals, "patrol", &["guard"]).is_empty());
        assert_eq!(goals[0].status, Status::Pending);
        let bought = does(&mut goals, "trade_item", &["decorations"]);
        assert_eq!(bought.len(), 1);
        assert_eq!(goals[0].status, Status::Active);
        let told = does(&mut goals, "tell_story", &[]);
        assert_eq!(
            told.last(),
            Some(&Progress::Reached("Organize a tavern festival".into()))
        );
        assert_eq!(goals[0].status, Status::Completed);
        assert_eq!(goals[0].completed_at, Some(7));
        assert!(does(&mut goals, "tell_story", &[]).is_empty());
    }

    #[test]
    fn a_goal_without_steps_is_not_reached_by_accident() {
        let mut goals = vec![Goal::new("g".into(), "tell_story".into(), None, 0)];
        assert!(does(&mut goals, "tell_story", &[]).is_empty());
        assert!(goals[0].is_open());
    }

    #[test]
    fn ended_goals_stay_a_day_and_make_room() {
        const DAY: i64 = 86_400_000;
        let mut ended = festival();
        ended.turn_to(Status::Abandoned, 1_000);
        let mut goals = vec![ended.clone(), festival()];
        prune(&mut goals, 1_000 + DAY - 1);
        assert_eq!(goals.len(), 2);
        prune(&mut goals, 1_000 + DAY);
        assert_eq!(goals, [festival()]);
        let mut goals = vec![ended; MOST_GOALS];
        assert_eq!(add(&mut goals, festival()), Ok(()));
        assert_eq!(goals.len(), 1);
        let mut goals = vec![festival(); MOST_GOALS];
        assert_eq!(add(&mut goals, festival()), Err(TooManyGoals));
    }

    #[test]
    fn priorities_are_clamped() {
        let priority = |said| Goal::new("g".into(), "x".into(), said, 0).priority;
        assert_eq!(priority(None), 5.0);
        assert_eq!(priority(Some(99.0)), 10.0);
        assert_eq!(priority(Some(-1.0)), 1.0);
        assert_eq!(priority(Some(f64::NAN)), 5.0);
    }
}
