//! The decision log.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Characters;
use crate::StoreError;

/// Which decisions. Everything that is said must be so.
#[derive(Debug, Clone, Default)]
pub struct DecisionFilter {
    pub character_id: Option<String>,
    pub player_id: Option<String>,
    pub trigger_type: Option<String>,
    /// `tool_call`, `dialogue` or `idle`.
    pub action_type: Option<String>,
    /// A tool's name, `dialogue` or `idle`.
    pub action: Option<String>,
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
    pub limit: i64,
    pub offset: i64,
}

/// One decision.
#[derive(Debug, Clone)]
pub struct LoggedDecision {
    pub id: Uuid,
    pub character_id: String,
    pub player_id: String,
    pub trigger_type: String,
    pub trigger_event: Option<String>,
    pub action: String,
    pub action_type: String,
    /// JSON: a tool's arguments, the words that were said, or null.
    pub detail: String,
    /// JSON of `rookery_characters::decision::Explanation`.
    pub explanation: String,
    pub provider: String,
    pub inference_tier: String,
    pub context_tokens: i32,
    pub response_tokens: i32,
    pub duration_ms: f64,
    pub variant: Option<String>,
    pub created_at: DateTime<Utc>,
}

impl Characters {
    /// The newest first.
    pub async fn decisions(
        &self,
        filter: &DecisionFilter,
    ) -> Result<Vec<LoggedDecision>, StoreError> {
        let decisions = sqlx::query_as!(
            LoggedDecision,
            r#"select made.id, characters.id as character_id, player_id, trigger_type, trigger_event, action, action_type,
                detail::text as "detail!", explanation::text as "explanation!", provider, inference_tier, context_tokens,
                response_tokens, duration_ms, variant, made.created_at
            from characters_decisions as made join characters using (key)
            where ($1::text is null or key = (select key from characters where characters.id = $1))
                and ($2::text is null or player_id = $2) and ($3::text is null or trigger_type = $3)
                and ($4::text is null or action_type = $4) and ($5::text is null or action = $5)
                and ($6::timestamptz is null or made.created_at >= $6) and ($7::timestamptz is null or made.created_at <= $7)
            order by made.created_at desc, made.id desc limit $8 offset $9"#,
            filter.character_id,
            filter.player_id,
            filter.trigger_type,
            filter.action_type,
            filter.action,
            filter.from,
            filter.to,
            filter.limit,
            filter.offset,
        )
        .fetch_all(&self.store.pool)
        .await?;
        Ok(decisions)
    }

    pub async fn decision(&self, id: Uuid) -> Result<Option<LoggedDecision>, StoreError> {
        let decision = sqlx::query_as!(
            LoggedDecision,
            r#"select made.id, characters.id as character_id, player_id, trigger_type, trigger_event, action, action_type,
                detail::text as "detail!", explanation::text as "explanation!", provider, inference_tier, context_tokens,
                response_tokens, duration_ms, variant, made.created_at
            from characters_decisions as made join characters using (key) where made.id = $1"#,
            id
        )
        .fetch_optional(&self.store.pool)
        .await?;
        Ok(decision)
    }

    /// Decisions ever made, by what was counted with them.
    pub async fn decision_count(&self) -> Result<i64, StoreError> {
        self.total("decisions").await
    }
}
