//! `/api/decisions`: what the characters did, and why.

use chrono::{DateTime, Utc};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use rookery_shared::characters::{Characters as Cast, DecisionFilter, LoggedDecision};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Tag;
use super::refusals::{self, Invalid, missing};
use super::view::{THEN_MS, ms};
use crate::errors::{Case, Fail, Problem};
use crate::optional_body::OptionalBody;
use crate::written::Written;

pub struct Decisions {
    cast: Cast,
}

/// Which decisions: all that is said must be so.
#[derive(Object, Default)]
#[oai(rename = "DecisionQuery", rename_all = "camelCase", example)]
struct Wish {
    /// A character's id.
    character_id: Option<String>,
    /// The player that the character was closest to.
    player_id: Option<String>,
    /// `fast_tick`, `slow_tick` or `event`.
    trigger_type: Option<String>,
    /// `tool_call`, `dialogue` or `idle`.
    action_type: Option<String>,
    /// A tool's name, `dialogue` or `idle`.
    action: Option<String>,
    /// Not before, in milliseconds since 1970.
    from_time: Option<f64>,
    /// Not after, in milliseconds since 1970.
    to_time: Option<f64>,
    /// At most so many: 1 to 1,000, 100 unless said.
    limit: Option<i64>,
    /// Leave out so many of the newest.
    offset: Option<i64>,
}

/// The newest first.
#[derive(Object, Serialize, Deserialize)]
#[oai(rename = "DecisionList", example)]
struct DecisionList {
    decisions: Vec<DecisionView>,
    /// How many are in this answer.
    count: usize,
}

/// One decision.
#[derive(Object, Serialize, Deserialize)]
#[oai(rename = "Decision", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
struct DecisionView {
    id: String,
    character_id: String,
    /// The player that the character was closest to.
    player_id: String,
    /// `fast_tick`, `slow_tick` or `event`.
    trigger_type: String,
    /// The type of the event that it was a reaction to.
    trigger_event: Option<String>,
    /// Of the prompt; 0 where no language model was asked.
    context_tokens: i32,
    /// Of the reply.
    response_tokens: i32,
    /// How strong a model was asked: `heavy`, `mid` or `light`.
    inference_tier: String,
    /// A tool's name, `dialogue` or `idle`.
    action: String,
    /// `tool_call`, `dialogue` or `idle`.
    action_type: String,
    /// A tool's arguments, or the words.
    detail: Value,
    /// Who decided: `offline` (the server itself), or the provider of the language model.
    provider: String,
    /// The variant of the experiment that it was made under.
    variant: Option<String>,
    /// What deciding took.
    duration_ms: f64,
    /// Milliseconds since 1970.
    created_at: i64,
    /// Why: a sentence, the scores of the options, the memories. With one decision, not in lists.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Value>,
}

/// How many.
#[derive(Object)]
#[oai(rename = "DecisionCount", example)]
struct DecisionCount {
    /// Decisions ever made.
    count: i64,
}

struct DecisionMissing;

impl Case for DecisionMissing {
    const STATUS: u16 = 404;
    const WHEN: &'static str = "No decision has this id.";
    const EXAMPLE: &'static str = "Decision not found: d_1";
    const CODE: &'static str = "NOT_FOUND";
}

const USUAL: i64 = 100;
const MOST: i64 = 1_000;

#[OpenApi]
impl Decisions {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// Look through the decision log
    ///
    /// Without a body: the newest decisions of all characters.
    #[oai(
        path = "/api/decisions/query",
        method = "post",
        tag = "Tag::Decisions",
        operation_id = "query_decisions"
    )]
    async fn query(
        &self,
        body: OptionalBody<Wish>,
    ) -> Result<Written<DecisionList>, Fail<Invalid>> {
        let decisions = self.cast.decisions(&body.0.checked()?).await?;
        let decisions: Vec<_> = decisions.into_iter().map(DecisionView::listed).collect();
        Ok(Written::of(&DecisionList {
            count: decisions.len(),
            decisions,
        })?)
    }

    /// Count the decisions
    ///
    /// All that were ever logged, whether they are still kept or not.
    #[oai(
        path = "/api/decisions/count",
        method = "get",
        tag = "Tag::Decisions",
        operation_id = "count_decisions"
    )]
    async fn count(&self) -> Result<Json<DecisionCount>, Fail<()>> {
        let count = self.cast.decision_count().await?;
        Ok(Json(DecisionCount { count }))
    }

    /// Explain a decision
    ///
    /// The decision with its reasons: what each option scored and for what, which memories came to mind, the hash of the prompt.
    #[oai(
        path = "/api/decisions/:id",
        method = "get",
        tag = "Tag::Decisions",
        operation_id = "get_decision"
    )]
    async fn explain(
        &self,
        /// The decision's id, as the log shows it.
        id: Path<String>,
    ) -> Result<Written<DecisionView>, Fail<DecisionMissing>> {
        let gone = || missing(format!("Decision not found: {}", id.escape_default()));
        let plain = id.strip_prefix(PREFIX).unwrap_or(&id);
        let key: Uuid = plain.parse().map_err(|_| gone())?;
        let decision = self.cast.decision(key).await?.ok_or_else(gone)?;
        Ok(Written::of(&DecisionView::explained(decision))?)
    }
}

impl Wish {
    fn checked(self) -> Result<DecisionFilter, Problem> {
        for (field, value) in [
            ("characterId", &self.character_id),
            ("playerId", &self.player_id),
            ("triggerType", &self.trigger_type),
            ("actionType", &self.action_type),
            ("action", &self.action),
        ] {
            if let Some(value) = value {
                refusals::name(field, value)?;
            }
        }
        let limit = self.limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(refusals::bad_field("limit", "must be from 1 to 1000"));
        }
        let offset = self.offset.unwrap_or(0);
        if offset < 0 {
            return Err(refusals::bad_field("offset", "must not be negative"));
        }
        Ok(DecisionFilter {
            character_id: self.character_id,
            player_id: self.player_id,
            trigger_type: self.trigger_type,
            action_type: self.action_type,
            action: self.action,
            from: moment("fromTime", self.from_time)?,
            to: moment("toTime", self.to_time)?,
            limit,
            offset,
        })
    }
}

fn moment(field: &str, ms: Option<f64>) -> Result<Option<DateTime<Utc>>, Problem> {
    // Postgres' calendar ends before chrono's.
    let fit = |ms: &f64| (-6.0e13..=6.0e13).contains(ms);
    match ms {
        None => Ok(None),
        Some(ms) => Some(ms)
            .filter(fit)
            .and_then(|ms| DateTime::from_timestamp_millis(ms as i64))
            .map(Some)
            .ok_or_else(|| refusals::bad_field(field, "must be milliseconds since 1970")),
    }
}

/// What the contract's ids begin with.
const PREFIX: &str = "d_";

impl DecisionView {
    fn listed(decision: LoggedDecision) -> Self {
        Self {
            id: format!("{PREFIX}{}", decision.id),
            character_id: decision.character_id,
            player_id: decision.player_id,
            trigger_type: decision.trigger_type,
            trigger_event: decision.trigger_event,
            context_tokens: decision.context_tokens,
            response_tokens: decision.response_tokens,
            inference_tier: decision.inference_tier,
            action: decision.action,
            action_type: decision.action_type,
            detail: serde_json::from_str(&decision.detail).unwrap_or(Value::Null),
            provider: decision.provider,
            variant: decision.variant,
            duration_ms: decision.duration_ms,
            created_at: ms(decision.created_at),
            explanation: None,
        }
    }

    fn explained(decision: LoggedDecision) -> Self {
        let explanation = serde_json::from_str(&decision.explanation).ok();
        Self {
            explanation,
            ..Self::listed(decision)
        }
    }
}

impl Example for Wish {
    fn example() -> Self {
        Self {
            character_id: Some("barkeep".to_owned()),
            limit: Some(10),
            ..Self::default()
        }
    }
}

impl Example for DecisionList {
    fn example() -> Self {
        Self {
            decisions: vec![DecisionView {
                explanation: None,
                ..DecisionView::example()
            }],
            count: 1,
        }
    }
}

impl Example for DecisionView {
    fn example() -> Self {
        Self {
            id: "d_01932b8e-5f5e-7c3a-9d54-0f6f6a3c1d2e".to_owned(),
            character_id: "barkeep".to_owned(),
            player_id: "default".to_owned(),
            trigger_type: "fast_tick".to_owned(),
            trigger_event: None,
            context_tokens: 450,
            response_tokens: 85,
            inference_tier: "heavy".to_owned(),
            action: "serve_drink".to_owned(),
            action_type: "tool_call".to_owned(),
            detail: json!({ "customer": "guard" }),
            provider: "openai".to_owned(),
            variant: None,
            duration_ms: 2_800.0,
            created_at: THEN_MS,
            explanation: Some(json!({ "because": "serving a drink meets the need for purpose" })),
        }
    }
}

impl Example for DecisionCount {
    fn example() -> Self {
        Self { count: 586 }
    }
}
