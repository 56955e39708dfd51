//! Ended games on their way to other services: at least once, each under the id that it got when it ended.

use uuid::Uuid;

use super::Chess;
use super::due::GameEnded;
use crate::{Store, StoreError};

/// The Redis stream that consumers read.
pub const STREAM: &str = "events:game_ended";

/// Entries kept in the stream, about: some 50 MB. Who stayed away for longer asks `finalize` again.
const KEPT: usize = 100_000;

/// What was ended a while ago and not told.
const GRACE_S: f64 = 0.5;

impl Chess {
    /// Tells those of the endings that have not been told. One that is told twice (a crash between Redis and Postgres) has the same
    /// `event_id` both times.
    pub async fn relay(&self, events: &[Uuid]) -> Result<(), RelayError> {
        let mut transaction = self.store.pool.begin().await.map_err(StoreError::from)?;
        let waiting = sqlx::query!(
            "select event_id, game_id, payload::text as \"payload!\" from chess_outbox
            where event_id = any($1) and sent_at is null order by created_at for update skip locked",
            events
        )
        .fetch_all(&mut *transaction)
        .await
        .map_err(StoreError::from)?;
        if waiting.is_empty() {
            return Ok(());
        }
        let mut told = redis::pipe();
        for event in &waiting {
            told.cmd("XADD")
                .arg(STREAM)
                .arg("MAXLEN")
                .arg("~")
                .arg(KEPT)
                .arg("*");
            told.arg("event_id").arg(event.event_id.to_string());
            told.arg("game_id").arg(event.game_id.to_string());
            told.arg("type")
                .arg("GameEnded")
                .arg("payload")
                .arg(&event.payload)
                .ignore();
        }
        told.query_async::<()>(&mut self.store.queue.redis())
            .await?;
        let sent: Vec<_> = waiting.iter().map(|event| event.event_id).collect();
        sqlx::query!(
            "update chess_outbox set sent_at = clock_timestamp() where event_id = any($1)",
            &sent
        )
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::from)?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// Has the ending of a game told again. Returns the event; none when the game has none.
    pub async fn tell_again(&self, game: Uuid) -> Result<Option<String>, StoreError> {
        let event = sqlx::query!(
            "update chess_outbox set sent_at = null where game_id = $1 returning event_id, payload::text as \"payload!\"",
            game
        )
        .fetch_optional(&self.store.pool)
        .await?;
        Ok(event.map(|event| {
            self.store
                .queue
                .arm::<GameEnded>(event.event_id, std::time::Duration::ZERO);
            event.payload
        }))
    }
}

/// Why endings were not told this time.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("redis: {0}")]
    Redis(#[from] redis::RedisError),
}

/// Endings that nobody was asked to tell.
pub async fn overdue_endings(store: &Store, limit: i64) -> Result<Vec<Uuid>, StoreError> {
    let ids = sqlx::query_scalar!(
        "select event_id from chess_outbox
        where sent_at is null and created_at < clock_timestamp() - make_interval(secs => $1) order by created_at limit $2",
        GRACE_S,
        limit
    )
    .fetch_all(&store.pool)
    .await?;
    Ok(ids)
}
