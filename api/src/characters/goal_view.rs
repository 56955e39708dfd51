//! A goal as clients see it.

use poem_openapi::Object;
use poem_openapi::types::Example;
use rookery_characters::goal::{Goal, Step};
use serde::{Deserialize, Serialize};

use super::view::THEN_MS;

/// What a character wants to reach.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "Goal", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
pub(super) struct GoalView {
    id: String,
    character_id: String,
    description: String,
    /// 1 to 10.
    priority: f64,
    /// `pending`, `active`, `completed` or `abandoned`.
    status: String,
    steps: Vec<StepView>,
    /// Milliseconds since 1970.
    created_at: i64,
    /// When it ended, in milliseconds since 1970.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_at: Option<i64>,
}

/// A step of a goal.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "GoalStep", example)]
pub(super) struct StepView {
    pub(super) description: String,
    #[oai(default)]
    pub(super) completed: bool,
}

impl GoalView {
    pub(super) fn of(character_id: &str, goal: &Goal) -> Self {
        Self {
            id: goal.id.clone(),
            character_id: character_id.to_owned(),
            description: goal.description.clone(),
            priority: goal.priority,
            status: goal.status.as_str().to_owned(),
            steps: goal.steps.iter().map(StepView::of).collect(),
            created_at: goal.created_at,
            completed_at: goal.completed_at,
        }
    }
}

impl StepView {
    fn of(step: &Step) -> Self {
        Self {
            description: step.description.clone(),
            completed: step.completed,
        }
    }
}

impl Example for GoalView {
    fn example() -> Self {
        Self {
            id: "g_abc123".to_owned(),
            character_id: "barkeep".to_owned(),
            description: "Organize a tavern festival".to_owned(),
            priority: 7.0,
            status: "pending".to_owned(),
            steps: vec![StepView::example()],
            created_at: THEN_MS,
            completed_at: None,
        }
    }
}

impl Example for StepView {
    fn example() -> Self {
        Self {
            description: "Buy decorations".to_owned(),
            completed: false,
        }
    }
}
