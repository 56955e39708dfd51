//! The world's row: its clock, its settings, its seed.

use chrono::{DateTime, Utc};
use rookery_characters::ticks::Clock;
use rookery_characters::{Config, Now};
use sqlx::{PgConnection, PgExecutor};

use super::Characters;
use crate::StoreError;

/// The world as it is at one moment.
#[derive(Debug, Clone)]
pub struct World {
    /// Raised when the whole was replaced.
    pub epoch: i64,
    pub seed: u64,
    pub config: Config,
    pub now: Now,
    /// The experiment that is on, by its run.
    pub experiment: Option<i64>,
}

impl World {
    /// Settings take effect at once everywhere because nobody keeps them: this is one row by its key.
    pub async fn read(executor: impl PgExecutor<'_>) -> Result<Self, StoreError> {
        let row = sqlx::query_as!(
            Row,
            r#"select epoch, seed, fast_ticks, slow_ticks, anchored_at, config::text as "config!", experiment_run, experiment_active,
                clock_timestamp() as "now!"
            from characters_world"#
        )
        .fetch_one(executor)
        .await?;
        row.world()
    }
}

struct Row {
    epoch: i64,
    seed: i64,
    fast_ticks: i64,
    slow_ticks: i64,
    anchored_at: DateTime<Utc>,
    config: String,
    experiment_run: i64,
    experiment_active: bool,
    now: DateTime<Utc>,
}

impl Row {
    fn world(&self) -> Result<World, StoreError> {
        let config: Config = serde_json::from_str(&self.config)?;
        Ok(World {
            epoch: self.epoch,
            seed: self.seed.cast_unsigned(),
            config,
            now: self.clock(&config).read(self.now.timestamp_millis()),
            experiment: self.experiment_active.then_some(self.experiment_run),
        })
    }

    fn clock(&self, config: &Config) -> Clock {
        Clock {
            anchored_at_ms: self.anchored_at.timestamp_millis(),
            fast: self.fast_ticks.cast_unsigned(),
            slow: self.slow_ticks.cast_unsigned(),
            fast_tick_ms: config.tick.fast_tick_ms,
            slow_tick_ms: config.tick.slow_tick_ms,
            running: config.tick.running,
        }
    }
}

/// What became of a change of settings.
#[derive(Debug, Clone, Copy)]
pub struct WorldChange {
    pub before: Config,
    pub after: Config,
}

impl Characters {
    pub async fn world(&self) -> Result<World, StoreError> {
        World::read(&self.store.pool).await
    }

    /// Changes the settings. The clock is anchored anew, so that ticks counted so far stay counted whatever their length becomes.
    pub async fn configure(
        &self,
        change: impl FnOnce(&mut Config),
    ) -> Result<WorldChange, StoreError> {
        let mut transaction = self.store.pool.begin().await?;
        let before = lock(&mut transaction).await?;
        let mut config = before.config;
        change(&mut config);
        sqlx::query!(
            "update characters_world set config = $1::text::jsonb, config_version = config_version + 1,
                fast_ticks = $2, slow_ticks = $3, anchored_at = to_timestamp($4::bigint / 1000.0)",
            serde_json::to_string(&config)?,
            before.now.fast.cast_signed(),
            before.now.slow.cast_signed(),
            before.now.ms,
        )
        .execute(&mut *transaction)
        .await?;
        if config.tick.running && !before.config.tick.running {
            // What was due while time stood still was not missed.
            sqlx::query!(
                "update characters_minds set next_tick_at = clock_timestamp() where tier > 0"
            )
            .execute(&mut *transaction)
            .await?;
        }
        if before.config.proximity != config.proximity {
            judge_all(&mut transaction, &config).await?;
        }
        transaction.commit().await?;
        Ok(WorldChange {
            before: before.config,
            after: config,
        })
    }
}

async fn lock(connection: &mut PgConnection) -> Result<World, StoreError> {
    let row = sqlx::query_as!(
        Row,
        r#"select epoch, seed, fast_ticks, slow_ticks, anchored_at, config::text as "config!", experiment_run, experiment_active,
            clock_timestamp() as "now!"
        from characters_world for update"#
    )
    .fetch_one(connection)
    .await?;
    row.world()
}

/// By what is stored of closeness, which is never less than what is left of it: whoever is judged too high goes down at the next turn.
async fn judge_all(connection: &mut PgConnection, config: &Config) -> Result<(), StoreError> {
    sqlx::query!(
        "update characters_minds as mind
        set tier = judged.tier, next_tick_at = case when judged.tier = 0 then null else coalesce(next_tick_at, clock_timestamp()) end
        from (
            select key, max(case when closeness >= $1 then 2 when closeness >= $2 then 1 else 0 end)::smallint as tier
            from characters_proximity group by key
        ) as judged
        where judged.key = mind.key and judged.tier <> mind.tier",
        config.proximity.promotion_threshold,
        config.proximity.background_threshold,
    )
    .execute(connection)
    .await?;
    Ok(())
}
