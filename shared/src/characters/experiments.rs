//! Experiments with prompts: their variants, whether one is on, and what came of each variant.

use std::collections::HashMap;
use std::sync::Arc;

use rookery_characters::experiment::{
    Comparison, LEAST_VARIANTS, Outcomes, Weighted, assign, compare,
};
use rookery_characters::prompt::Variant;
use serde_json::{Map, Value};
use sqlx::PgConnection;

use super::{CharacterError, Characters, World};
use crate::StoreError;

/// The experiment that is on, as those who ask language models need it.
#[derive(Debug)]
pub struct Experiment {
    run: i64,
    variants: Vec<(String, f64, Variant)>,
}

/// A variant to be registered; one of the same name is replaced.
#[derive(Debug, Clone)]
pub struct NewVariant {
    pub name: String,
    pub config: Map<String, Value>,
    pub weight: f64,
}

/// What is known of all variants in the run that is on or was last.
#[derive(Debug)]
pub struct ExperimentReport {
    pub active: bool,
    /// The first is what the others are held against.
    pub variants: Vec<VariantReport>,
}

#[derive(Debug)]
pub struct VariantReport {
    pub name: String,
    pub config: Map<String, Value>,
    pub weight: f64,
    pub outcomes: Outcomes,
    /// Against the first variant; none for that one itself, and while there is nothing to compare.
    pub comparison: Option<Comparison>,
}

/// More would be nobody's experiment, and each is read wherever a decision is made.
const MOST_VARIANTS: i64 = 32;

impl Experiment {
    /// Of a world in which an experiment is on.
    pub(super) async fn read(
        connection: &mut PgConnection,
        world: &World,
    ) -> Result<Option<Arc<Self>>, StoreError> {
        let Some(run) = world.experiment else {
            return Ok(None);
        };
        let rows = sqlx::query!(
            "select name, config, weight from characters_variants order by created_at, name"
        )
        .fetch_all(connection)
        .await?;
        let variants = rows.into_iter().map(|row| {
            // What was registered was read then; a variant of a newer release that is not understood here changes nothing here.
            let config = row.config.as_object().map(Variant::read);
            let variant = config.and_then(Result::ok);
            (
                row.name,
                row.weight,
                variant.map(|reading| reading.variant).unwrap_or_default(),
            )
        });
        Ok(Some(Arc::new(Self {
            run,
            variants: variants.collect(),
        })))
    }

    /// The variant of a character: the same one throughout the run.
    pub fn of(&self, character_id: &str) -> Option<(&str, &Variant)> {
        let weighted = self.variants.iter().map(|(name, weight, _)| Weighted {
            name,
            weight: *weight,
        });
        let weighted: Vec<_> = weighted.collect();
        let name = assign(self.run, character_id, &weighted)?;
        let found = self.variants.iter().find(|(one, _, _)| one == name);
        found.map(|(name, _, variant)| (name.as_str(), variant))
    }
}

impl Characters {
    /// Adds a variant, or replaces the one of its name.
    pub async fn register_variant(&self, new: &NewVariant) -> Result<(), CharacterError> {
        let mut transaction = self.store.pool.begin().await?;
        sqlx::query!("select from characters_world for update")
            .fetch_one(&mut *transaction)
            .await?;
        sqlx::query!(
            "insert into characters_variants (name, config, weight) values ($1, $2::text::jsonb, $3)
            on conflict (name) do update set config = excluded.config, weight = excluded.weight",
            new.name,
            serde_json::to_string(&new.config).map_err(StoreError::from)?,
            new.weight,
        )
        .execute(&mut *transaction)
        .await?;
        let count = sqlx::query_scalar!(r#"select count(*) as "count!" from characters_variants"#)
            .fetch_one(&mut *transaction)
            .await?;
        if count > MOST_VARIANTS {
            return Err(CharacterError::Impossible(format!(
                "There may be at most {MOST_VARIANTS} variants"
            )));
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Starts a run with counts of its own, unless one is on. Answers whether one is on now: fewer than two variants are no experiment.
    pub async fn start_experiment(&self) -> Result<bool, StoreError> {
        let active = sqlx::query_scalar!(
            "update characters_world set
                experiment_run = experiment_run + case when experiment_active then 0 else 1 end,
                experiment_active = true
            where (select count(*) from characters_variants) >= $1
            returning experiment_active",
            LEAST_VARIANTS as i64
        )
        .fetch_optional(&self.store.pool)
        .await?;
        Ok(active.unwrap_or(false))
    }

    pub async fn stop_experiment(&self) -> Result<ExperimentReport, StoreError> {
        sqlx::query!(
            "update characters_world set experiment_active = false where experiment_active"
        )
        .execute(&self.store.pool)
        .await?;
        self.experiment().await
    }

    pub async fn experiment(&self) -> Result<ExperimentReport, StoreError> {
        let run = sqlx::query!(
            "select experiment_run as run, experiment_active as active from characters_world"
        )
        .fetch_one(&self.store.pool)
        .await?;
        let counted = sqlx::query!(
            r#"select name, sum(count)::bigint as "count!" from characters_tallies where starts_with(name, $1) group by name"#,
            prefix(run.run)
        )
        .fetch_all(&self.store.pool)
        .await?;
        let counts: HashMap<String, i64> = counted
            .into_iter()
            .map(|row| (row.name, row.count))
            .collect();
        let rows = sqlx::query!(
            "select name, config, weight from characters_variants order by created_at, name"
        )
        .fetch_all(&self.store.pool)
        .await?;
        let mut variants: Vec<VariantReport> = Vec::with_capacity(rows.len());
        for row in rows {
            let of = |kind: &str| {
                let count = counts.get(&tally(run.run, &row.name, kind));
                count.map_or(0, |count| count.cast_unsigned())
            };
            let outcomes = Outcomes {
                tool_call: of("tool_call"),
                dialogue: of("dialogue"),
                idle: of("idle"),
            };
            let first = variants.first();
            variants.push(VariantReport {
                comparison: first.and_then(|first| compare(&first.outcomes, &outcomes)),
                name: row.name,
                config: serde_json::from_value(row.config)?,
                weight: row.weight,
                outcomes,
            });
        }
        Ok(ExperimentReport {
            active: run.active,
            variants,
        })
    }
}

/// What a decision under a variant is counted as.
pub(super) fn tally(run: i64, variant: &str, kind: &str) -> String {
    format!("{}{variant}:{kind}", prefix(run))
}

fn prefix(run: i64) -> String {
    format!("variant:{run}:")
}
