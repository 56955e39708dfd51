//! Counts that are written with what they count, so that they are exact: each process adds to rows of its own.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use sqlx::PgConnection;
use uuid::Uuid;

use super::Characters;
use crate::StoreError;

/// How much to add, by name.
#[derive(Debug, Default)]
pub struct Tally(BTreeMap<String, i64>);

/// Seconds that are counted together.
pub(super) const SPAN_S: f64 = 10.0;

impl Tally {
    pub fn add(&mut self, name: impl Into<String>, count: i64) {
        self.0.entry(name.into()).or_default().add_assign(count);
    }

    /// How long something took, in classes that are 10 % wide.
    pub fn took(&mut self, name: &str, ms: f64) {
        self.add(format!("{name}:{}", class(ms)), 1);
    }

    /// In the caller's transaction, as its last statement: rows of one process are waited for by nobody else for long.
    pub(super) async fn write(
        self,
        connection: &mut PgConnection,
        source: Uuid,
    ) -> Result<(), StoreError> {
        if self.0.is_empty() {
            return Ok(());
        }
        let (names, counts): (Vec<String>, Vec<i64>) = self.0.into_iter().unzip();
        sqlx::query!(
            "insert into characters_tallies as tally (source, counted_at, name, count)
            select $1, to_timestamp(floor(extract(epoch from clock_timestamp()) / $4::float8) * $4::float8), name, count
            from unnest($2::text[], $3::bigint[]) as new (name, count)
            on conflict (counted_at, source, name) do update set count = tally.count + excluded.count",
            source,
            &names,
            &counts,
            SPAN_S,
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

impl Characters {
    /// Since the beginning.
    pub(super) async fn total(&self, name: &str) -> Result<i64, StoreError> {
        let total = sqlx::query_scalar!(
            r#"select coalesce(sum(count), 0)::bigint as "total!" from characters_tallies where name = $1"#,
            name
        )
        .fetch_one(&self.store.pool)
        .await?;
        Ok(total)
    }

    /// All that was counted since the beginning, or in the last so many seconds.
    pub(super) async fn counted(
        &self,
        seconds: Option<f64>,
    ) -> Result<BTreeMap<String, i64>, StoreError> {
        let rows = sqlx::query!(
            r#"select name, sum(count)::bigint as "count!" from characters_tallies
            where $1::float8 is null or counted_at > clock_timestamp() - make_interval(secs => $1)
            group by name"#,
            seconds
        )
        .fetch_all(&self.store.pool)
        .await?;
        Ok(rows.into_iter().map(|row| (row.name, row.count)).collect())
    }

    /// Gathers what is older than an hour into one row a name: the window of the metrics is shorter.
    pub async fn gather_tallies(&self) -> Result<(), StoreError> {
        sqlx::query!(
            "with old as (
                delete from characters_tallies where counted_at < clock_timestamp() - interval '1 hour' and counted_at > 'epoch'
                returning name, count
            )
            insert into characters_tallies as tally (source, counted_at, name, count)
            select '00000000-0000-0000-0000-000000000000', 'epoch', name, sum(count) from old group by name order by name
            on conflict (counted_at, source, name) do update set count = tally.count + excluded.count"
        )
        .execute(&self.store.pool)
        .await?;
        Ok(())
    }
}

const WIDTH: f64 = 1.1;

fn class(ms: f64) -> i32 {
    (ms.max(0.001).ln() / WIDTH.ln()).floor() as i32
}

/// The middle of a class, in milliseconds.
pub(super) fn middle(class: i32) -> f64 {
    WIDTH.powf(f64::from(class) + 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_holds_its_middle_and_is_a_tenth_wide() {
        for ms in [0.01, 0.5, 1.0, 37.0, 2_800.0, 90_000.0] {
            let middle = middle(class(ms));
            assert_eq!(class(middle), class(ms));
            assert!((middle / ms - 1.0).abs() < 0.1, "{ms} is told as {middle}");
        }
    }
}
