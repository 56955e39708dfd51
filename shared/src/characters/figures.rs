//! How the world is doing: who is awake, what was asked of whom, how long it took.

use std::collections::BTreeMap;

use super::tallies::middle;
use super::{Characters, World};
use crate::StoreError;

/// Characters by how often they are asked, and what was done since the beginning.
#[derive(Debug, Clone, Default)]
pub struct Stats {
    pub active: i64,
    pub background: i64,
    pub dormant: i64,
    pub requests: i64,
    pub tokens: i64,
    pub average_latency_ms: f64,
    pub fast_ticks: u64,
    pub slow_ticks: u64,
    pub running: bool,
    /// Ticks that came while the one before was still being worked on, or that nobody had time for.
    pub skipped_ticks: i64,
    pub chats: i64,
}

/// What was counted in a window of time.
#[derive(Debug, Clone, Default)]
pub struct Metrics {
    pub p50_ms: f64,
    pub p90_ms: f64,
    pub p99_ms: f64,
    pub count: i64,
    pub tools: BTreeMap<String, i64>,
    pub actions: BTreeMap<String, i64>,
    pub hints: BTreeMap<String, i64>,
}

/// The window of the contract.
pub const WINDOW_MS: u64 = 300_000;

impl Characters {
    pub async fn stats(&self) -> Result<Stats, StoreError> {
        let world = World::read(&self.store.pool).await?;
        let tiers = sqlx::query!(
            r#"select count(*) filter (where tier = 2) as "active!", count(*) filter (where tier = 1) as "background!",
                (select count(*) from characters) as "total!"
            from characters_minds where tier > 0"#
        )
        .fetch_one(&self.store.pool)
        .await?;
        let counted = self.counted(None).await?;
        let count = |name: &str| counted.get(name).copied().unwrap_or(0);
        let requests = count("inference:requests");
        Ok(Stats {
            active: tiers.active,
            background: tiers.background,
            dormant: tiers.total - tiers.active - tiers.background,
            requests,
            tokens: count("inference:tokens"),
            average_latency_ms: match requests {
                0 => 0.0,
                some => count("inference:us") as f64 / 1000.0 / some as f64,
            },
            fast_ticks: world.now.fast,
            slow_ticks: world.now.slow,
            running: world.config.tick.running,
            skipped_ticks: count("ticks:skipped"),
            chats: count("chats"),
        })
    }

    pub async fn metrics(&self) -> Result<Metrics, StoreError> {
        let counted = self.counted(Some(WINDOW_MS as f64 / 1000.0)).await?;
        let of = |prefix: &str| -> BTreeMap<String, i64> {
            let found = counted.iter();
            let found =
                found.filter_map(|(name, count)| Some((name.strip_prefix(prefix)?, *count)));
            found
                .map(|(name, count)| (name.to_owned(), count))
                .collect()
        };
        let mut classes: Vec<(i32, i64)> = of("latency:")
            .into_iter()
            .filter_map(|(class, count)| Some((class.parse().ok()?, count)))
            .collect();
        classes.sort_unstable();
        let count = classes.iter().map(|(_, count)| count).sum();
        Ok(Metrics {
            p50_ms: quantile(&classes, 0.5),
            p90_ms: quantile(&classes, 0.9),
            p99_ms: quantile(&classes, 0.99),
            count,
            tools: of("tool:"),
            actions: of("action:"),
            hints: of("hint:"),
        })
    }
}

/// Of classes in order; 0 when there is nothing.
fn quantile(classes: &[(i32, i64)], share: f64) -> f64 {
    let total: i64 = classes.iter().map(|(_, count)| count).sum();
    let wanted = (total as f64 * share).ceil() as i64;
    let mut seen = 0;
    let found = classes.iter().find(|(_, count)| {
        seen += count;
        seen >= wanted
    });
    found
        .filter(|_| total > 0)
        .map_or(0.0, |(class, _)| middle(*class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_the_classes_in_which_they_fall() {
        let classes = [(0, 50), (10, 40), (20, 10)];
        assert_eq!(quantile(&classes, 0.5), middle(0));
        assert_eq!(quantile(&classes, 0.9), middle(10));
        assert_eq!(quantile(&classes, 0.99), middle(20));
        assert_eq!(quantile(&[], 0.5), 0.0);
    }
}
