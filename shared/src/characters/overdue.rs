//! What the alarms missed, by SQL: whose turn it is by now, whom nobody asked, what was not spread.

use uuid::Uuid;

use super::{Characters, World};
use crate::StoreError;

impl Characters {
    /// Awake characters of this tier whose tick is overdue. None while time stands still.
    pub async fn overdue_ticks(&self, tier: i16, limit: i64) -> Result<Vec<Uuid>, StoreError> {
        if !World::read(&self.store.pool).await?.config.tick.running {
            return Ok(Vec::new());
        }
        let keys = sqlx::query_scalar!(
            "select key from characters_minds
            where tier = $1 and tier > 0 and next_tick_at < clock_timestamp() - interval '500 milliseconds'
            order by next_tick_at limit $2",
            tier,
            limit
        )
        .fetch_all(&self.store.pool)
        .await?;
        Ok(keys)
    }

    /// Who was called upon and did not come.
    pub async fn overdue_calls(&self, limit: i64) -> Result<Vec<Uuid>, StoreError> {
        let keys = sqlx::query_scalar!(
            "select key from characters_minds
            where called_at < clock_timestamp() - interval '500 milliseconds' and thinking is null
            order by called_at limit $1",
            limit
        )
        .fetch_all(&self.store.pool)
        .await?;
        Ok(keys)
    }

    pub async fn overdue_events(&self, limit: i64) -> Result<Vec<Uuid>, StoreError> {
        let ids = sqlx::query_scalar!(
            "select id from characters_events
            where spread_at is null and created_at < clock_timestamp() - interval '500 milliseconds'
            order by created_at limit $1",
            limit
        )
        .fetch_all(&self.store.pool)
        .await?;
        Ok(ids)
    }

    /// Decisions that wait for a language model and that nobody works on: never begun, or their worker is gone. By the lease alone: the
    /// tick of somebody who waits is moved on again and again.
    pub async fn overdue_thoughts(&self, limit: i64) -> Result<Vec<Uuid>, StoreError> {
        let keys = sqlx::query_scalar!(
            "select key from characters_minds
            where thinking is not null
                and (lease_until is null or lease_until < clock_timestamp() - interval '500 milliseconds')
            limit $1",
            limit
        )
        .fetch_all(&self.store.pool)
        .await?;
        Ok(keys)
    }

    /// Whether a slow tick has passed since dormant characters were asked.
    pub async fn dormant_are_due(&self) -> Result<bool, StoreError> {
        let world = self.world().await?;
        if !world.config.tick.running || world.config.tick.max_dormant_per_slow_tick == 0 {
            return Ok(false);
        }
        let due = sqlx::query_scalar!(
            r#"select dormant_at + make_interval(secs => $1::float8 / 1000) < clock_timestamp()
                and exists (select from characters_minds where tier = 0) as "due!"
            from characters_world"#,
            world.config.tick.slow_tick_ms as f64
        )
        .fetch_one(&self.store.pool)
        .await?;
        Ok(due)
    }

    /// The dormant characters whose turn it is among them: whoever asks first gets them, for this slow tick.
    pub async fn next_dormant(&self) -> Result<Vec<Uuid>, StoreError> {
        let world = self.world().await?;
        let tick = world.config.tick;
        let mut transaction = self.store.pool.begin().await?;
        let last = sqlx::query_scalar!(
            "update characters_world set dormant_at = clock_timestamp()
            where dormant_at + make_interval(secs => $1::float8 / 1000) < clock_timestamp()
            returning dormant_turn",
            tick.slow_tick_ms as f64
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(last) = last else {
            return Ok(Vec::new());
        };
        let keys = sqlx::query_scalar!(
            "select key from characters_minds where tier = 0 and key > $1 order by key limit $2",
            last,
            i64::from(tick.max_dormant_per_slow_tick)
        )
        .fetch_all(&mut *transaction)
        .await?;
        // At the end they begin again.
        let turn = keys.last().copied().unwrap_or(Uuid::nil());
        sqlx::query!("update characters_world set dormant_turn = $1", turn)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(keys)
    }
}
