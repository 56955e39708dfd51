//! Forgetting what nobody looks at any more: old decisions, spread events, letters that were never opened.

use std::time::Duration;

use super::Characters;
use crate::StoreError;

/// Events are only kept to be looked up by people.
const KEEP_EVENTS_S: f64 = 7.0 * 86_400.0;
/// Letters to a dormant character whose turn never came: by then the news is stale.
const KEEP_LETTERS_S: f64 = 7.0 * 86_400.0;
/// Rows that one statement deletes at most: none of them should hold its locks for long.
const AT_ONCE: i64 = 20_000;

impl Characters {
    /// Forgets what is older than so long. Several workers may do it at once.
    pub async fn keep_house(&self, keep_log: Duration) -> Result<(), StoreError> {
        self.gather_tallies().await?;
        loop {
            let forgotten = sqlx::query!(
                "delete from characters_decisions where ctid = any(array(
                    select ctid from characters_decisions where created_at < clock_timestamp() - make_interval(secs => $1) limit $2
                ))",
                keep_log.as_secs_f64(),
                AT_ONCE
            )
            .execute(&self.store.pool)
            .await?;
            if forgotten.rows_affected() < AT_ONCE.cast_unsigned() {
                break;
            }
        }
        sqlx::query!(
            "delete from characters_llm_calls where created_at < clock_timestamp() - make_interval(secs => $1)",
            keep_log.as_secs_f64()
        )
        .execute(&self.store.pool)
        .await?;
        sqlx::query!(
            "delete from characters_events where spread_at < clock_timestamp() - make_interval(secs => $1)",
            KEEP_EVENTS_S
        )
        .execute(&self.store.pool)
        .await?;
        sqlx::query!(
            "delete from characters_mail where created_at < clock_timestamp() - make_interval(secs => $1)",
            KEEP_LETTERS_S
        )
        .execute(&self.store.pool)
        .await?;
        Ok(())
    }
}
